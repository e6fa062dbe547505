"""Stamp cards: a stamp for an order, a coupon for so many of them (L-20.11, L-20.12).

A full card becomes a coupon of another campaign, so that what a reward is worth, where it is
taken and who pays for it is said, capped and taken back in one place.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_wallets as wallets
from liandao_node.ledger.modules.coupon_books import Attached, CampaignKind
from liandao_node.ledger.modules.coupon_calls import NUMBER, CouponsRefusal, Offered
from liandao_node.ledger.modules.coupon_campaigns import (
    begin,
    handed_out,
    open_at_own_cost,
    require_open,
    require_places,
)
from liandao_node.ledger.modules.coupon_cards import with_room
from liandao_node.ledger.modules.coupon_terms import CouponForm, covers
from liandao_node.ledger.modules.coupon_wallets import StampCount, Wallet
from liandao_node.ledger.modules.stamp_calls import (
    JoinStamps,
    OfferStamps,
    QuitStamps,
    StampTerms,
)
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import CAMPAIGNS_ATTACHED_MAX
from liandao_node.types import CardId

stamp_terms: Final = Table(NUMBER, 13, ("u16", "u32"), StampTerms)
"""By issuer and number."""

TABLES: Final[tuple[KeySpace, ...]] = (stamp_terms,)


def offer_stamps(ctx: Context, call: OfferStamps) -> Offered:
    terms = call.terms
    require_places(ctx, terms.places)
    reward = books.campaigns.get(ctx.view, ctx.shop, terms.reward)
    prize = books.terms_of(ctx.view, ctx.shop, terms.reward)
    if reward is None or prize is None or prize.form != CouponForm.GIVEN or reward.closed_ms:
        raise refuse(CouponsRefusal.REWARD_UNFIT)
    begun = begin(ctx, CampaignKind.STAMPS, terms.from_ms, terms.to_ms, sponsor=ctx.shop)
    stamp_terms.put(ctx.view, ctx.shop, begun.number, value=terms)
    open_at_own_cost(ctx, begun)
    if covers(terms.places, ctx.shop):
        attach(ctx, Attached(ctx.shop, begun.number))
    return Offered(begun.number, is_open=True)


def attach(ctx: Context, new: Attached) -> None:
    """Has the calling shop's orders looked at for a campaign; closed ones make room."""
    posted = books.posted_of(ctx.view, ctx.shop)
    kept = [one for one in posted.attached if books.running.has(ctx.view, one.issuer, one.campaign)]
    if new in kept:
        raise refuse(CouponsRefusal.STAMPS_JOINED)
    if len(kept) >= CAMPAIGNS_ATTACHED_MAX:
        raise refuse(CouponsRefusal.CAMPAIGNS_FULL, most=CAMPAIGNS_ATTACHED_MAX)
    books.posted.put(ctx.view, ctx.shop, value=replace(posted, attached=[*kept, new]))


def join(ctx: Context, call: JoinStamps) -> Done:
    at_work = books.load(ctx, call.issuer, call.campaign)
    terms = stamp_terms.get(ctx.view, call.issuer, call.campaign)
    if terms is None:
        raise refuse(CouponsRefusal.CAMPAIGN_KIND)
    require_open(ctx, at_work)
    if not covers(terms.places, ctx.shop):
        raise refuse(CouponsRefusal.COUPON_NOT_HERE)
    attach(ctx, Attached(call.issuer, call.campaign))
    return Done()


def leave(ctx: Context, call: QuitStamps) -> Done:
    posted = books.posted_of(ctx.view, ctx.shop)
    gone = Attached(call.issuer, call.campaign)
    if gone not in posted.attached or not stamp_terms.has(ctx.view, call.issuer, call.campaign):
        raise refuse(CouponsRefusal.STAMPS_NOT_JOINED)
    kept = [one for one in posted.attached if one != gone]
    books.posted.put(ctx.view, ctx.shop, value=replace(posted, attached=kept))
    return Done()


# --- orders ---


def stamped(ctx: Context, wallet: Wallet, at: Attached, paid: int) -> Wallet | None:
    """The wallet after a stamp for an order of now; None if there is none for it."""
    terms = stamp_terms.get(ctx.view, at.issuer, at.campaign)
    campaign = books.campaigns.get(ctx.view, at.issuer, at.campaign)
    assert terms is not None
    assert campaign is not None
    if not campaign.is_live(ctx.time_ms) or paid < terms.minimum:
        return None
    roomy = with_room(ctx, wallet)
    if roomy is None:
        return None
    today = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    before = wallets.stamps_of(roomy, at.issuer, at.campaign)
    so_far = before.today if before.day == today else 0
    if so_far >= terms.day_max or before.count >= terms.stamps:
        return None
    after = StampCount(at.issuer, at.campaign, before.count + 1, today, so_far + 1)
    return full_cards_turned(ctx, wallets.with_stamps(roomy, after), at)


def full_cards_turned(ctx: Context, wallet: Wallet, at: Attached) -> Wallet:
    """Full cards become coupons, as long as the reward's campaign has any."""
    terms = stamp_terms.get(ctx.view, at.issuer, at.campaign)
    assert terms is not None
    prize = books.terms_of(ctx.view, at.issuer, terms.reward)
    assert prize is not None
    count = wallets.stamps_of(wallet, at.issuer, at.campaign)
    while count.count >= terms.stamps:
        reward = books.load(ctx, at.issuer, terms.reward)
        roomy = with_room(ctx, wallet)
        over = not reward.campaign.is_open or reward.campaign.to_ms <= ctx.time_ms
        if over or reward.tally.made >= prize.uses or roomy is None:
            break
        wallet = handed_out(ctx, roomy, reward)
        count = replace(count, count=count.count - terms.stamps)
        wallet = wallets.with_stamps(wallet, count)
    return wallet


def taken_back(ctx: Context, wallet: Wallet, card: CardId, at: Attached) -> Wallet:
    """The wallet without a stamp: out of an unused reward if need be, else it owes one."""
    terms = stamp_terms.get(ctx.view, at.issuer, at.campaign)
    assert terms is not None
    count = wallets.stamps_of(wallet, at.issuer, at.campaign)
    if count not in wallet.stamps:
        return wallet  # its campaign is closed, and the wallet forgot it
    count = replace(count, count=count.count - 1)
    if count.count < 0:
        reward = books.load(ctx, at.issuer, terms.reward)
        use = wallets.use_of(wallet, at.issuer, terms.reward)
        held = sum(one.card == card for one in reward.tally.holds)
        if use.given - use.used - held > 0:
            made = reward.tally.made - 1
            books.keep(ctx, books.with_tally(reward, replace(reward.tally, made=made)))
            wallet = wallets.with_use(wallet, replace(use, given=use.given - 1))
            count = replace(count, count=count.count + terms.stamps)
    return wallets.with_stamps(wallet, count)
