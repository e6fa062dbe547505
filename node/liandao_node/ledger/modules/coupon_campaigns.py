"""Campaigns begin, are paid for by somebody, and end (L-20.1 to L-20.5).

Once published, a campaign is never changed: whoever wants other terms closes it and makes
another. What it promised before is kept.
"""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_terms as terms_made
from liandao_node.ledger.modules import coupon_wallets as wallets
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.coupon_books import (
    NEVER,
    NEW_TALLY,
    NOTHING,
    Campaign,
    CampaignKind,
    Running,
    Sheet,
)
from liandao_node.ledger.modules.coupon_calls import (
    CloseCampaign,
    Closed,
    CouponGiven,
    CouponsRefusal,
    GiveCoupon,
    Offer,
    Offered,
    PrintCoupons,
    Printed,
    Sponsor,
    Sponsored,
)
from liandao_node.ledger.modules.coupon_cards import wallet_of, with_room
from liandao_node.ledger.modules.coupon_cover import is_stopped, room
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms, PlacesField
from liandao_node.ledger.modules.membership import Members, MembershipRefusal
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.limits import (
    CAMPAIGNS_ENDED_PER_BLOCK_MAX,
    CAMPAIGNS_OPEN_MAX,
    COUPONS_PER_SHEET,
)
from liandao_node.types import Amount, Millis, ShopId


def offer(ctx: Context, call: Offer) -> Offered:
    terms = call.terms
    if not terms_made.is_clear(terms):
        raise refuse(CouponsRefusal.TERMS_UNCLEAR)
    if any(hours.from_minute >= hours.to_minute for hours in terms.hours):
        raise refuse(PointsRefusal.HOURS_BACKWARDS)
    require_places(ctx, terms.places)
    if ctx.service(Members).find(ctx.view, terms.sponsor) is None:
        raise refuse(MembershipRefusal.MEMBER_UNKNOWN, shop=terms.sponsor)
    covered = NOTHING if terms.is_only_at_home else terms.budget
    begun = begin(
        ctx,
        CampaignKind.COUPONS,
        terms.from_ms,
        terms.to_ms,
        sponsor=terms.sponsor,
        covered=covered,
    )
    books.coupon_terms.put(ctx.view, begun.issuer, begun.number, value=terms)
    if terms.sponsor == ctx.shop:
        _open(ctx, begun)
    return Offered(begun.number, is_open=terms.sponsor == ctx.shop)


def require_places(ctx: Context, places: PlacesField) -> None:
    """Refuses what is no list of members."""
    if not terms_made.is_rising(places):
        raise refuse(CouponsRefusal.PLACES_UNORDERED)
    for shop in places:
        if ctx.service(Members).find(ctx.view, shop) is None:
            raise refuse(MembershipRefusal.MEMBER_UNKNOWN, shop=shop)


def begin(
    ctx: Context,
    kind: CampaignKind,
    from_ms: Millis,
    to_ms: Millis,
    *,
    sponsor: ShopId,
    covered: Amount = NOTHING,
) -> Running:
    """The caller's next campaign, which nobody pays for yet (L-20.1)."""
    if not max(from_ms, ctx.time_ms) < to_ms:
        raise refuse(CouponsRefusal.DATES_BACKWARDS)
    posted = books.posted_of(ctx.view, ctx.shop)
    if posted.open >= CAMPAIGNS_OPEN_MAX:
        raise refuse(CouponsRefusal.CAMPAIGNS_FULL, most=CAMPAIGNS_OPEN_MAX)
    number = posted.newest + 1
    hung = replace(posted, newest=number, open=posted.open + 1)
    books.posted.put(ctx.view, ctx.shop, value=hung)
    campaign = Campaign(kind, sponsor, from_ms, to_ms, ctx.time_ms, NEVER, NEVER, covered)
    books.campaigns.put(ctx.view, ctx.shop, number, value=campaign)
    books.running.put(ctx.view, ctx.shop, number, value=Done())
    books.ends.put(ctx.view, to_ms, ctx.shop, number, value=Done())
    return Running(ctx.shop, number, campaign, NEW_TALLY, NOTHING)


def open_at_own_cost(ctx: Context, begun: Running) -> None:
    """For campaigns whose issuer pays in points: the limit is looked at when it gives them."""
    opened = replace(begun.campaign, opened_ms=ctx.time_ms)
    books.keep(ctx, Running(begun.issuer, begun.number, opened, begun.tally, begun.exposure))


def sponsor(ctx: Context, call: Sponsor) -> Sponsored:
    """The word of who pays: nobody else can give it (L-20.3)."""
    waiting = books.load(ctx, call.issuer, call.campaign)
    campaign = waiting.campaign
    if campaign.sponsor != ctx.shop:
        raise refuse(CouponsRefusal.CAMPAIGN_FOREIGN)
    if campaign.closed_ms or campaign.to_ms <= ctx.time_ms:
        raise refuse(CouponsRefusal.CAMPAIGN_CLOSED)
    if campaign.opened_ms:
        raise refuse(CouponsRefusal.SPONSORED_BEFORE)
    _open(ctx, waiting)
    return Sponsored(books.cover_of(ctx.view, ctx.shop).reserved)


def _open(ctx: Context, waiting: Running) -> None:
    """Takes its budget out of the sponsor's issue limit (L-20.4)."""
    campaign = waiting.campaign
    if campaign.covered:
        may_issue = ctx.service(Obligations).may_issue(ctx.view, campaign.sponsor)
        if not may_issue or is_stopped(ctx.view, campaign.sponsor):
            raise refuse(CouponsRefusal.SPONSOR_STOPPED)
        left = max(0, room(ctx, campaign.sponsor))
        if campaign.covered > left:
            raise refuse(CouponsRefusal.BUDGET_UNCOVERED, left=left)
    open_at_own_cost(ctx, waiting)


