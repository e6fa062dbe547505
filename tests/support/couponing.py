"""A street with campaigns: terms, holds, sales on coupons, and what is known after them."""

from collections.abc import Sequence
from typing import Final

from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger import coupon_queries
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.coupon_queries import CampaignAt
from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.module_api import Module
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_wallets
from liandao_node.ledger.modules.cards import Cards
from liandao_node.ledger.modules.clearing import Clearing
from liandao_node.ledger.modules.coupon_calls import (
    GiveCoupon,
    HoldCoupon,
    Offer,
    Offered,
    PrintCoupons,
    UseCoupons,
    coupon_digest,
    coupon_preimage,
)
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms, OpenHours
from liandao_node.ledger.modules.coupons import Coupons
from liandao_node.ledger.modules.membership import Membership
from liandao_node.ledger.modules.points import Points
from liandao_node.ledger.modules.rebates import OfferRebate, RebateTerms
from liandao_node.ledger.modules.referral_calls import (
    CommissionTerms,
    Refer,
    SetCommission,
    refer_preimage,
)
from liandao_node.ledger.modules.stake import Stake
from liandao_node.ledger.modules.stamp_calls import OfferStamps, StampTerms
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules

from support.ledger_street import BEGIN_MS, DAY_MS, Outcome, Street, hold_id, make_genesis, sale

MODULES: Final[tuple[Module, ...]] = (
    Membership(),
    Stake(),
    Cards(),
    Clearing(),
    Points(),
    Coupons(),
)
BAKER, BOOKS, FLOWERS = 0, 1, 2
LONG_MS: Final = Millis(BEGIN_MS + 400 * DAY_MS)
RULES: Final = Rules(earn_bps=1_000, share_bps_max=10_000, payment_min=Amount(1))


def coupon_street(rules: Rules = RULES, *, bond: int = 1_000_000, shops: int = 3) -> Street:
    return Street(make_genesis(shops, rules=rules, bond=bond, modules=MODULES), MODULES)


def coupon_terms(
    form: CouponForm = CouponForm.CARD,
    *,
    amount: int = 200,
    bps: int = 0,
    most: int = 0,
    minimum: int = 0,
    from_ms: int = 0,
    to_ms: int = LONG_MS,
    hours: Sequence[OpenHours] = (),
    places: Sequence[int] = (),
    sponsor: int = BAKER,
    budget: int = 100_000,
    card_budget: int = 0,
    uses: int = 1_000,
    card_uses: int = 0,
    stackable: bool = False,
    shown: bool = False,
) -> CouponTerms:
    """Two off every bill, at every shop, at the baker's cost."""
    return CouponTerms(
        form,
        Amount(0 if bps else amount),
        bps,
        Amount(most),
        Amount(minimum),
        Millis(from_ms),
        Millis(to_ms),
        list(hours),
        [ShopId(place) for place in places],
        ShopId(sponsor),
        Amount(budget),
        Amount(card_budget),
        uses,
        card_uses,
        stackable,
        shown,
    )


def offered(street: Street, terms: CouponTerms, shop: int = BAKER) -> int:
    """The number of a new campaign."""
    return number_of(street.call(shop, Offer(terms)))


def number_of(done: Outcome) -> int:
    assert isinstance(done.answer, Offered), done.code
    return done.answer.campaign


def stamps(
    reward: int, *, minimum: int = 500, day_max: int = 2, full: int = 3, places: Sequence[int] = ()
) -> OfferStamps:
    terms = StampTerms(
        Millis(0),
        LONG_MS,
        Amount(minimum),
        day_max,
        full,
        [ShopId(place) for place in places],
        reward,
    )
    return OfferStamps(terms)


def rebate(
    bps: int = 500,
    *,
    minimum: int = 0,
    order_max: int = 1_000,
    card_max: int = 10_000,
    budget: int = 100_000,
    vest_days: int = 14,
) -> OfferRebate:
    return OfferRebate(
        RebateTerms(
            Millis(0),
            LONG_MS,
            bps,
            Amount(minimum),
            Amount(order_max),
            Amount(card_max),
            Amount(budget),
            vest_days,
        )
    )


def commission(
    bps: int = 500,
    *,
    days: int = 30,
    fresh_days: int = 0,
    order_max: int = 10**9,
    card_max: int = 10**9,
    day_max: int = 10**9,
    period_max: int = 10**9,
    total_max: int = 10**9,
) -> SetCommission:
    caps = (order_max, card_max, day_max, period_max, total_max)
    return SetCommission(CommissionTerms(bps, days, fresh_days, *map(Amount, caps)))


