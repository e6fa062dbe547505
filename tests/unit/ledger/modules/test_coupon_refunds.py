"""What a refund takes of a coupon: from the sponsor's debt, or from who was paid already."""

import pytest
from liandao_node.ledger import coupon_queries
from liandao_node.ledger.modules.coupon_calls import CloseCampaign, CouponsUndone, UndoCoupons
from liandao_node.ledger.modules.coupon_cover import share
from liandao_node.ledger.modules.coupon_terms import CouponForm
from liandao_node.types import Amount, ShopId
from support.couponing import (
    BAKER,
    BOOKS,
    FLOWERS,
    at,
    buy_with,
    coupon_street,
    coupon_terms,
    give,
    hold_on_card,
    hold_paper,
    offered,
    paper_key,
    printing,
    reserved,
    sell_on,
    sound,
    use_of,
)
from support.refunding import next_period, owed, refund


@pytest.mark.rule("L-20.9")
def test_a_refund_takes_its_part_of_what_the_sponsor_owes_rounded_down() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms(amount=100))
    assert buy_with(street, BOOKS, 1, 1_000, number, card, off=100) == "OK"
    for name, (gross, left) in enumerate([(300, 67), (299, 34), (1, 34), (299, 1), (1, 0)]):
        assert street.call(BOOKS, refund(1, name, gross)).code == "OK"
        assert owed(street).get((BAKER, BOOKS), 0) == left
        assert (at(street, number).tally.spent, use_of(street, card, number)[2]) == (left, left)
        assert reserved(street) == 100_000 - left
        sound(street)
    assert (at(street, number).tally.uses, use_of(street, card, number)) == (0, (0, 0, 0))


@pytest.mark.rule("L-20.9")
def test_after_the_turn_who_was_paid_owes_it_back_and_the_budget_stays_spent() -> None:
    street = coupon_street(bond=100_000)
    card = street.enrol(1)
    number = offered(street, coupon_terms(amount=100))
    assert buy_with(street, BOOKS, 1, 1_000, number, card, off=100) == "OK"
    assert street.call(BOOKS, refund(1, 1, 450)).code == "OK"
    assert owed(street) == {(BAKER, BOOKS): 50}
    next_period(street)
    assert street.call(BOOKS, refund(1, 2, 450)).code == "OK"
    assert owed(street) == {(BOOKS, BAKER): 50}
    assert (at(street, number).tally.spent, reserved(street)) == (50, 100_000 - 50)
    assert at(street, number).tally.uses == 0
    sound(street)


@pytest.mark.rule("L-20.9")
@pytest.mark.parametrize("parts", [(900,), (1, 899), (450, 450), (333, 333, 234)])
def test_paper_is_good_again_when_its_whole_order_was_given_back(parts: tuple[int, ...]) -> None:
    street = coupon_street()
    number = offered(street, coupon_terms(CouponForm.PAPER, amount=100))
    assert street.call(BAKER, printing(number, 0, 1)).code == "OK"
    assert street.call(BOOKS, hold_paper(street, BOOKS, 1, number, 1_000, 0)).code == "OK"
    assert sell_on(street, BOOKS, 1, 1_000, 100, [1], None) == "OK"
    key = paper_key(0).public_key
    for name, gross in enumerate(parts):
        view = street.ledger.view()
        assert coupon_queries.is_paper_free(view, ShopId(BAKER), number, 0, key) is False
        assert street.call(BOOKS, refund(1, name, gross)).code == "OK"
    assert coupon_queries.is_paper_free(street.ledger.view(), ShopId(BAKER), number, 0, key) is True
    assert street.call(FLOWERS, hold_paper(street, FLOWERS, 1, number, 1_000, 0)).code == "OK"
    assert sell_on(street, FLOWERS, 1, 1_000, 100, [1], None) == "OK"
    assert owed(street) == {(BAKER, FLOWERS): 100}
    sound(street)


@pytest.mark.rule("L-20.9")
def test_what_was_used_at_home_is_budget_again_only_where_nothing_was_reserved() -> None:
    street = coupon_street()
    card = street.enrol(1)
    home = offered(street, coupon_terms(places=[BAKER]))
    abroad = offered(street, coupon_terms())
    for number, campaign in ((1, home), (2, abroad)):
        assert buy_with(street, BAKER, number, 1_000, campaign, card) == "OK"
        assert street.call(BAKER, refund(number, number, 800)).code == "OK"
    assert [at(street, campaign).tally.spent for campaign in (home, abroad)] == [0, 200]
    assert [at(street, campaign).tally.uses for campaign in (home, abroad)] == [0, 0]
    assert (reserved(street), owed(street)) == (99_800, {})
    sound(street)


@pytest.mark.rule("L-20.9")
def test_a_closed_campaign_gets_its_money_back_and_reserves_nothing_again() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms())
    assert buy_with(street, BOOKS, 1, 1_000, number, card) == "OK"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), number)).code == "OK"
    assert street.call(BOOKS, refund(1, 1, 800)).code == "OK"
    assert (owed(street), reserved(street), at(street, number).tally.spent) == ({}, 0, 0)
    sound(street)


@pytest.mark.rule("L-20.9")
def test_coupons_that_paid_a_whole_bill_are_undone_by_themselves_and_once() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms(CouponForm.GIVEN))
    assert street.call(BAKER, give(number, card)).code == "OK"
    assert buy_with(street, BOOKS, 1, 200, number, card) == "OK"
    assert street.call(BOOKS, refund(1, 1, 1)).code == "REFUND_OVER_ORDER"
    assert street.call(BOOKS, UndoCoupons(1, 9)).code == "ORDER_UNKNOWN"
    assert street.call(FLOWERS, UndoCoupons(1, 1)).code == "ORDER_UNKNOWN"
    assert street.call(BOOKS, UndoCoupons(1, 1)).answer == CouponsUndone(Amount(200))
    assert street.call(BOOKS, UndoCoupons(1, 1)).code == "COUPONS_UNDONE"
    assert (owed(street), use_of(street, card, number)) == ({}, (1, 0, 0))
    assert buy_with(street, BOOKS, 2, 1_000, number, card) == "OK", "the card has it again"
    assert street.call(BOOKS, UndoCoupons(1, 2)).code == "COUPON_ORDER_PAID"
    sound(street)


@pytest.mark.rule("L-20.9")
def test_shares_of_refunds_add_up_to_the_whole_and_are_never_negative() -> None:
    for amount, gross in ((7, 3), (100, 7), (1, 999)):
        steps = [share(amount, at, at + 1, gross) for at in range(gross)]
        assert min(steps) >= 0
        assert sum(steps) == share(amount, 0, gross, gross) == amount


def test_a_card_that_used_a_coupon_may_use_it_anew_when_the_order_went_back() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms(card_uses=1))
    assert buy_with(street, BOOKS, 1, 1_000, number, card) == "OK"
    assert street.call(BOOKS, refund(1, 1, 799)).code == "OK"
    again = hold_on_card(7, number, 1_000, card)
    assert street.call(BOOKS, again).code == "COUPON_CARD_CAP", "one unit of it was kept"
    assert street.call(BOOKS, refund(1, 2, 1)).code == "OK"
    assert street.call(BOOKS, again).code == "OK"
