"""What a period's verified traffic weighs in the pool.

Pure functions over numbers; they know neither records nor calls. A customer counts at a shop for
what other shops know of her: whoever invents customers has to find a second shop that takes on
real liability for them. What is dropped is counted by reason, never silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from liandao_node.types import CardId, ShopId

ORDER_UNITS: Final = 100
VISIT_UNITS: Final = 20
DAY_UNITS_MAX: Final = 120
"""Of one customer at one shop on one day."""
PERIOD_UNITS_MAX: Final = 1_000
"""Of one customer at one shop in one period."""
STANDING_MAX: Final = 3
"""Other shops beyond these add nothing."""
STANDING_DAYS: Final = 90
"""A verified paid order gives standing for so long."""
SOURCE_SHARE: Final = 5
"""Customers known from one single other shop give at most one part in so many of a weight."""
VIEW_SHARE: Final = 10
"""Page views add at most one part in so many of what customers weigh."""


class Drop(StrEnum):
    """Why units do not count, or weight was cut."""

    DAY_CAP = "DAY_CAP"
    PERIOD_CAP = "PERIOD_CAP"
    NO_STANDING = "NO_STANDING"
    RING_CAP = "RING_CAP"
    VIEW_CAP = "VIEW_CAP"


@dataclass(frozen=True, slots=True)
class Day:
    """Verified events of one customer at one shop on one day. Several of them add up."""

    customer: CardId
    shop: ShopId
    day: int
    orders: int
    visits: int


@dataclass(frozen=True, slots=True)
class Period:
    """What the pool of one period is divided by."""

    shops: frozenset[ShopId]
    """All members; whatever is of other shops does not count."""
    days: tuple[Day, ...]
    paid_at: Mapping[CardId, frozenset[ShopId]]
    """Shops where each customer has a verified paid order within STANDING_DAYS."""
    visitor_days: Mapping[ShopId, int]
    """Unique visitors of each shop's pages, counted by day."""
    founding: bool
    """One of the street's first two periods: everybody counts once, for nobody can have
    standing yet."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A shop's traffic."""

    units: int
    """Before any cap: orders, visits and page views."""
    weight: int
    drops: tuple[tuple[Drop, int], ...]
    """In units; RING_CAP in weight. Reasons that took nothing are left out."""


@dataclass(frozen=True, slots=True)
class Weights:
    shops: Mapping[ShopId, Weighed]
    """All members, by number."""
    customers: Mapping[CardId, int]
    """Units with standing, of customers that have any."""


def standing(paid_at: frozenset[ShopId], shop: ShopId) -> int:
    """In how many other shops a customer is known, as far as it counts (L-18.2)."""
    return min(STANDING_MAX, len(paid_at - {shop}))


def weigh(period: Period) -> Weights:
    """The weights of a period (L-18.1, L-18.4, L-18.5).

    The order in which its days stand means nothing.
    """
    raw = dict.fromkeys(sorted(period.shops), 0)
    drops: dict[ShopId, dict[Drop, int]] = {shop: {} for shop in raw}
    free = dict.fromkeys(raw, 0)
    from_one: dict[ShopId, dict[ShopId, int]] = {shop: {} for shop in raw}
    customers: dict[CardId, int] = {}
    for (customer, shop), (units, by_day, by_period) in _units(period).items():
        raw[shop] += units
        _add(drops[shop], Drop.DAY_CAP, units - by_day)
        _add(drops[shop], Drop.PERIOD_CAP, by_day - by_period)
        known = period.paid_at.get(customer, frozenset())
        factor = 1 if period.founding else standing(known, shop)
        if factor == 0:
            _add(drops[shop], Drop.NO_STANDING, by_period)
            continue
        customers[customer] = customers.get(customer, 0) + by_period
        others = known - {shop}
        if len(others) == 1 and not period.founding:
            (source,) = others
            from_one[shop][source] = from_one[shop].get(source, 0) + by_period
        else:
            free[shop] += by_period * factor
    weighed = {}
    for shop in raw:
        sources = list(from_one[shop].values())
        weight = damped(free[shop], sources)
        _add(drops[shop], Drop.RING_CAP, free[shop] + sum(sources) - weight)
        views = period.visitor_days.get(shop, 0)
        counted = min(views, weight // VIEW_SHARE)
        _add(drops[shop], Drop.VIEW_CAP, views - counted)
        told = tuple((drop, drops[shop][drop]) for drop in Drop if drop in drops[shop])
        weighed[shop] = Weighed(raw[shop] + views, weight + counted, told)
    return Weights(weighed, {one: customers[one] for one in sorted(customers)})


def damped(free: int, sources: Iterable[int]) -> int:
    """The greatest weight in which no single source gives more than its part (L-18.3).

    ``free`` is given by customers of several sources, ``sources`` by those of one each.
    """
    rising = sorted(sources)
    rest = free + sum(rising)
    for capped in range(SOURCE_SHARE):
        # `capped` sources give a part each, so the others give what is left of the whole.
        weight = rest * SOURCE_SHARE // (SOURCE_SHARE - capped)
        if not rising or rising[-1] * SOURCE_SHARE <= weight:
            return weight
        rest -= rising.pop()
    raise AssertionError("SOURCE_SHARE sources above their part would be more than the whole")


def _units(period: Period) -> dict[tuple[CardId, ShopId], tuple[int, int, int]]:
    """Units by customer and shop: as they came, under the day's cap, and the period's too."""
    days: dict[tuple[CardId, ShopId, int], int] = {}
    for one in period.days:
        if one.shop in period.shops and (one.orders or one.visits):
            key = (one.customer, one.shop, one.day)
            units = one.orders * ORDER_UNITS + one.visits * VISIT_UNITS
            days[key] = days.get(key, 0) + units
    sums: dict[tuple[CardId, ShopId], tuple[int, int, int]] = {}
    for (customer, shop, _), units in days.items():
        whole, by_day, _ = sums.get((customer, shop), (0, 0, 0))
        by_day += min(units, DAY_UNITS_MAX)
        sums[customer, shop] = whole + units, by_day, min(by_day, PERIOD_UNITS_MAX)
    return sums


def _add(drops: dict[Drop, int], drop: Drop, units: int) -> None:
    if units:
        drops[drop] = drops.get(drop, 0) + units
