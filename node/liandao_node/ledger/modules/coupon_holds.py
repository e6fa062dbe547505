"""Coupons put aside for a bill, and given back (L-20.6, L-20.7).

Which of two shops has a coupon is decided here, by the order of the ledger and before anybody is
told of a discount; the sale then only says that it was taken.
"""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_terms as terms_made
from liandao_node.ledger.modules.cards import Card, CardDirectory
from liandao_node.ledger.modules.coupon_books import NO_SERIAL, CouponHold, HoldMade, Running
from liandao_node.ledger.modules.coupon_calls import (
    CouponHeld,
    CouponReleased,
    CouponsRefusal,
    HoldCoupon,
    ReleaseCoupon,
    coupon_digest,
    coupon_preimage,
)
from liandao_node.ledger.modules.coupon_campaigns import require_open
from liandao_node.ledger.modules.coupon_cards import wallet_of, with_room
from liandao_node.ledger.modules.coupon_cover import is_stopped
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms
from liandao_node.ledger.modules.coupon_wallets import use_of
from liandao_node.limits import (
    COUPON_HOLDS_MAX,
    COUPON_HOLDS_PER_SHOP_MAX,
    COUPONS_PER_SHEET,
    HOLD_MS_MAX,
)
from liandao_node.types import Amount, Millis, PublicKey, Signature


def hold(ctx: Context, call: HoldCoupon) -> CouponHeld:
    if books.holds_made.has(ctx.view, ctx.shop, call.hold):
        raise refuse(CouponsRefusal.COUPON_HOLD_KNOWN)
    at_work = books.load(ctx, call.issuer, call.campaign)
    terms = books.terms_of(ctx.view, call.issuer, call.campaign)
    if terms is None:
        raise refuse(CouponsRefusal.CAMPAIGN_KIND)
    require_open(ctx, at_work)
    discount = _discount(ctx, at_work, terms, call.bill)
    card = _card(ctx, terms, call)
    serial = _proven(ctx, at_work, terms, call, card)
    if call.card:
        _require_card_caps(ctx, at_work, terms, call.card, discount)
    _require_budget(at_work, terms, discount)
    _require_few_holds(ctx, at_work)
    expires_ms = Millis(ctx.time_ms + min(ctx.rules.hold_ms, HOLD_MS_MAX))
    made = HoldMade(call.issuer, call.campaign, expires_ms)
    books.holds_made.put(ctx.view, ctx.shop, call.hold, value=made)
    held = CouponHold(call.hold, ctx.shop, expires_ms, serial, call.card, call.bill, discount)
    tally = replace(at_work.tally, holds=[*at_work.tally.holds, held])
    books.keep(ctx, books.with_tally(at_work, tally))
    if card is not None:
        ctx.service(CardDirectory).saw(ctx, card)
    return CouponHeld(discount, expires_ms)


def _discount(ctx: Context, at_work: Running, terms: CouponTerms, bill: Amount) -> Amount:
    """What it would take off that bill here and now."""
    if ctx.shop != terms.sponsor and is_stopped(ctx.view, terms.sponsor):
        raise refuse(CouponsRefusal.SPONSOR_STOPPED)
    if not terms_made.covers(terms.places, ctx.shop):
        raise refuse(CouponsRefusal.COUPON_NOT_HERE)
    open_now = terms_made.is_open_at(terms.hours, ctx.time_ms, ctx.utc_offset_minutes)
    if not at_work.campaign.is_live(ctx.time_ms) or not open_now:
        raise refuse(CouponsRefusal.COUPON_NOT_NOW)
    discount = terms_made.discount(terms, bill)
    if bill < terms.minimum or discount == 0:
        raise refuse(CouponsRefusal.COUPON_BILL_SMALL, minimum=terms.minimum)
    return discount


def _card(ctx: Context, terms: CouponTerms, call: HoldCoupon) -> Card | None:
    if not call.card:
        if terms.needs_card:
            raise refuse(CouponsRefusal.COUPON_CARD_MISSING)
        return None
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    directory.require_open(ctx, card)
    wallet = wallet_of(ctx.view, call.card)
    known = any((one.issuer, one.campaign) == (call.issuer, call.campaign) for one in wallet.uses)
    if not known and with_room(ctx, wallet) is None:
        raise refuse(CouponsRefusal.WALLET_FULL)
    return card


