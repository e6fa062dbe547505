"""Coupons and campaigns, through `Service.handle` of a lone node (docs/ledger.md section 20)."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from liandao_node.crypto.cards import CardSecret, read_presented
from liandao_node.crypto.coupon_papers import read_coupon
from liandao_node.crypto.keys import verify
from liandao_node.errors import Refused
from liandao_node.ledger.calendar import DAY_MS, day_of
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.coupon_calls import ReleaseCoupon
from liandao_node.ledger.modules.referral_calls import Refer, Referred, refer_preimage
from liandao_node.runtime import coupons_desk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.types import Amount, Millis, ShopId, Signature
from liandao_node.wire.api import Certified, OrderRef, Sell, Sold
from liandao_node.wire.coupons import (
    CampaignOffered,
    CampaignSaid,
    CampaignSort,
    CampaignsTold,
    CampaignWord,
    CardCouponGiven,
    CommissionPublished,
    CountVisit,
    CouponAside,
    CouponFor,
    CouponHours,
    CouponsBack,
    CustomerReferred,
    GetCampaigns,
    GetWallet,
    GiveCardCoupon,
    GiveCouponBack,
    OfferCoupons,
    OfferStampCard,
    PapersPrinted,
    PrintPapers,
    PublishCommission,
    PutCouponAside,
    ReferCustomer,
    SayCampaign,
    UndoOrderCoupons,
    VisitCounted,
    WalletTold,
)
from msgspec.structs import replace
from support.runtime_node import OneNode, found, running_node, sale, until

PRINTING = b"a printing, 16 b"
ALWAYS = CouponHours(127, 0, 1_440)
ME = ShopId(0)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


def terms(one: OneNode, form: CouponFor = CouponFor.PAPER, **changes: object) -> OfferCoupons:
    """Two off every bill."""
    now_ms = one.node.clock.street_ms()
    made = OfferCoupons(
        form=form,
        amount=Amount(200),
        bps=0,
        most=Amount(0),
        minimum=Amount(500),
        from_ms=Millis(now_ms - DAY_MS),
        to_ms=Millis(now_ms + DAY_MS),
        hours=[ALWAYS],
        places=[],
        sponsor=ME,
        budget=Amount(100_000),
        card_budget=Amount(0),
        uses=100,
        card_uses=0,
        stackable=False,
        shown=False,
    )
    return replace(made, **changes)


async def offered(one: OneNode, form: CouponFor = CouponFor.PAPER, **changes: object) -> int:
    done = await one.ask(terms(one, form, **changes), CampaignOffered)
    assert done.is_open
    return done.campaign


def aside(coupon: str, bill: int, **changes: object) -> PutCouponAside:
    made = PutCouponAside(secrets.token_bytes(16), coupon, ME, 0, "", Amount(bill))
    return replace(made, **changes)


async def sold_with(one: OneNode, gross: int, *held: CouponAside, card: bytes = b"") -> Sold:
    return await one.ask(await selling(one, gross, *held, card=card), Sold)


async def selling(one: OneNode, gross: int, *held: CouponAside, card: bytes = b"") -> Sell:
    return replace(sale(await one.number(), card, gross), coupons=[hold.hold for hold in held])


async def spent(one: OneNode, campaign: int) -> tuple[int, int, int]:
    told = await one.ask(GetCampaigns(), CampaignsTold)
    view = next(view for view in told.campaigns if view.number == campaign)
    return view.spent, view.held, view.uses


@pytest.mark.rule("L-20.5")
async def test_what_was_printed_is_told_again_and_never_made_twice(one: OneNode) -> None:
    campaign = await offered(one)
    printing = PrintPapers(campaign, PRINTING, 70, again=False)
    with pytest.raises(Refused, match="PRINTING_UNKNOWN"):
        await one.ask(replace(printing, again=True), PapersPrinted)
    await one.ask(replace(printing, printing=bytes(16), count=2), PapersPrinted)
    first = await one.ask(printing, PapersPrinted)
    assert first.first == 2
    assert [read_coupon(text).serial for text in first.papers] == list(range(2, 72))
    assert len({read_coupon(text).seed for text in first.papers}) == 70
    for again in (True, False):
        assert await one.ask(replace(printing, again=again), PapersPrinted) == first
    with pytest.raises(Refused) as refused:
        await one.ask(replace(printing, printing=b"b" * 16, count=29), PapersPrinted)
    assert (refused.value.code, refused.value.facts) == ("COUPONS_PRINTED", {"left": 28})
    told = await one.ask(GetCampaigns(), CampaignsTold)
    assert [(view.number, view.made, view.sort) for view in told.campaigns] == [
        (campaign, 72, CampaignSort.COUPONS)
    ]


@pytest.mark.rule("L-20.8")
async def test_a_coupon_is_put_aside_and_taken_off_with_the_sale(one: OneNode) -> None:
    campaign = await offered(one)
    printed = await one.ask(PrintPapers(campaign, PRINTING, 2, again=False), PapersPrinted)
    putting = aside(printed.papers[0], 1_000)
    held = await one.ask(putting, CouponAside)
    assert (held.campaign, held.discount, held.bill) == (campaign, 200, 800)
    assert await one.ask(putting, CouponAside) == held, "R12"
    with pytest.raises(Refused, match="COUPON_HOLD_KNOWN"):
        await one.ask(replace(putting, bill=Amount(999)), CouponAside)
    with pytest.raises(Refused, match="COUPON_HELD"):
        await one.ask(aside(printed.papers[0], 1_000), CouponAside)
    request = await selling(one, 800, held)
    sold = await one.ask(request, Sold)
    assert (sold.coupons_off, sold.coupons_refused) == (200, "")
    again = await one.ask(request, Sold)
    assert (again.coupons_off, again.coupons_refused) == (200, ""), "R12"
    assert await spent(one, campaign) == (200, 0, 1)
    with pytest.raises(Refused, match="COUPON_USED"):
        await one.ask(aside(printed.papers[0], 1_000), CouponAside)
    other = await one.ask(aside(printed.papers[1], 1_000), CouponAside)
    assert (await one.ask(GiveCouponBack(other.hold), CouponsBack)).discount == 200
    assert await spent(one, campaign) == (200, 0, 1)


@pytest.mark.rule("L-20.8")
async def test_nothing_is_sold_with_coupons_that_would_not_be_taken(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger would keep the sale and refuse the coupons: too late for who was told a price."""
    paper, other = await offered(one), await offered(one, amount=Amount(100))
    stacked = [await offered(one, stackable=True) for _ in range(2)]
    texts = {
        at: (await one.ask(PrintPapers(at, PRINTING, 2, again=False), PapersPrinted)).papers
        for at in (paper, other, *stacked)
    }
    first = await one.ask(aside(texts[paper][0], 1_000), CouponAside)
    second = await one.ask(aside(texts[other][0], 800), CouponAside)
    twin = await one.ask(aside(texts[paper][1], 800), CouponAside)
    card = await one.card()
    on_card = await one.ask(aside(texts[other][1], 1_000, presented=card.payload), CouponAside)
    height, before = one.node.ledger.tip.seq, await spent(one, paper)
    for gross, holds, code in (
        (799, [first], "COUPON_BILL_OTHER"),
        (700, [first, second], "COUPONS_NOT_TOGETHER"),
        (600, [first, twin], "COUPONS_NOT_TOGETHER"),
        (900, [on_card], "COUPON_ORDER_CARD"),
        (800, [replace(first, hold=bytes(16))], "COUPON_HOLD_UNKNOWN"),
    ):
        with pytest.raises(Refused, match=code):
            await sold_with(one, gross, *holds)
    with monkeypatch.context() as patch:
        patch.setattr(coupons_desk, "COUPON_MARGIN_MS", DAY_MS)
        with pytest.raises(Refused, match="COUPON_HOLD_EXPIRED"):
            await sold_with(one, 800, first)
    assert (one.node.ledger.tip.seq, await spent(one, paper)) == (height, before)
    one_more = await one.ask(aside(texts[stacked[0]][0], 1_000), CouponAside)
    two_more = await one.ask(aside(texts[stacked[1]][0], one_more.bill), CouponAside)
    assert (await sold_with(one, 600, one_more, two_more)).coupons_off == 400
    assert (await sold_with(one, 900, on_card, card=card.card.card)).coupons_off == 100