def close_campaign(ctx: Context, call: CloseCampaign) -> Closed:
    at_work = books.load(ctx, call.issuer, call.campaign)
    if ctx.shop not in (call.issuer, at_work.campaign.sponsor):
        raise refuse(CouponsRefusal.CAMPAIGN_FOREIGN)
    if at_work.campaign.closed_ms:
        raise refuse(CouponsRefusal.CAMPAIGN_CLOSED)
    _close(ctx, at_work)
    return Closed(at_work.tally.spent, at_work.tally.held)


def end_those_over(ctx: Context) -> bool:
    """Closes campaigns whose time is up, some per block; True when none is left (L-20.3)."""
    before = (ctx.time_ms + 1, 0, 0)
    found = books.ends.first(ctx.view, CAMPAIGNS_ENDED_PER_BLOCK_MAX, before=before)
    for (moment, issuer, number), _ in found:
        books.ends.delete(ctx.view, moment, issuer, number)
        at_work = books.load(ctx, ShopId(int(issuer)), int(number))
        if at_work.campaign.closed_ms:
            books.keep(ctx, at_work)  # its last holds are over, too
        else:
            _close(ctx, at_work)
    return len(found) < CAMPAIGNS_ENDED_PER_BLOCK_MAX


def _close(ctx: Context, at_work: Running) -> None:
    """Nothing more is taken; what is held is honoured, and looked at when its time is up."""
    key = (at_work.issuer, at_work.number)
    closed = replace(at_work.campaign, closed_ms=ctx.time_ms)
    books.keep(ctx, Running(*key, closed, at_work.tally, at_work.exposure))
    books.running.delete(ctx.view, *key)
    books.ends.delete(ctx.view, closed.to_ms, *key)
    if at_work.tally.holds:
        last_ms = max(hold.expires_ms for hold in at_work.tally.holds)
        books.ends.put(ctx.view, last_ms, *key, value=Done())
    posted = books.posted_of(ctx.view, at_work.issuer)
    books.posted.put(ctx.view, at_work.issuer, value=replace(posted, open=posted.open - 1))


# --- coupons on paper, and coupons on cards ---


def print_coupons(ctx: Context, call: PrintCoupons) -> Printed:
    at_work, terms = _of_caller(ctx, call.campaign, CouponForm.PAPER)
    first = at_work.tally.made
    made = first + len(call.digests)
    if made > terms.uses:
        raise refuse(CouponsRefusal.COUPONS_PRINTED, left=terms.uses - first)
    left = list(call.digests)
    serial = first
    while left:
        sheet, place = divmod(serial, COUPONS_PER_SHEET)
        before = books.sheets.get(ctx.view, ctx.shop, call.campaign, sheet)
        digests = list(before.digests) if before is not None else []
        taken, left = left[: COUPONS_PER_SHEET - place], left[COUPONS_PER_SHEET - place :]
        value = Sheet([*digests, *taken])
        books.sheets.put(ctx.view, ctx.shop, call.campaign, sheet, value=value)
        serial += len(taken)
    books.keep(ctx, books.with_tally(at_work, replace(at_work.tally, made=made)))
    return Printed(first, made)


def give_coupon(ctx: Context, call: GiveCoupon) -> CouponGiven:
    at_work, terms = _of_caller(ctx, call.campaign, CouponForm.GIVEN)
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    if at_work.tally.made >= terms.uses:
        raise refuse(CouponsRefusal.COUPONS_PRINTED, left=0)
    wallet = with_room(ctx, wallet_of(ctx.view, call.card))
    if wallet is None:
        raise refuse(CouponsRefusal.WALLET_FULL)
    wallet = handed_out(ctx, wallet, at_work)
    books.wallets.put(ctx.view, call.card, value=wallet)
    directory.saw(ctx, card)
    use = wallets.use_of(wallet, ctx.shop, call.campaign)
    return CouponGiven(use.given - use.used)


def handed_out(ctx: Context, wallet: wallets.Wallet, at_work: Running) -> wallets.Wallet:
    """The wallet with one coupon more, of a campaign that has one left."""
    books.keep(ctx, books.with_tally(at_work, replace(at_work.tally, made=at_work.tally.made + 1)))
    use = wallets.use_of(wallet, at_work.issuer, at_work.number)
    return wallets.with_use(wallet, replace(use, given=use.given + 1))


def _of_caller(ctx: Context, number: int, form: CouponForm) -> tuple[Running, CouponTerms]:
    """An open campaign of the calling shop, of that form."""
    at_work = books.load(ctx, ctx.shop, number)
    terms = books.terms_of(ctx.view, ctx.shop, number)
    if terms is None or terms.form != form:
        raise refuse(CouponsRefusal.CAMPAIGN_KIND)
    require_open(ctx, at_work)
    return at_work, terms


def require_open(ctx: Context, at_work: Running) -> None:
    """Refuses a campaign that nobody pays for yet, or that is over."""
    if at_work.campaign.closed_ms or at_work.campaign.to_ms <= ctx.time_ms:
        raise refuse(CouponsRefusal.CAMPAIGN_CLOSED)
    if not at_work.campaign.opened_ms:
        raise refuse(CouponsRefusal.CAMPAIGN_WAITS)
