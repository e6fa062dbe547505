"""Stamp cards that become coupons, rebates that become points, and what refunds take of both."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import coupon_queries, points_queries
from liandao_node.ledger.calendar import day_of, day_start_ms
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules.card_services import CardFollower
from liandao_node.ledger.modules.coupon_calls import CloseCampaign
from liandao_node.ledger.modules.coupon_orders import WalletMover
from liandao_node.ledger.modules.coupon_terms import CouponForm
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.modules.stamp_calls import JoinStamps, QuitStamps
from liandao_node.types import ShopId
from support.card_street import claim, merge, offer, receipt
from support.couponing import (
    BAKER,
    BOOKS,
    FLOWERS,
    at,
    buy_with,
    coupon_street,
    coupon_terms,
    hold_on_card,
    number_of,
    offered,
    rebate,
    sound,
    stamps,
    use_of,
)
from support.ledger_street import DAY_MS, Street, sale
from support.refunding import brought, debts, next_day, owed, purse, refund, refund_of_import, tick


def _count(street: Street, card: CardSecret) -> int:
    found = coupon_queries.stamps_of(street.ledger.view(), card.id)
    return found[0].count if found else 0


def _buy(street: Street, shop: int, number: int, gross: int, card: CardSecret | None) -> None:
    assert street.call(shop, sale(number, gross, card)).code == "OK"


def _stamped_street() -> tuple[Street, int, int]:
    """Three orders of five make a coupon of the baker's."""
    street = coupon_street()
    prize = offered(street, coupon_terms(CouponForm.GIVEN, uses=5))
    card = number_of(street.call(BAKER, stamps(prize, day_max=9)))
    return street, prize, card


# --- stamps ---


@pytest.mark.rule("L-20.11")
def test_a_full_card_becomes_a_coupon_that_any_shop_takes() -> None:
    street, prize, _ = _stamped_street()
    card = street.enrol(1)
    for number, gross in enumerate((500, 499, 5_000), 1):
        _buy(street, BAKER, number, gross, card)
    _buy(street, BOOKS, 1, 500, card)
    _buy(street, BAKER, 9, 500, None)
    assert (_count(street, card), use_of(street, card, prize)) == (2, (0, 0, 0))
    assert street.call(BAKER, brought(4, 500, card)).code == "OK"
    assert (_count(street, card), use_of(street, card, prize)) == (0, (1, 0, 0))
    assert buy_with(street, BOOKS, 2, 1_000, prize, card) == "OK"
    assert owed(street) == {(BAKER, BOOKS): 200}
    sound(street)


@pytest.mark.rule("L-20.11")
def test_so_many_stamps_a_day_and_none_beside_a_full_card_without_a_reward() -> None:
    street = coupon_street()
    prize = offered(street, coupon_terms(CouponForm.GIVEN, uses=1))
    assert street.call(BAKER, stamps(prize, day_max=2, full=3)).code == "OK"
    card = street.enrol(1)
    counts = []
    for number in range(1, 8):
        _buy(street, BAKER, number, 500, card)
        counts.append(_count(street, card))
        if number % 3 == 0:
            next_day(street)
    assert counts == [1, 2, 2, 0, 1, 1, 2]
    next_day(street)
    for number in (8, 9):
        _buy(street, BAKER, number, 500, card)
    assert (_count(street, card), use_of(street, card, prize)[0]) == (3, 1), "none left to give"
    sound(street)


@pytest.mark.rule("L-20.11")
def test_a_stamp_card_names_a_reward_of_its_own_shop() -> None:
    street = coupon_street()
    loose = offered(street, coupon_terms())
    mine = offered(street, coupon_terms(CouponForm.GIVEN))
    assert street.call(BAKER, stamps(loose)).code == "REWARD_UNFIT"
    assert street.call(BAKER, stamps(9)).code == "REWARD_UNFIT"
    assert street.call(BOOKS, stamps(mine)).code == "REWARD_UNFIT"
    assert street.call(BAKER, stamps(mine, places=[2, 1])).code == "PLACES_UNORDERED"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), mine)).code == "OK"
    assert street.call(BAKER, stamps(mine)).code == "REWARD_UNFIT"


@pytest.mark.rule("L-20.11")
def test_shops_take_part_by_their_own_word() -> None:
    street, prize, number = _stamped_street()
    card = street.enrol(1)
    join, leave = (kind(ShopId(BAKER), number) for kind in (JoinStamps, QuitStamps))
    _buy(street, BOOKS, 1, 500, card)
    assert _count(street, card) == 0
    assert street.call(BOOKS, leave).code == "STAMPS_NOT_JOINED"
    assert street.call(BOOKS, join).code == "OK"
    assert street.call(BOOKS, join).code == "STAMPS_JOINED"
    assert street.call(BOOKS, JoinStamps(ShopId(BAKER), prize)).code == "CAMPAIGN_KIND"
    _buy(street, BOOKS, 2, 500, card)
    assert _count(street, card) == 1
    assert street.call(BOOKS, leave).code == "OK"
    _buy(street, BOOKS, 3, 500, card)
    assert _count(street, card) == 1
    only_here = number_of(street.call(BAKER, stamps(prize, places=[BAKER, FLOWERS])))
    assert street.call(BOOKS, JoinStamps(ShopId(BAKER), only_here)).code == "COUPON_NOT_HERE"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), number)).code == "OK"
    assert street.call(FLOWERS, join).code == "CAMPAIGN_CLOSED"
    sound(street)


