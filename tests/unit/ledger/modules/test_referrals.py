"""Commission for customers whom another shop sent: its terms, its caps, what refunds take of it.

The last tests print what those gain who send customers that are none. Run with -s to read it.
"""

import sys

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import coupon_queries
from liandao_node.ledger.calendar import day_of, period_of, period_start_ms
from liandao_node.ledger.modules import clearing_books
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules.clearing_turn import nets_of
from liandao_node.ledger.modules.coupon_calls import Offer
from liandao_node.ledger.modules.coupon_wallets import (
    EMPTY_WALLET,
    Referral,
    StampCount,
    Wallet,
    joined,
    last_visit_ms,
    visited,
)
from liandao_node.ledger.modules.referral_calls import CommissionSet, Referred
from liandao_node.limits import WALLET_VISITS_MAX
from liandao_node.types import Amount, Millis, ShopId
from msgspec.structs import replace
from support.card_street import merge
from support.couponing import (
    BAKER,
    BOOKS,
    FLOWERS,
    at,
    buy_with,
    commission,
    coupon_street,
    coupon_terms,
    number_of,
    offered,
    rebate,
    refer,
    reserved,
    sell_on,
    sound,
)
from support.ledger_street import DAY_MS, Street, hold_id, sale
from support.refunding import next_day, next_period, owed, purse, refund, tick


def _street(**caps: int) -> Street:
    """The bookshop pays five in a hundred for customers, from now on."""
    street = coupon_street()
    assert street.call(BOOKS, commission(**caps)).code == "OK"
    next_period(street)
    return street


def _buy(street: Street, number: int, gross: int, card: CardSecret, shop: int = BOOKS) -> int:
    """What the bookshop owes the baker more after a sale."""
    before = owed(street).get((BOOKS, BAKER), 0)
    assert street.call(shop, sale(number, gross, card)).code == "OK"
    return owed(street).get((BOOKS, BAKER), 0) - before


def _sent(street: Street, number: int, by: int = BAKER) -> CardSecret:
    card = street.enrol(number)
    assert street.call(by, refer(street, by, card, BOOKS)).code == "OK"
    return card


@pytest.mark.rule("L-20.14")
def test_terms_take_effect_a_period_ahead_and_hold_for_their_referrals() -> None:
    street = coupon_street()
    card, later = street.enrol(1), street.enrol(2)
    offset = street.genesis.utc_offset_minutes
    from_ms = period_start_ms(period_of(street.time_ms, offset) + 1, offset)
    assert street.call(BOOKS, commission(500)).answer == CommissionSet(1, from_ms)
    early = refer(street, BAKER, card, BOOKS)
    assert street.call(BAKER, early).code == "REFERRAL_NOT_OFFERED"
    next_period(street)
    done = street.call(BAKER, refer(street, BAKER, card, BOOKS))
    assert done.answer == Referred(Millis(street.time_ms + 30 * DAY_MS), 1)
    assert street.call(BOOKS, commission(0)).answer == CommissionSet(
        2, period_start_ms(period_of(street.time_ms, offset) + 1, offset)
    )
    assert street.call(BAKER, refer(street, BAKER, later, BOOKS)).code == "OK"
    next_period(street)
    third = street.enrol(3)
    assert street.call(BAKER, refer(street, BAKER, third, BOOKS)).code == "REFERRAL_NOT_OFFERED"
    assert _buy(street, 1, 1_999, card) == 99, "by the terms of the day on which it was sent"
    assert coupon_queries.commission_of(street.ledger.view(), ShopId(BOOKS), 2) is not None
    sound(street)


@pytest.mark.rule("L-20.15")
def test_the_card_has_to_be_there_today_and_nobody_sends_to_himself() -> None:
    street = _street()
    card = street.enrol(1)
    today = day_of(street.time_ms, street.genesis.utc_offset_minutes)
    assert street.call(BOOKS, refer(street, BOOKS, card, BOOKS)).code == "REFERRAL_TO_SELF"
    assert street.call(BAKER, refer(street, BAKER, card, FLOWERS)).code == "REFERRAL_NOT_OFFERED"
    for day in (today - 2, today + 1):
        assert street.call(BAKER, refer(street, BAKER, card, BOOKS, day)).code == "REFERRAL_DAY"
    stolen = refer(street, FLOWERS, card, BOOKS)
    assert street.call(BAKER, stolen).code == "CARD_SIGNATURE_BAD"
    assert street.call(BAKER, replace(stolen, card=b"\1" * 16)).code == "CARD_UNKNOWN"
    assert street.call(BAKER, refer(street, BAKER, card, BOOKS, today - 1)).code == "OK"
    sound(street)


