"""What other modules may ask of cards (L-5): who is it, may it spend, was it there."""

from msgspec.structs import replace

from liandao_node.crypto.cards import CARD_ID_BYTES, CardCode, card_id, is_card_code
from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import card_books as books
from liandao_node.ledger.modules.card_books import Card
from liandao_node.ledger.modules.card_calls import CardsRefusal
from liandao_node.ledger.state import View
from liandao_node.types import CardId, Millis, PublicKey, ShopId, Signature


class CardDirectory:
    """Service: look a card up, prove its presence, note that it was seen.

    Whoever writes for a card asks `require` for one that a customer has now, and `current` for
    one that an older record names.
    """

    def find(self, view: View, card: bytes) -> Card | None:
        """The card with this id; bytes that are no id find nothing."""
        return books.cards.get(view, card) if len(card) == CARD_ID_BYTES else None

    def find_code(self, view: View, code: CardCode) -> CardId | None:
        owner = books.codes.get(view, int(code)) if is_card_code(code) else None
        return owner.card if owner is not None else None

    def current(self, view: View, card: CardId) -> CardId:
        """The card that has what was once that card's: itself, most often (L-5.15)."""
        found = self.find(view, card)
        if found is None or not found.guarded:
            return card
        return CardId(books.guard_of(view, card).successor or card)

    def require(self, ctx: Context, card: bytes) -> Card:
        """The card, or Refused ``CARD_UNKNOWN``, or ``CARD_MOVED`` if its owner has another."""
        found = self.find(ctx.view, card)
        if found is None:
            raise refuse(CardsRefusal.CARD_UNKNOWN)
        if found.guarded and books.guard_of(ctx.view, card).successor:
            # Not which one: the old card may be in a thief's hand.
            raise refuse(CardsRefusal.CARD_MOVED)
        return found

    def require_open(self, ctx: Context, card: Card) -> None:
        """Refuses with ``CARD_BLOCKED`` a card that may not spend (L-5.11)."""
        if card.guarded and (guard := _guard(ctx, card)).blocked:
            raise refuse(CardsRefusal.CARD_BLOCKED, shop=guard.blocked_by, reason=guard.blocked)

    def require_signature(self, ctx: Context, card: Card, preimage: bytes, by: bytes) -> None:
        """Refuses with ``CARD_SIGNATURE_BAD`` what the card's key did not sign."""
        if not ctx.verify(card.public_key, preimage, Signature(by)):
            raise refuse(CardsRefusal.CARD_SIGNATURE_BAD)

    def require_pin(self, ctx: Context, card: Card, preimage: bytes, by: bytes) -> None:
        """Refuses what the PIN of a card that has one did not sign: ``PIN_NEEDED`` without a
        signature, ``PIN_WRONG`` with another one, or with any on a card that has no PIN."""
        pin = _guard(ctx, card).pin if card.guarded else b""
        if not pin and not by:
            return
        if not by:
            raise refuse(CardsRefusal.PIN_NEEDED)
        if not pin or not ctx.verify(PublicKey(pin), preimage, Signature(by)):
            raise refuse(CardsRefusal.PIN_WRONG)

    def presented(self, ctx: Context, card: Card) -> None:
        """Notes that the card was used at a till: nobody moves it as a lost one (L-5.13)."""
        if not card.guarded:
            return
        guard = _guard(ctx, card)
        if guard.waiting:
            idle = replace(guard, waiting=b"", waiting_by=ShopId(0), waiting_ready_ms=Millis(0))
            books.guards.put(ctx.view, card_id(card.public_key), value=idle)

    def saw(self, ctx: Context, card: Card) -> None:
        """Notes that an applied call of now names the card (L-5.7)."""
        if card.last_seen_ms != ctx.time_ms:
            seen = Card(
                card.public_key,
                card.code,
                card.shop,
                card.enrolled_ms,
                ctx.time_ms,
                card.guarded,
            )
            books.cards.put(ctx.view, card_id(card.public_key), value=seen)


def _guard(ctx: Context, card: Card) -> books.Guard:
    return books.guard_of(ctx.view, card_id(card.public_key))
