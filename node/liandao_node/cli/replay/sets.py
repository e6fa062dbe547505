"""The sets of real purchases that can be replayed, and the street that each is replayed on.

Ledger time is the data's own time.
"""

import time
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from liandao_node.cli.replay.cards import Cards
from liandao_node.cli.replay.coupons import CouponDesk
from liandao_node.cli.replay.redemptions import only, read_campaigns, read_redemptions
from liandao_node.cli.replay.report import Report, report
from liandao_node.cli.replay.run import Run, moments_of
from liandao_node.cli.replay.sheets import Sheet, days_of, retail_sheet
from liandao_node.cli.replay.street import SHOPS, Street, draw, execute_again
from liandao_node.cli.replay.tally import Tally
from liandao_node.errors import OperatorFault
from liandao_node.ledger.calendar import DAY_MS
from liandao_node.types import Amount, Millis
from liandao_node.wire.genesis import Rules

RETAIL_FILES: Final = "*.csv.gz"
JOURNEY_FILE: Final = "transactions_*.csv.gz"
ONLINE_SHOP: Final = 7
GREENWICH: Final = 0
EASTERN: Final = -300
"""The stamps of the Complete Journey are UTC of a place with New York's days."""
RULES: Final = Rules(
    expiry_months=1,  # so that points expire within the replay
    vest_ms=14 * DAY_MS,
    vest_over=Amount(50_000),
)
Told = Callable[[int, int, Tally], None]
"""How many of how many days were played, and what was counted so far."""


class Played(NamedTuple):
    report: Report
    tally: Tally


def replay_retail(directory: Path, root: Path, days: int, told: Told, *, again: bool) -> Played:
    """UCI "Online Retail", a file a day; 0 days are all. ``root`` becomes the street's data
    directory; ``again`` executes its blocks a second time.

    Raises OperatorFault ``FILE_NONE_MATCHES``, ``REPLAY_NO_ORDERS``, ``STREET_EXISTS`` if ``root``
    is one, and what the receipt import raises.
    """
    began = time.monotonic()
    files = sorted(directory.glob(RETAIL_FILES))[: days or None]
    if not files:
        raise OperatorFault("FILE_NONE_MATCHES", path=str(directory), pattern=RETAIL_FILES)
    tally = Tally()
    first = retail_sheet(files[0])
    with Street(root, "GBP", _begin_of(first, files[0]), GREENWICH, RULES) as street:
        run = Run(street, tally, online_shop=ONLINE_SHOP)
        following = (retail_sheet(file) for file in files[1:])
        _play(run, chain([first], following), len(files), tally, told)
        return _played("UCI Online Retail", run, street, tally, began, again=again)


def replay_journey(directory: Path, root: Path, days: int, told: Told, *, again: bool) -> Played:
    """ "The Complete Journey" at one store, with the coupons that its households redeemed.
    Arguments and errors as of `replay_retail`."""
    began, tally = time.monotonic(), Tally()
    file = only(directory, JOURNEY_FILE)
    sheets = days_of(file, "complete_journey", EASTERN)[: days or None]
    with Street(root, "USD", _begin_of(sheets[0], file), EASTERN, RULES) as street:
        cards = Cards(street)
        households = {one.customer: None for sheet in sheets for one in sheet.orders}
        enrolments = [
            cards.enrolment(draw(SHOPS, "home", household), household) for household in households
        ]
        street.all(street.now_ms, [one for one in enrolments if one is not None])
        redemptions = read_redemptions(directory)
        desk = CouponDesk(street, tally, cards, read_campaigns(directory), redemptions)
        run = Run(street, tally, cards=cards, coupons=desk)
        run.rows_in += len(redemptions)
        _play(run, sheets, len(sheets), tally, told)
        return _played("The Complete Journey", run, street, tally, began, again=again)


def _begin_of(sheet: Sheet, file: Path) -> Millis:
    moments = moments_of(sheet)
    if not moments:
        raise OperatorFault("REPLAY_NO_ORDERS", path=str(file))
    return min(moments)


def _play(run: Run, sheets: Iterable[Sheet], count: int, tally: Tally, told: Told) -> None:
    for number, sheet in enumerate(sheets, 1):
        run.day(sheet)
        told(number, count, tally)
    run.close()


def _played(
    what: str, run: Run, street: Street, tally: Tally, began: float, *, again: bool
) -> Played:
    seconds = time.monotonic() - began
    found = report(
        what,
        street,
        tally,
        rows_in=run.rows_in,
        cards=len(run.cards),
        months=run.months,
        audits=run.audits,
        broken=run.broken,
        seconds=seconds,
        again=execute_again(street) if again else "",
    )
    return Played(found, tally)
