"""Points put aside at a counter, and given back (L-7.1 to L-7.3).

Which points a hold takes is settled when it is made, so nothing that happens meanwhile changes
what the customer was told.
"""

from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.cards import CardDirectory, CardsRefusal
from liandao_node.ledger.modules.points_books import HoldMade
from liandao_node.ledger.modules.points_calls import (
    Hold,
    HoldDone,
    PointsRefusal,
    Release,
    ReleaseDone,
    hold_preimage,
)
from liandao_node.ledger.modules.points_purses import keep, purse_of, settled, with_debts_paid
from liandao_node.ledger.modules.purse import CARD_WAS_THERE, OpenHold, Purse
from liandao_node.limits import HOLD_MS_MAX, HOLDS_PER_CARD_MAX
from liandao_node.types import CardId, Millis


def hold(ctx: Context, call: Hold) -> HoldDone:
    """Puts points aside (L-7.1, L-7.2)."""
    directory = ctx.service(CardDirectory)
    card, card_id = directory.require(ctx, call.card), CardId(call.card)
    directory.require_open(ctx, card)
    if books.holds_made.has(ctx.view, call.card, ctx.shop, call.hold):
        raise refuse(PointsRefusal.HOLD_KNOWN)
    purse = purse_of(ctx, card_id)
    code_day = CARD_WAS_THERE
    if call.present:
        preimage = hold_preimage(ctx.chain_id, ctx.shop, call.hold, call.amount)
        directory.require_signature(ctx, card, preimage, call.card_signature)
        directory.require_pin(ctx, card, preimage, call.pin_signature)
        directory.presented(ctx, card)
    else:
        # Without the card there is no key of its PIN: such a card is not held on its code.
        directory.require_pin(ctx, card, b"", b"")
        code_day = _day_of_typed_code(ctx, purse, call)
    if len(purse.holds) >= HOLDS_PER_CARD_MAX:
        raise refuse(PointsRefusal.HOLDS_FULL)
    if call.amount > purse.available:
        raise refuse(PointsRefusal.POINTS_SHORT, available=purse.available, asked=call.amount)
    expires_ms = Millis(ctx.time_ms + min(ctx.rules.hold_ms, HOLD_MS_MAX))
    purse = purses.put_aside(purse, call.hold, ctx.shop, call.amount, expires_ms, code_day)
    made = HoldMade(expires_ms)
    books.holds_made.put(ctx.view, call.card, ctx.shop, call.hold, value=made)
    keep(ctx, directory, card, card_id, purse)
    return HoldDone(call.amount, expires_ms)


def _day_of_typed_code(ctx: Context, purse: Purse, call: Hold) -> int:
    """The day that a hold without the card counts against (L-7.2)."""
    if call.card_signature or call.pin_signature:
        raise refuse(CardsRefusal.CARD_SIGNATURE_BAD)
    code_day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    held = purse.code_held if purse.code_day == code_day else 0
    if held + call.amount > ctx.rules.code_hold_max:
        raise refuse(PointsRefusal.CODE_CAP, left=max(0, ctx.rules.code_hold_max - held))
    return code_day


def release(ctx: Context, call: Release) -> ReleaseDone:
    """Gives a hold back (L-7.3)."""
    directory = ctx.service(CardDirectory)
    card, card_id = directory.require(ctx, call.card), CardId(call.card)
    purse = purse_of(ctx, card_id)
    opened = own_hold(ctx, purse, card_id, call.hold)
    purse = ended(ctx, purses.close(purse, opened, opened.lots))
    keep(ctx, directory, card, card_id, purse)
    return ReleaseDone(opened.amount)


def ended(ctx: Context, purse: Purse) -> Purse:
    """A purse in which a hold was just closed: what came back may be due or owed (L-6.3)."""
    return with_debts_paid(ctx, settled(ctx, purse))[0]


def own_hold(ctx: Context, purse: Purse, card: CardId, name: bytes) -> OpenHold:
    """This shop's open hold of that name, or why there is none (L-7.3)."""
    for opened in purse.holds:
        if opened.id == name and opened.shop == ctx.shop:
            return opened
    made = books.holds_made.get(ctx.view, card, ctx.shop, name) if len(name) == 16 else None
    if made is not None:
        ran_out = made.expires_ms <= ctx.time_ms
        raise refuse(PointsRefusal.HOLD_EXPIRED if ran_out else PointsRefusal.HOLD_SPENT)
    if any(opened.id == name for opened in purse.holds):
        raise refuse(PointsRefusal.HOLD_FOREIGN)
    raise refuse(PointsRefusal.HOLD_UNKNOWN)
