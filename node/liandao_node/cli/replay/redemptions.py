"""Coupons of "The Complete Journey": campaigns, who was given their coupons, who brought one when.

The set tells campaigns, households and days, not what a coupon was worth nor on which bill it
lay. Both are said here: by the campaign's type, and the household's bills of that day.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from liandao_plugins.api import Line, Rejected

from liandao_node.errors import OperatorFault

DESCRIPTIONS: Final = "campaign_descriptions.csv.gz"
MAILED: Final = "campaigns.csv.gz"
REDEMPTIONS: Final = "coupon_redemptions_*.csv.gz"
_EPOCH: Final = date(1970, 1, 1).toordinal()


class CouponReason(StrEnum):
    """Why a redemption of the set lies on no bill."""

    ELSEWHERE = "REDEEMED_ELSEWHERE"
    """The household never bought at this store."""
    NO_ORDER = "REDEEMED_NO_ORDER"
    """It did, but not on that day."""
    NOT_TOGETHER = "REDEEMED_NOT_TOGETHER"
    """More coupons of that campaign than bills: one takes one of each."""


@dataclass(frozen=True, slots=True)
class Campaign:
    number: int
    kind: str
    first_day: int
    """Days are counted from 1970-01-01."""
    last_day: int
    households: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Redemption:
    """A coupon that a household brought."""

    line: Line
    household: str
    campaign: int
    day: int
    excerpt: str

    def rejected(self, reason: str) -> Rejected:
        return Rejected(self.line, reason, self.excerpt)


def read_campaigns(directory: Path) -> list[Campaign]:
    """Raises OperatorFault ``FILE_NONE_MATCHES``."""
    mailed: defaultdict[int, list[str]] = defaultdict(list)
    for _, row in _rows(only(directory, MAILED)):
        mailed[int(row["campaign_id"])].append(row["household_id"])
    return [
        Campaign(
            number,
            row["campaign_type"],
            _day(row["start_date"]),
            _day(row["end_date"]),
            tuple(mailed[number]),
        )
        for _, row in _rows(only(directory, DESCRIPTIONS))
        for number in [int(row["campaign_id"])]
    ]


def read_redemptions(directory: Path) -> list[Redemption]:
    """Raises OperatorFault ``FILE_NONE_MATCHES``."""
    file = only(directory, REDEMPTIONS)
    return [
        Redemption(
            Line(file.name, number),
            row["household_id"],
            int(row["campaign_id"]),
            _day(row["redemption_date"]),
            ",".join(row.values()),
        )
        for number, row in _rows(file)
    ]


def only(directory: Path, pattern: str) -> Path:
    """The first file of that name. Raises OperatorFault ``FILE_NONE_MATCHES``."""
    found = sorted(directory.glob(pattern))
    if not found:
        raise OperatorFault("FILE_NONE_MATCHES", path=str(directory), pattern=pattern)
    return found[0]


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """No cell of these files holds a line end."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        yield from enumerate(csv.DictReader(text), 2)


def _day(text: str) -> int:
    return date.fromisoformat(text[:10]).toordinal() - _EPOCH
