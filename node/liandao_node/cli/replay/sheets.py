"""Purchases of a sales export, day by day: orders, refunds and rejected rows as the receipt import
tells them.

The import plugin decides what an order is, what it comes to, and which goods came back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from liandao_plugins.api import Order, Refund, Rejected
from liandao_plugins.host import PluginHost

from liandao_node.ledger.calendar import day_of
from liandao_node.types import Millis

MAPPINGS: Final = Path(__file__).parent / "mappings"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What happened on a day, and rows that led to nothing."""

    orders: list[Order] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def rows(self) -> int:
        parts: list[Order | Refund] = [*self.orders, *self.refunds]
        return sum(len(one.lines) for one in parts) + len(self.rejected)


def days_of(file: Path, mapping: str, utc_offset_minutes: int) -> list[Sheet]:
    """A file of purchases without cancellations as sheets of one day each, oldest first; rows
    that make no order lie on the first one."""
    days: dict[int, Sheet] = {}
    rejected: list[Rejected] = []
    for item in _items(file, mapping):
        if isinstance(item, Rejected):
            rejected.append(item)
            continue
        assert isinstance(item, Order), "a set without cancellations"
        day = day_of(Millis(item.at_ms), utc_offset_minutes)
        days.setdefault(day, Sheet()).orders.append(item)
    sheets = [days[day] for day in sorted(days)] or [Sheet()]
    sheets[0].rejected.extend(rejected)
    return sheets


def retail_sheet(file: Path) -> Sheet:
    """A daily file of UCI "Online Retail". Raises what the receipt import raises."""
    sheet = Sheet()
    for item in _items(file, "online_retail"):
        match item:
            case Order():
                sheet.orders.append(item)
            case Refund():
                sheet.refunds.append(item)
            case Rejected():
                sheet.rejected.append(item)
    return sheet


def _items(file: Path, mapping: str) -> Iterable[Order | Refund | Rejected]:
    given = {"receipts": str(file), "mapping": str(MAPPINGS / f"{mapping}.toml")}
    return PluginHost().receipt_source("receipt_import", given)
