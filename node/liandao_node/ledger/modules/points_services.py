"""What the points module tells modules that come after it, if the street has them (L-7).

A class to inherit from: points know neither coupons nor the pool. Whoever offers a service of such
a class is found by `Context.all_offered`. It is told after the order is booked and the purse is
written, within the same call, and cannot refuse: an order was paid already.
"""

from dataclasses import dataclass

from liandao_node.ledger.module_api import Context
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Millis, ShopId


@dataclass(frozen=True, slots=True)
class OrderName:
    """Which order of the shop that calls."""

    register: int
    number: int
    imported: bytes = b""
    """`points_books.import_key` of an order of another till; register and number are 0 then."""


@dataclass(frozen=True, slots=True)
class OrderTold:
    """An order that was just recorded."""

    name: OrderName
    card: bytes
    """16 bytes, or none."""
    gross: Amount
    points: Amount
    """Taken off the bill."""
    paid: Amount
    """Gross without points and without what earns nothing."""
    online: bool


@dataclass(frozen=True, slots=True)
class RefundTold:
    """A refund that was just recorded."""

    name: OrderName
    card: bytes
    gross: Amount
    """Of the whole order."""
    before: Amount
    """Of the gross, refunded before this refund."""
    after: Amount
    """The same with it."""


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """An order that was told of without a card, and now has one (L-7.19)."""

    shop: ShopId
    """Whose order it is; the shop that calls may be another."""
    order: OrderTold
    """With the card. `paid` is what was paid then."""
    ordered_ms: Millis
    refunded: Amount
    """Of the gross, before the claim; told of without a card."""


class OrderFollower:
    """Wants to know of orders: for rebates, stamps, referrals, the pool's weights.

    The card of a refund is the one that has the points now; it may have taken the place of the
    one that the order was told with, which `card_services.CardFollower` tells.
    """

    def ordered(self, ctx: Context, told: OrderTold) -> None:
        raise NotImplementedError

    def refunded(self, ctx: Context, told: RefundTold) -> None:
        raise NotImplementedError

    def claimed(self, ctx: Context, told: ClaimTold) -> None:
        """For those to whom it matters whose order it was."""


class Promises:
    """Something besides points and obligations that an issue limit has to cover (L-7.5)."""

    def promised(self, view: View, shop: ShopId) -> Amount:
        """What of the shop's limit is taken; it is not given away in points meanwhile."""
        raise NotImplementedError


def tell_ordered(ctx: Context, told: OrderTold) -> None:
    for follower in ctx.all_offered(OrderFollower):
        follower.ordered(ctx, told)


def tell_refunded(ctx: Context, told: RefundTold) -> None:
    for follower in ctx.all_offered(OrderFollower):
        follower.refunded(ctx, told)


def tell_claimed(ctx: Context, told: ClaimTold) -> None:
    for follower in ctx.all_offered(OrderFollower):
        follower.claimed(ctx, told)
