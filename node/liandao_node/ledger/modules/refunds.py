"""Refunds at work: points back to their lots, obligations undone, earned points taken back.

The arithmetic is `refund_calls`'. Points whose clearing period still runs go back to their
issuer, and what it owed for them is undone. Points of a settled period were paid for: the shop
that refunds had the money, so it becomes their issuer (L-7.10).
"""

from collections.abc import Sequence

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import earn_rules
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_books import Order, Terms
from liandao_node.ledger.modules.points_calls import NUMBER, PointsRefusal
from liandao_node.ledger.modules.points_purses import (
    keep,
    lot_id,
    purse_of,
    returned_expiry,
    take_in,
    with_debts_paid,
)
from liandao_node.ledger.modules.points_services import OrderName, RefundTold, tell_refunded
from liandao_node.ledger.modules.purse import VESTED, Lot, Origin, Purse
from liandao_node.ledger.modules.refund_calls import (
    Deal,
    Refund,
    RefundDone,
    Step,
    points_due_back,
    step,
)
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import Canonical


class Refunded(Canonical, frozen=True):
    """A refund that was made."""

    gross: Amount
    points_back: Amount
    unearned: Amount
    """Taken back from the card, or its debt since."""
    time_ms: Millis


refunds = Table(NUMBER, 11, ("u16", 16), Refunded)
"""By shop and refund."""

TABLES: tuple[KeySpace, ...] = (refunds,)


def refund(ctx: Context, call: Refund) -> RefundDone:
    """Takes an order or a part of it back (L-7.10 to L-7.12)."""
    if refunds.has(ctx.view, ctx.shop, call.refund):
        raise refuse(PointsRefusal.REFUND_KNOWN)
    order = _sold(ctx, call) if not call.source else _imported(ctx, call)
    left = order.gross - order.refunded
    if call.gross > left:
        raise refuse(PointsRefusal.REFUND_OVER_ORDER, left=left)
    if order.card:
        order = replace(order, card=_card_of(ctx, order))
    deal = deal_of(ctx.view, ctx.shop, order)
    before, after = order.refunded, Amount(order.refunded + call.gross)
    moved = step(deal, before, after)
    clawed = debt = Amount(0)
    if order.card:
        parts = _parts(order, deal, before, after)
        clawed, debt = _at_card(ctx, order, parts, moved)
    _record(ctx, call, after, moved)
    imported = books.import_key(call.source, call.reference_hash) if call.source else b""
    name = OrderName(call.register, call.number, imported)
    tell_refunded(ctx, RefundTold(name, order.card, order.gross, before, after))
    return RefundDone(moved.cash, moved.points_back, clawed, debt)


def _sold(ctx: Context, call: Refund) -> Order:
    found = books.orders.get(ctx.view, ctx.shop, call.register, call.number)
    if found is None or call.reference_hash:
        raise refuse(PointsRefusal.ORDER_UNKNOWN, register=call.register, number=call.number)
    return found


def _imported(ctx: Context, call: Refund) -> Order:
    """An imported order as one in which no points were used and nothing was excluded."""
    key = books.import_key(call.source, call.reference_hash)
    found = books.imports.get(ctx.view, ctx.shop, key)
    if found is None or call.register or call.number:
        raise refuse(PointsRefusal.ORDER_UNKNOWN)
    return books.as_order(found)


def _record(ctx: Context, call: Refund, refunded: Amount, moved: Step) -> None:
    view, shop = ctx.view, ctx.shop
    if call.source:
        key = books.import_key(call.source, call.reference_hash)
        imported = books.imports.get(view, shop, key)
        assert imported is not None
        books.imports.put(view, shop, key, value=replace(imported, refunded=refunded))
    else:
        order = books.orders.get(view, shop, call.register, call.number)
        assert order is not None
        order = replace(order, refunded=refunded)
        books.orders.put(view, shop, call.register, call.number, value=order)
    made = Refunded(call.gross, moved.points_back, moved.unearned, ctx.time_ms)
    refunds.put(view, shop, call.refund, value=made)


def _card_of(ctx: Context, order: Order) -> CardId:
    """The card that has what the order's card had (L-5.15)."""
    return ctx.service(CardDirectory).current(ctx.view, CardId(order.card))


def deal_of(view: View, shop: ShopId, order: Order) -> Deal:
    """What of a shop's order decides its refunds."""
    terms: Terms = order.terms
    own = earn_rules.terms_of(view, shop, terms.rule)
    minimum = own.minimum if own is not None else Amount(0)
    return Deal(order.gross, order.points, order.excluded, order.earned, terms, minimum)


def _parts(order: Order, deal: Deal, before: Amount, after: Amount) -> list[Lot]:
    """The points that go back now: those used last first (L-7.10)."""
    used = order.paid_with[::-1]
    _, later = purses.split(used, Amount(points_due_back(deal, before)))
    back = points_due_back(deal, after) - points_due_back(deal, before)
    return purses.split(later, Amount(back))[0]


def _at_card(
    ctx: Context, order: Order, parts: Sequence[Lot], moved: Step
) -> tuple[Amount, Amount]:
    """Changes the card's purse: what was taken back, and what the card owes for it since."""
    directory = ctx.service(CardDirectory)
    card, card_id = directory.require(ctx, order.card), CardId(order.card)
    purse = purse_of(ctx, card_id)
    for part in parts:
        purse = _give_back(ctx, purse, card_id, order, part)
    purse, _ = with_debts_paid(ctx, purse)
    purse, clawed = purses.take_back(purse, ctx.shop, moved.unearned, ctx.time_ms, order.lot)
    books.claw(ctx.view, clawed)
    taken = purses.total(clawed)
    debt = Amount(moved.unearned - taken)
    if debt:
        purse = purses.owe(purse, ctx.shop, debt)
    keep(ctx, directory, card, card_id, purse)
    return taken, debt


def _give_back(ctx: Context, purse: Purse, card: CardId, order: Order, part: Lot) -> Purse:
    """Puts points back into a purse, owed by whom it concerns (L-7.10)."""
    obligations = ctx.service(Obligations)
    lot = part
    if part.issuer != ctx.shop:
        if obligations.is_settled(ctx.view, order.period):
            lot = replace(lot, issuer=ctx.shop, id=lot_id(ctx), origin=Origin.RETURNED)
        else:
            obligations.unowe(ctx.view, part.issuer, ctx.shop, part.amount)
    least_ms = returned_expiry(ctx)
    if lot.expires_ms < least_ms:
        lot = replace(lot, expires_ms=least_ms, id=lot_id(ctx), origin=Origin.RETURNED)
    books.give_back(ctx.view, lot.issuer, lot.amount)
    if lot.issuer == ctx.shop and obligations.is_handed_over(ctx.view, ctx.shop):
        # The pool answers for this shop's points, and was not paid for these.
        obligations.owe(ctx.view, ctx.shop, POOL, lot.amount, for_points=False)
    purse, _ = take_in(ctx, purse, card, lot)
    assert lot.vests_ms == VESTED
    return purse
