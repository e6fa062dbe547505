"""Coupons put aside and taken off bills: which are genuine, what they take off, who gets them."""

import pytest
from liandao_node.ledger import coupon_queries
from liandao_node.ledger.modules.coupon_calls import (
    CouponGiven,
    CouponHeld,
    Printed,
    ReleaseCoupon,
)
from liandao_node.ledger.modules.coupon_terms import CouponForm, OpenHours
from liandao_node.ledger.modules.points_calls import SaleDone
from liandao_node.types import Amount, ShopId
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
    hold_paper,
    hold_shown,
    offered,
    paper_key,
    printing,
    sell_on,
    sound,
    use_of,
    used,
)
from support.ledger_street import BEGIN_MS, Outcome, hold_id, sale
from support.refunding import owed, tick

OFF = Amount(200)


def _held(done: Outcome) -> int:
    assert isinstance(done.answer, CouponHeld), done.code
    return done.answer.discount


# --- paper ---


@pytest.mark.rule("L-20.5")
def test_paper_is_committed_by_sheets_and_never_more_than_the_terms_say() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(CouponForm.PAPER, uses=130))
    for first, count in ((0, 60), (60, 60)):
        done = street.call(BAKER, printing(number, first, count)).answer
        assert done == Printed(first, first + count)
    assert street.call(BAKER, printing(number, 120, 11)).code == "COUPONS_PRINTED"
    assert street.call(BAKER, printing(number, 120, 10)).code == "OK"
    assert street.call(BOOKS, printing(number, 120, 1)).code == "CAMPAIGN_UNKNOWN"
    view = street.ledger.view()
    for serial in (0, 63, 64, 119, 129):
        key = paper_key(serial).public_key
        assert coupon_queries.is_paper_free(view, ShopId(BAKER), number, serial, key) is True
        assert coupon_queries.is_paper_free(view, ShopId(BAKER), number, serial + 1, key) is None
    other = offered(street, coupon_terms(CouponForm.CARD))
    assert street.call(BAKER, printing(other, 0, 1)).code == "CAMPAIGN_KIND"
    sound(street)


@pytest.mark.rule("L-20.6")
def test_paper_is_proven_by_its_own_key() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(CouponForm.PAPER))
    assert street.call(BAKER, printing(number, 0, 3)).code == "OK"
    forged = hold_paper(street, BOOKS, 1, number, 900, 0, key=paper_key(1))
    stolen = replace(hold_paper(street, FLOWERS, 1, number, 900, 0), hold=hold_id(1))
    for bad in (
        forged,
        stolen,
        replace(stolen, public_key=b""),
        hold_paper(street, BOOKS, 1, number, 900, 3),
        hold_paper(street, BOOKS, 1, number, 900, 64),
        replace(hold_paper(street, BOOKS, 1, number, 900, 0), bill=Amount(901)),
    ):
        assert street.call(BOOKS, bad).code == "COUPON_FALSE"
    assert _held(street.call(BOOKS, hold_paper(street, BOOKS, 1, number, 900, 0))) == OFF


@pytest.mark.rule("L-20.6")
def test_of_two_shops_that_want_one_coupon_exactly_one_gets_it() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(CouponForm.PAPER))
    assert street.call(BAKER, printing(number, 0, 1)).code == "OK"
    race = [
        street.tx(shop, hold_paper(street, shop, 1, number, 1_000, 0)) for shop in (FLOWERS, BOOKS)
    ]
    assert [done.code for done in street.block(*race)] == ["OK", "COUPON_HELD"]
    assert sell_on(street, FLOWERS, 1, 1_000, OFF, [1], None) == "OK"
    again = hold_paper(street, BOOKS, 2, number, 1_000, 0)
    assert street.call(BOOKS, again).code == "COUPON_USED"
    key = paper_key(0).public_key
    assert (
        coupon_queries.is_paper_free(street.ledger.view(), ShopId(BAKER), number, 0, key) is False
    )
    assert owed(street) == {(BAKER, FLOWERS): OFF}
    sound(street)


