"""Campaigns of coupons: what is published, who pays and answers for it, what screens see."""

import pytest
from liandao_node.ledger import coupon_queries
from liandao_node.ledger.modules import clearing_books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import HandOver, Leave
from liandao_node.ledger.modules.coupon_calls import (
    CloseCampaign,
    CouponHeld,
    Offer,
    Sponsor,
)
from liandao_node.ledger.modules.coupon_cover import is_stopped
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms, OpenHours
from liandao_node.ledger.modules.points_calls import SaleDone
from liandao_node.ledger.modules.stake_calls import Withdraw
from liandao_node.types import Amount, Millis, ShopId
from msgspec.structs import replace
from support.couponing import (
    BAKER,
    BOOKS,
    FLOWERS,
    RULES,
    at,
    buy_with,
    coupon_street,
    coupon_terms,
    give,
    hold_on_card,
    offered,
    reserved,
    sell_on,
    sound,
)
from support.ledger_street import BEGIN_MS, DAY_MS, Outcome, sale
from support.refunding import owed, tick

OFF = Amount(200)


def _held(done: Outcome) -> int:
    assert isinstance(done.answer, CouponHeld), done.code
    return done.answer.discount


# --- campaigns ---


@pytest.mark.rule("L-20.1")
def test_campaigns_are_numbered_by_shop_and_never_changed() -> None:
    street = coupon_street()
    assert [offered(street, coupon_terms()) for _ in range(2)] == [1, 2]
    assert offered(street, coupon_terms(sponsor=BOOKS), BOOKS) == 1
    assert at(street, 1).terms == coupon_terms()
    sound(street)


@pytest.mark.rule("L-20.2")
@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (coupon_terms(amount=0), "TERMS_UNCLEAR"),
        (coupon_terms(bps=100), "TERMS_UNCLEAR"),
        (replace(coupon_terms(bps=100, most=50), amount=Amount(1)), "TERMS_UNCLEAR"),
        (replace(coupon_terms(), most=Amount(50)), "TERMS_UNCLEAR"),
        (coupon_terms(CouponForm.PAPER, shown=True), "TERMS_UNCLEAR"),
        (coupon_terms(hours=[OpenHours(1, 600, 600)]), "HOURS_BACKWARDS"),
        (coupon_terms(places=[1, 1]), "PLACES_UNORDERED"),
        (coupon_terms(places=[1, 9]), "MEMBER_UNKNOWN"),
        (coupon_terms(sponsor=9), "MEMBER_UNKNOWN"),
        (coupon_terms(to_ms=BEGIN_MS), "DATES_BACKWARDS"),
        (coupon_terms(from_ms=BEGIN_MS + 5, to_ms=BEGIN_MS + 5), "DATES_BACKWARDS"),
        (coupon_terms(budget=1_000_001), "BUDGET_UNCOVERED"),
    ],
)
def test_terms_that_say_nothing_or_too_much_are_refused(terms: CouponTerms, code: str) -> None:
    street = coupon_street()
    assert street.call(BAKER, Offer(terms)).code == code
    assert coupon_queries.spending_of(street.ledger.view(), ShopId(BAKER), street.time_ms) == []


@pytest.mark.rule("L-20.3")
def test_a_campaign_waits_for_the_word_of_who_pays() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms(CouponForm.GIVEN, places=[BOOKS]), BOOKS)
    assert street.call(BOOKS, give(number, card)).code == "CAMPAIGN_WAITS"
    assert reserved(street) == 0
    assert street.call(FLOWERS, Sponsor(ShopId(BOOKS), number)).code == "CAMPAIGN_FOREIGN"
    assert street.call(BAKER, Sponsor(ShopId(BOOKS), 7)).code == "CAMPAIGN_UNKNOWN"
    assert street.call(BAKER, Sponsor(ShopId(BOOKS), number)).code == "OK"
    assert street.call(BAKER, Sponsor(ShopId(BOOKS), number)).code == "SPONSORED_BEFORE"
    assert reserved(street) == 100_000
    assert street.call(BOOKS, give(number, card)).code == "OK"
    assert buy_with(street, BOOKS, 1, 1_000, number, card, issuer=BOOKS) == "OK"
    assert owed(street) == {(BAKER, BOOKS): OFF}
    assert street.call(FLOWERS, CloseCampaign(ShopId(BOOKS), number)).code == "CAMPAIGN_FOREIGN"
    assert street.call(BAKER, CloseCampaign(ShopId(BOOKS), number)).code == "OK"
    assert street.call(BOOKS, CloseCampaign(ShopId(BOOKS), number)).code == "CAMPAIGN_CLOSED"
    assert street.call(BAKER, Sponsor(ShopId(BOOKS), number)).code == "CAMPAIGN_CLOSED"
    sound(street)


