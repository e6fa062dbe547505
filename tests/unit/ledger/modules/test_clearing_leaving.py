"""Leaving in good order (L-16.11)."""

import pytest
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import HandedOver, HandOver, Leave, Notice, Stay
from liandao_node.ledger.modules.stake_calls import Withdraw
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support.clearing_street import POOL, ClearingStreet


@pytest.fixture
def street() -> ClearingStreet:
    """Customers have 700 points of shop 0."""
    return ClearingStreet([1_000, 10_000, 10_000, 10_000], live=[700])


def owed(street: ClearingStreet, debtor: int, creditor: int) -> int:
    return Obligations().owed(street.view, ShopId(debtor), ShopId(creditor))


@pytest.mark.rule("L-16.11")
def test_notice_is_given_and_taken_back(street: ClearingStreet) -> None:
    street.owe(0, 1, 300)
    assert street.ask(0, Stay()) == "NOT_LEAVING"
    assert street.call(0, Leave()).answer == Notice(Amount(300))
    assert street.ask(0, Leave()) == "LEAVING_ALREADY"
    assert not street.may_issue(0)
    assert street.ask(0, Stay()) == "OK"
    assert street.may_issue(0)


@pytest.mark.rule("L-16.11")
def test_who_leaves_still_pays_and_keeps_the_bond_that_covers_it(street: ClearingStreet) -> None:
    assert street.ask(0, Leave()) == "OK"
    street.owe(0, 1, 300)
    assert street.ask(0, Withdraw(Amount(701))) == "BOND_IN_USE"
    period = street.turn()
    assert street.ask(0, Withdraw(Amount(701))) == "BOND_IN_USE"
    assert street.received(period, 0, 1) == "OK"
    assert street.ask(0, Withdraw(Amount(701))) == "OK"


@pytest.mark.rule("L-16.11")
def test_the_pool_takes_the_points_over_for_their_face_value(street: ClearingStreet) -> None:
    assert street.ask(0, HandOver()) == "NOT_LEAVING"
    assert street.ask(0, Leave()) == "OK"
    assert street.call(0, HandOver()).answer == HandedOver(Amount(700))
    assert owed(street, 0, POOL) == street.payable(0) == 700
    assert street.ask(0, HandOver()) == "HANDED_OVER_ALREADY"
    assert street.ask(0, Stay()) == "HANDED_OVER_ALREADY"
    street.owe(0, 1, 200)  # a customer spends 200 of them
    street.owe(0, 0, 50)  # and 50 at the shop itself, which now gets them from the pool
    street.owe(0, POOL, 30)  # some expire, which is the pool's own gain
    street.owe(0, 2, 10, for_points=False)
    assert street.nets() == {0: -700 + 50 - 10, 1: 200, 2: 10, POOL: 700 - 250}


@pytest.mark.rule("L-16.11")
def test_a_refund_after_the_handover_makes_the_shop_pay_the_pool(street: ClearingStreet) -> None:
    street.owe(0, 1, 200)
    assert street.ask(0, Leave()) == "OK"
    assert street.ask(0, HandOver()) == "OK"
    street.owe(0, 1, 100)  # by the pool
    # of 300 that were redeemed at shop 1, 250 go back to their lots: debts of the pool again
    street.unowe(0, 1, 250)
    assert (owed(street, POOL, 1), owed(street, 0, 1)) == (0, 50)
    assert owed(street, 0, POOL) == 700 + 150
    assert street.nets() == {0: -900, 1: 50, POOL: 850}


@pytest.mark.rule("L-16.11")
def test_a_handover_is_covered_by_the_bond_to_the_unit(street: ClearingStreet) -> None:
    assert street.ask(0, Leave()) == "OK"
    street.owe(0, 1, 301)
    assert street.ask(0, HandOver()) == "HANDOVER_UNCOVERED"
    street.unowe(0, 1, 1)
    assert street.ask(0, HandOver()) == "OK"


@pytest.mark.rule("L-16.11")
def test_the_bond_stays_for_all_of_a_handover_whatever_the_leverage() -> None:
    rules = Rules(issue_limit_bps=20_000, payment_min=Amount(100))
    street = ClearingStreet([1_000, 10_000, 10_000, 10_000], rules=rules, live=[700])
    assert street.ask(0, Leave()) == "OK"
    assert street.ask(0, HandOver()) == "OK"
    assert street.ask(0, Withdraw(Amount(301))) == "BOND_IN_USE"
    assert street.ask(0, Withdraw(Amount(300))) == "OK"


@pytest.mark.rule("L-16.11")
def test_nobody_hands_points_over_in_default() -> None:
    street = ClearingStreet([0, 10_000, 10_000, 10_000], live=[0])
    street.owe(0, 1, 500)
    street.turn()
    street.days(10)
    assert street.ask(0, Leave()) == "OK"
    assert street.ask(0, HandOver()) == "HANDOVER_IN_DEFAULT"


@pytest.mark.rule("L-16.11")
def test_a_street_without_books_of_points_has_no_handover() -> None:
    street = ClearingStreet()
    assert street.ask(0, Leave()) == "OK"
    assert street.ask(0, HandOver()) == "HANDOVER_NOT_OFFERED"
