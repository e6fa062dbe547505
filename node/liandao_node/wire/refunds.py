"""Refunds over the local API: an order is found, looked at, and given back in part or whole.

A refund has the name that its asker made for it, so that asking again after a lost answer is the
same refund (R12). What it moves is money and points, told apart before and after (R5).
"""

from typing import Annotated, Final, TypeAlias

import msgspec

from liandao_node.limits import AMOUNT_MAX, REFUND_PARTS_MAX
from liandao_node.types import Amount, Millis
from liandao_node.wire.api_message import ApiMessage, Certified, NameField, TimeIn
from liandao_node.wire.api_orders import Number, Register

ORDERS_TOLD_MAX: Final = 50
WHOLE: Final = Amount(0)
"""In a preview: all that is left of the order."""

GrossField: TypeAlias = Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
PreviewedField: TypeAlias = Annotated[Amount, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
SourceField: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]
ReferenceField: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]
WrittenField: TypeAlias = Annotated[str, msgspec.Meta(max_length=5_000)]
CountField: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=ORDERS_TOLD_MAX)]


class OrderName(ApiMessage, frozen=True):
    """An order of this shop: by receipt number, or by source and reference."""

    register: Register
    number: Number
    """Both 0 for an order of another till."""
    source: SourceField = ""
    reference: ReferenceField = ""

    @property
    def written(self) -> str:
        """As people write it."""
        if self.source:
            return f"{self.source} {self.reference}"
        return f"{self.register}-{self.number}"


class FindOrder(ApiMessage, frozen=True, tag="find_order"):
    """Asks for an order by what stands on its receipt."""

    written: WrittenField
    """``REGISTER-NUMBER``, with or without ``LD1:R:`` before it, or the receipt's QR text."""


class GetOrders(ApiMessage, frozen=True, tag="get_orders"):
    """Asks for a register's newest orders."""

    register: Register
    count: CountField


class PreviewRefund(ApiMessage, frozen=True, tag="preview_refund"):
    """Asks what a refund would move. It changes nothing."""

    order: OrderName
    gross: PreviewedField
    """Part of the order's gross, or `WHOLE`."""


class RefundOrder(ApiMessage, frozen=True, tag="refund_order"):
    refund: NameField
    order: OrderName
    gross: GrossField
    at_ms: Millis
    """The register's own clock, only recorded."""


class RefundPart(ApiMessage, frozen=True):
    """What a refund at another till takes off one order."""

    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """The order's id at its source."""
    gross: GrossField


class RefundIn(ApiMessage, frozen=True):
    """A refund at another till or online shop."""

    refund: NameField
    """Once it was made, nothing more is refunded under that name: whatever the parts are then."""
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """Name of the import, of the orders, too."""
    at_ms: TimeIn
    parts: Annotated[list[RefundPart], msgspec.Meta(min_length=1, max_length=REFUND_PARTS_MAX)]


class SubmitRefunds(ApiMessage, frozen=True, tag="submit_refunds"):
    """With at most REFUND_PARTS_PER_REQUEST_MAX parts in all."""

    refunds: list[RefundIn]


class OrderView(ApiMessage, frozen=True):
    """An order as the ledger has it."""

    order: OrderName
    time_ms: Millis
    """Ledger time."""
    code: str
    """Eight digits of its card, or of the one that took its place; empty without one."""
    gross: Amount
    points: Amount
    """Taken off the bill."""
    earned: Amount
    refunded: Amount
    """Of the gross, so far."""
    tender: str

    @property
    def left(self) -> Amount:
        """Of the gross, to be given back."""
        return Amount(self.gross - self.refunded)


class OrderTold(ApiMessage, frozen=True, tag="order_told"):
    order: OrderView


class OrdersTold(ApiMessage, frozen=True, tag="orders_told"):
    orders: list[OrderView]
    """Newest first."""
    time_ms: Millis
    """Street time."""


class RefundPreview(ApiMessage, frozen=True, tag="refund_preview"):
    order: OrderView
    gross: Amount
    cash: Amount
    """Money back; with the points it makes the gross."""
    points_back: Amount
    taken_back: Amount
    """Points that the refunded part had earned, taken from the card."""
    debt: Amount
    """Those of them that the card no longer has: set off against later ones."""


class OrderRefunded(ApiMessage, frozen=True, tag="order_refunded"):
    """The refund is final."""

    refund: NameField
    order: OrderView
    """After it."""
    gross: Amount
    cash: Amount
    points_back: Amount
    taken_back: Amount
    debt: Amount
    """Asked for again: at most what the card owes this shop now."""
    certified: Certified


class RefundOut(ApiMessage, frozen=True):
    refund: NameField
    codes: list[str]
    """Of each part, in their order: ``OK`` or the code of the refusal."""
    taken_back: Amount
    """Points that the refunded parts had earned, taken from the cards; 0 for a known refund."""
    debt: Amount
    """Those of them that a card no longer has: set off against later ones."""


class RefundsDone(ApiMessage, frozen=True, tag="refunds_done"):
    refunds: list[RefundOut]
    """In the order in which they were asked for."""
    certified: Certified | None
    """None when nothing had to be ordered."""


RefundsRequest: TypeAlias = FindOrder | GetOrders | PreviewRefund | RefundOrder | SubmitRefunds
RefundsReply: TypeAlias = OrderTold | OrdersTold | RefundPreview | OrderRefunded | RefundsDone
