"""Refunds: the call, and the arithmetic that does not depend on the way (L-7.11).

Each step of a refund pays the difference between what is due after it and what was due before
it. So any sequence of refunds that ends at the whole is one refund of the whole.
"""

from typing import Annotated, ClassVar, NamedTuple

import msgspec

from liandao_node.ledger.module_api import (
    Bytes16Field,
    Bytes16OrEmptyField,
    CallBody,
    TimeField,
    U32Field,
    U63Field,
)
from liandao_node.ledger.modules.earn_rules import earned_for
from liandao_node.ledger.modules.points_books import Terms
from liandao_node.ledger.modules.points_calls import NUMBER
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount
from liandao_node.wire.codec import Canonical


class RefundDone(Canonical, frozen=True):
    cash: Amount
    """To be paid out at the counter; with the points it makes the refunded gross."""
    points_back: Amount
    """Given back to the card."""
    clawed: Amount
    """Points of the refunded part that were taken back from the card."""
    debt: Amount
    """Those that it no longer had: later points of this shop are set off against them."""


class Refund(CallBody, frozen=True):
    """Takes back an order of this shop or a part of it. A void is a refund of what is left."""

    kind: ClassVar[int] = NUMBER * 100 + 5
    answer: ClassVar[type[Canonical]] = RefundDone

    refund: Bytes16Field
    """Made by the asker; the same one twice is one refund."""
    register: U32Field
    number: U63Field
    """Of the order; both 0 for an imported one."""
    source: Annotated[str, msgspec.Meta(max_length=64)]
    """Of an imported order, else empty."""
    reference_hash: Bytes16OrEmptyField
    gross: Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
    """Part of the order's gross that is given back now."""
    at_ms: TimeField


class Deal(NamedTuple):
    """What of an order decides its refunds."""

    gross: Amount
    points: Amount
    excluded: Amount
    earned: Amount
    terms: Terms
    minimum: Amount


class Step(NamedTuple):
    """What one refund moves."""

    points_back: Amount
    cash: Amount
    unearned: Amount


def points_due_back(deal: Deal, refunded: int) -> int:
    """Points given back after so much of the gross was refunded: in proportion, rounded down."""
    return deal.points * refunded // deal.gross


def earned_after(deal: Deal, refunded: int) -> int:
    """What the order would have earned without the refunded part, at most what it did earn."""
    unpaid = min(deal.gross, deal.points + deal.excluded)
    gone = refunded - unpaid * refunded // deal.gross
    return min(deal.earned, earned_for(deal.gross - unpaid - gone, deal.terms, deal.minimum))


def step(deal: Deal, before: int, after: int) -> Step:
    """The refund that raises what was refunded of the gross from ``before`` to ``after``."""
    assert 0 <= before < after <= deal.gross
    back = points_due_back(deal, after) - points_due_back(deal, before)
    unearned = earned_after(deal, before) - earned_after(deal, after)
    return Step(Amount(back), Amount(after - before - back), Amount(unearned))