def _proven(
    ctx: Context, at_work: Running, terms: CouponTerms, call: HoldCoupon, card: Card | None
) -> int:
    """The serial of a coupon on paper that is genuine and free; else `NO_SERIAL` (L-20.6)."""
    preimage = coupon_preimage(
        ctx.chain_id, ctx.shop, call.hold, call.issuer, call.campaign, call.bill
    )
    if terms.form != CouponForm.PAPER:
        if call.public_key or call.serial:
            raise refuse(CouponsRefusal.COUPON_FALSE)
        if terms.shown or call.signature:
            assert card is not None
            directory = ctx.service(CardDirectory)
            directory.require_signature(ctx, card, preimage, call.signature)
            directory.presented(ctx, card)
        return NO_SERIAL
    sheet, place = divmod(call.serial, COUPONS_PER_SHEET)
    printed = books.sheets.get(ctx.view, call.issuer, call.campaign, sheet)
    key = PublicKey(call.public_key)
    if printed is None or place >= len(printed.digests) or len(key) != 32:
        raise refuse(CouponsRefusal.COUPON_FALSE)
    if coupon_digest(key) != printed.digests[place] or not ctx.verify(
        key, preimage, Signature(call.signature)
    ):
        raise refuse(CouponsRefusal.COUPON_FALSE)
    if books.papers.has(ctx.view, call.issuer, call.campaign, call.serial):
        raise refuse(CouponsRefusal.COUPON_USED)
    for held in at_work.tally.holds:
        if held.serial == call.serial:
            raise refuse(CouponsRefusal.COUPON_HELD, until_ms=held.expires_ms)
    return call.serial


def _require_card_caps(
    ctx: Context, at_work: Running, terms: CouponTerms, card: bytes, discount: Amount
) -> None:
    """Refuses what would be more than one card may have (L-20.7)."""
    had = use_of(wallet_of(ctx.view, card), at_work.issuer, at_work.number)
    open_ones = [held for held in at_work.tally.holds if held.card == card]
    used = had.used + len(open_ones)
    spent = had.spent + sum(held.discount for held in open_ones) + discount
    none_left = terms.form == CouponForm.GIVEN and used >= had.given
    if none_left or 0 < terms.card_uses <= used or 0 < terms.card_budget < spent:
        raise refuse(CouponsRefusal.COUPON_CARD_CAP, used=used)


def _require_budget(at_work: Running, terms: CouponTerms, discount: Amount) -> None:
    tally = at_work.tally
    left = terms.budget - tally.spent - tally.held
    if discount > left or tally.uses + len(tally.holds) >= terms.uses:
        raise refuse(CouponsRefusal.COUPON_BUDGET, left=left)


def _require_few_holds(ctx: Context, at_work: Running) -> None:
    """Nobody keeps a campaign from the others by holding it."""
    holds = at_work.tally.holds
    own = sum(held.shop == ctx.shop for held in holds)
    if len(holds) >= COUPON_HOLDS_MAX or own >= COUPON_HOLDS_PER_SHOP_MAX:
        raise refuse(CouponsRefusal.COUPON_HOLDS_FULL)


def release(ctx: Context, call: ReleaseCoupon) -> CouponReleased:
    at_work, held = own_hold(ctx, call.hold)
    books.keep(ctx, books.with_tally(at_work, without(at_work, held)))
    return CouponReleased(held.discount)


def own_hold(ctx: Context, name: bytes) -> tuple[Running, CouponHold]:
    """The calling shop's open hold of that name, or why there is none (L-20.6)."""
    made = books.holds_made.get(ctx.view, ctx.shop, name)
    if made is None:
        raise refuse(CouponsRefusal.COUPON_HOLD_UNKNOWN)
    at_work = books.load(ctx, made.issuer, made.campaign)
    for held in at_work.tally.holds:
        if held.id == name and held.shop == ctx.shop:
            return at_work, held
    ran_out = made.expires_ms <= ctx.time_ms
    raise refuse(
        CouponsRefusal.COUPON_HOLD_EXPIRED if ran_out else CouponsRefusal.COUPON_HOLD_SPENT
    )


def without(at_work: Running, held: CouponHold) -> books.Tally:
    left = [other for other in at_work.tally.holds if other is not held]
    return replace(at_work.tally, holds=left)
