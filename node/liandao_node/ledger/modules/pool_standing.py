"""Where a customer is known: shops where a card bought within the last days of a period (L-18.2).

The ledger keeps it as it gathers one period after the other; whoever explains a period reads it
out of the traffic of that period and of the three before, which is all that it can depend on.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from liandao_node.ledger.calendar import first_of_month
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.pool_books import NEVER_PAID, Clock, Known, PaidOn, Seen
from liandao_node.ledger.modules.pool_weights import STANDING_DAYS, Part, day_units, part_of
from liandao_node.ledger.state import View
from liandao_node.types import CardId, ShopId

FOUNDING_PERIODS: Final = 2
PERIODS_BACK: Final = 3
"""Before a period, in which STANDING_DAYS before its end may lie."""


def end_day(period: int) -> int:
    """The first day after a period."""
    return first_of_month((period + 1) // 12, (period + 1) % 12 + 1)


def is_founding(period: int, first: int) -> bool:
    """Whether it is one of the first two (L-18.5)."""
    return period - first < FOUNDING_PERIODS


def paid_day(row: Seen) -> int:
    """The latest day of a paid order, `NEVER_PAID` if there is none."""
    return max((one.day for one in row.days if one.orders), default=row.known_day)


def later(days: dict[ShopId, int], rows: Iterable[tuple[ShopId, Seen]]) -> dict[ShopId, int]:
    """The latest day by shop, with those of more traffic."""
    for shop, row in rows:
        day = max(paid_day(row), days.get(shop, NEVER_PAID))
        if day != NEVER_PAID:
            days[shop] = day
    return days


def standing_at(days: Mapping[ShopId, int], period: int) -> frozenset[ShopId]:
    """The shops that know a customer when a period is divided."""
    least = end_day(period) - STANDING_DAYS
    return frozenset(shop for shop, day in days.items() if day >= least)


def kept(view: View, card: CardId) -> dict[ShopId, int]:
    """As of the last period that was gathered."""
    found = books.known.get(view, card)
    return {one.shop: one.day for one in found.shops} if found is not None else {}


def keep(view: View, card: CardId, days: Mapping[ShopId, int], period: int) -> None:
    """Notes what later periods may ask for."""
    lately = standing_at(days, period)
    if lately:
        shops = [PaidOn(shop, days[shop]) for shop in sorted(lately)]
        books.known.put(view, card, value=Known(shops))
    else:
        books.known.delete(view, card)


def known_days(view: View, card: CardId, clock: Clock) -> dict[ShopId, int]:
    """Where a card bought before the running period, and when last."""
    days = kept(view, card)
    for over in clock.over:
        later(days, books.seen_by(view, over.period, card))
    return days


def known_from_traffic(view: View, card: CardId, period: int) -> frozenset[ShopId]:
    """The shops that knew a customer at a period's end, out of what the state keeps of it."""
    days: dict[ShopId, int] = {}
    for one in range(period - PERIODS_BACK, period + 1):
        later(days, books.seen_by(view, one, card))
    return standing_at(days, period)


def parts_of_card(
    rows: Iterable[tuple[ShopId, Seen]], shops: frozenset[ShopId], *, founding: bool
) -> dict[ShopId, Part]:
    """What a card gives to each shop, where ``shops`` know it."""
    parts = {}
    for shop, row in rows:
        if row.days:
            units = [day_units(one.orders, one.visits) for one in row.days]
            parts[shop] = part_of(units, shop, shops, founding=founding)
    return parts
