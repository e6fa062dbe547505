"""The desk for campaigns: published, paid for, joined, closed; referrals and visits (L-20).

Campaigns are never changed once they are published, so what is asked here is asked once; a lost
answer is looked up in the list of campaigns.
"""

from typing import Final

from liandao_node.ledger import coupon_queries
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.coupon_queries import CampaignAt
from liandao_node.ledger.module_api import Done
from liandao_node.ledger.modules.coupon_books import CampaignKind
from liandao_node.ledger.modules.coupon_calls import (
    CloseCampaign,
    Closed,
    Offer,
    Offered,
    Sponsor,
    Sponsored,
)
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms, OpenHours
from liandao_node.ledger.modules.pool_calls import Visit, VisitDone, visit_preimage
from liandao_node.ledger.modules.referral_calls import (
    CommissionSet,
    CommissionTerms,
    Refer,
    Referred,
    SetCommission,
    refer_preimage,
)
from liandao_node.ledger.modules.stamp_calls import JoinStamps, OfferStamps, QuitStamps, StampTerms
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.types import Amount
from liandao_node.wire.coupons import (
    CampaignOffered,
    CampaignSaid,
    CampaignSort,
    CampaignsTold,
    CampaignView,
    CampaignWord,
    CommissionPublished,
    CountVisit,
    CouponFor,
    CustomerReferred,
    GetCampaigns,
    GetWallet,
    OfferCoupons,
    OfferStampCard,
    PublishCommission,
    ReferCustomer,
    SayCampaign,
    VisitCounted,
    WalletCoupon,
    WalletStamps,
    WalletTold,
)

NOTHING: Final = Amount(0)
_FORMS: Final = {
    CouponFor.PAPER: CouponForm.PAPER,
    CouponFor.CARD: CouponForm.CARD,
    CouponFor.GIVEN: CouponForm.GIVEN,
}
_SORTS: Final = {
    CampaignKind.COUPONS: CampaignSort.COUPONS,
    CampaignKind.STAMPS: CampaignSort.STAMPS,
    CampaignKind.REBATE: CampaignSort.REBATE,
}

OfficeRequest = (
    OfferCoupons
    | OfferStampCard
    | SayCampaign
    | GetCampaigns
    | GetWallet
    | PublishCommission
    | ReferCustomer
    | CountVisit
)
OfficeReply = (
    CampaignOffered
    | CampaignSaid
    | CampaignsTold
    | WalletTold
    | CommissionPublished
    | CustomerReferred
    | VisitCounted
)


class CampaignsDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk, cards: CardsDesk, utc_offset_minutes: int) -> None:
        self._desk = desk
        self._cards = cards
        self._offset = utc_offset_minutes

    async def handle(self, request: OfficeRequest) -> OfficeReply:
        """Raises Refused as the ledger does; then nothing was changed."""
        match request:
            case OfferCoupons() | OfferStampCard():
                return await self._offer(request)
            case SayCampaign():
                return await self._say(request)
            case GetCampaigns():
                return self._told()
            case GetWallet():
                return self._wallet(request)
            case PublishCommission():
                return await self._commission(request)
            case ReferCustomer():
                return await self._refer(request)
            case CountVisit():
                return await self._visit(request)

    # --- campaigns ---

    async def _offer(self, request: OfferCoupons | OfferStampCard) -> CampaignOffered:
        call = Offer(_terms(request)) if isinstance(request, OfferCoupons) else _stamps(request)
        done, certified = await self._desk.call(call, Offered)
        return CampaignOffered(done.campaign, done.is_open, certified)

    async def _say(self, request: SayCampaign) -> CampaignSaid:
        key = (request.issuer, request.campaign)
        match request.word:
            case CampaignWord.SPONSOR:
                sponsored, certified = await self._desk.call(Sponsor(*key), Sponsored)
                return CampaignSaid(sponsored.reserved, NOTHING, certified)
            case CampaignWord.CLOSE:
                closed, certified = await self._desk.call(CloseCampaign(*key), Closed)
                return CampaignSaid(closed.spent, closed.held, certified)
            case CampaignWord.JOIN:
                _, certified = await self._desk.call(JoinStamps(*key), Done)
            case CampaignWord.QUIT:
                _, certified = await self._desk.call(QuitStamps(*key), Done)
        return CampaignSaid(NOTHING, NOTHING, certified)

    def _told(self) -> CampaignsTold:
        view, now_ms = self._desk.view(), self._desk.time_ms()
        found = coupon_queries.campaigns_for(view, self._desk.shop, now_ms)
        return CampaignsTold([_view(one) for one in found])

    def _wallet(self, request: GetWallet) -> WalletTold:
        card = self._cards.known(request.presented)
        view, now_ms = self._desk.view(), self._desk.time_ms()
        coupons = coupon_queries.redeemable(
            view, self._desk.shop, card, request.bill, now_ms, self._offset
        )
        stamps = []
        for count in coupon_queries.stamps_of(view, card):
            at = coupon_queries.campaign_at(view, count.issuer, count.campaign, now_ms)
            if at is not None and at.campaign.is_open and isinstance(at.terms, StampTerms):
                stamps.append(
                    WalletStamps(count.issuer, count.campaign, count.count, at.terms.stamps)
                )
        return WalletTold(
            [WalletCoupon(one.at.issuer, one.at.number, one.discount, one.left) for one in coupons],
            stamps,
        )

    # --- customers who are sent, customers who come ---

    async def _commission(self, request: PublishCommission) -> CommissionPublished:
        terms = CommissionTerms(
            request.bps,
            request.days,
            request.fresh_days,
            request.order_max,
            request.card_max,
            request.day_max,
            request.period_max,
            request.total_max,
        )
        done, _ = await self._desk.call(SetCommission(terms), CommissionSet)
        return CommissionPublished(done.version, done.from_ms)

    async def _refer(self, request: ReferCustomer) -> CustomerReferred:
        secret, day = self._cards.scanned(request.presented), self._today()
        preimage = refer_preimage(self._desk.chain, self._desk.shop, request.to, day)
        call = Refer(secret.id, request.to, day, secret.key.sign(preimage))
        done, _ = await self._desk.call(call, Referred)
        return CustomerReferred(done.until_ms)

    async def _visit(self, request: CountVisit) -> VisitCounted:
        secret, day = self._cards.scanned(request.presented), self._today()
        preimage = visit_preimage(self._desk.chain, self._desk.shop, day)
        call = Visit(secret.id, day, secret.key.sign(preimage))
        done, _ = await self._desk.call(call, VisitDone)
        return VisitCounted(done.visits)

    def _today(self) -> int:
        """The street's day."""
        return day_of(self._desk.time_ms(), self._offset)


def _terms(request: OfferCoupons) -> CouponTerms:
    return CouponTerms(
        form=_FORMS[request.form],
        amount=request.amount,
        bps=request.bps,
        most=request.most,
        minimum=request.minimum,
        from_ms=request.from_ms,
        to_ms=request.to_ms,
        hours=[OpenHours(one.weekdays, one.from_minute, one.to_minute) for one in request.hours],
        places=sorted({*request.places}),
        sponsor=request.sponsor,
        budget=request.budget,
        card_budget=request.card_budget,
        uses=request.uses,
        card_uses=request.card_uses,
        stackable=request.stackable,
        shown=request.shown,
    )


def _stamps(request: OfferStampCard) -> OfferStamps:
    return OfferStamps(
        StampTerms(
            request.from_ms,
            request.to_ms,
            request.minimum,
            request.day_max,
            request.stamps,
            sorted({*request.places}),
            request.reward,
        )
    )


def _view(at: CampaignAt) -> CampaignView:
    return CampaignView(
        issuer=at.issuer,
        number=at.number,
        sort=_SORTS[at.campaign.kind],
        sponsor=at.campaign.sponsor,
        is_open=at.campaign.is_open,
        from_ms=at.campaign.from_ms,
        to_ms=at.campaign.to_ms,
        budget=at.budget,
        spent=at.tally.spent,
        held=at.tally.held,
        uses=at.tally.uses,
        made=at.tally.made,
    )
