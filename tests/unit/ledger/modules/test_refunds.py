"""Refunds: points back to their lots, earned ones taken back, whoever owes them in the end."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import points_queries, queries
from liandao_node.ledger.calendar import month_end_ms
from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.modules.clearing_calls import HandOver, Leave
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_calls import SaleDone
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.modules.refund_calls import Refund
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from msgspec import structs
from support.ledger_street import DAY_MS, Street, hold_id, make_genesis, sale
from support.refunding import (
    book,
    brought,
    debts,
    moved,
    next_period,
    owed,
    pay_with_points,
    purse,
    refund,
    refund_of_import,
    tick,
)


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def card(street: Street) -> CardSecret:
    """A card with 1000 points of shop 0."""
    card = street.enrol(1)
    assert street.call(0, sale(1, 50_000, card)).code == "OK"
    return card


def _balance(street: Street, card: CardSecret) -> tuple[int, int, int]:
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    return account.available, account.held, account.pending


def _sound(street: Street) -> None:
    view = street.ledger.view()
    assert street.ledger.machine.invariants(view) == []
    assert over_limits(view, street.genesis.rules) == []


# --- the arithmetic on one order ---


@pytest.mark.rule("L-7.11")
def test_a_void_takes_all_of_it_back(street: Street, card: CardSecret) -> None:
    pay_with_points(street, 1, card, 1, 2_000, 600)
    assert _balance(street, card) == (400 + 28, 0, 0)
    done = street.call(1, refund(1, 1, 2_000)).answer
    assert done == moved(cash=1_400, back=600, clawed=28)
    assert _balance(street, card) == (1_000, 0, 0)
    _sound(street)


@pytest.mark.rule("L-7.11")
def test_a_part_gives_back_points_in_proportion_and_cash_for_the_rest(
    street: Street, card: CardSecret
) -> None:
    pay_with_points(street, 1, card, 1, 999, 100)
    steps = [street.call(1, refund(1, n, gross)).answer for n, gross in enumerate((333, 333, 333))]
    assert steps == [
        moved(cash=300, back=33, clawed=6),
        moved(cash=300, back=33, clawed=6),
        moved(cash=299, back=34, clawed=5),
    ]
    assert _balance(street, card) == (1_000, 0, 0)
    assert owed(street) == {}
    _sound(street)


@pytest.mark.rule("L-7.11")
def test_what_never_earned_takes_nothing_back(street: Street, card: CardSecret) -> None:
    """A bill of 1000 with 400 excluded earned 12: half of it refunded leaves 6."""
    street.call(1, sale(1, 1_000, card, excluded=400))
    assert street.call(1, refund(1, 1, 500)).answer == moved(cash=500, clawed=6)
    assert street.call(1, refund(1, 2, 500)).answer == moved(cash=500, clawed=6)


@pytest.mark.rule("L-7.11")
def test_an_order_that_was_limited_has_nothing_to_take_back() -> None:
    street = Street(make_genesis(bond=100))
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    street.call(0, sale(2, 5_000, card))
    assert street.call(0, refund(2, 1, 5_000)).answer == moved(cash=5_000)
    assert _balance(street, card) == (100, 0, 0)


@pytest.mark.rule("L-7.11")
def test_an_order_without_a_card_is_cash(street: Street) -> None:
    street.call(0, sale(1, 900))
    assert street.call(0, refund(1, 1, 400)).answer == moved(cash=400)
    assert street.call(0, refund(1, 2, 501)).code == "REFUND_OVER_ORDER"
    assert street.call(0, refund(1, 3, 500)).answer == moved(cash=500)


@pytest.mark.rule("L-7.11")
def test_an_imported_order_is_refunded_under_its_own_name(street: Street) -> None:
    card = street.enrol(1)
    street.call(0, brought(7, 2_500, card))
    assert street.call(0, refund_of_import(7, 1, 1_000)).answer == moved(cash=1_000, clawed=20)
    assert street.call(0, refund_of_import(7, 2, 1_500)).answer == moved(cash=1_500, clawed=30)
    assert street.call(0, refund_of_import(7, 3, 1)).code == "REFUND_OVER_ORDER"
    assert _balance(street, card) == (0, 0, 0)
    _sound(street)


# --- what it names ---


@pytest.mark.rule("L-7.10")
def test_the_same_refund_twice_is_one(street: Street, card: CardSecret) -> None:
    assert street.call(0, refund(1, 5, 1_000)).code == "OK"
    before = street.ledger.tip.accumulator
    assert street.call(0, refund(1, 5, 1_000)).code == "REFUND_KNOWN"
    order = queries.order(street.ledger.view(), ShopId(0), 1, 1)
    assert order is not None
    assert order.refunded == 1_000
    assert before != street.ledger.tip.accumulator, "a nonce was taken"
    assert _balance(street, card) == (980, 0, 0)
    record = points_queries.refunded(street.ledger.view(), ShopId(0), hold_id(5))
    assert record is not None
    assert (record.gross, record.unearned, record.points_back) == (1_000, 20, 0)


@pytest.mark.rule("L-7.10")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": 2}, "ORDER_UNKNOWN"),
        ({"register": 2}, "ORDER_UNKNOWN"),
        ({"reference_hash": hold_id(1)}, "ORDER_UNKNOWN"),
        ({"source": "till"}, "ORDER_UNKNOWN"),
        ({"source": "till", "reference_hash": hold_id(3)}, "ORDER_UNKNOWN"),
        ({"gross": 50_001}, "REFUND_OVER_ORDER"),
        ({"gross": 0}, "CALL_MALFORMED"),
        ({"gross": -1}, "CALL_MALFORMED"),
        ({"refund": b"short"}, "CALL_MALFORMED"),
    ],
)
def test_refunds_that_make_no_sense(
    street: Street, card: CardSecret, change: dict[str, int | bytes | str], code: str
) -> None:
    street.call(0, brought(3, 100, None))
    body = refund(1, 1, 1_000)
    fields = {name: getattr(body, name) for name in Refund.__struct_fields__}
    assert street.call(0, Refund(**(fields | change))).code == code
    assert street.call(1, body).code == "ORDER_UNKNOWN", "another shop's order"
    assert _balance(street, card) == (1_000, 0, 0)


# --- lots and issuers ---


@pytest.mark.rule("L-7.10")
def test_points_go_back_to_their_lots_those_used_last_first(street: Street) -> None:
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    street.call(1, sale(1, 10_000, card), after_ms=31 * DAY_MS)
    lots = purse(street, card).lots
    pay_with_points(street, 2, card, 1, 1_000, 250)
    street.call(2, refund(1, 1, 400))
    there = [(lot.issuer, lot.amount) for lot in purse(street, card).lots]
    assert there == [(1, 50 + 100), (2, 9)], "100 of the younger lot"
    street.call(2, refund(1, 2, 600))
    assert purse(street, card).lots == lots
    _sound(street)


@pytest.mark.rule("L-7.10")
def test_points_near_their_end_come_back_with_thirty_days(street: Street) -> None:
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    end_ms = month_end_ms(street.time_ms, 6, 480)
    tick(street, end_ms - 2 * DAY_MS)
    pay_with_points(street, 1, card, 1, 200, 100)
    street.call(1, refund(1, 1, 200), after_ms=DAY_MS)
    (lot,) = purse(street, card).lots
    assert (lot.issuer, lot.amount, lot.origin) == (0, 100, Origin.RETURNED)
    assert 30 * DAY_MS <= lot.expires_ms - street.time_ms < 31 * DAY_MS
    _sound(street)
    tick(street, lot.expires_ms)
    assert book(street, 0) == (100, 100, 100, 100, 0, 0)


@pytest.mark.rule("L-7.10")
def test_within_the_period_the_obligation_is_undone(street: Street, card: CardSecret) -> None:
    pay_with_points(street, 1, card, 1, 1_000, 400)
    assert owed(street) == {(0, 1): 400}
    street.call(1, refund(1, 1, 500))
    assert owed(street) == {(0, 1): 200}
    assert book(street, 0) == (1_000, 200, 400, 0, 0, 800)
    street.call(1, refund(1, 2, 500))
    assert owed(street) == {}
    _sound(street)


@pytest.mark.rule("L-7.10")
def test_after_the_period_the_refunding_shop_becomes_the_issuer(
    street: Street, card: CardSecret
) -> None:
    """It was paid for the points, so it owes them now."""
    pay_with_points(street, 1, card, 1, 1_000, 400)
    street.call(1, refund(1, 1, 500))
    next_period(street)
    assert street.call(1, refund(1, 2, 500)).answer == moved(cash=300, back=200, clawed=6)
    assert book(street, 0) == (1_000, 200, 400, 0, 0, 800)
    assert book(street, 1) == (12, 200, 0, 0, 12, 200)
    owners = {(lot.issuer, lot.origin, lot.amount) for lot in purse(street, card).lots}
    assert owners == {(0, Origin.SALE, 800), (1, Origin.RETURNED, 200)}
    assert owed(street) == {}
    _sound(street)


@pytest.mark.rule("L-7.10")
def test_a_shop_beyond_its_limit_must_still_refund() -> None:
    """I5's exception: points that it takes back are owed again whatever the bond."""
    street = Street(make_genesis(bond=100))
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    pay_with_points(street, 0, card, 2, 200, 100)
    street.call(0, sale(3, 4_900, card))
    assert street.call(0, refund(2, 1, 200)).code == "OK"
    assert book(street, 0)[5] > 100
    assert street.call(0, sale(4, 5_000, card)).code == "OK"
    assert book(street, 0)[0] == 100 + 98 + 2
    _sound(street)


