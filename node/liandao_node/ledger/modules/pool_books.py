"""Records of the pool: its till, the traffic of each period, its divisions (L-18.11 on).

Traffic lies by period, card and shop: one record for a sale to read and write, and all that a
customer did in a period in one place for whoever weighs it. It is kept as it came; what was made
of it stands in records of its own, so that anybody can make it again.
"""

from enum import IntEnum
from typing import Final

from liandao_node.crypto.cards import CARD_ID_BYTES
from liandao_node.ledger.modules.pool_calls import NUMBER, Source
from liandao_node.ledger.modules.pool_heads import HeadRates
from liandao_node.ledger.modules.pool_weights import Drop, Tally
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import COMMITTEE_SEATS_MAX
from liandao_node.types import Amount, CardId, Millis, Seq, ShopId
from liandao_node.wire.codec import Canonical

NO_CARD: Final = CardId(bytes(CARD_ID_BYTES))
ABOVE_ALL_SHOPS: Final = 0xFFFF
SHOPS_PER_CARD_MAX: Final = COMMITTEE_SEATS_MAX
"""Members of a street, so records of one card in one period."""
NEVER_PAID: Final = 0


class Till(Canonical, frozen=True):
    """The pool's money, which the treasurers hold."""

    deposits: int
    """Statements so far; the next one bears the next number."""
    sponsors: Amount
    """What came in, by who gave it."""
    advertisers: Amount
    association: Amount
    others: Amount
    came_in: Amount
    """Payments of clearing and arrears that reached the pool."""
    went_out: Amount
    """Payments of the pool that were received."""
    reserve: Amount
    """Of the cash, set aside for defaults."""
    drawn: Amount
    """Out of the reserve and not given back."""
    to_shops: Amount
    """Shares of all divisions, as clearing credit."""
    to_customers: Amount
    """Points of all divisions."""


class Deposited(Canonical, frozen=True):
    source: Source
    amount: Amount
    purpose: str
    time_ms: Millis


class Frozen(Canonical, frozen=True):
    """A period that is over and not divided yet."""

    period: int
    seed: bytes
    """Hash of the block below the one that ended it."""
    height: Seq
    """Of the block that ended it."""


class Clock(Canonical, frozen=True):
    period: int
    """The running one: traffic of now is its."""
    first: int
    """In which the street, or its pool, began."""
    over: list[Frozen]
    """Oldest first; the first of them is being divided."""


class DaySeen(Canonical, frozen=True):
    day: int
    """The street's, counted from 1970-01-01."""
    orders: int
    """Paid, and not refunded as a whole."""
    visits: int


class Seen(Canonical, frozen=True):
    """A customer at one shop in one period, as it was told."""

    days: list[DaySeen]
    """Rising; none without an event."""
    known_day: int
    """Latest day of a paid order before the period that a joined card brought along;
    `NEVER_PAID` if none did."""


class Views(Canonical, frozen=True):
    visitors: int
    """Unique visitors of a shop's pages, counted by day."""


class PaidOn(Canonical, frozen=True):
    shop: ShopId
    day: int


class Known(Canonical, frozen=True):
    """Where a card bought lately, as of the last period that was gathered."""

    shops: list[PaidOn]
    """By shop; the latest day each."""


class TallyRow(Canonical, frozen=True):
    """`pool_weights.Tally` as a record."""

    units: int
    day_cap: int
    period_cap: int
    no_standing: int
    free: int
    sources: list[tuple[ShopId, int]]
    """Rising by shop."""


class Stage(IntEnum):
    """Where the division of a period is."""

    GATHER = 0
    """Sums by shop, card after card."""
    HEADS = 1
    """Units of each customer, card after card."""
    DIVIDE = 2
    """All shares at once: there are few shops."""
    GIVE = 3
    """Points, card after card."""
    DRAW = 4
    """The last units of equal remainders."""


class Closing(Canonical, frozen=True):
    """A division at work."""

    stage: Stage
    cursor: CardId
    """Cards up to this one are done, in the stages that go by rows."""
    heads: list[tuple[int, int]]
    """How many customers have which units; rising."""
    rates: HeadRates
    drawn: int
    """Units that were drawn so far."""
    given: Amount
    limited: Amount
    """Points that a purse had no room for."""
    withheld: Amount
    """Of customers' parts, set off against what they were given for orders refunded later."""


class Line(Canonical, frozen=True):
    """What a division booked for a shop."""

    units: int
    weight: int
    drops: list[tuple[Drop, int]]
    cap: Amount
    share: Amount
    remainder: int
    withheld: Amount
    """Of the share, set off against what it had got for orders refunded later."""


