"""Orders of this till and of others: points used, points earned (L-7.4 to L-7.8).

A sale is never refused for want of cover: it then earns nothing (L-7.5).
"""

from msgspec import Struct

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import earn_rules
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.points_books import ImportedOrder, Order, Terms
from liandao_node.ledger.modules.points_calls import (
    Import,
    ImportDone,
    PointsRefusal,
    Sale,
    SaleDone,
)
from liandao_node.ledger.modules.points_holds import ended, own_hold
from liandao_node.ledger.modules.points_purses import give, keep, purse_of, vesting_of
from liandao_node.ledger.modules.points_services import OrderName, OrderTold, tell_ordered
from liandao_node.ledger.modules.purse import NO_LOT, Lot, Origin, Purse
from liandao_node.ledger.modules.stake_books import BASIS_POINTS
from liandao_node.types import Amount, CardId

NOTHING = Amount(0)


class Earned(Struct, frozen=True):
    """What an order earned, by which terms, and into which lot."""

    amount: Amount
    limited: bool
    lot: int
    terms: Terms
    set_off: Amount


def sale(ctx: Context, call: Sale) -> SaleDone:
    """Records an order, takes held points off it, gives points for the rest (L-7.4, L-7.6)."""
    if books.orders.has(ctx.view, ctx.shop, call.register, call.number):
        raise refuse(PointsRefusal.ORDER_KNOWN, register=call.register, number=call.number)
    if call.excluded > call.gross:
        raise refuse(PointsRefusal.EXCLUDED_OVER_GROSS)
    if not call.card:
        if call.hold or call.points:
            raise refuse(PointsRefusal.CARD_MISSING)
        _record(ctx, call, _unclaimed(ctx, online=False), [])
        _tell_sold(ctx, call)
        return SaleDone(NOTHING, NOTHING, False, NOTHING, NOTHING, NOTHING)
    directory = ctx.service(CardDirectory)
    card, card_id = directory.require(ctx, call.card), CardId(call.card)
    if call.hold:
        directory.require_open(ctx, card)
    purse, spent = _capture(ctx, purse_of(ctx, card_id), card_id, call)
    directory.presented(ctx, card)
    paid = call.gross - call.points - call.excluded
    purse, earned = _earn(ctx, purse, card_id, paid, online=False)
    _record(ctx, call, earned, spent)
    keep(ctx, directory, card, card_id, purse)
    _tell_sold(ctx, call)
    return SaleDone(
        call.points,
        earned.amount,
        earned.limited,
        purse.available,
        purse.waiting,
        earned.set_off,
    )


def take_in_order(ctx: Context, call: Import) -> ImportDone:
    """Records an order of another till (L-7.7)."""
    key = books.import_key(call.source, call.reference_hash)
    if books.imports.has(ctx.view, ctx.shop, key):
        raise refuse(PointsRefusal.ORDER_KNOWN)
    available = waiting = NOTHING
    if not call.card:
        earned = _unclaimed(ctx, online=call.online)
    else:
        directory = ctx.service(CardDirectory)
        card, card_id = directory.require(ctx, call.card), CardId(call.card)
        purse = purse_of(ctx, card_id)
        purse, earned = _earn(ctx, purse, card_id, call.gross, online=call.online)
        keep(ctx, directory, card, card_id, purse)
        available, waiting = purse.available, purse.waiting
    order = ImportedOrder(
        call.card,
        call.gross,
        earned.amount,
        earned.lot,
        call.at_ms,
        ctx.time_ms,
        call.online,
        earned.terms,
        NOTHING,
    )
    books.imports.put(ctx.view, ctx.shop, key, value=order)
    name = OrderName(0, 0, key)
    told = OrderTold(name, call.card, call.gross, NOTHING, call.gross, call.online)
    tell_ordered(ctx, told)
    return ImportDone(earned.amount, earned.limited, available, waiting, earned.set_off)


def _tell_sold(ctx: Context, call: Sale) -> None:
    paid = Amount(call.gross - call.points - call.excluded)
    name = OrderName(call.register, call.number)
    tell_ordered(ctx, OrderTold(name, call.card, call.gross, call.points, paid, online=False))


def _capture(ctx: Context, purse: Purse, card: CardId, call: Sale) -> tuple[Purse, list[Lot]]:
    """Takes points out of a sale's hold; what is left of the hold is free again (L-7.4)."""
    if not call.hold:
        if call.points:
            raise refuse(PointsRefusal.HOLD_MISSING)
        return purse, []
    hold = own_hold(ctx, purse, card, call.hold)
    if call.points > hold.amount:
        raise refuse(PointsRefusal.POINTS_OVER_HOLD, held=hold.amount)
    most = call.gross * ctx.rules.share_bps_max // BASIS_POINTS
    if call.points > most:
        raise refuse(PointsRefusal.POINTS_OVER_SHARE, most=most)
    spent, rest = purses.split(hold.lots, call.points)
    books.redeem(ctx, spent, ctx.shop)
    return ended(ctx, purses.close(purse, hold, rest)), spent


def _unclaimed(ctx: Context, *, online: bool) -> Earned:
    """Of an order without a card: what it may still earn if somebody claims it (L-7.16)."""
    terms = earn_rules.terms_now(ctx, online=online)
    return Earned(NOTHING, limited=False, lot=NO_LOT, terms=terms, set_off=NOTHING)


def _earn(
    ctx: Context, purse: Purse, card: CardId, paid: int, *, online: bool
) -> tuple[Purse, Earned]:
    """Gives points for what was paid (L-7.5, L-7.8)."""
    terms = earn_rules.terms_now(ctx, online=online)
    due = earn_rules.due_for(ctx, ctx.shop, card, paid, terms, online=online)
    if due.amount == 0:
        return purse, Earned(NOTHING, False, NO_LOT, due.terms, NOTHING)
    vests_ms = vesting_of(ctx, paid, ctx.time_ms)
    gift = give(ctx, purse, card, ctx.shop, due.amount, Origin.SALE, vests_ms)
    if gift.amount == 0:
        return purse, Earned(NOTHING, True, NO_LOT, due.terms, NOTHING)
    if due.counted:
        earn_rules.count(ctx, ctx.shop, card, gift.amount, online=online)
    return gift.purse, Earned(gift.amount, False, gift.lot, due.terms, gift.set_off)


def _record(ctx: Context, call: Sale, earned: Earned, spent: list[Lot]) -> None:
    order = Order(
        call.card,
        call.gross,
        call.excluded,
        call.points,
        earned.amount,
        earned.lot,
        call.tender,
        ctx.time_ms,
        spent,
        earned.terms,
        ctx.service(Obligations).period(ctx.view) if spent else 0,
        NOTHING,
    )
    books.orders.put(ctx.view, ctx.shop, call.register, call.number, value=order)