@pytest.mark.rule("L-20.3")
def test_a_closed_campaign_honours_what_is_held_and_takes_nothing_new() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms())
    card = street.enrol(1)
    assert street.call(BOOKS, hold_on_card(1, number, 1_000, card)).code == "OK"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), number)).code == "OK"
    assert reserved(street) == OFF, "of the budget, what is held"
    assert street.call(BOOKS, hold_on_card(2, number, 1_000, card)).code == "CAMPAIGN_CLOSED"
    assert sell_on(street, BOOKS, 1, 1_000, OFF, [1], card) == "OK"
    assert (owed(street), reserved(street)) == ({(BAKER, BOOKS): OFF}, 0)
    sound(street)


@pytest.mark.rule("L-20.3")
def test_time_ends_a_campaign_and_its_last_holds_and_frees_the_budget() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(to_ms=BEGIN_MS + DAY_MS))
    card = street.enrol(1)
    tick(street, BEGIN_MS + DAY_MS - 2_000)
    assert street.call(BOOKS, hold_on_card(1, number, 1_000, card)).code == "OK"
    assert street.call(BOOKS, hold_on_card(2, number, 1_000, card)).code == "CAMPAIGN_CLOSED"
    assert reserved(street) == 100_000, "it is over, and the day's work has not seen it"
    tick(street, BEGIN_MS + DAY_MS + 8 * 3_600_000)
    assert reserved(street) == 0, "its last hold had run out by then"
    short = offered(street, coupon_terms(to_ms=street.time_ms + 3_600_000))
    street.wait(3_597_000)
    assert street.call(BOOKS, hold_on_card(3, short, 1_000, card)).code == "OK"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), short)).code == "OK"
    tick(street, street.time_ms + 2 * DAY_MS)
    assert reserved(street) == 0
    sound(street)


@pytest.mark.rule("L-20.1")
def test_a_shop_has_so_many_campaigns_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liandao_node.ledger.modules.coupon_campaigns.CAMPAIGNS_OPEN_MAX", 2)
    street = coupon_street()
    small = coupon_terms(budget=10)
    first = offered(street, small)
    offered(street, small)
    assert street.call(BAKER, Offer(small)).code == "CAMPAIGNS_FULL"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), first)).code == "OK"
    assert offered(street, small) == 3


# --- who answers for it ---


@pytest.mark.rule("L-20.4")
def test_a_budget_is_taken_out_of_the_issue_limit_until_the_campaign_ends() -> None:
    street = coupon_street(bond=1_000)
    card = street.enrol(1)
    number = offered(street, coupon_terms(budget=700))
    assert street.call(BAKER, Offer(coupon_terms(budget=301))).code == "BUDGET_UNCOVERED"
    done = street.call(BAKER, sale(1, 3_010, card)).answer
    assert isinstance(done, SaleDone)
    assert done.limited, "301 points have no room beside 700"
    assert street.call(BAKER, sale(2, 3_000, card)).code == "OK"
    assert street.call(BAKER, Withdraw(Amount(1))).code == "BOND_IN_USE"
    assert buy_with(street, BOOKS, 1, 1_000, number, card) == "OK"
    assert (reserved(street), Obligations().payable(street.ledger.view(), ShopId(BAKER))) == (
        500,
        200,
    )
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), number)).code == "OK"
    assert reserved(street) == 0
    assert street.call(BAKER, Withdraw(Amount(500))).code == "OK"
    assert street.call(BAKER, Withdraw(Amount(1))).code == "BOND_IN_USE"
    sound(street)


