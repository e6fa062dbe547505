"""Records of clearing, and the service through which other modules make obligations (L-16).

Plain records and how they are found; `netting` computes with them, the modules beside this one
change them. Whatever they do, the parties' positions sum to nothing, and what a shop may have
to pay is never more than its `payable` says.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.module_api import Done
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical

NUMBER: Final = 7
NOTHING: Final = Amount(0)
NEVER: Final = Millis(0)


class Clock(Canonical, frozen=True):
    """Where clearing stands."""

    period: int
    """The running one (L-1.6)."""


class Obligation(Canonical, frozen=True):
    """What one party owes another for a period."""

    amount: Amount
    points: Amount
    """How much of it is for points of the debtor that the creditor took off bills."""


class Borne(Canonical, frozen=True):
    amount: Amount


class Position(Canonical, frozen=True):
    """One party's sums, so that no rule of a call adds up a table."""

    owes: Amount
    """To others, in the running period."""
    claims: Amount
    """On others, in the running period."""
    carry: int
    """From earlier periods: above zero it is owed to the party, below zero the party owes it."""
    unpaid: Amount
    """Payments that the party is to make and that are not settled."""
    borne: Amount
    """All that it ever bore of others' defaults (L-16.9)."""


class Payment(Canonical, frozen=True):
    """What the netting of a period told a debtor to pay to a creditor."""

    amount: Amount
    due_ms: Millis
    """From then on the debtor is in default, unless the payment is settled (L-16.9)."""
    paid_ms: Millis
    """When the debtor said that it paid; 0 for never. So are the next two."""
    received_ms: Millis
    """When the payment was settled: the creditor, the treasurers or L-16.7 said so."""
    failed_ms: Millis
    """When the debtor's default was dealt with."""
    from_bond: Amount
    """What the debtor's bond then covered,"""
    from_reserve: Amount
    """what the pool's reserve covered,"""
    cut: Amount
    """and what the period's creditors bore together."""

    @property
    def is_open(self) -> bool:
        return not self.received_ms and not self.failed_ms


class Conduct(Canonical, frozen=True):
    """What keeps a shop from issuing. A shop that nothing keeps has no record."""

    leaving_ms: Millis
    """When it gave notice; 0 when it did not."""
    handed_over_ms: Millis
    """When the pool became the issuer of its points; 0 when it did not."""
    defaults: int
    """Payments that it failed to make, ever."""
    to_reserve: Amount
    """Arrears: what the pool's reserve covered for it and has not got back."""
    to_bearers: Amount
    """Arrears: what others bore for it, the sum of its records in `cuts`."""
    statements: int
    """Treasurers' statements on its arrears so far; the next one bears the next number."""

    @property
    def arrears(self) -> Amount:
        return Amount(self.to_reserve + self.to_bearers)


class Counts(Canonical, frozen=True):
    """What became of a shop's points, from the beginning to the end of a period."""

    issued: Amount
    returned: Amount
    redeemed: Amount
    expired: Amount
    clawed: Amount


NO_OBLIGATION: Final = Obligation(NOTHING, NOTHING)
NO_POSITION: Final = Position(NOTHING, NOTHING, 0, NOTHING, NOTHING)
GOOD_CONDUCT: Final = Conduct(NEVER, NEVER, 0, NOTHING, NOTHING, 0)

clocks: Final = Table(NUMBER, 1, (), Clock)
obligations: Final = Table(NUMBER, 2, ("u32", "u16", "u16"), Obligation)
"""By period, debtor and creditor."""
positions: Final = Table(NUMBER, 3, ("u16",), Position)
payments: Final = Table(NUMBER, 4, ("u32", "u16", "u16"), Payment)
"""By period, debtor and creditor."""
dues: Final = Table(NUMBER, 5, ("u64", "u32", "u16", "u16"), Done)
"""Open payments by the moment at which they fail: its due time, period, debtor, creditor."""
conducts: Final = Table(NUMBER, 6, ("u16",), Conduct)
cuts: Final = Table(NUMBER, 7, ("u16", "u16"), Borne)
"""By the shop in default and the party that bore it: what it has not got back."""
counts: Final = Table(NUMBER, 8, ("u32", "u16"), Counts)
"""By period and shop, where a module tells them (L-16.12)."""

TABLES: Final[tuple[KeySpace, ...]] = (
    clocks,
    obligations,
    positions,
    payments,
    dues,
    conducts,
    cuts,
    counts,
)


def clock_of(view: View) -> Clock:
    clock = clocks.get(view)
    assert clock is not None, "the genesis began a period"
    return clock


