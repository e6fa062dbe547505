"""What a period's verified traffic weighs in the pool.

Pure functions over numbers; they know neither records nor calls. A customer counts at a shop for
what other shops know of her: whoever invents customers has to find a second shop that takes on
real liability for them. What is dropped is counted by reason, never silently.

All of it is sums over one customer at a time, so the ledger gathers a period in pieces and comes
to the same numbers as whoever weighs it whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from liandao_node.types import CardId, ShopId

ORDER_UNITS: Final = 100
VISIT_UNITS: Final = 20
DAY_UNITS_MAX: Final = 120
"""Of one customer at one shop on one day."""
PERIOD_UNITS_MAX: Final = 1_000
"""Of one customer at one shop in one period."""
HEAD_STEP: Final = VISIT_UNITS
"""Customers' units are whole multiples of it, also after a cut, so that few sums differ."""
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


class Part(NamedTuple):
    """What one customer gives to one shop."""

    units: int
    """As they came."""
    by_day: int
    """Under the day's cap,"""
    counted: int
    """and under the period's too."""
    factor: int
    """Standing, 0 to STANDING_MAX."""
    source: ShopId | None
    """The single other shop that knows the customer, where there is no second."""


@dataclass(slots=True)
class Tally:
    """The sums of a shop's customers: all that its weight needs of them."""

    units: int = 0
    day_cap: int = 0
    period_cap: int = 0
    no_standing: int = 0
    free: int = 0
    """Weight given by customers whom several other shops know."""
    sources: dict[ShopId, int] = field(default_factory=dict)
    """That of the others, by the one shop that knows them."""

    def add(self, part: Part) -> None:
        self._change(part, 1)

    def take(self, part: Part) -> None:
        """Takes out what `add` put in."""
        self._change(part, -1)

    def _change(self, part: Part, sign: int) -> None:
        self.units += sign * part.units
        self.day_cap += sign * (part.units - part.by_day)
        self.period_cap += sign * (part.by_day - part.counted)
        if part.factor == 0:
            self.no_standing += sign * part.counted
        elif part.source is None:
            self.free += sign * part.counted * part.factor
        else:
            self.sources[part.source] = self.sources.get(part.source, 0) + sign * part.counted

    @property
    def damped(self) -> int:
        """The weight of its customers (L-18.3)."""
        return damped(self.free, [units for units in self.sources.values() if units])


def standing(paid_at: frozenset[ShopId], shop: ShopId) -> int:
    """In how many other shops a customer is known, as far as it counts (L-18.2)."""
    return min(STANDING_MAX, len(paid_at - {shop}))


def part_of(
    units_by_day: Iterable[int], shop: ShopId, known: frozenset[ShopId], *, founding: bool
) -> Part:
    """What a customer gives to a shop, of the units of each day (L-18.1, L-18.2, L-18.5)."""
    units = by_day = 0
    for of_day in units_by_day:
        units += of_day
        by_day += min(of_day, DAY_UNITS_MAX)
    factor = 1 if founding else standing(known, shop)
    others = known - {shop}
    source = next(iter(others)) if len(others) == 1 and not founding else None
    return Part(units, by_day, min(by_day, PERIOD_UNITS_MAX), factor, source)


def head_units(parts: Mapping[ShopId, Part], tallies: Mapping[ShopId, Tally]) -> int:
    """What a customer's part of the pool is divided by (L-18.10).

    Where a source's weight is cut, so are the units of its customers: else a ring would take
    from the customers' part what it cannot take from the shops'.
    """
    units = 0
    for shop, part in parts.items():
        if part.source is None:
            units += part.counted if part.factor else 0
            continue
        tally = tallies[shop]
        given = tally.sources[part.source]
        kept = min(given, tally.damped // SOURCE_SHARE)
        units += part.counted * kept // given // HEAD_STEP * HEAD_STEP if given else 0
    return units


def weighed_of(tally: Tally, views: int) -> Weighed:
    """A shop's weight of its customers' sums and its pages' visitors (L-18.3, L-18.4)."""
    weight = tally.damped
    counted = min(views, weight // VIEW_SHARE)
    found = {
        Drop.DAY_CAP: tally.day_cap,
        Drop.PERIOD_CAP: tally.period_cap,
        Drop.NO_STANDING: tally.no_standing,
        Drop.RING_CAP: tally.free + sum(tally.sources.values()) - weight,
        Drop.VIEW_CAP: views - counted,
    }
    drops = tuple((drop, units) for drop, units in found.items() if units)
    return Weighed(tally.units + views, weight + counted, drops)


def weigh(period: Period) -> Weights:
    """The weights of a period, whole.

    The order in which its days stand means nothing.
    """
    tallies = {shop: Tally() for shop in sorted(period.shops)}
    heads: dict[CardId, dict[ShopId, Part]] = {}
    for (customer, shop), days in _by_customer_and_shop(period).items():
        known = period.paid_at.get(customer, frozenset())
        part = part_of(days.values(), shop, known, founding=period.founding)
        tallies[shop].add(part)
        heads.setdefault(customer, {})[shop] = part
    shops = {
        shop: weighed_of(tally, period.visitor_days.get(shop, 0)) for shop, tally in tallies.items()
    }
    customers = {one: head_units(heads[one], tallies) for one in sorted(heads)}
    return Weights(shops, {one: units for one, units in customers.items() if units})


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


def day_units(orders: int, visits: int) -> int:
    return orders * ORDER_UNITS + visits * VISIT_UNITS


def _by_customer_and_shop(period: Period) -> dict[tuple[CardId, ShopId], dict[int, int]]:
    """Units by day."""
    found: dict[tuple[CardId, ShopId], dict[int, int]] = {}
    for one in period.days:
        units = day_units(one.orders, one.visits)
        if one.shop in period.shops and units:
            days = found.setdefault((one.customer, one.shop), {})
            days[one.day] = days.get(one.day, 0) + units
    return found