@pytest.mark.rule("L-20.15")
def test_the_first_who_sent_a_customer_stands_until_the_time_is_up() -> None:
    street = _street(days=3)
    card = _sent(street, 1)
    assert street.call(FLOWERS, refer(street, FLOWERS, card, BOOKS)).code == "REFERRAL_TAKEN"
    assert _buy(street, 1, 1_000, card) == 50
    tick(street, street.time_ms + 3 * DAY_MS)
    assert (
        coupon_queries.referral_of(street.ledger.view(), card.id, ShopId(BOOKS), street.time_ms)
        is None
    )
    assert _buy(street, 2, 1_000, card) == 0
    assert street.call(FLOWERS, refer(street, FLOWERS, card, BOOKS)).code == "OK"
    assert street.call(BOOKS, sale(3, 1_000, card)).code == "OK"
    assert owed(street)[BOOKS, FLOWERS] == 50


@pytest.mark.rule("L-20.15")
def test_a_customer_who_bought_there_lately_is_nobodys_to_send() -> None:
    street = _street(fresh_days=10)
    card = street.enrol(1)
    _buy(street, 1, 100, card)
    tick(street, street.time_ms + 10 * DAY_MS - 2_000)
    assert street.call(BAKER, refer(street, BAKER, card, BOOKS)).code == "REFERRAL_KNOWN"
    assert street.call(BAKER, refer(street, BAKER, card, BOOKS)).code == "OK"


@pytest.mark.rule("L-20.14")
def test_every_cap_is_kept_to_the_unit() -> None:
    street = _street(order_max=40, card_max=60, day_max=100, period_max=120, total_max=140)
    one, two, three = (_sent(street, number) for number in (1, 2, 3))
    assert [_buy(street, 1, 1_000, one), _buy(street, 2, 1_000, one)] == [40, 20]
    assert _buy(street, 3, 1_000, one) == 0, "the card's in this period"
    assert [_buy(street, 4, 1_000, two), _buy(street, 5, 1_000, three)] == [40, 0]
    next_day(street)
    assert [_buy(street, 6, 1_000, three), _buy(street, 7, 1_000, three)] == [20, 0]
    next_period(street)
    assert [_buy(street, 8, 1_000, one), _buy(street, 9, 1_000, one)] == [20, 0]
    sound(street)


@pytest.mark.rule("L-20.14")
def test_commission_has_to_fit_under_the_bond() -> None:
    street = coupon_street(bond=30)
    assert street.call(BOOKS, commission(5_000)).code == "OK"
    next_period(street)
    card = _sent(street, 1)
    assert _buy(street, 1, 200, card) == 10, "20 points and 10: the bond is full"
    assert _buy(street, 2, 200, card) == 0
    sound(street)


@pytest.mark.rule("L-20.16")
@pytest.mark.parametrize("parts", [(1_000,), (1, 999), (333, 333, 334), (10, 10, 980)])
def test_refunds_take_commission_back_the_same_on_any_way(parts: tuple[int, ...]) -> None:
    street = _street(bps=333)
    card = _sent(street, 1)
    assert _buy(street, 1, 1_000, card) == 33
    gone = 0
    for name, gross in enumerate(parts):
        assert street.call(BOOKS, refund(1, name, gross)).code == "OK"
        gone += gross
        assert owed(street).get((BOOKS, BAKER), 0) == 33 - 33 * gone // 1_000
    sound(street)


@pytest.mark.rule("L-20.16")
def test_commission_that_was_paid_is_owed_back() -> None:
    street = _street()
    card = _sent(street, 1)
    assert _buy(street, 1, 1_000, card) == 50
    next_period(street)
    assert street.call(BOOKS, refund(1, 1, 500)).code == "OK"
    assert owed(street) == {(BAKER, BOOKS): 25}
    assert books.cover_of(street.ledger.view(), BAKER).owed_back == 25
    sound(street)


@pytest.mark.rule("L-20.10")
def test_a_referral_goes_along_with_a_card_that_is_merged() -> None:
    street = _street()
    old, new = _sent(street, 1), street.enrol(2)
    assert street.call(BAKER, merge(street, old, new)).code == "OK"
    assert _buy(street, 1, 1_000, new) == 50


def _wallet(by: int, since: int, until: int, day: int) -> Wallet:
    referral = Referral(ShopId(BOOKS), ShopId(by), 1, Millis(since), Millis(until), 0, Amount(0))
    stamps = StampCount(ShopId(BAKER), 1, by, day, 1)
    return Wallet([], [stamps], [referral], [], 0)


@pytest.mark.rule("L-20.10")
def test_of_two_cards_the_earlier_referral_stands_and_stamps_of_a_day_add_up() -> None:
    first, second = _wallet(4, 10, 90, 7), _wallet(5, 20, 99, 7)
    for mine, other in ((first, second), (second, first)):
        both = joined(mine, other, Millis(50))
        assert [one.by for one in both.referrals] == [4]
        assert (both.stamps[0].count, both.stamps[0].today, both.joined) == (9, 2, 1)
    assert [one.by for one in joined(first, second, Millis(90)).referrals] == [5]
    assert joined(first, _wallet(5, 20, 99, 8), Millis(50)).stamps[0].today == 1