@pytest.mark.rule("L-20.4")
def test_coupons_of_ones_own_till_need_no_cover() -> None:
    street = coupon_street(bond=1_000)
    card = street.enrol(1)
    number = offered(street, coupon_terms(budget=50_000, places=[BAKER]))
    assert (reserved(street), owed(street)) == (0, {})
    assert street.call(BOOKS, hold_on_card(1, number, 900, card)).code == "COUPON_NOT_HERE"
    assert buy_with(street, BAKER, 1, 1_000, number, card) == "OK"
    assert (at(street, number).left, owed(street)) == (49_800, {})
    sound(street)


@pytest.mark.rule("L-20.4")
def test_nobody_takes_coupons_of_a_shop_that_is_gone_or_did_not_pay() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms())
    view = street.ledger.view()
    assert not is_stopped(view, ShopId(BAKER))
    conduct = replace(clearing_books.conduct_of(view, BAKER), to_bearers=Amount(1))
    clearing_books.conducts.put(view, BAKER, value=conduct)
    assert is_stopped(view, ShopId(BAKER)), "in default"
    assert [street.call(BAKER, call).code for call in (Leave(), HandOver())] == ["OK", "OK"]
    held = street.call(BOOKS, hold_on_card(1, number, 1_000, card))
    assert held.code == "SPONSOR_STOPPED"
    assert street.call(BAKER, hold_on_card(1, number, 1_000, card)).code == "OK", "at its own till"
    sound(street)


def test_who_leaves_begins_nothing_that_others_take() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms())
    assert street.call(BAKER, Leave()).code == "OK"
    assert street.call(BAKER, Offer(coupon_terms())).code == "SPONSOR_STOPPED"
    assert street.call(BAKER, Offer(coupon_terms(places=[BAKER]))).code == "OK"
    assert buy_with(street, BOOKS, 1, 1_000, number, card) == "OK", "it stands by its word"


# --- screens ---


def test_screens_see_what_runs_what_a_card_may_have_and_what_is_left() -> None:
    street = coupon_street()
    card = street.enrol(1)
    everywhere = offered(street, coupon_terms(card_uses=2))
    at_flowers = offered(street, coupon_terms(amount=500, places=[FLOWERS]))
    given = offered(street, coupon_terms(CouponForm.GIVEN, amount=300))
    paper = offered(street, coupon_terms(CouponForm.PAPER))
    assert street.call(BAKER, give(given, card)).code == "OK"
    assert buy_with(street, BOOKS, 1, 1_000, everywhere, card) == "OK"

    def numbers(shop: int) -> list[int]:
        view = street.ledger.view()
        found = coupon_queries.campaigns_at(view, ShopId(shop), street.time_ms)
        return [one.number for one in found]

    def may(shop: int, bill: int = 1_000) -> list[tuple[int, int, int]]:
        view, offset = street.ledger.view(), street.genesis.utc_offset_minutes
        found = coupon_queries.redeemable(
            view, ShopId(shop), card.id, Amount(bill), street.time_ms, offset
        )
        return [(one.at.number, one.discount, one.left) for one in found]

    assert numbers(BOOKS) == [everywhere, given, paper]
    assert numbers(FLOWERS) == [everywhere, at_flowers, given, paper]
    assert may(BOOKS) == [(given, 300, 1), (everywhere, 200, 1)]
    assert may(FLOWERS)[0] == (at_flowers, 500, 0)
    assert may(BOOKS, 0) == []
    assert street.call(FLOWERS, hold_on_card(5, everywhere, 900, card)).code == "OK"
    assert [number for number, *_ in may(BOOKS)] == [given]
    street.wait(RULES.hold_ms)
    assert [number for number, *_ in may(BOOKS)] == [given, everywhere]
    view = street.ledger.view()
    spending = coupon_queries.spending_of(view, ShopId(BAKER), Millis(street.time_ms))
    assert [(one.at.number, one.at.tally.spent, one.at.left) for one in spending] == [
        (everywhere, 200, 99_800),
        (at_flowers, 0, 100_000),
        (given, 0, 100_000),
        (paper, 0, 100_000),
    ]
    assert all(one.owed_elsewhere for one in spending)