# --- taking back ---


@pytest.mark.rule("L-7.12")
def test_the_orders_own_lot_is_taken_first_then_the_longest_lived(street: Street) -> None:
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    street.call(0, sale(2, 10_000, card), after_ms=31 * DAY_MS)
    street.call(0, sale(3, 15_000, card), after_ms=31 * DAY_MS)
    assert street.call(0, refund(2, 1, 5_000)).answer == moved(cash=5_000, clawed=100)
    assert [lot.amount for lot in purse(street, card).lots] == [100, 100, 300]
    pay_with_points(street, 1, card, 1, 200, 100)
    assert street.call(0, refund(1, 2, 5_000)).answer == moved(cash=5_000, clawed=100)
    assert [lot.amount for lot in purse(street, card).lots if lot.issuer == 0] == [100, 200]
    _sound(street)


@pytest.mark.rule("L-7.12")
def test_what_the_card_no_longer_has_becomes_a_debt_and_is_set_off(
    street: Street, card: CardSecret
) -> None:
    street.call(2, sale(1, 10_000, card))
    pay_with_points(street, 1, card, 1, 2_000, 1_000)
    assert street.call(0, refund(1, 1, 50_000)).answer == moved(cash=50_000, debt=1_000)
    assert debts(street, card) == {0: 1_000}
    assert _balance(street, card)[0] == 200 + 20, "other shops' points are not touched"
    done = street.call(0, sale(2, 30_000, card)).answer
    assert isinstance(done, SaleDone)
    assert (done.earned, done.set_off, done.balance) == (600, 600, 220)
    assert debts(street, card) == {0: 400}
    done = street.call(0, sale(3, 30_000, card)).answer
    assert isinstance(done, SaleDone)
    assert (done.earned, done.set_off, done.balance) == (600, 400, 420)
    assert debts(street, card) == {}
    assert book(street, 0) == (2_200, 0, 1_000, 0, 1_000, 200)
    _sound(street)