@pytest.mark.rule("L-20.6")
def test_a_hold_is_given_back_by_its_shop_or_by_time_and_its_name_counts_once() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(CouponForm.PAPER))
    assert street.call(BAKER, printing(number, 0, 1)).code == "OK"
    assert _held(street.call(BOOKS, hold_paper(street, BOOKS, 1, number, 900, 0))) == OFF
    assert street.call(FLOWERS, ReleaseCoupon(hold_id(1))).code == "COUPON_HOLD_UNKNOWN"
    assert street.call(BOOKS, ReleaseCoupon(hold_id(1))).code == "OK"
    assert street.call(BOOKS, ReleaseCoupon(hold_id(1))).code == "COUPON_HOLD_SPENT"
    again = hold_paper(street, BOOKS, 1, number, 900, 0)
    assert street.call(BOOKS, again).code == "COUPON_HOLD_KNOWN"
    assert _held(street.call(BOOKS, hold_paper(street, BOOKS, 2, number, 900, 0))) == OFF
    assert (at(street, number).tally.held, at(street, number).left) == (OFF, 99_800)
    street.wait(RULES.hold_ms - 2_000)
    assert street.call(FLOWERS, hold_paper(street, FLOWERS, 3, number, 900, 0)).code == (
        "COUPON_HELD"
    )
    late = street.call(FLOWERS, hold_paper(street, FLOWERS, 3, number, 900, 0))
    assert _held(late) == OFF, "on the millisecond"
    assert sell_on(street, BOOKS, 1, 900, OFF, [2], None) == "COUPON_HOLD_EXPIRED"
    sound(street)


@pytest.mark.rule("L-20.6")
def test_a_card_is_shown_where_the_terms_say_so() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(shown=True))
    card, other = street.enrol(1), street.enrol(2)
    typed = hold_on_card(1, number, 900, card)
    assert street.call(BOOKS, typed).code == "CARD_SIGNATURE_BAD"
    shown = hold_shown(street, BOOKS, 1, number, 900, card)
    assert street.call(FLOWERS, shown).code == "CARD_SIGNATURE_BAD", "signed for another shop"
    assert street.call(BOOKS, replace(shown, card=other.id)).code == "CARD_SIGNATURE_BAD"
    assert street.call(BOOKS, replace(shown, serial=1)).code == "COUPON_FALSE"
    assert street.call(BOOKS, replace(shown, card=b"")).code == "COUPON_CARD_MISSING"
    assert street.call(BOOKS, replace(shown, card=b"\1" * 16)).code == "CARD_UNKNOWN"
    assert street.call(BOOKS, shown).code == "OK"
    loose = offered(street, coupon_terms())
    wrong = replace(hold_shown(street, FLOWERS, 2, loose, 900, card), hold=hold_id(3))
    assert street.call(BOOKS, wrong).code == "CARD_SIGNATURE_BAD", "a signature is never ignored"
    assert street.call(BOOKS, hold_on_card(3, loose, 900, card)).code == "OK"


# --- what it takes off ---


@pytest.mark.rule("L-20.7")
@pytest.mark.parametrize(
    ("bill", "off"), [(10_000, 300), (5_990, 299), (999, 0), (1_000, 50), (100_000, 300)]
)
def test_a_part_of_the_bill_goes_up_to_its_cap_and_is_rounded_down(bill: int, off: int) -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(bps=500, most=300, minimum=1_000))
    card = street.enrol(1)
    done = street.call(BOOKS, hold_on_card(1, number, bill, card))
    assert (done.code, off) == ("COUPON_BILL_SMALL", 0) if not off else _held(done) == off


@pytest.mark.rule("L-20.7")
def test_a_coupon_never_takes_off_more_than_the_bill() -> None:
    street = coupon_street()
    number = offered(street, coupon_terms())
    card = street.enrol(1)
    assert street.call(BOOKS, hold_on_card(1, number, 0, card)).code == "COUPON_BILL_SMALL"
    assert _held(street.call(BOOKS, hold_on_card(1, number, 150, card))) == 150
    assert sell_on(street, BOOKS, 1, 150, 150, [1], card) == "OK"
    assert owed(street) == {(BAKER, BOOKS): 150}