@pytest.mark.rule("L-20.11")
def test_a_shop_takes_part_in_so_many_and_closed_ones_make_room() -> None:
    street = coupon_street()
    prize = offered(street, coupon_terms(CouponForm.GIVEN))
    numbers = [number_of(street.call(BAKER, stamps(prize))) for _ in range(7)]
    assert street.call(BAKER, rebate()).code == "OK"
    assert street.call(BAKER, stamps(prize)).code == "CAMPAIGNS_FULL"
    assert street.call(BAKER, rebate()).code == "CAMPAIGNS_FULL"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), numbers[3])).code == "OK"
    assert street.call(BAKER, rebate()).code == "OK"
    sound(street)


@pytest.mark.rule("L-20.12")
def test_a_refund_takes_the_stamp_when_what_is_left_would_not_have_brought_it() -> None:
    street, _, _ = _stamped_street()
    card = street.enrol(1)
    _buy(street, BAKER, 1, 800, card)
    assert street.call(BAKER, refund(1, 1, 300)).code == "OK"
    assert _count(street, card) == 1
    assert street.call(BAKER, refund(1, 2, 1)).code == "OK"
    assert _count(street, card) == 0
    assert street.call(BAKER, refund(1, 3, 499)).code == "OK"
    assert _count(street, card) == 0, "taken once"
    assert street.call(BAKER, brought(1, 500, card)).code == "OK"
    assert street.call(BAKER, refund_of_import(1, 4, 500)).code == "OK"
    assert _count(street, card) == 0
    sound(street)


@pytest.mark.rule("L-20.12")
def test_a_stamp_comes_out_of_an_unused_reward_else_the_card_owes_it() -> None:
    street, prize, _ = _stamped_street()
    card = street.enrol(1)
    for number in range(1, 7):
        _buy(street, BAKER, number, 500, card)
    assert use_of(street, card, prize) == (2, 0, 0)
    assert buy_with(street, BOOKS, 1, 1_000, prize, card) == "OK"
    assert street.call(BAKER, refund(1, 1, 500)).code == "OK"
    assert (_count(street, card), use_of(street, card, prize)[:2]) == (2, (1, 1))
    assert at(street, prize).tally.made == 1
    for number in (2, 3, 4):
        assert street.call(BAKER, refund(number, number, 500)).code == "OK"
    assert (_count(street, card), use_of(street, card, prize)[:2]) == (-1, (1, 1))
    for number in range(7, 10):
        _buy(street, BAKER, number, 500, card)
    assert (_count(street, card), use_of(street, card, prize)[0]) == (2, 1)
    next_day(street)
    _buy(street, BAKER, 10, 500, card)
    assert use_of(street, card, prize)[0] == 2
    sound(street)


@pytest.mark.rule("L-20.12")
def test_a_reward_that_a_till_holds_is_not_taken_away() -> None:
    street, prize, _ = _stamped_street()
    card = street.enrol(1)
    for number in range(1, 4):
        _buy(street, BAKER, number, 500, card)
    assert street.call(BOOKS, hold_on_card(1, prize, 900, card)).code == "OK"
    assert street.call(BAKER, refund(1, 1, 500)).code == "OK"
    assert (_count(street, card), use_of(street, card, prize)[0]) == (-1, 1)
    sound(street)


@pytest.mark.rule("L-20.10")
def test_two_cards_made_one_have_their_stamps_together() -> None:
    street, prize, _ = _stamped_street()
    old, new = street.enrol(1), street.enrol(2)
    once = offered(street, coupon_terms(card_uses=1))
    for number, card in enumerate((old, old, new), 1):
        _buy(street, BAKER, number, 500, card)
    for number, card in enumerate((old, new), 4):
        assert buy_with(street, BOOKS, number, 1_000, once, card) == "OK"
    assert street.call(BAKER, merge(street, old, new)).code == "OK"
    assert (_count(street, new), use_of(street, new, prize)) == (0, (1, 0, 0))
    assert use_of(street, new, once) == (0, 2, 400)
    assert books.wallets.get(street.ledger.view(), old.id) is None
    assert street.call(BAKER, refund(1, 1, 500)).code == "OK"
    assert (_count(street, new), use_of(street, new, prize)[0]) == (2, 0), "the old card's order"
    assert street.call(BOOKS, refund(4, 1, 800)).code == "OK"
    assert use_of(street, new, once) == (0, 1, 200)
    assert issubclass(WalletMover, CardFollower)
    sound(street)


