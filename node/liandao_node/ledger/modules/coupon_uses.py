"""Coupons taken off orders, and given back with them (L-20.8, L-20.9)."""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_wallets as wallets
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.coupon_books import (
    NO_SERIAL,
    NOTHING,
    CouponHold,
    OrderCoupons,
    PaperUse,
    Running,
    Used,
)
from liandao_node.ledger.modules.coupon_calls import (
    CouponsRefusal,
    CouponsUndone,
    CouponsUsed,
    UndoCoupons,
    UseCoupons,
)
from liandao_node.ledger.modules.coupon_cards import current, wallet_of, with_room
from liandao_node.ledger.modules.coupon_cover import share, undo
from liandao_node.ledger.modules.coupon_holds import own_hold, without
from liandao_node.ledger.modules.points_books import Order
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.points_services import RefundTold
from liandao_node.types import Amount


def use(ctx: Context, call: UseCoupons) -> CouponsUsed:
    key = (ctx.shop, call.register, call.number)
    order = ctx.service(PointsDesk).order(ctx.view, *key)
    if order is None:
        raise refuse(PointsRefusal.ORDER_UNKNOWN, register=call.register, number=call.number)
    if books.order_coupons.has(ctx.view, *key):
        raise refuse(CouponsRefusal.COUPONS_ON_ORDER)
    found = [own_hold(ctx, name) for name in call.holds]
    _require_together(ctx, found)
    _require_bill(ctx, order, [held for _, held in found])
    used = []
    for at_work, held in found:
        used.append(_take(ctx, at_work, held))
        if held.serial != NO_SERIAL:
            at = PaperUse(*key)
            books.papers.put(ctx.view, at_work.issuer, at_work.number, held.serial, value=at)
    books.order_coupons.put(ctx.view, *key, value=OrderCoupons(used))
    return CouponsUsed(Amount(sum(one.discount for one in used)))


def _require_together(ctx: Context, found: list[tuple[Running, CouponHold]]) -> None:
    """One coupon of a campaign, and more than one campaign only where all say so."""
    campaigns = {(at_work.issuer, at_work.number) for at_work, _ in found}
    if len(campaigns) != len(found):
        raise refuse(CouponsRefusal.COUPONS_NOT_TOGETHER)
    for campaign in sorted(campaigns) if len(found) > 1 else ():
        terms = books.terms_of(ctx.view, *campaign)
        if terms is None or not terms.stackable:
            raise refuse(CouponsRefusal.COUPONS_NOT_TOGETHER)


def _require_bill(ctx: Context, order: Order, holds: list[CouponHold]) -> None:
    """The order is what the holds were made for: their bills lead down to its gross."""
    bill = order.gross + sum(held.discount for held in holds)
    for held in holds:
        if held.bill != bill:
            raise refuse(CouponsRefusal.COUPON_BILL_OTHER, bill=held.bill)
        bill -= held.discount
        if held.card and (held.card != order.card or current(ctx, held.card) != held.card):
            raise refuse(CouponsRefusal.COUPON_ORDER_CARD)
    if order.time_ms != ctx.time_ms or order.refunded:
        raise refuse(CouponsRefusal.COUPON_BILL_OTHER, bill=order.gross)


def _take(ctx: Context, at_work: Running, held: CouponHold) -> Used:
    """Spends a hold: its sponsor owes the calling shop."""
    tally = without(at_work, held)
    tally = replace(tally, spent=Amount(tally.spent + held.discount), uses=tally.uses + 1)
    books.keep(ctx, books.with_tally(at_work, tally))
    if held.card:
        wallet = wallet_of(ctx.view, held.card)
        wallet = with_room(ctx, wallet) or wallet
        had = wallets.use_of(wallet, at_work.issuer, at_work.number)
        more = replace(had, used=had.used + 1, spent=Amount(had.spent + held.discount))
        books.wallets.put(ctx.view, held.card, value=wallets.with_use(wallet, more))
    obligations, payer = ctx.service(Obligations), at_work.campaign.sponsor
    obligations.owe(ctx.view, payer, ctx.shop, held.discount, for_points=False)
    return Used(
        at_work.issuer,
        at_work.number,
        payer,
        held.serial,
        held.card,
        held.discount,
        obligations.period(ctx.view),
        NOTHING,
        undone=False,
    )


# --- given back ---


def refunded(ctx: Context, told: RefundTold) -> None:
    """A part of the order's coupons goes back with a part of the order."""
    key = (ctx.shop, told.name.register, told.name.number)
    found = books.order_coupons.get(ctx.view, *key) if not told.name.imported else None
    if found is not None:
        used = [_given_back(ctx, one, told.before, told.after, told.gross) for one in found.used]
        books.order_coupons.put(ctx.view, *key, value=OrderCoupons(used))


def undo_free(ctx: Context, call: UndoCoupons) -> CouponsUndone:
    """An order that cost nothing has nothing to refund: its coupons are undone by themselves."""
    key = (ctx.shop, call.register, call.number)
    order = ctx.service(PointsDesk).order(ctx.view, *key)
    found = books.order_coupons.get(ctx.view, *key)
    if order is None or found is None:
        raise refuse(PointsRefusal.ORDER_UNKNOWN, register=call.register, number=call.number)
    if order.gross:
        raise refuse(CouponsRefusal.COUPON_ORDER_PAID)
    if found.used[0].undone:
        raise refuse(CouponsRefusal.COUPONS_UNDONE)
    used = [_given_back(ctx, one, 0, 1, 1) for one in found.used]
    books.order_coupons.put(ctx.view, *key, value=OrderCoupons(used))
    return CouponsUndone(Amount(sum(one.discount for one in used)))


def _given_back(ctx: Context, used: Used, before: int, after: int, gross: int) -> Used:
    """Undoes a part of what the sponsor owed; the whole makes the coupon good again."""
    whole = after == gross
    back = share(used.discount, before, after, gross)
    to_budget = _to_budget(ctx, used, back)
    at_work = books.load(ctx, used.issuer, used.campaign)
    tally = at_work.tally
    less = Amount(tally.spent - to_budget)
    books.keep(ctx, books.with_tally(at_work, replace(tally, spent=less, uses=tally.uses - whole)))
    if whole and used.serial != NO_SERIAL:
        books.papers.delete(ctx.view, used.issuer, used.campaign, used.serial)
    if used.card:
        card = current(ctx, used.card)
        wallet = wallet_of(ctx.view, card)
        had = wallets.use_of(wallet, used.issuer, used.campaign)
        if had in wallet.uses:  # else its campaign is closed, and the wallet forgot it
            had = replace(had, used=had.used - whole, spent=Amount(had.spent - to_budget))
            books.wallets.put(ctx.view, card, value=wallets.with_use(wallet, had))
    return replace(used, returned=Amount(used.returned + to_budget), undone=whole)


def _to_budget(ctx: Context, used: Used, back: Amount) -> Amount:
    """Books what goes back, and says how much of it the budget has again.

    What the clearing has paid comes back as money, beside the budget: the room that it took in
    the sponsor's issue limit may be somebody else's by now.
    """
    if used.sponsor == ctx.shop:
        campaign = books.campaigns.get(ctx.view, used.issuer, used.campaign)
        assert campaign is not None
        return NOTHING if campaign.covered else back
    return back if undo(ctx, used.sponsor, ctx.shop, back, used.period) else NOTHING
