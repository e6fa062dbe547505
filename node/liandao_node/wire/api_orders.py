"""Orders over the local API: what the counter sells, what other tills and web shops sold."""

from typing import Annotated, Final, TypeAlias

import msgspec

from liandao_node.limits import COUPONS_PER_ORDER_MAX
from liandao_node.types import Amount, Millis
from liandao_node.wire.api_message import ApiMessage, Certified, NameField, TimeIn

CASH: Final = "cash"
CARD: Final = "card"
OTHER: Final = "other"

Register: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

CouponHoldsField: TypeAlias = Annotated[
    list[NameField], msgspec.Meta(max_length=COUPONS_PER_ORDER_MAX)
]


class OrderRef(ApiMessage, frozen=True):
    """A receipt's number: gapless per register, given by the register, never reused (R13)."""

    register: Register
    number: Number


class OrderIn(ApiMessage, frozen=True):
    """An order from another till or from an online shop."""

    source: str
    """Name of the import, part of the identity of the order."""
    reference: str
    """The order's id at its source."""
    at_ms: TimeIn
    gross: Amount
    customer: str
    """The source's customer id, empty for an anonymous buyer. Stays in the shop."""
    online: bool = False
    """Nobody stood at a counter: earns by the rule for such orders."""


class Sell(ApiMessage, frozen=True, tag="sell"):
    order: OrderRef
    card: bytes
    """Card id, or empty for a sale without one."""
    gross: Amount
    excluded: Amount
    """Part of the bill that earns nothing (gift cards, deposits, tips)."""
    hold: bytes
    """The hold to capture, or empty."""
    points: Amount
    """Points to take off the bill, at most what is held."""
    tender: str
    """CASH, CARD or OTHER, for the rest."""
    at_ms: Millis
    """The register's own clock, only recorded."""
    coupons: CouponHoldsField = msgspec.field(default_factory=list)
    """Put aside for this bill, in that order; ``gross`` is the bill after them."""
    claim: bool = False
    """A sale without a card: its receipt shall carry a claim code."""


class NextOrder(ApiMessage, frozen=True, tag="next_order"):
    """Reserves the register's next receipt number, durably."""

    register: Register
    ticket: bytes
    """Made by the client for one sale: asked again, the same number comes again, so that no
    lost answer leaves a gap. Empty: a new number in any case."""


class SubmitOrders(ApiMessage, frozen=True, tag="submit_orders"):
    orders: list[OrderIn]


class GetReceipt(ApiMessage, frozen=True, tag="get_receipt"):
    order: OrderRef


class Sold(ApiMessage, frozen=True, tag="sold"):
    order: OrderRef
    points_used: Amount
    earned: Amount
    limited: bool
    """No points were given because the shop reached its issue limit."""
    balance: Amount
    """The card's available points after the sale, 0 without a card."""
    certified: Certified
    coupons_off: Amount = Amount(0)
    """Taken off the bill by coupons; their sponsors owe it to this shop."""
    coupons_refused: str = ""
    """Why the coupons were not taken, though the sale stands; the bill has to be corrected."""
    claim: str = ""
    """``LD1:B:...`` for the receipt, where one was asked for and would bring points."""
    claim_until_ms: Millis = Millis(0)


class OrderNumber(ApiMessage, frozen=True, tag="order_number"):
    order: OrderRef


class OrderOut(ApiMessage, frozen=True):
    reference: str
    code: str
    """``OK`` or the code of the refusal."""
    earned: Amount


class OrdersDone(ApiMessage, frozen=True, tag="orders_done"):
    orders: list[OrderOut]
    certified: Certified | None


class ReceiptReply(ApiMessage, frozen=True, tag="receipt"):
    document: str
    """The receipt file: JSON, see docs/protocol.md section 8."""


OrdersRequest: TypeAlias = Sell | NextOrder | SubmitOrders | GetReceipt
OrdersReply: TypeAlias = Sold | OrderNumber | OrdersDone | ReceiptReply