@pytest.mark.rule("L-7.12")
def test_held_points_are_left_alone_until_they_are_released(
    street: Street, card: CardSecret
) -> None:
    street.call(1, street.hold(1, card, 1, 700))
    assert street.call(0, refund(1, 1, 50_000)).answer == moved(cash=50_000, clawed=300, debt=700)
    assert _balance(street, card) == (0, 700, 0)
    assert street.call(1, sale(1, 500, card, hold=1, points=250)).code == "OK"
    assert _balance(street, card) == (5, 0, 0), "450 came back and went into the debt"
    assert debts(street, card) == {0: 250}
    _sound(street)


@pytest.mark.rule("L-7.12")
@pytest.mark.rule("L-6.4")
def test_a_debt_takes_what_a_forgotten_hold_gives_back_as_of_its_end(
    street: Street, card: CardSecret
) -> None:
    street.call(1, street.hold(1, card, 1, 700))
    street.call(0, refund(1, 1, 50_000))
    street.wait(Rules().hold_ms)
    assert _balance(street, card) == (0, 0, 0)
    assert debts(street, card) == {}
    assert book(street, 0)[4] == 300, "no block has looked yet"
    street.call(2, sale(1, 0, card))
    assert book(street, 0)[4] == 1_000
    _sound(street)


