"""Module 4, points: earn, hold, capture, release, expiry (L-6, L-7).

One point is one minor unit off a bill at any shop, owed by the shop that issued it. A sale is
never refused for want of cover: it then earns nothing (L-7.5). Which points a hold takes is
settled when it is made, so nothing that happens meanwhile changes what the customer was told.
"""

from enum import IntEnum
from typing import ClassVar, Final

from liandao_node.errors import BugFound
from liandao_node.ledger.calendar import day_of, month_end_ms
from liandao_node.ledger.module_api import CallBody, Context, Done, Module, refuse
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.cards import Card, CardDirectory, CardsRefusal
from liandao_node.ledger.modules.points_audit import broken_promises
from liandao_node.ledger.modules.points_books import HoldMade, ImportedOrder, Order
from liandao_node.ledger.modules.points_calls import (
    NUMBER,
    Hold,
    HoldDone,
    Import,
    ImportDone,
    PointsRefusal,
    Release,
    ReleaseDone,
    Sale,
    SaleDone,
    hold_preimage,
)
from liandao_node.ledger.modules.purse import CARD_WAS_THERE, EMPTY_PURSE, Lot, OpenHold, Purse
from liandao_node.ledger.modules.stake import BASIS_POINTS, Bonds
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.limits import HOLD_MS_MAX, HOLDS_PER_CARD_MAX, SWEEP_CARDS_PER_BLOCK_MAX
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Rules

NOTHING: Final = Amount(0)
NO_LOT: Final = 0


