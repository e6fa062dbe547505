"""What people ask of clearing: a shop's statement of a period, and what is to be done (L-16).

Nothing here writes. Everything is asked of a `View`, most often `Ledger.view()`. Payments that
are made and confirmed change a closed statement's payments and nothing else.
"""

from dataclasses import dataclass
from typing import Final

from liandao_node.ledger.calendar import DAY_MS
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_books import Conduct, Counts, Payment
from liandao_node.ledger.modules.clearing_services import Issuance
from liandao_node.ledger.modules.clearing_turn import nets_of
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.clearing import Reminder

__all__ = [
    "Deed",
    "PaymentTold",
    "Reminder",
    "Statement",
    "conduct",
    "has_clearing",
    "payments",
    "reminder",
    "running",
    "statement",
    "statements",
]

SOON_MS: Final = 3 * DAY_MS
"""So long before a payment fails, its debtor is told to hurry."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An obligation of a period: with whom, how much, how much of it for points."""

    party: ShopId
    amount: Amount
    points: Amount


@dataclass(frozen=True, slots=True)
class PaymentTold:
    debtor: ShopId
    creditor: ShopId
    payment: Payment


@dataclass(frozen=True, slots=True)
class Statement:
    """One party's period."""

    party: ShopId
    name: str
    """Empty for the pool."""
    points: Counts | None
    """What became of its points in the period; None where that is not known."""
    owes: list[Deed]
    claims: list[Deed]
    net: int
    """Claims less what is owed, without what was carried into the period."""
    carry: int
    """In the running period: what is carried into the next netting. In a closed one: what its
    obligations left to be carried, with arrears that were set off."""
    payments: list[PaymentTold]

    @property
    def redeemed_elsewhere(self) -> int:
        """Points of the party that other shops took off bills."""
        return sum(deed.points for deed in self.owes if deed.party != POOL)

    @property
    def redeemed_of_others(self) -> int:
        """Points of others that the party took off bills."""
        return sum(deed.points for deed in self.claims)

    @property
    def redeemed_own(self) -> int | None:
        """Its own points that it took off bills."""
        return None if self.points is None else self.points.redeemed - self.redeemed_elsewhere


def has_clearing(view: View) -> bool:
    """Whether the street has the module at all."""
    return books.clocks.has(view)


def running(view: View) -> int:
    """The running period as the ledger holds it."""
    return books.clock_of(view).period


def conduct(view: View, shop: ShopId) -> Conduct:
    return books.conduct_of(view, shop)


def payments(view: View, period: int) -> list[PaymentTold]:
    """All payments of a period, by debtor and creditor."""
    return [
        PaymentTold(ShopId(int(debtor)), ShopId(int(creditor)), payment)
        for (_, debtor, creditor), payment in books.payments.under(view, period)
    ]


def reminder(told: PaymentTold, party: ShopId, now_ms: Millis) -> Reminder:
    """What a payment asks of one of its parties at a moment of ledger time."""
    payment = told.payment
    if payment.received_ms:
        return Reminder.SETTLED
    if payment.failed_ms:
        return Reminder.FAILED
    if party == told.creditor:
        return Reminder.CONFIRM if payment.paid_ms else Reminder.WAIT
    if payment.paid_ms:
        return Reminder.WAIT
    hurry = now_ms + SOON_MS >= payment.due_ms
    return Reminder.PAY_SOON if hurry and told.debtor != POOL else Reminder.PAY


def statements(view: View, period: int, issuance: Issuance | None = None) -> list[Statement]:
    """Of all members and the pool, in the order of their numbers."""
    names = {shop: member.name for shop, member in Members().all(view).items()}
    owes: dict[ShopId, list[Deed]] = {}
    claims: dict[ShopId, list[Deed]] = {}
    for (_, debtor, creditor), owed in books.obligations.under(view, period):
        ower, taker = ShopId(int(debtor)), ShopId(int(creditor))
        owes.setdefault(ower, []).append(Deed(taker, owed.amount, owed.points))
        claims.setdefault(taker, []).append(Deed(ower, owed.amount, owed.points))
    made = payments(view, period)
    nets = nets_of(view) if period == running(view) else None
    told = []
    for party in (*sorted(names), POOL):
        owing, claiming = owes.get(party, []), claims.get(party, [])
        net = sum(deed.amount for deed in claiming) - sum(deed.amount for deed in owing)
        own = [one for one in made if party in (one.debtor, one.creditor)]
        brought = nets.get(party, 0) if nets is not None else _brought(own, party)
        carry = brought - net if nets is not None else net - brought
        points = _counts(view, period, party, issuance)
        name = names.get(party, "")
        told.append(Statement(party, name, points, owing, claiming, net, carry, own))
    return told


def statement(
    view: View, period: int, party: ShopId, issuance: Issuance | None = None
) -> Statement:
    """Of one party; it must be a member or the pool."""
    return next(one for one in statements(view, period, issuance) if one.party == party)


def _brought(made: list[PaymentTold], party: ShopId) -> int:
    """What a closed period's payments were to bring a party, below zero what they cost it."""
    return sum(one.payment.amount if party == one.creditor else -one.payment.amount for one in made)


def _counts(view: View, period: int, party: ShopId, issuance: Issuance | None) -> Counts | None:
    """Counts of a period: the difference between two notes of the books (L-16.12)."""
    if party == POOL:
        return None
    if period == running(view):
        after = issuance.counts(view, party) if issuance is not None else None
    else:
        after = books.counts.get(view, period, party)
    if after is None:
        return None
    before = _note_before(view, period, party)
    if before is None:
        return after
    return Counts(
        Amount(after.issued - before.issued),
        Amount(after.returned - before.returned),
        Amount(after.redeemed - before.redeemed),
        Amount(after.expired - before.expired),
        Amount(after.clawed - before.clawed),
    )


def _note_before(view: View, period: int, shop: ShopId) -> Counts | None:
    """The newest note of a shop's books that is older than a period."""
    found = None
    for (noted, of), counts in books.counts.rows(view):
        if of == shop and int(noted) < period:
            found = counts
    return found