@pytest.mark.rule("L-20.10")
def test_a_full_wallet_forgets_closed_campaigns_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liandao_node.ledger.modules.coupon_cards.WALLET_ENTRIES_MAX", 2)
    street = coupon_street()
    card = street.enrol(1)
    numbers = [offered(street, coupon_terms(budget=900)) for _ in range(3)]
    for at_number, campaign in enumerate(numbers[:2]):
        assert buy_with(street, BOOKS, at_number, 900, campaign, card) == "OK"
    assert buy_with(street, BOOKS, 5, 900, numbers[2], card) == "WALLET_FULL"
    assert buy_with(street, BOOKS, 6, 900, numbers[1], card) == "OK", "it has that one"
    assert street.call(BAKER, CloseCampaign(ShopId(BAKER), numbers[0])).code == "OK"
    assert buy_with(street, BOOKS, 7, 900, numbers[2], card) == "OK"
    assert use_of(street, card, numbers[0]) == (0, 0, 0)
    assert street.call(BOOKS, refund(0, 1, 700)).code == "OK", "an order of the forgotten one"
    sound(street)


# --- rebates ---


@pytest.mark.rule("L-20.13")
def test_a_rebate_waits_for_the_end_of_the_return_window() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = number_of(street.call(BAKER, rebate(500, minimum=100, vest_days=14)))
    _buy(street, BAKER, 1, 99, card)
    _buy(street, BAKER, 2, 1_999, card)
    lots = purse(street, card).pending
    assert [(lot.amount, lot.origin) for lot in lots] == [(99, Origin.REBATE)]
    offset = street.genesis.utc_offset_minutes
    first_day = day_of(street.time_ms, offset) + 15
    assert lots[0].vests_ms == day_start_ms(first_day, offset)
    before = points_queries.purse_at(street.ledger.view(), card.id, lots[0].vests_ms)
    assert before.available == 9 + 199 + 99
    assert (at(street, number).tally.spent, use_of(street, card, number)[2]) == (99, 99)
    sound(street)


@pytest.mark.rule("L-20.13")
def test_rebates_stay_within_order_card_budget_and_bond() -> None:
    street = coupon_street()
    one, two = street.enrol(1), street.enrol(2)
    number = number_of(street.call(BAKER, rebate(order_max=100, card_max=150, budget=220)))

    def gets(at_number: int, card: CardSecret) -> int:
        before = purse(street, card).waiting
        _buy(street, BAKER, at_number, 10_000, card)
        return purse(street, card).waiting - before

    assert [gets(1, one), gets(2, one), gets(3, one)] == [100, 50, 0]
    assert [gets(4, two), gets(5, two)] == [70, 0]
    assert at(street, number).left == 0
    poor = coupon_street(bond=50)
    card = poor.enrol(1)
    assert poor.call(BAKER, rebate(10_000)).code == "OK"
    assert poor.call(BAKER, sale(1, 400, card)).code == "OK"
    assert (purse(poor, card).available, purse(poor, card).waiting) == (40, 0), "no room for 400"
    sound(street)
    sound(poor)


@pytest.mark.rule("L-20.13")
@pytest.mark.rule("L-7.14")
def test_a_refund_claws_its_part_of_a_rebate_and_leaves_a_debt_when_it_is_spent() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = number_of(street.call(BAKER, rebate(500, vest_days=1)))
    _buy(street, BAKER, 1, 1_000, card)
    assert street.call(BAKER, refund(1, 1, 350)).code == "OK"
    assert purse(street, card).waiting + purse(street, card).available == 33 + 65
    assert at(street, number).tally.spent == 33
    tick(street, street.time_ms + 3 * DAY_MS)
    assert street.call(BOOKS, street.hold(BOOKS, card, 5, 98)).code == "OK"
    assert street.call(BOOKS, sale(5, 98, card, hold=5, points=98)).code == "OK"
    assert street.call(BAKER, refund(1, 2, 650)).code == "OK"
    assert debts(street, card) == {BAKER: 65 + 33}
    assert (at(street, number).tally.spent, at(street, number).tally.uses) == (0, 0)
    sound(street)


def test_terms_of_a_rebate_and_of_stamps_have_dates() -> None:
    street = coupon_street()
    late = rebate()
    tick(street, late.terms.to_ms - 1_000)
    assert street.call(BAKER, late).code == "DATES_BACKWARDS"


@pytest.mark.rule("L-20.11")
def test_who_claims_an_order_later_gets_its_points_and_no_stamp() -> None:
    street, _, _ = _stamped_street()
    card, secret = street.enrol(1), receipt(1)
    _buy(street, BAKER, 1, 5_000, None)
    assert street.call(BAKER, offer(1, secret)).code == "OK"
    assert street.call(BAKER, claim(street, card, secret)).code == "OK"
    assert purse(street, card).available == 500
    assert _count(street, card) == 0
    assert street.call(BAKER, refund(1, 1, 5_000)).code == "OK"
    assert _count(street, card) == 0
    sound(street)