@pytest.mark.rule("L-7.12")
def test_an_order_whose_points_went_into_a_debt_brings_the_debt_back(
    street: Street, card: CardSecret
) -> None:
    pay_with_points(street, 1, card, 1, 2_000, 1_000)
    street.call(0, refund(1, 1, 50_000))
    street.call(0, sale(2, 30_000, card))
    assert street.call(0, refund(2, 2, 30_000)).answer == moved(cash=30_000, debt=600)
    assert debts(street, card) == {0: 1_000}
    _sound(street)


@pytest.mark.rule("L-7.12")
def test_a_debt_is_to_one_shop(street: Street, card: CardSecret) -> None:
    pay_with_points(street, 1, card, 1, 2_000, 1_000)
    street.call(0, refund(1, 1, 50_000))
    done = street.call(2, sale(1, 10_000, card)).answer
    assert isinstance(done, SaleDone)
    assert (done.earned, done.set_off) == (200, 0)
    assert debts(street, card) == {0: 1_000}


@pytest.mark.rule("L-7.10")
def test_buy_use_refund_again_and_again_gains_nothing(street: Street, card: CardSecret) -> None:
    """The exploit of other systems: refund the points and keep what they bought."""
    for number in range(2, 7):
        pay_with_points(street, 1, card, number, 2_000, 500)
        assert street.call(1, refund(number, number, 2_000)).code == "OK"
    assert _balance(street, card) == (1_000, 0, 0)
    assert debts(street, card) == {}
    assert book(street, 1)[5] == 0
    assert owed(street) == {}
    _sound(street)


@pytest.mark.rule("L-7.10")
def test_a_shop_that_handed_its_points_over_pays_the_pool_for_those_that_come_back(
    street: Street, card: CardSecret
) -> None:
    """The pool answers for them, and has no money for these."""
    pay_with_points(street, 0, card, 2, 800, 400)
    assert street.call(0, Leave()).code == "OK"
    assert street.call(0, HandOver()).code == "OK"
    handed_over = 600 + 8
    assert owed(street) == {(0, POOL): handed_over}
    assert street.call(0, refund(2, 1, 800)).answer == moved(cash=400, back=400, clawed=8)
    assert owed(street) == {(0, POOL): handed_over + 400}
    _sound(street)


def test_the_order_keeps_its_terms(street: Street, card: CardSecret) -> None:
    order = queries.order(street.ledger.view(), ShopId(0), 1, 1)
    assert order is not None
    assert (order.terms.rule, order.terms.bps, order.refunded) == (0, 200, 0)
    street.call(0, structs.replace(refund(1, 1, 7), at_ms=Millis(9)))
    order = queries.order(street.ledger.view(), ShopId(0), 1, 1)
    assert order is not None
    assert order.refunded == Amount(7)