async def test_a_sale_that_is_under_way_is_not_refused_beside_it(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A till that asks again must not hear that nothing stands while the first asking may."""
    campaign = await offered(one)
    printed = await one.ask(PrintPapers(campaign, PRINTING, 1, again=False), PapersPrinted)
    held = await one.ask(aside(printed.papers[0], 1_000), CouponAside)
    request = await selling(one, 800, held)
    monkeypatch.setattr(coupons_desk, "COUPON_MARGIN_MS", DAY_MS)
    monkeypatch.setattr(one.node.submissions, "is_under_way", lambda _: True)
    sold = await one.ask(request, Sold)
    assert sold.coupons_off == 200


async def test_a_call_is_under_way_until_the_street_has_answered(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 4)
    calls = [as_call(ReleaseCoupon(bytes([at]) * 16)) for at in range(2)]
    async with running_node(dirs[0], genesis, alone=True) as one, trio.open_nursery() as nursery:
        submissions = one.node.submissions
        nursery.start_soon(submissions.submit, [calls[0]])
        await until(lambda: submissions.pending == 1)
        assert [submissions.is_under_way(call) for call in calls] == [True, False]
        nursery.cancel_scope.cancel()


async def test_cards_are_given_coupons_and_fill_stamp_cards(one: OneNode) -> None:
    given = await offered(one, CouponFor.GIVEN)
    everybody = await offered(one, CouponFor.CARD, amount=Amount(0), bps=1_000, most=Amount(90))
    card = await one.card()
    wallet = GetWallet(card.card.code, Amount(800))
    told = await one.ask(wallet, WalletTold)
    assert [(coupon.campaign, coupon.discount) for coupon in told.coupons] == [(everybody, 80)]
    gift = GiveCardCoupon(given, card.card.code)
    assert (await one.ask(gift, CardCouponGiven)).unused == 1
    stamps = OfferStampCard(
        Millis(0), Millis(one.node.clock.street_ms() + DAY_MS), Amount(500), 2, 2, [], given
    )
    stamp_card = (await one.ask(stamps, CampaignOffered)).campaign
    on_card = aside("", 800, issuer=ME, campaign=given, presented=card.payload)
    held = await one.ask(on_card, CouponAside)
    sold = await sold_with(one, 600, held, card=card.card.card)
    assert sold.coupons_off == 200
    told = await one.ask(wallet, WalletTold)
    assert [coupon.campaign for coupon in told.coupons] == [everybody]
    assert [(s.campaign, s.count, s.stamps) for s in told.stamps] == [(stamp_card, 1, 2)]
    await one.sell(card.card.card, 600)
    told = await one.ask(wallet, WalletTold)
    assert [coupon.campaign for coupon in told.coupons] == [given, everybody], "a full card"
    for word in (CampaignWord.QUIT, CampaignWord.JOIN):
        await one.ask(SayCampaign(word, ME, stamp_card), CampaignSaid)


async def test_a_bill_that_coupons_paid_whole_is_undone(one: OneNode) -> None:
    campaign = await offered(one, minimum=Amount(0))
    printed = await one.ask(PrintPapers(campaign, PRINTING, 1, again=False), PapersPrinted)
    held = await one.ask(aside(printed.papers[0], 150), CouponAside)
    sold = await sold_with(one, 0, held)
    assert sold.coupons_off == 150
    assert (await one.ask(UndoOrderCoupons(sold.order), CouponsBack)).discount == 150
    assert (await one.ask(aside(printed.papers[0], 150), CouponAside)).discount == 150
    closed = await one.ask(SayCampaign(CampaignWord.CLOSE, ME, campaign), CampaignSaid)
    assert (closed.amount, closed.held) == (150, 150)
    with pytest.raises(Refused, match="ORDER_UNKNOWN") as refused:
        await one.ask(UndoOrderCoupons(OrderRef(1, 99)), CouponsBack)
    assert refused.value.facts == {"register": 1, "number": 99}


@pytest.mark.rule("L-18.15")
@pytest.mark.rule("L-20.14")
async def test_visits_and_referrals_need_the_card_itself(one: OneNode) -> None:
    card = await one.card()
    assert (await one.ask(CountVisit(card.payload), VisitCounted)).visits == 1
    with pytest.raises(Refused, match="VISIT_KNOWN"):
        await one.ask(CountVisit(card.payload), VisitCounted)
    caps = [Amount(1_000)] * 5
    published = await one.ask(PublishCommission(500, 30, 0, *caps), CommissionPublished)
    assert published.version == 1
    with pytest.raises(Refused, match="REFERRAL_TO_SELF"):
        await one.ask(ReferCustomer(card.payload, ME), VisitCounted)
    with pytest.raises(Refused, match="REFERRAL_NOT_OFFERED"):
        await one.ask(ReferCustomer(card.payload, ShopId(1)), VisitCounted)


@pytest.mark.rule("L-20.15")
async def test_the_card_signs_to_whom_it_is_sent(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A street of one shop has nobody to send to; so what would be ordered is looked at."""
    card = await one.card()
    ordered: list[Refer] = []

    async def order(_: LedgerDesk, body: Refer, answer: type) -> tuple[Referred, Certified]:
        assert answer is Referred
        ordered.append(body)
        return Referred(Millis(7), 1), Certified(0, Millis(0), 0)

    monkeypatch.setattr(LedgerDesk, "call", order)
    sent = await one.ask(ReferCustomer(card.payload, ShopId(3)), CustomerReferred)
    assert sent.until_ms == 7
    [call] = ordered
    genesis, secret = one.node.genesis, read_presented(card.payload)
    assert isinstance(secret, CardSecret)
    assert call.day == day_of(one.node.clock.street_ms(), genesis.utc_offset_minutes)
    preimage = refer_preimage(genesis.chain_id, ME, ShopId(3), call.day)
    assert verify(secret.key.public_key, preimage, Signature(call.signature))
