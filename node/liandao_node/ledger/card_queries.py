"""What screens and reports ask of a card beside its points; nothing writes (L-5)."""

from collections.abc import Iterator
from dataclasses import dataclass

from liandao_node.ledger.modules import card_books as books
from liandao_node.ledger.modules import points_claims
from liandao_node.ledger.modules.card_books import ShopWords
from liandao_node.ledger.modules.card_calls import BlockReason
from liandao_node.ledger.modules.points_claims import Claimable
from liandao_node.ledger.modules.points_services import OrderName
from liandao_node.ledger.state import View
from liandao_node.types import CardId, Millis, ShopId

__all__ = ["CardGuarded", "claim_of", "guarded", "receipt_of", "shops_words"]


@dataclass(frozen=True, slots=True)
class CardGuarded:
    """What stands between a card and what somebody wants with it."""

    next_number: int
    """Of its next signed statement."""
    has_pin: bool
    has_recovery: bool
    blocked: BlockReason | None
    blocked_by: ShopId
    """Of a blocked card."""
    blocked_ms: Millis
    waiting_for: CardId | None
    """Somebody without its paper wants its points on that card."""
    waiting_by: ShopId
    waiting_ready_ms: Millis
    successor: CardId | None
    """The card that has its points now."""


def guarded(view: View, card: CardId) -> CardGuarded:
    """Of a card without any of it, too."""
    guard = books.guard_of(view, card)
    return CardGuarded(
        next_number=guard.said + 1,
        has_pin=bool(guard.pin),
        has_recovery=bool(guard.recovery),
        blocked=BlockReason(guard.blocked) if guard.blocked else None,
        blocked_by=guard.blocked_by,
        blocked_ms=guard.blocked_ms,
        waiting_for=CardId(guard.waiting) if guard.waiting else None,
        waiting_by=guard.waiting_by,
        waiting_ready_ms=guard.waiting_ready_ms,
        successor=CardId(guard.successor) if guard.successor else None,
    )


def shops_words(view: View) -> Iterator[tuple[ShopId, ShopWords]]:
    """How many cards each shop blocked, and began to move without a paper: abuse shows here."""
    for (shop,), words in books.shop_words.rows(view):
        yield ShopId(int(shop)), words


def claim_of(view: View, claim: bytes) -> Claimable | None:
    """The order behind a receipt, by the public key of its secret."""
    return points_claims.claims.get(view, claim)


def receipt_of(view: View, shop: ShopId, name: OrderName) -> bytes:
    """Public key of the secret with which an order can be claimed; empty if there is none."""
    found = points_claims.claims_of_orders.get(view, shop, points_claims.order_key(name))
    return found.claim if found is not None else b""
