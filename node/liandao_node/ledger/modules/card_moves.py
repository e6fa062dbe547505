"""A lost card's points on a new one, and two cards of one person made one (L-5.13 to L-5.15).

Three ways, by what is there. Both cards: at once. The lost card's recovery paper: at once. Neither:
after a time in which the lost card, wherever it is used, calls it off. The third is the one
that a dishonest cashier would take, so a card with a paper never goes that way, each shop may
begin few of them, and who began which stands in the ledger.
"""

from msgspec.structs import replace

from liandao_node.ledger.calendar import DAY_MS
from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules import card_books as books
from liandao_node.ledger.modules.card_books import NO_GUARD, Card, Guard
from liandao_node.ledger.modules.card_calls import (
    CancelMove,
    CardsRefusal,
    FinishMove,
    Merge,
    Move,
    MoveDone,
    MovedTo,
    word_preimage,
)
from liandao_node.ledger.modules.card_directory import CardDirectory
from liandao_node.ledger.modules.card_guards import in_turn, require_recovery
from liandao_node.ledger.modules.card_services import CardFollower
from liandao_node.limits import CARDS_JOINED_MAX
from liandao_node.types import CardId, Millis

_directory = CardDirectory()


def move(ctx: Context, call: Move) -> MoveDone:
    """Moves a lost card's points, at once or after a time (L-5.13)."""
    _, guard = in_turn(ctx, call.card, call.number)
    _require_heir(ctx, call.card, call.to)
    preimage = word_preimage(ctx.chain_id, call.kind, call.card, call.number, call.to)
    _directory.require_signature(ctx, _directory.require(ctx, call.to), preimage, call.to_signature)
    require_recovery(ctx, guard, preimage, call.recovery_signature)
    if guard.recovery:
        _join(ctx, CardId(call.card), CardId(call.to), guard)
        _keep_paper(ctx, call.to, guard.recovery)
        return MoveDone(Millis(0))
    ready_ms = _begin_waiting(ctx, call, guard)
    return MoveDone(ready_ms)


def finish_move(ctx: Context, call: FinishMove) -> MovedTo:
    """Ends a move whose time is up; any shop may ask (L-5.13)."""
    _directory.require(ctx, call.card)
    guard = books.guard_of(ctx.view, call.card)
    if not guard.waiting:
        raise refuse(CardsRefusal.NO_MOVE_WAITS)
    if ctx.time_ms < guard.waiting_ready_ms:
        raise refuse(CardsRefusal.MOVE_WAITS, ready_ms=guard.waiting_ready_ms)
    _require_heir(ctx, call.card, guard.waiting)
    _join(ctx, CardId(call.card), CardId(guard.waiting), guard)
    return MovedTo(CardId(guard.waiting))


def cancel_move(ctx: Context, call: CancelMove) -> Done:
    """The card is there and stays what it is (L-5.13)."""
    card, guard = in_turn(ctx, call.card, call.number)
    if not guard.waiting:
        raise refuse(CardsRefusal.NO_MOVE_WAITS)
    preimage = word_preimage(ctx.chain_id, call.kind, call.card, call.number, b"")
    _directory.require_signature(ctx, card, preimage, call.card_signature)
    books.put_guard(ctx.view, call.card, guard)
    _directory.presented(ctx, card)
    _directory.saw(ctx, card)
    return Done()


def merge(ctx: Context, call: Merge) -> MovedTo:
    """Two cards of one person become one (L-5.14)."""
    card, guard = in_turn(ctx, call.card, call.number)
    _directory.require_open(ctx, card)
    heir = _require_heir(ctx, call.card, call.to)
    preimage = word_preimage(ctx.chain_id, call.kind, call.card, call.number, call.to)
    _directory.require_signature(ctx, card, preimage, call.card_signature)
    _directory.require_pin(ctx, card, preimage, call.pin_signature)
    _directory.require_signature(ctx, heir, preimage, call.to_signature)
    _directory.presented(ctx, heir)
    _join(ctx, CardId(call.card), CardId(call.to), guard)
    return MovedTo(CardId(call.to))


def _require_heir(ctx: Context, card: bytes, to: bytes) -> Card:
    """The card that is to have what the other one has: another one, in use and not blocked."""
    if card == to:
        raise refuse(CardsRefusal.SAME_CARD)
    heir = _directory.require(ctx, to)
    _directory.require_open(ctx, heir)
    return heir


def _begin_waiting(ctx: Context, call: Move, guard: Guard) -> Millis:
    """Nobody proved anything: the lost card has time to turn up. A later request takes the
    place of the one before and waits anew, so that the first to ask wins nothing by it."""
    wait_days = ctx.rules.move_wait_days
    if not wait_days:
        raise refuse(CardsRefusal.RECOVERY_NEEDED)
    words = books.words_today(ctx)
    if words.moves_today >= ctx.rules.moves_day_max:
        raise refuse(CardsRefusal.MOVES_MANY, most=ctx.rules.moves_day_max)
    more = replace(words, moves_today=words.moves_today + 1, moves=words.moves + 1)
    books.shop_words.put(ctx.view, ctx.shop, value=more)
    ready_ms = Millis(ctx.time_ms + wait_days * DAY_MS)
    waiting = replace(guard, waiting=call.to, waiting_by=ctx.shop, waiting_ready_ms=ready_ms)
    books.put_guard(ctx.view, call.card, waiting)
    return ready_ms


def _join(ctx: Context, old: CardId, new: CardId, guard: Guard) -> None:
    """All that was the old card's is the new one's; so whoever followed it finds it in one step
    (L-5.15)."""
    view = ctx.view
    followed = books.joined_to(view, old)
    cards = [*books.joined_to(view, new), *followed, old]
    if len(cards) > CARDS_JOINED_MAX:
        raise refuse(CardsRefusal.CARDS_JOINED_MANY, most=CARDS_JOINED_MAX)
    for card in followed:
        books.guards.put(view, card, value=replace(books.guard_of(view, card), successor=new))
    gone = replace(NO_GUARD, said=guard.said, successor=new)
    books.put_guard(view, old, gone)
    books.joined.delete(view, old)
    books.joined.put(view, new, value=books.Joined(cards))
    for follower in ctx.all_offered(CardFollower):
        follower.moved(ctx, old, new)
    heir = books.cards.get(view, new)
    assert heir is not None
    _directory.saw(ctx, heir)


def _keep_paper(ctx: Context, card: bytes, recovery: bytes) -> None:
    """The customer's paper goes on to hold for the new card, unless that has one of its own."""
    guard = books.guard_of(ctx.view, card)
    if not guard.recovery:
        books.put_guard(ctx.view, card, replace(guard, recovery=recovery))
