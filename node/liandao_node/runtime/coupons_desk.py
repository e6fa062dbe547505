"""The desk for coupons: printed, given to cards, put aside for a bill, taken off it (L-20).

A coupon on paper is a secret. It is derived from the shop's own and the printing's name, so what
was printed can be told again after a lost answer; it is kept nowhere. Each printing has a name of
its own: were one ordered twice, one paper would be two coupons.
"""

from typing import Final

from liandao_node.crypto.cards import CardSecret, read_presented
from liandao_node.crypto.coupon_papers import CouponPaper, read_coupon
from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import Refused
from liandao_node.ledger import coupon_queries
from liandao_node.ledger.coupon_queries import CampaignAt
from liandao_node.ledger.modules.coupon_books import CouponHold
from liandao_node.ledger.modules.coupon_calls import (
    CouponGiven,
    CouponHeld,
    CouponReleased,
    CouponsRefusal,
    CouponsUndone,
    GiveCoupon,
    HoldCoupon,
    PrintCoupons,
    Printed,
    ReleaseCoupon,
    UndoCoupons,
    UseCoupons,
    coupon_digest,
    coupon_preimage,
)
from liandao_node.ledger.modules.coupon_terms import CouponTerms
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.limits import COUPON_MARGIN_MS, COUPONS_PER_SHEET
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.references import unknown_order
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api import OrderRef, Sell
from liandao_node.wire.codec import encode
from liandao_node.wire.coupons import (
    CardCouponGiven,
    CouponAside,
    CouponsBack,
    GiveCardCoupon,
    GiveCouponBack,
    PapersPrinted,
    PrintPapers,
    PutCouponAside,
    UndoOrderCoupons,
)
from liandao_node.wire.refunds import OrderName

COUPON_TAG: Final = b"liandao/coupon-seed/1"

TillRequest = GiveCardCoupon | GiveCouponBack | PrintPapers | PutCouponAside | UndoOrderCoupons
TillReply = CardCouponGiven | CouponAside | CouponsBack | PapersPrinted


