"""Payments: who may say what, and what it does (L-16.7, L-16.8)."""

import pytest
from liandao_node.ledger.modules.clearing_calls import Paid, Said
from liandao_node.ledger.modules.stake_calls import Withdraw
from liandao_node.types import Amount, Millis, ShopId
from support.clearing_street import POOL, ClearingStreet
from support.ledger_street import DAY_MS


@pytest.fixture
def street() -> ClearingStreet:
    return ClearingStreet()


@pytest.fixture
def period(street: ClearingStreet) -> int:
    """Shop 0 is to pay 500 to shop 1."""
    street.owe(0, 1, 500)
    return street.turn()


@pytest.mark.rule("L-16.7")
def test_received_settles_whether_or_not_it_was_said_to_be_paid(
    street: ClearingStreet, period: int
) -> None:
    assert street.payable(0) == 500
    assert street.received(period, 0, 1) == "OK"
    payment = street.payment(period, 0, 1)
    assert (payment.paid_ms, payment.received_ms) == (0, street.time_ms)
    assert street.payable(0) == 0
    assert street.paid(period, 0, 1) == "PAYMENT_SETTLED"


@pytest.mark.rule("L-16.7")
def test_paid_is_said_once_and_settles_nothing(street: ClearingStreet, period: int) -> None:
    answer = street.call(0, Paid(period, ShopId(1))).answer
    due_ms = Millis(street.time_ms + 10 * DAY_MS)
    assert answer == Said(Amount(500), due_ms, settled=False)
    assert street.payable(0) == 500
    assert street.paid(period, 0, 1) == "PAYMENT_SAID"
    assert street.received(period, 0, 1) == "OK"
    assert street.received(period, 0, 1) == "PAYMENT_SETTLED"


@pytest.mark.rule("L-16.7")
def test_a_stranger_to_a_payment_has_no_say(street: ClearingStreet, period: int) -> None:
    assert street.received(period, 0, 2) == "PAYMENT_UNKNOWN"
    assert street.paid(period, 1, 0) == "PAYMENT_UNKNOWN"
    assert street.paid(period + 1, 0, 1) == "PAYMENT_UNKNOWN"


@pytest.mark.rule("L-16.7")
def test_treasurers_settle_what_a_silent_creditor_received(
    street: ClearingStreet, period: int
) -> None:
    assert street.ask(3, street.vouch(period, 0, 1, signers=(1,))) == "TREASURERS_TOO_FEW"
    assert street.ask(3, street.vouch(period, 0, 1, of=period + 1)) == "TREASURERS_TOO_FEW"
    assert street.ask(3, street.vouch(period, 0, 1)) == "OK"
    assert street.payable(0) == 0
    assert street.ask(3, street.vouch(period, 0, 1)) == "PAYMENT_SETTLED"


@pytest.mark.rule("L-16.7")
def test_the_pool_receives_by_its_treasurers_alone() -> None:
    street = ClearingStreet(reserve=0)
    street.owe(0, POOL, 500)
    period = street.turn()
    assert street.paid(period, 0, POOL) == "OK"
    assert street.payable(0) == 500
    assert street.till().came_in == 0
    assert street.ask(0, street.vouch(period, 0, POOL)) == "OK"
    assert (street.payable(0), street.till().came_in) == (0, 500)


@pytest.mark.rule("L-16.7")
def test_without_treasurers_the_payers_word_counts_for_the_pool() -> None:
    street = ClearingStreet(treasurers=0, reserve=0)
    street.owe(0, POOL, 600)
    street.owe(2, 1, 500)
    period = street.turn()
    assert street.paid(period, 0, POOL) == "OK"
    assert (street.payable(0), street.till().came_in) == (0, 600)
    assert street.paid(period, 2, 1) == "OK"
    assert street.payable(2) == 500
    assert street.ask(0, street.vouch(period, 2, 1, signers=())) == "TREASURERS_TOO_FEW"


@pytest.mark.rule("L-16.7")
def test_treasurers_say_that_the_pool_paid_and_the_shop_that_it_received() -> None:
    street = ClearingStreet(reserve=0)
    street.owe(POOL, 1, 500)
    period = street.turn()
    assert street.ask(0, street.vouch(period, POOL, 1)) == "OK"
    assert street.payment(period, POOL, 1).paid_ms == street.time_ms
    assert street.ask(0, street.vouch(period, POOL, 1)) == "PAYMENT_SAID"
    assert (street.payable(POOL), street.till().went_out) == (500, 0)
    assert street.received(period, POOL, 1) == "OK"
    assert (street.payable(POOL), street.till().went_out) == (0, 500)


@pytest.mark.rule("L-16.8")
def test_paid_gives_the_creditor_as_long_again_once(street: ClearingStreet, period: int) -> None:
    street.days(8)
    assert street.paid(period, 0, 1) == "OK"
    street.days(9)
    assert street.payment(period, 0, 1).is_open
    street.days(2)
    assert street.payment(period, 0, 1).failed_ms


@pytest.mark.rule("L-16.8")
def test_paid_never_makes_a_payment_due_sooner(street: ClearingStreet, period: int) -> None:
    before = street.payment(period, 0, 1).due_ms
    assert street.paid(period, 0, 1) == "OK"
    assert street.payment(period, 0, 1).due_ms > before


@pytest.mark.rule("L-4.4")
def test_bond_that_covers_a_payment_stays(street: ClearingStreet, period: int) -> None:
    assert street.ask(0, Withdraw(Amount(9_501))) == "BOND_IN_USE"
    assert street.ask(0, Withdraw(Amount(9_500))) == "OK"
    assert street.received(period, 0, 1) == "OK"
    assert street.ask(0, Withdraw(Amount(500))) == "OK"
