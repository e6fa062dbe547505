"""Obligations as other modules make them."""

import pytest
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import Leave
from liandao_node.ledger.modules.parties import POOL, name_of
from liandao_node.types import Amount, ShopId
from support.clearing_street import ClearingStreet


@pytest.fixture
def street() -> ClearingStreet:
    return ClearingStreet()


def owed(street: ClearingStreet, debtor: int, creditor: int) -> int:
    return Obligations().owed(street.view, ShopId(debtor), ShopId(creditor))


@pytest.mark.rule("L-16.1")
def test_the_pool_is_a_party_like_a_shop(street: ClearingStreet) -> None:
    assert (POOL, name_of(POOL), name_of(ShopId(2))) == (65_535, "POOL", "shop 2")
    street.owe(1, POOL, 300)
    street.owe(POOL, 2, 200)
    assert (owed(street, 1, POOL), owed(street, POOL, 2)) == (300, 200)
    assert street.nets() == {1: -300, POOL: 100, 2: 200}


@pytest.mark.rule("L-16.2")
def test_obligations_grow_and_are_taken_back(street: ClearingStreet) -> None:
    street.owe(0, 1, 300)
    street.owe(0, 1, 50)
    street.owe(1, 0, 100)
    street.unowe(0, 1, 250)
    assert (owed(street, 0, 1), owed(street, 1, 0)) == (100, 100)
    assert street.nets() == {}


@pytest.mark.rule("L-16.2")
def test_nobody_owes_to_itself(street: ClearingStreet) -> None:
    street.owe(1, 1, 300)
    assert owed(street, 1, 1) == street.payable(1) == 0


@pytest.mark.rule("L-16.2")
def test_more_than_is_owed_cannot_be_taken_back(street: ClearingStreet) -> None:
    street.owe(0, 1, 300)
    with pytest.raises(AssertionError, match="more is taken back"):
        street.unowe(0, 1, 301)


@pytest.mark.rule("L-16.2")
def test_what_was_netted_cannot_be_taken_back(street: ClearingStreet) -> None:
    street.owe(0, 1, 300)
    closed = street.turn()
    obligations = Obligations()
    assert obligations.is_settled(street.view, closed)
    assert not obligations.is_settled(street.view, obligations.period(street.view))
    assert owed(street, 0, 1) == 0
    with pytest.raises(AssertionError, match="more is taken back"):
        street.unowe(0, 1, 1)


@pytest.mark.rule("L-16.3")
def test_payable_is_what_is_owed_without_what_is_claimed(street: ClearingStreet) -> None:
    """So that somebody else's refund never puts a shop above its limit."""
    street.owe(0, 1, 300)
    street.owe(1, 0, 1_000)
    assert (street.payable(0), street.payable(1)) == (300, 1_000)
    street.turn()
    assert (street.payable(0), street.payable(1)) == (0, 700)


@pytest.mark.rule("L-16.3")
def test_payable_counts_what_is_carried(street: ClearingStreet) -> None:
    street.owe(0, 1, 99)
    street.turn()
    assert street.payments(street.period - 1) == {}
    assert (street.payable(0), street.payable(1)) == (99, 0)


@pytest.mark.rule("L-16.4")
def test_a_shop_issues_unless_it_leaves(street: ClearingStreet) -> None:
    assert street.may_issue(2)
    assert street.ask(2, Leave()) == "OK"
    assert not street.may_issue(2)
    assert street.may_issue(1)


def test_reads_of_a_street_that_owes_nothing(street: ClearingStreet) -> None:
    assert Obligations().owed(street.view, ShopId(0), POOL) == Amount(0)
    assert street.payable(0) == 0
    assert street.ledger.machine.invariants(street.view) == []
