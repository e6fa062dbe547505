"""Claims over the local API: points of an order without a card, for whoever has the receipt."""

from typing import TypeAlias

from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api_message import ApiMessage, Certified, ScanField
from liandao_node.wire.refunds import OrderName


class OfferOrderClaim(ApiMessage, frozen=True, tag="offer_order_claim"):
    """Asks for a claim code on an order of this shop that was made without a card."""

    order: OrderName


class ClaimPoints(ApiMessage, frozen=True, tag="claim_points"):
    """Brings a receipt's points to a card; at any shop."""

    paper: ScanField
    """``LD1:B:...``"""
    presented: ScanField
    """The card, or its eight digits: who does not spend takes nothing."""


class ClaimOffered(ApiMessage, frozen=True, tag="claim_offered"):
    payload: str
    """``LD1:B:...``, for the receipt."""
    until_ms: Millis
    """First moment at which nobody can claim any more."""


class PointsClaimed(ApiMessage, frozen=True, tag="points_claimed"):
    shop: ShopId
    """Whose order it was."""
    earned: Amount
    balance: Amount
    """Points of the card that may be used now."""
    pending: Amount
    """Those that may be used later."""
    certified: Certified


ClaimsRequest: TypeAlias = OfferOrderClaim | ClaimPoints
ClaimsReply: TypeAlias = ClaimOffered | PointsClaimed