@pytest.mark.rule("L-20.7")
def test_days_and_hours_are_those_of_the_ledger() -> None:
    """Block 0 is a Sunday at 16:00 in the street."""
    street = coupon_street()
    card = street.enrol(1)
    after_five = offered(street, coupon_terms(hours=[OpenHours(64, 17 * 60, 18 * 60)]))
    mondays = offered(street, coupon_terms(hours=[OpenHours(1, 0, 1_440)]))
    later = offered(street, coupon_terms(from_ms=BEGIN_MS + 3_600_000))

    def code(campaign: int, name: int) -> str:
        return street.call(BOOKS, hold_on_card(name, campaign, 900, card)).code

    assert {code(number, 1) for number in (after_five, mondays, later)} == {"COUPON_NOT_NOW"}
    tick(street, BEGIN_MS + 3_600_000 - 1_000)
    assert [code(later, 1), code(after_five, 2), code(mondays, 3)] == ["OK", "OK", "COUPON_NOT_NOW"]
    tick(street, BEGIN_MS + 2 * 3_600_000 - 1_000)
    assert code(after_five, 4) == "COUPON_NOT_NOW"
    tick(street, BEGIN_MS + 9 * 3_600_000)
    assert code(mondays, 5) == "OK"


@pytest.mark.rule("L-20.7")
def test_caps_in_all_and_by_card_are_kept_to_the_unit() -> None:
    street = coupon_street()
    card, other = street.enrol(1), street.enrol(2)
    number = offered(street, coupon_terms(budget=500, card_budget=400))
    assert buy_with(street, BOOKS, 1, 1_000, number, card) == "OK"
    assert street.call(FLOWERS, hold_on_card(1, number, 900, card)).code == "OK"
    assert street.call(BOOKS, hold_on_card(3, number, 900, card)).code == "COUPON_CARD_CAP"
    assert street.call(BOOKS, hold_on_card(3, number, 101, other)).code == "COUPON_BUDGET"
    assert _held(street.call(BOOKS, hold_on_card(3, number, 100, other))) == 100
    assert at(street, number).left == 0
    counted = offered(street, coupon_terms(uses=2, card_uses=1))
    assert buy_with(street, BOOKS, 2, 1_000, counted, card) == "OK"
    assert buy_with(street, BOOKS, 3, 1_000, counted, card) == "COUPON_CARD_CAP"
    assert buy_with(street, BOOKS, 4, 1_000, counted, other) == "OK"
    assert buy_with(street, BOOKS, 5, 1_000, counted, street.enrol(3)) == "COUPON_BUDGET"
    assert use_of(street, card, counted) == (0, 1, 200)
    sound(street)


@pytest.mark.rule("L-20.7")
def test_paper_with_a_cap_by_card_asks_for_the_card() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms(CouponForm.PAPER, card_uses=1))
    assert street.call(BAKER, printing(number, 0, 2)).code == "OK"
    bare = hold_paper(street, BOOKS, 1, number, 900, 0)
    assert street.call(BOOKS, bare).code == "COUPON_CARD_MISSING"
    held = hold_paper(street, BOOKS, 1, number, 900, 0, card=card)
    assert street.call(BOOKS, held).code == "OK"
    second = hold_paper(street, FLOWERS, 1, number, 900, 1, card=card)
    assert street.call(FLOWERS, second).code == "COUPON_CARD_CAP"


@pytest.mark.rule("L-20.5")
def test_a_coupon_that_was_given_to_a_card_is_that_cards() -> None:
    street = coupon_street()
    card, other = street.enrol(1), street.enrol(2)
    number = offered(street, coupon_terms(CouponForm.GIVEN, uses=2))
    assert street.call(BAKER, give(number, card)).answer == CouponGiven(1)
    assert street.call(BAKER, give(number, card)).answer == CouponGiven(2)
    assert street.call(BAKER, give(number, other)).code == "COUPONS_PRINTED"
    assert buy_with(street, BOOKS, 1, 1_000, number, other) == "COUPON_CARD_CAP"
    assert buy_with(street, BOOKS, 2, 1_000, number, card) == "OK"
    assert street.call(BOOKS, hold_on_card(7, number, 900, card)).code == "OK"
    assert street.call(FLOWERS, hold_on_card(8, number, 900, card)).code == "COUPON_CARD_CAP"
    sound(street)


def test_no_shop_keeps_a_campaign_by_holding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "liandao_node.ledger.modules.coupon_holds."
    monkeypatch.setattr(place + "COUPON_HOLDS_PER_SHOP_MAX", 2)
    monkeypatch.setattr(place + "COUPON_HOLDS_MAX", 3)
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms())
    codes = [
        street.call(shop, hold_on_card(name, number, 900, card)).code
        for name, shop in enumerate((BOOKS, BOOKS, BOOKS, FLOWERS, BAKER))
    ]
    assert codes == ["OK", "OK", "COUPON_HOLDS_FULL", "OK", "COUPON_HOLDS_FULL"]