class CouponsDesk:
    """Answers and orders for one shop. ``secret`` (32 bytes) makes the coupons' secrets."""

    def __init__(self, desk: LedgerDesk, cards: CardsDesk, secret: bytes) -> None:
        self._desk = desk
        self._cards = cards
        self._secret = secret

    async def handle(self, request: TillRequest) -> TillReply:
        """Raises Refused as the ledger does; then nothing was changed."""
        match request:
            case PutCouponAside():
                return await self._put_aside(request)
            case GiveCouponBack(hold):
                released, _ = await self._desk.call(ReleaseCoupon(hold), CouponReleased)
                return CouponsBack(released.discount)
            case UndoOrderCoupons(order):
                return await self._undo(order)
            case GiveCardCoupon(campaign, presented):
                gift = GiveCoupon(campaign, self._cards.known(presented))
                given, _ = await self._desk.call(gift, CouponGiven)
                return CardCouponGiven(given.unused)
            case PrintPapers():
                return await self._print(request)

    # --- paper ---

    async def _print(self, request: PrintPapers) -> PapersPrinted:
        """Raises Refused ``PRINTING_UNKNOWN`` where it was to be told again and never was."""
        seeds = [self._seed(request, at) for at in range(request.count)]
        digests = [coupon_digest(SigningKey(seed).public_key) for seed in seeds]
        shop, campaign = self._desk.shop, request.campaign
        first = coupon_queries.printed(self._desk.view(), shop, campaign, digests)
        if first is None:
            if request.again:
                raise Refused("PRINTING_UNKNOWN")
            first = await self._commit(campaign, digests)
        papers = [
            CouponPaper(shop, campaign, first + at, seed).payload for at, seed in enumerate(seeds)
        ]
        return PapersPrinted(first, papers)

    async def _commit(self, campaign: int, digests: list[bytes]) -> int:
        """Serial of the first. All in one transaction, so nothing comes between them."""
        now_ms, shop = self._desk.time_ms(), self._desk.shop
        at = coupon_queries.campaign_at(self._desk.view(), shop, campaign, now_ms)
        if at is not None and isinstance(at.terms, CouponTerms):
            left = max(0, at.terms.uses - at.tally.made)
            if len(digests) > left:
                raise Refused("COUPONS_PRINTED", left=left)
        starts = range(0, len(digests), COUPONS_PER_SHEET)
        outcome = await self._desk.order(
            [PrintCoupons(campaign, digests[one : one + COUPONS_PER_SHEET]) for one in starts]
        )
        for entry in outcome.entries:
            self._desk.raise_refusal(entry)
        return self._desk.answer(outcome.entries[0], Printed).first

    def _seed(self, request: PrintPapers, at: int) -> bytes:
        about = encode((request.campaign, request.printing, at))
        return tagged(COUPON_TAG, self._secret + about)

    # --- a bill ---

    async def _put_aside(self, request: PutCouponAside) -> CouponAside:
        """Asked again under one name it is one hold (R12)."""
        call = self._hold(request)
        try:
            done, _ = await self._desk.call(call, CouponHeld)
        except Refused as refused:
            if refused.code != CouponsRefusal.COUPON_HOLD_KNOWN.name:
                raise
            at, held = self._open(request.hold)
            if (at.issuer, at.number, held.bill) != (call.issuer, call.campaign, call.bill):
                raise
            return _aside(call, held.discount, held.expires_ms)
        return _aside(call, done.discount, done.expires_ms)

    def _hold(self, request: PutCouponAside) -> HoldCoupon:
        card = self._cards.known(request.presented) if request.presented else b""
        paper = read_coupon(request.coupon) if request.coupon else None
        issuer = paper.issuer if paper is not None else request.issuer
        campaign = paper.campaign if paper is not None else request.campaign
        preimage = coupon_preimage(
            self._desk.chain, self._desk.shop, request.hold, issuer, campaign, request.bill
        )
        serial, key, signature = 0, b"", b""
        if paper is not None:
            serial, key = paper.serial, paper.key.public_key
            signature = paper.key.sign(preimage)
        elif card and isinstance(shown := read_presented(request.presented), CardSecret):
            signature = shown.key.sign(preimage)
        return HoldCoupon(
            request.hold, issuer, campaign, card, serial, key, signature, request.bill
        )

    def _open(self, hold: bytes) -> tuple[CampaignAt, CouponHold]:
        """This shop's open hold of that name, or why there is none, in the ledger's words."""
        now_ms = self._desk.time_ms()
        made = coupon_queries.made_hold(self._desk.view(), self._desk.shop, hold, now_ms)
        if made is None:
            raise Refused("COUPON_HOLD_UNKNOWN")
        at, held = made
        if held is None:
            # Used, given back or over: what it was is not on record, and scanning again tells.
            raise Refused("COUPON_HOLD_EXPIRED")
        return at, held

    # --- a sale ---

    async def _undo(self, order: OrderRef) -> CouponsBack:
        try:
            undo = UndoCoupons(order.register, order.number)
            undone, _ = await self._desk.call(undo, CouponsUndone)
        except Refused as refused:
            if refused.code == PointsRefusal.ORDER_UNKNOWN.name:
                raise unknown_order(OrderName(order.register, order.number)) from refused
            raise
        return CouponsBack(undone.discount)

    def check(self, sale: Sell) -> None:
        """Refuses, before anything is sold, a sale with coupons that the ledger would sell
        without them (L-20.8)."""
        found = [self._open(name) for name in sale.coupons]
        campaigns = {(at.issuer, at.number) for at, _ in found}
        alone = [at for at, _ in found if not (_terms(at).stackable)]
        if len(campaigns) != len(found) or (alone and len(found) > 1):
            raise Refused("COUPONS_NOT_TOGETHER")
        bill = sale.gross + sum(held.discount for _, held in found)
        soonest_ms = self._desk.time_ms() + COUPON_MARGIN_MS
        for _, held in found:
            if held.bill != bill:
                raise Refused("COUPON_BILL_OTHER", bill=held.bill)
            if held.card and held.card != sale.card:
                raise Refused("COUPON_ORDER_CARD")
            if held.expires_ms < soonest_ms:
                raise Refused("COUPON_HOLD_EXPIRED")
            bill -= held.discount

    @staticmethod
    def use(sale: Sell) -> UseCoupons:
        """The call that takes them off."""
        return UseCoupons(sale.coupons, sale.order.register, sale.order.number)

    def taken_off(self, order: OrderRef) -> Amount:
        """By coupons, off an order of this shop."""
        view, shop = self._desk.view(), self._desk.shop
        found = coupon_queries.coupons_on(view, shop, order.register, order.number)
        return Amount(sum(used.discount for used in found.used) if found is not None else 0)


def _terms(at: CampaignAt) -> CouponTerms:
    assert isinstance(at.terms, CouponTerms), "only coupons are held"
    return at.terms


def _aside(call: HoldCoupon, discount: Amount, expires_ms: Millis) -> CouponAside:
    left = Amount(call.bill - discount)
    return CouponAside(call.hold, ShopId(call.issuer), call.campaign, discount, left, expires_ms)
