"""What people ask of stake: who has what where, who sits, who would (docs/ledger.md 4 and 13).

Nothing here writes. Everything is asked of a `View`, most often `Ledger.view()`.
"""

from dataclasses import dataclass

from liandao_node.ledger.modules import attendance, epochs
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.election import Contender, Election
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.stake_books import (
    TO_OWN_BOND,
    TO_TREASURERS,
    Bond,
    Milestone,
    Standing,
)
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Epoch, PublicKey, ShopId
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.genesis import Rules

__all__ = [
    "OnTheWay",
    "ShopStake",
    "delegations",
    "election",
    "key_is_past",
    "milestone",
    "on_the_way",
    "pool",
    "seats",
    "stakes",
]


@dataclass(frozen=True, slots=True)
class ShopStake:
    """A member, its stake and its conduct."""

    name: str
    bond: Bond
    backing: Amount
    """What others delegated to it."""
    standing: Standing
    contender: Contender
    """How the next election would see it if it came now."""
    rekeys: bool
    """Another node key takes office when the epoch ends."""


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Stake that left a seat and is still liable for it (L-4.7, L-4.8)."""

    seat: ShopId
    shop: ShopId
    to: ShopId | None
    """The seat that it is behind now; None where it backs none."""
    out: bool
    """It will be paid out by the treasurers; else it comes back to the own bond."""
    amount: Amount
    free_from: Epoch


def stakes(view: View, rules: Rules) -> dict[ShopId, ShopStake]:
    """Every member by number."""
    members = Members().all(view)
    return {
        contender.shop: ShopStake(
            name=members[contender.shop].name,
            bond=books.bond_of(view, contender.shop),
            backing=books.backing_of(view, contender.shop),
            standing=books.standing_of(view, contender.shop),
            contender=contender,
            rekeys=bool(members[contender.shop].next_key),
        )
        for contender in epochs.contenders_in(view, rules)
    }


def seats(view: View) -> CommitteeRecord:
    """The committee in force above this state."""
    return books.committee_of(view)


def key_is_past(view: View, shop: ShopId, key: PublicKey) -> bool:
    """Whether the shop's owner has put another node key in the place of this one (L-4.10)."""
    return Members().is_past(view, shop, key)


def delegations(view: View) -> list[tuple[ShopId, ShopId, Amount]]:
    """Candidate, delegator and amount, in this order."""
    return [
        (ShopId(int(seat)), ShopId(int(shop)), delegation.amount)
        for (seat, shop), delegation in books.delegations.rows(view)
        if delegation.amount
    ]


def on_the_way(view: View, rules: Rules) -> list[OnTheWay]:
    """What has left a seat and is still liable for it, by seat and owner."""
    found = []
    for key, share in books.leaving.rows(view):
        seat, shop, began, to = (int(part) for part in key)
        moved = to not in (TO_OWN_BOND, TO_TREASURERS)
        found.append(
            OnTheWay(
                seat=ShopId(seat),
                shop=ShopId(shop),
                to=ShopId(to) if moved else None,
                out=to == TO_TREASURERS,
                amount=share.amount,
                free_from=Epoch(began + rules.unbonding_epochs + 1),
            )
        )
    return found


def pool(view: View) -> Amount:
    """What was slashed and is the street's."""
    kept = books.pool.get(view)
    return kept.slashed if kept is not None else Amount(0)


def election(view: View, rules: Rules) -> Election:
    """Who would sit if the epoch ended now. Words of this epoch's proposers are not in it."""
    return epochs.next_election(view, rules)


def milestone(view: View) -> Milestone | None:
    """The newest block that a jailed seat may name (L-13.10)."""
    return attendance.newest_milestone(view)