class Points(Module):
    name: ClassVar[str] = "points"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Hold, Release, Sale, Import)
    refusals: ClassVar[type[IntEnum] | None] = PointsRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = books.TABLES
    needs: ClassVar[tuple[type, ...]] = (CardDirectory, Bonds)
    daily: ClassVar[bool] = True

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Sale():
                return _sale(ctx, call)
            case Hold():
                return _hold(ctx, call)
            case Release():
                return _release(ctx, call)
            case Import():
                return _import(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def bond_in_use(self, view: View, shop: ShopId, rules: Rules) -> Amount:
        """The least own bond whose issue limit covers the shop's live points (L-4.4)."""
        live = books.book_of(view, shop).live
        if rules.issue_limit_bps == 0:
            return NOTHING
        return Amount(-(-live * BASIS_POINTS // rules.issue_limit_bps))

    def on_day(self, ctx: Context) -> bool:
        """Takes expired points off the books, some cards per block (L-6.5)."""
        cards = books.due.first(
            ctx.view, SWEEP_CARDS_PER_BLOCK_MAX, before=(ctx.time_ms + 1, bytes(16))
        )
        for (expires_ms, card), _ in cards:
            assert isinstance(card, bytes)
            books.due.delete(ctx.view, expires_ms, card)
            purse = _purse(ctx, CardId(card))
            books.purses.put(ctx.view, card, value=purse)
            # Lots that wait in an open hold are looked at again when it has ended.
            for hold in purse.holds:
                if any(lot.expires_ms <= ctx.time_ms for lot in hold.lots):
                    books.due.put(ctx.view, hold.expires_ms, card, value=Done())
        return len(cards) < SWEEP_CARDS_PER_BLOCK_MAX

    def invariants(self, view: View) -> list[str]:
        return broken_promises(view)


def _hold(ctx: Context, call: Hold) -> HoldDone:
    """Puts points aside (L-7.1, L-7.2)."""
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    if books.holds_made.has(ctx.view, call.card, ctx.shop, call.hold):
        raise refuse(PointsRefusal.HOLD_KNOWN)
    purse = _purse(ctx, CardId(call.card))
    code_day = CARD_WAS_THERE
    if call.present:
        preimage = hold_preimage(ctx.chain_id, ctx.shop, call.hold, call.amount)
        directory.require_signature(ctx, card, preimage, call.card_signature)
    else:
        if call.card_signature:
            raise refuse(CardsRefusal.CARD_SIGNATURE_BAD)
        code_day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
        held = purse.code_held if purse.code_day == code_day else NOTHING
        if held + call.amount > ctx.rules.code_hold_max:
            raise refuse(PointsRefusal.CODE_CAP, left=max(0, ctx.rules.code_hold_max - held))
    if len(purse.holds) >= HOLDS_PER_CARD_MAX:
        raise refuse(PointsRefusal.HOLDS_FULL)
    if call.amount > purse.available:
        raise refuse(PointsRefusal.POINTS_SHORT, available=purse.available, asked=call.amount)
    expires_ms = Millis(ctx.time_ms + min(ctx.rules.hold_ms, HOLD_MS_MAX))
    purse = purses.put_aside(purse, call.hold, ctx.shop, call.amount, expires_ms, code_day)
    made = HoldMade(expires_ms)
    books.holds_made.put(ctx.view, call.card, ctx.shop, call.hold, value=made)
    books.purses.put(ctx.view, call.card, value=purse)
    directory.saw(ctx, card)
    return HoldDone(call.amount, expires_ms)


def _release(ctx: Context, call: Release) -> ReleaseDone:
    """Gives a hold back (L-7.3)."""
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    purse = _purse(ctx, CardId(call.card))
    hold = _own_hold(ctx, purse, CardId(call.card), call.hold)
    purse, expired = purses.settle(purses.close(purse, hold, hold.lots), ctx.time_ms)
    books.expire(ctx.view, expired)
    books.purses.put(ctx.view, call.card, value=purse)
    directory.saw(ctx, card)
    return ReleaseDone(hold.amount)


def _sale(ctx: Context, call: Sale) -> SaleDone:
    """Records an order, takes held points off it, gives points for the rest (L-7.4, L-7.6)."""
    if books.orders.has(ctx.view, ctx.shop, call.register, call.number):
        raise refuse(PointsRefusal.ORDER_KNOWN, register=call.register, number=call.number)
    if call.excluded > call.gross:
        raise refuse(PointsRefusal.EXCLUDED_OVER_GROSS)
    if not call.card:
        if call.hold or call.points:
            raise refuse(PointsRefusal.CARD_MISSING)
        _record(ctx, call, NOTHING, NO_LOT, [])
        return SaleDone(NOTHING, NOTHING, limited=False, balance=NOTHING)
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    card_id = CardId(call.card)
    purse, spent = _capture(ctx, _purse(ctx, card_id), card_id, call)
    paid = call.gross - call.points - call.excluded
    purse, earned, lot, limited = _earn(ctx, purse, card_id, paid)
    _record(ctx, call, earned, lot, spent)
    _keep(ctx, directory, card, card_id, purse)
    return SaleDone(call.points, earned, limited, purse.available)


def _import(ctx: Context, call: Import) -> ImportDone:
    """Records an order of another till (L-7.7)."""
    key = books.import_key(call.source, call.reference_hash)
    if books.imports.has(ctx.view, ctx.shop, key):
        raise refuse(PointsRefusal.ORDER_KNOWN)
    earned, lot, limited, balance = NOTHING, NO_LOT, False, NOTHING
    if call.card:
        directory = ctx.service(CardDirectory)
        card = directory.require(ctx, call.card)
        card_id = CardId(call.card)
        purse, earned, lot, limited = _earn(ctx, _purse(ctx, card_id), card_id, call.gross)
        _keep(ctx, directory, card, card_id, purse)
        balance = purse.available
    order = ImportedOrder(call.card, call.gross, earned, lot, call.at_ms, ctx.time_ms)
    books.imports.put(ctx.view, ctx.shop, key, value=order)
    return ImportDone(earned, limited, balance)


def _capture(ctx: Context, purse: Purse, card: CardId, call: Sale) -> tuple[Purse, list[Lot]]:
    """Takes points out of a sale's hold; what is left of the hold is free again (L-7.4)."""
    if not call.hold:
        if call.points:
            raise refuse(PointsRefusal.HOLD_MISSING)
        return purse, []
    hold = _own_hold(ctx, purse, card, call.hold)
    if call.points > hold.amount:
        raise refuse(PointsRefusal.POINTS_OVER_HOLD, held=hold.amount)
    most = call.gross * ctx.rules.share_bps_max // BASIS_POINTS
    if call.points > most:
        raise refuse(PointsRefusal.POINTS_OVER_SHARE, most=most)
    spent, rest = purses.split(hold.lots, call.points)
    books.redeem(ctx.view, spent, ctx.shop)
    purse, expired = purses.settle(purses.close(purse, hold, rest), ctx.time_ms)
    books.expire(ctx.view, expired)
    return purse, spent


def _earn(ctx: Context, purse: Purse, card: CardId, paid: int) -> tuple[Purse, Amount, int, bool]:
    """Gives points for what was paid: purse, amount, lot, limited (L-7.5)."""
    amount = Amount(max(0, paid) * ctx.rules.earn_bps // BASIS_POINTS)
    if amount == 0:
        return purse, NOTHING, NO_LOT, False
    limit = ctx.service(Bonds).issue_limit(ctx.view, ctx.shop, ctx.rules)
    expires_ms = month_end_ms(ctx.time_ms, ctx.rules.expiry_months, ctx.utc_offset_minutes)
    over = books.book_of(ctx.view, ctx.shop).live + amount > limit
    if over or not purses.has_room(purse, ctx.shop, expires_ms):
        return purse, NOTHING, NO_LOT, True
    purse, lot = purses.grow(purse, Lot(expires_ms, ctx.position, ctx.shop, amount))
    if lot.id == ctx.position:
        books.due.put(ctx.view, expires_ms, card, value=Done())
    books.issue(ctx.view, ctx.shop, amount)
    return purse, amount, lot.id, False


def _purse(ctx: Context, card: CardId) -> Purse:
    """The card's purse as it is now; what expired is booked (L-6.4)."""
    purse, expired = purses.settle(books.purses.get(ctx.view, card) or EMPTY_PURSE, ctx.time_ms)
    books.expire(ctx.view, expired)
    return purse


def _own_hold(ctx: Context, purse: Purse, card: CardId, hold: bytes) -> OpenHold:
    """This shop's open hold of that name, or why there is none (L-7.3)."""
    for opened in purse.holds:
        if opened.id == hold and opened.shop == ctx.shop:
            return opened
    made = books.holds_made.get(ctx.view, card, ctx.shop, hold) if len(hold) == 16 else None
    if made is not None:
        ran_out = made.expires_ms <= ctx.time_ms
        raise refuse(PointsRefusal.HOLD_EXPIRED if ran_out else PointsRefusal.HOLD_SPENT)
    if any(opened.id == hold for opened in purse.holds):
        raise refuse(PointsRefusal.HOLD_FOREIGN)
    raise refuse(PointsRefusal.HOLD_UNKNOWN)


def _record(ctx: Context, call: Sale, earned: Amount, lot: int, spent: list[Lot]) -> None:
    order = Order(
        call.card,
        call.gross,
        call.excluded,
        call.points,
        earned,
        lot,
        call.tender,
        ctx.time_ms,
        spent,
    )
    books.orders.put(ctx.view, ctx.shop, call.register, call.number, value=order)


def _keep(
    ctx: Context, directory: CardDirectory, card: Card, card_id: CardId, purse: Purse
) -> None:
    books.purses.put(ctx.view, card_id, value=purse)
    directory.saw(ctx, card)
