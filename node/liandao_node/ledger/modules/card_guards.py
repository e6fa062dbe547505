"""PIN, recovery paper and block of a card (L-5.8 to L-5.12).

The ledger learns public keys and nothing else. A PIN's key is made from the digits and the
card's seed, so whoever signs with it has both; a paper's key has nothing to do with the card.
"""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules import card_books as books
from liandao_node.ledger.modules.card_books import Card, Guard
from liandao_node.ledger.modules.card_calls import (
    Block,
    CardsRefusal,
    SetPin,
    SetRecovery,
    Unblock,
    word_preimage,
)
from liandao_node.ledger.modules.card_directory import CardDirectory
from liandao_node.types import Millis, PublicKey, ShopId, Signature

_directory = CardDirectory()


def set_pin(ctx: Context, call: SetPin) -> Done:
    """Puts a PIN on a card, changes it, takes it off (L-5.9)."""
    card, guard = in_turn(ctx, call.card, call.number)
    _directory.require_open(ctx, card)
    preimage = word_preimage(ctx.chain_id, call.kind, call.card, call.number, call.key)
    _directory.require_signature(ctx, card, preimage, call.card_signature)
    _directory.require_pin(ctx, card, preimage, call.pin_signature)
    _require_new_key(ctx, call.key, preimage, call.key_signature)
    _spoken(ctx, call.card, replace(guard, pin=call.key))
    return Done()


def set_recovery(ctx: Context, call: SetRecovery) -> Done:
    """Gives a card a recovery paper, or takes it off (L-5.10)."""
    card, guard = in_turn(ctx, call.card, call.number)
    _directory.require_open(ctx, card)
    preimage = word_preimage(ctx.chain_id, call.kind, call.card, call.number, call.key)
    _directory.require_signature(ctx, card, preimage, call.card_signature)
    _directory.require_pin(ctx, card, preimage, call.pin_signature)
    require_recovery(ctx, guard, preimage, call.recovery_signature)
    _require_new_key(ctx, call.key, preimage, call.key_signature)
    _spoken(ctx, call.card, replace(guard, recovery=call.key))
    return Done()


def block(ctx: Context, call: Block) -> Done:
    """Blocks a card at its owner's word; who does it too often is stopped (L-5.11)."""
    _directory.require(ctx, call.card)
    guard = books.guard_of(ctx.view, call.card)
    if guard.blocked:
        raise refuse(CardsRefusal.BLOCKED_ALREADY, shop=guard.blocked_by)
    words = books.words_today(ctx)
    if words.blocks_today >= ctx.rules.blocks_day_max:
        raise refuse(CardsRefusal.BLOCKS_MANY, most=ctx.rules.blocks_day_max)
    more = replace(words, blocks_today=words.blocks_today + 1, blocks=words.blocks + 1)
    books.shop_words.put(ctx.view, ctx.shop, value=more)
    blocked = replace(guard, blocked=call.reason, blocked_by=ctx.shop, blocked_ms=ctx.time_ms)
    books.put_guard(ctx.view, call.card, blocked)
    return Done()


def unblock(ctx: Context, call: Unblock) -> Done:
    """The card is back in its owner's hand (L-5.12)."""
    card, guard = in_turn(ctx, call.card, call.number)
    if not guard.blocked:
        raise refuse(CardsRefusal.NOT_BLOCKED)
    preimage = word_preimage(ctx.chain_id, call.kind, call.card, call.number, b"")
    _directory.require_signature(ctx, card, preimage, call.card_signature)
    _directory.require_pin(ctx, card, preimage, call.pin_signature)
    _spoken(ctx, call.card, replace(guard, blocked=0, blocked_by=ShopId(0), blocked_ms=Millis(0)))
    return Done()


def in_turn(ctx: Context, card_id: bytes, number: int) -> tuple[Card, Guard]:
    """A card and its guard, if the statement at hand is its next one (L-5.8)."""
    card = _directory.require(ctx, card_id)
    guard = books.guard_of(ctx.view, card_id)
    if number != guard.said + 1:
        raise refuse(CardsRefusal.CARD_WORD_OUT_OF_TURN, expected=guard.said + 1)
    return card, replace(guard, said=number)


def require_recovery(ctx: Context, guard: Guard, preimage: bytes, by: bytes) -> None:
    """Refuses what the paper of a card that has one did not sign, or any paper of one that has
    none."""
    if not guard.recovery and not by:
        return
    if not by:
        raise refuse(CardsRefusal.RECOVERY_NEEDED)
    if not guard.recovery or not ctx.verify(PublicKey(guard.recovery), preimage, Signature(by)):
        raise refuse(CardsRefusal.RECOVERY_WRONG)


def _require_new_key(ctx: Context, key: bytes, preimage: bytes, by: bytes) -> None:
    """A typing error must not lock anybody out: the new key shows that it signs."""
    if not key and not by:
        return
    if not ctx.verify(PublicKey(key), preimage, Signature(by)):
        raise refuse(CardsRefusal.CARD_KEY_NOT_PROVEN)


def _spoken(ctx: Context, card_id: bytes, guard: Guard) -> None:
    """Keeps what a card said of itself: it was there, so nobody moves it as a lost one."""
    books.put_guard(ctx.view, card_id, guard)
    card = books.cards.get(ctx.view, card_id)
    assert card is not None
    _directory.presented(ctx, card)
    _directory.saw(ctx, card)