def test_a_wallet_knows_the_newest_visits() -> None:
    wallet = EMPTY_WALLET
    for shop in (*range(WALLET_VISITS_MAX), 0, WALLET_VISITS_MAX):
        wallet = visited(wallet, ShopId(shop), Millis(shop + 5))
    assert len(wallet.visits) == WALLET_VISITS_MAX
    assert (last_visit_ms(wallet, ShopId(0)), last_visit_ms(wallet, ShopId(1))) == (5, None)


# --- attacks ---


def _tell(attack: str, gain: int, cap: str) -> None:
    sys.stdout.write(f"\n{attack}: gain {gain} ({cap})")


def payments(street: Street) -> list[clearing_books.Payment]:
    return [payment for _, payment in clearing_books.payments.rows(street.ledger.view())]


def _net(street: Street, *shops: int) -> int:
    nets = nets_of(street.ledger.view())
    return sum(nets.get(ShopId(shop), 0) for shop in shops)


def test_a_ring_of_two_that_send_each_other_customers_gains_nothing() -> None:
    street = coupon_street(shops=4)
    for shop in (BAKER, BOOKS):
        assert street.call(shop, commission(10_000)).code == "OK"
    next_period(street)
    for number in range(8):
        card = street.enrol(number)
        for by, to in ((BAKER, BOOKS), (BOOKS, BAKER)):
            assert street.call(by, refer(street, by, card, to)).code == "OK"
            assert street.call(to, sale(number, 5_000, card)).code == "OK"
    gain = _net(street, BAKER, BOOKS)
    _tell("ring of two, 16 invented sales of 5000 with 100 % commission", gain, "must be 0")
    assert gain == 0
    assert len(owed(street)) == 2
    sound(street)


def test_who_buys_by_his_own_referral_gains_the_stated_cap_and_nothing_by_bringing_it_back() -> (
    None
):
    """The baker shops at the bookshop with a card that he sent there himself."""
    street = _street(card_max=120)
    card = _sent(street, 1)
    for number in range(10):
        _buy(street, number, 1_000, card)
    kept = _net(street, BAKER)
    _tell("ten own purchases of 1000 at 5 %", kept, "cap of a card and period 120")
    assert kept == 120
    for number in range(10):
        assert street.call(BOOKS, refund(number, number, 1_000)).code == "OK"
    farmed = _net(street, BAKER)
    _tell("the same, brought back before the turn", farmed, "must be 0")
    assert farmed == 0
    next_period(street)
    _buy(street, 20, 1_000, card)
    next_period(street)
    assert street.call(BOOKS, refund(20, 20, 1_000)).code == "OK"
    was_paid, owes = payments(street)[-1].amount, owed(street)[BAKER, BOOKS]
    _tell("the same, brought back after the turn", was_paid - owes, "must be 0")
    assert was_paid == owes == 50
    sound(street)


def test_refund_farming_of_coupons_stamps_and_rebates_gains_nothing() -> None:
    street = coupon_street()
    card = street.enrol(1)
    number = offered(street, coupon_terms(places=[BOOKS]))
    assert street.call(BOOKS, rebate(1_000)).code == "OK"
    for at_number in range(20):
        assert buy_with(street, BOOKS, at_number, 1_000, number, card) == "OK"
        assert street.call(BOOKS, refund(at_number, at_number, 800)).code == "OK"
    points = purse(street, card).available + purse(street, card).waiting
    _tell("twenty purchases on a coupon with a rebate, all brought back", points, "must be 0")
    assert (points, owed(street), at(street, number).left) == (0, {}, 100_000)
    assert reserved(street) == 100_000
    sound(street)


def test_invented_sales_on_anothers_coupons_cost_its_sponsor_its_budget_at_most() -> None:
    """A shop that rings up sales which never were: what the caps are for."""
    street = coupon_street()
    budget = 1_000
    terms = coupon_terms(budget=budget, card_uses=2, places=[BOOKS])
    number = number_of(street.call(BAKER, Offer(terms)))
    cards = [street.enrol(at_card) for at_card in range(4)]
    codes = [
        buy_with(street, BOOKS, at_number, 200, number, cards[at_number % 4])
        for at_number in range(12)
    ]
    gain = _net(street, BOOKS)
    _tell("twelve invented sales on a sponsor's coupons", gain, f"its budget {budget}")
    assert (codes.count("OK"), gain) == (5, budget)
    assert sell_on(street, BOOKS, 99, 200, 200, [99], None) == "COUPON_HOLD_UNKNOWN"
    assert hold_id(99) not in {hold.id for hold in at(street, number).tally.holds}
    sound(street)