class Division(Canonical, frozen=True):
    """What a division booked in all."""

    seed: bytes
    height: Seq
    time_ms: Millis
    cash: Amount
    reserve: Amount
    shops_part: Amount
    customers_part: Amount
    remainder_of: int
    shared: Amount
    """Sum of the shops' shares."""
    given: Amount
    """Points that customers got, with what was withheld or had no room."""
    limited: Amount
    withheld: Amount
    customers_weight: int
    rates: HeadRates
    is_done: bool
    """Whether all points were given."""

    @property
    def carry(self) -> Amount:
        return Amount(self.shops_part + self.customers_part - self.shared - self.given)


class Head(Canonical, frozen=True):
    units: int


class Late(Canonical, frozen=True):
    """An order of an earlier period that was refunded as a whole."""

    shop: ShopId
    card: CardId
    """That the order names."""
    day: int


class OrderDays(Canonical, frozen=True):
    days: list[int]
    """Of some orders; rising, each as often as it happened."""


class Owing(Canonical, frozen=True):
    amount: Amount


till_table: Final = Table(NUMBER, 1, (), Till)
deposits: Final = Table(NUMBER, 2, ("u64",), Deposited)
clocks: Final = Table(NUMBER, 3, (), Clock)
seen: Final = Table(NUMBER, 4, ("u32", CARD_ID_BYTES, "u16"), Seen)
"""By period, card and shop."""
views: Final = Table(NUMBER, 5, ("u32", "u16"), Views)
known: Final = Table(NUMBER, 6, (CARD_ID_BYTES,), Known)
closings: Final = Table(NUMBER, 7, (), Closing)
tallies: Final = Table(NUMBER, 8, ("u32", "u16"), TallyRow)
heads: Final = Table(NUMBER, 9, (CARD_ID_BYTES,), Head)
"""Customers that have not got their part of the division at work."""
draws: Final = Table(NUMBER, 10, (32, CARD_ID_BYTES), Head)
"""By `tie_of`: those who may be drawn for a unit more."""
lines: Final = Table(NUMBER, 11, ("u32", "u16"), Line)
divisions: Final = Table(NUMBER, 12, ("u32",), Division)
lates: Final = Table(NUMBER, 13, ("u32", "u64"), Late)
"""By period of the order and position of the refund."""
undone: Final = Table(NUMBER, 14, ("u32", CARD_ID_BYTES, "u16"), OrderDays)
"""Orders that were refunded after their period."""
undone_tallies: Final = Table(NUMBER, 15, ("u32", "u16"), TallyRow)
"""A shop's sums without orders that were refunded later."""
shops_owing: Final = Table(NUMBER, 16, ("u16",), Owing)
cards_owing: Final = Table(NUMBER, 17, (CARD_ID_BYTES,), Owing)
uncounted: Final = Table(NUMBER, 18, ("u32", CARD_ID_BYTES, "u16"), OrderDays)
"""Orders that were claimed after their period, and count in none."""

TABLES: Final[tuple[KeySpace, ...]] = (
    till_table,
    deposits,
    clocks,
    seen,
    views,
    known,
    closings,
    tallies,
    heads,
    draws,
    lines,
    divisions,
    lates,
    undone,
    undone_tallies,
    shops_owing,
    cards_owing,
    uncounted,
)

_NONE: Final = Amount(0)
EMPTY_TILL: Final = Till(0, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE)


def till_of(view: View) -> Till:
    return till_table.get(view) or EMPTY_TILL


def clock_of(view: View) -> Clock:
    clock = clocks.get(view)
    assert clock is not None, "the pool has begun"
    return clock


def tally_of(row: TallyRow | None) -> Tally:
    if row is None:
        return Tally()
    return Tally(
        row.units, row.day_cap, row.period_cap, row.no_standing, row.free, dict(row.sources)
    )


def row_of(tally: Tally) -> TallyRow:
    sources = [(shop, tally.sources[shop]) for shop in sorted(tally.sources)]
    return TallyRow(
        tally.units, tally.day_cap, tally.period_cap, tally.no_standing, tally.free, sources
    )


def days_in(
    table: Table[OrderDays], view: View, period: int, card: CardId, shop: ShopId
) -> list[int]:
    found = table.get(view, period, card, shop)
    return found.days if found is not None else []


def owing_of(table: Table[Owing], view: View, key: int | bytes) -> Amount:
    found = table.get(view, key)
    return found.amount if found is not None else _NONE


def set_owing(table: Table[Owing], view: View, key: int | bytes, amount: int) -> None:
    if amount:
        table.put(view, key, value=Owing(Amount(amount)))
    else:
        table.delete(view, key)


def seen_by(view: View, period: int, card: CardId) -> list[tuple[ShopId, Seen]]:
    """What a card did in a period, by shop. For daily work and cards that are joined: a card has
    a record for each shop at most."""
    rows = seen.between(
        view, (period, card, 0), (period, card, ABOVE_ALL_SHOPS), SHOPS_PER_CARD_MAX
    )
    return [(ShopId(int(shop)), row) for (_, _, shop), row in rows]