def refer(street: Street, by: int, card: CardSecret, to: int, day: int | None = None) -> Refer:
    if day is None:
        day = day_of(street.time_ms, street.genesis.utc_offset_minutes)
    preimage = refer_preimage(street.chain_id, ShopId(by), ShopId(to), day)
    return Refer(card.id, ShopId(to), day, card.key.sign(preimage))


def paper_key(serial: int) -> SigningKey:
    return SigningKey(b"coupon" + serial.to_bytes(26, "big"))


def printing(campaign: int, first: int, count: int) -> PrintCoupons:
    keys = (paper_key(serial).public_key for serial in range(first, first + count))
    return PrintCoupons(campaign, [coupon_digest(key) for key in keys])


def hold_on_card(
    name: int, campaign: int, bill: int, card: CardSecret | None, *, issuer: int = BAKER
) -> HoldCoupon:
    card_id = card.id if card is not None else b""
    return HoldCoupon(hold_id(name), ShopId(issuer), campaign, card_id, 0, b"", b"", Amount(bill))


def hold_shown(
    street: Street, shop: int, name: int, campaign: int, bill: int, card: CardSecret
) -> HoldCoupon:
    """On a card that is there."""
    preimage = coupon_preimage(
        street.chain_id, ShopId(shop), hold_id(name), ShopId(BAKER), campaign, Amount(bill)
    )
    signature = card.key.sign(preimage)
    return HoldCoupon(
        hold_id(name), ShopId(BAKER), campaign, card.id, 0, b"", signature, Amount(bill)
    )


def hold_paper(
    street: Street,
    shop: int,
    name: int,
    campaign: int,
    bill: int,
    serial: int,
    *,
    card: CardSecret | None = None,
    key: SigningKey | None = None,
    issuer: int = BAKER,
) -> HoldCoupon:
    """A coupon on paper; another key is a forged one."""
    key = key or paper_key(serial)
    preimage = coupon_preimage(
        street.chain_id, ShopId(shop), hold_id(name), ShopId(issuer), campaign, Amount(bill)
    )
    card_id = card.id if card is not None else b""
    return HoldCoupon(
        hold_id(name),
        ShopId(issuer),
        campaign,
        card_id,
        serial,
        key.public_key,
        key.sign(preimage),
        Amount(bill),
    )


def used(number: int, *names: int) -> UseCoupons:
    return UseCoupons([hold_id(name) for name in names], 1, number)


def give(campaign: int, card: CardSecret) -> GiveCoupon:
    return GiveCoupon(campaign, card.id)


def sell_on(
    street: Street,
    shop: int,
    number: int,
    bill: int,
    off: int,
    names: Sequence[int],
    card: CardSecret | None,
) -> str:
    """A sale and the coupons that were held for it, in one transaction; what came of the latter."""
    body = sale(number, bill - off, card)
    done = street.block(street.tx(shop, body, used(number, *names)))
    assert done[0].code == "OK"
    return done[1].code


def buy_with(
    street: Street,
    shop: int,
    number: int,
    bill: int,
    campaign: int,
    card: CardSecret | None,
    *,
    off: int = 200,
    issuer: int = BAKER,
) -> str:
    """Hold, sale and use of a coupon on a card."""
    name = 1_000 * (shop + 1) + number
    held = street.call(shop, hold_on_card(name, campaign, bill, card, issuer=issuer))
    return (
        sell_on(street, shop, number, bill, off, [name], card) if held.code == "OK" else held.code
    )


def at(street: Street, campaign: int, issuer: int = BAKER) -> CampaignAt:
    view = street.ledger.view()
    found = coupon_queries.campaign_at(view, ShopId(issuer), campaign, street.time_ms)
    assert found is not None
    return found


def reserved(street: Street, shop: int = BAKER) -> int:
    return books.cover_of(street.ledger.view(), shop).reserved


def use_of(
    street: Street, card: CardSecret, campaign: int, issuer: int = BAKER
) -> tuple[int, int, int]:
    """Given to the card, used, spent."""
    wallet = books.wallets.get(street.ledger.view(), card.id) or coupon_wallets.EMPTY_WALLET
    use = coupon_wallets.use_of(wallet, ShopId(issuer), campaign)
    return use.given, use.used, use.spent


def sound(street: Street) -> None:
    """Nothing that always holds is broken."""
    view = street.ledger.view()
    assert street.ledger.machine.invariants(view) == []
    assert over_limits(view, street.genesis.rules) == []
