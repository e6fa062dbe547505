"""The turn of a period: netting, carrying, records that are kept (L-16.5, L-16.6, L-16.13)."""

import pytest
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_calls import Leave
from liandao_node.limits import CLEARING_PERIODS_KEPT
from support.clearing_street import POOL, ClearingStreet
from support.ledger_street import DAY_MS


@pytest.fixture
def street() -> ClearingStreet:
    """It begins on the first of March, 16:00 of the street."""
    return ClearingStreet()


@pytest.mark.rule("L-16.5")
def test_a_period_turns_with_the_first_block_of_a_later_one(street: ClearingStreet) -> None:
    begun = street.period
    street.owe(0, 1, 500)
    street.days(14)
    assert (street.period, street.payments(begun)) == (begun, {})
    street.days(1)  # the sixteenth
    assert street.period == begun + 1
    assert street.payments(begun) == {(0, 1): 500}
    assert street.nets() == {}


@pytest.mark.rule("L-16.5")
def test_the_turn_comes_before_the_calls_of_its_block(street: ClearingStreet) -> None:
    begun = street.period
    street.wait(15 * DAY_MS)
    street.owe(0, 1, 500)
    assert street.period == begun + 1
    assert street.payments(begun) == {}
    assert street.nets() == {0: -500, 1: 500}


@pytest.mark.rule("L-16.5")
def test_a_street_that_stood_still_skips_periods(street: ClearingStreet) -> None:
    street.owe(0, 1, 500)
    closed = street.turn(5)
    assert street.period == closed + 5
    assert street.payments(closed) == {(0, 1): 500}
    assert all(street.payments(closed + at) == {} for at in range(1, 6))


@pytest.mark.rule("L-16.6")
def test_obligations_are_set_off_into_few_payments(street: ClearingStreet) -> None:
    street.owe(0, 1, 1_000)
    street.owe(1, 2, 900)
    street.owe(2, 0, 300)
    street.owe(3, POOL, 400)
    closed = street.turn()
    # nets: 0 owes 700, 3 owes 400; 2 is owed 600, the pool 400, 1 is owed 100
    paid = {(0, 2): 600, (0, POOL): 100, (3, POOL): 300, (3, 1): 100}
    assert street.payments(closed) == paid


@pytest.mark.rule("L-16.6")
def test_a_circle_pays_nothing(street: ClearingStreet) -> None:
    for debtor, creditor in ((0, 1), (1, 2), (2, 0)):
        street.owe(debtor, creditor, 5_000)
    assert street.payments(street.turn()) == {}


@pytest.mark.rule("L-16.6")
def test_what_is_below_the_minimum_is_carried_until_it_is_not(street: ClearingStreet) -> None:
    for _ in range(2):
        street.owe(0, 1, 40)
        assert street.payments(street.turn()) == {}
    assert street.nets() == {0: -80, 1: 80}
    street.owe(0, 1, 20)
    assert street.payments(street.turn()) == {(0, 1): 100}
    assert street.nets() == {}


@pytest.mark.rule("L-16.6")
def test_who_leaves_pays_and_gets_what_is_small(street: ClearingStreet) -> None:
    street.owe(0, 1, 40)
    street.owe(2, 3, 30)
    assert street.ask(1, Leave()) == "OK"
    assert street.payments(street.turn()) == {(0, 1): 40}
    assert street.nets() == {2: -30, 3: 30}


@pytest.mark.rule("L-16.6")
def test_the_next_period_does_not_net_a_payment_again(street: ClearingStreet) -> None:
    street.owe(0, 1, 500)
    closed = street.turn()
    street.owe(0, 1, 200)
    assert street.payable(0) == 700
    following = street.turn()
    assert street.payments(closed) == {(0, 1): 500}
    assert street.payments(following) == {(0, 1): 200}


@pytest.mark.rule("L-16.12")
def test_books_of_points_are_noted_at_the_turn() -> None:
    street = ClearingStreet(live=[500, 0, 0, 7])
    closed = street.turn()
    noted = {int(key[1]): count for key, count in books.counts.under(street.view, closed)}
    assert sorted(noted) == [0, 1, 2, 3]
    assert (noted[3].issued, noted[3].redeemed) == (70, 63)


@pytest.mark.rule("L-16.13")
def test_old_obligations_are_dropped_and_payments_are_kept() -> None:
    street = ClearingStreet(live=[1])
    street.owe(0, 1, 500)
    first = street.turn()
    street.turn(CLEARING_PERIODS_KEPT - 1)
    assert list(books.obligations.under(street.view, first))
    street.turn()
    assert not list(books.obligations.under(street.view, first))
    assert not list(books.counts.under(street.view, first))
    assert list(books.counts.under(street.view, street.period - 1))
    assert street.payments(first) == {(0, 1): 500}