def position_of(view: View, party: int) -> Position:
    return positions.get(view, party) or NO_POSITION


def conduct_of(view: View, shop: int) -> Conduct:
    return conducts.get(view, shop) or GOOD_CONDUCT


def carry_more(view: View, party: int, change: int) -> None:
    """Changes what a party carries; whoever calls sees to it that all changes sum to nothing."""
    if change:
        position = position_of(view, party)
        positions.put(view, party, value=replace(position, carry=position.carry + change))


class Obligations:
    """Service: what the parties owe each other (L-16.2 to L-16.4)."""

    def owe(
        self,
        view: View,
        debtor: ShopId,
        creditor: ShopId,
        amount: Amount,
        *,
        for_points: bool = True,
    ) -> None:
        """The debtor owes more, in the running period. Nobody owes to itself, so between equal
        parties nothing happens. What is owed for points that the debtor issued is the pool's
        debt once the debtor handed its points over (L-16.11); say so if it is for other things.
        """
        if for_points and self.is_handed_over(view, debtor):
            debtor = POOL
        _change(view, debtor, creditor, amount, for_points=for_points)

    def unowe(
        self,
        view: View,
        debtor: ShopId,
        creditor: ShopId,
        amount: Amount,
        *,
        for_points: bool = True,
    ) -> None:
        """Takes back what `owe` booked in the running period; asserts that it is there."""
        rest = amount
        if for_points and self.is_handed_over(view, debtor):
            of_pool = min(amount, _obligation(view, POOL, creditor).points)
            _change(view, POOL, creditor, Amount(-of_pool), for_points=True)
            # The rest was booked before the pool took over. The points are its debt again now,
            # so the shop pays it and not whoever had redeemed them.
            rest = Amount(amount - of_pool)
            _change(view, debtor, POOL, rest, for_points=False)
        _change(view, debtor, creditor, Amount(-rest), for_points=for_points)

    def owed(self, view: View, debtor: ShopId, creditor: ShopId) -> Amount:
        """By one party to another, in the running period."""
        return _obligation(view, debtor, creditor).amount

    def payable(self, view: View, debtor: ShopId) -> Amount:
        """The most that the party may have to pay: the running period without what it is owed,
        payments not settled, what it carries, arrears (L-16.3)."""
        position = position_of(view, debtor)
        carried = max(0, -position.carry)
        arrears = conduct_of(view, debtor).arrears
        return Amount(position.owes + position.unpaid + carried + arrears)

    def borne(self, view: View, party: ShopId) -> Amount:
        """All that the party ever bore of others' defaults: by so much it may owe more than its
        bond allows (I5)."""
        return position_of(view, party).borne

    def period(self, view: View) -> int:
        """The running period as the ledger holds it."""
        return clock_of(view).period

    def is_settled(self, view: View, period: int) -> bool:
        """Whether its obligations were netted: nothing of it can be taken back any more."""
        return period < self.period(view)

    def may_issue(self, view: View, shop: ShopId) -> bool:
        """Not in default, not leaving (L-16.4)."""
        conduct = conduct_of(view, shop)
        return not (conduct.arrears or conduct.leaving_ms or conduct.handed_over_ms)

    def is_handed_over(self, view: View, shop: ShopId) -> bool:
        """Whether the pool answers for this shop's points (L-16.11)."""
        return conduct_of(view, shop).handed_over_ms > 0


def _obligation(view: View, debtor: ShopId, creditor: ShopId) -> Obligation:
    return obligations.get(view, clock_of(view).period, debtor, creditor) or NO_OBLIGATION


def _change(
    view: View, debtor: ShopId, creditor: ShopId, change: Amount, *, for_points: bool
) -> None:
    """Books a change of an obligation of the running period, in all three places."""
    if debtor == creditor or change == 0:
        return
    key = (clock_of(view).period, debtor, creditor)
    before = _obligation(view, debtor, creditor)
    amount = Amount(before.amount + change)
    points = Amount(before.points + change) if for_points else before.points
    assert 0 <= points <= amount, "more is taken back than was owed"
    if amount:
        obligations.put(view, *key, value=Obligation(amount, points))
    else:
        obligations.delete(view, *key)
    position = position_of(view, debtor)
    owing = replace(position, owes=Amount(position.owes + change))
    positions.put(view, debtor, value=owing)
    position = position_of(view, creditor)
    claiming = replace(position, claims=Amount(position.claims + change))
    positions.put(view, creditor, value=claiming)