# --- orders ---


@pytest.mark.rule("L-20.8")
def test_coupons_go_together_only_where_all_say_so_and_down_to_the_sales_gross() -> None:
    street = coupon_street()
    card = street.enrol(1)
    alone = offered(street, coupon_terms())
    one, two = (offered(street, coupon_terms(stackable=True, amount=off)) for off in (300, 400))

    def held(name: int, campaign: int, bill: int) -> None:
        assert street.call(BOOKS, hold_on_card(name, campaign, bill, card)).code == "OK"

    held(1, one, 1_000)
    held(2, two, 700)
    held(3, alone, 700)
    held(4, one, 700)
    assert sell_on(street, BOOKS, 1, 1_000, 500, [1, 3], card) == "COUPONS_NOT_TOGETHER"
    assert sell_on(street, BOOKS, 2, 1_000, 600, [1, 4], card) == "COUPONS_NOT_TOGETHER"
    assert sell_on(street, BOOKS, 3, 1_000, 700, [2, 1], card) == "COUPON_BILL_OTHER"
    assert sell_on(street, BOOKS, 4, 1_001, 700, [1, 2], card) == "COUPON_BILL_OTHER"
    assert sell_on(street, BOOKS, 5, 1_000, 700, [1, 2], card) == "OK"
    assert street.call(BOOKS, used(5, 4)).code == "COUPONS_ON_ORDER"
    assert owed(street) == {(BAKER, BOOKS): 700}
    found = coupon_queries.coupons_on(street.ledger.view(), ShopId(BOOKS), 1, 5)
    assert found is not None
    assert [use.discount for use in found.used] == [300, 400]
    sound(street)


@pytest.mark.rule("L-20.8")
def test_a_coupon_is_used_on_a_sale_of_its_own_shop_card_and_block() -> None:
    street = coupon_street()
    card, other = street.enrol(1), street.enrol(2)
    number = offered(street, coupon_terms())
    assert street.call(BOOKS, hold_on_card(1, number, 1_000, card)).code == "OK"
    assert street.call(BOOKS, used(1, 1)).code == "ORDER_UNKNOWN"
    assert street.call(FLOWERS, sale(1, 800, card)).code == "OK"
    assert street.call(BOOKS, used(1, 1)).code == "ORDER_UNKNOWN", "another shop's sale"
    assert sell_on(street, BOOKS, 1, 1_000, OFF, [1], other) == "COUPON_ORDER_CARD"
    assert sell_on(street, BOOKS, 2, 1_000, OFF, [1], None) == "COUPON_ORDER_CARD"
    assert street.call(BOOKS, sale(3, 800, card)).code == "OK"
    assert street.call(BOOKS, used(3, 1)).code == "COUPON_BILL_OTHER", "a sale of earlier"
    assert sell_on(street, BOOKS, 4, 1_000, OFF, [9], card) == "COUPON_HOLD_UNKNOWN"
    assert sell_on(street, BOOKS, 5, 1_000, OFF, [1], card) == "OK"
    assert sell_on(street, BOOKS, 6, 1_000, OFF, [1], card) == "COUPON_HOLD_SPENT"
    sound(street)


@pytest.mark.rule("L-20.8")
def test_a_sale_on_a_coupon_earns_on_what_was_paid_and_points_come_after_it() -> None:
    street = coupon_street()
    card = street.enrol(1)
    assert street.call(BAKER, sale(1, 10_000, card)).code == "OK"
    number = offered(street, coupon_terms())
    assert street.call(BOOKS, hold_on_card(1, number, 1_000, card)).code == "OK"
    assert street.call(BOOKS, street.hold(BOOKS, card, 2, 800)).code == "OK"
    bill = sale(1, 800, card, hold=2, points=800)
    done = street.block(street.tx(BOOKS, bill, used(1, 1)))
    assert [outcome.code for outcome in done] == ["OK", "OK"]
    assert isinstance(done[0].answer, SaleDone)
    assert (done[0].answer.points_used, done[0].answer.earned) == (800, 0)
    assert owed(street) == {(BAKER, BOOKS): 1_000}
    sound(street)
