"""Who bears a payment that was not made, and how a shop pays up (L-16.9, L-16.10)."""

import pytest
from liandao_node.ledger import stake_queries
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_calls import ArrearsReceived
from liandao_node.limits import DEFAULTS_PER_BLOCK_MAX
from liandao_node.types import Amount, ShopId
from support.clearing_street import POOL, ClearingStreet


def borne(street: ClearingStreet, debtor: int) -> dict[int, int]:
    return {int(key[1]): owed.amount for key, owed in books.cuts.under(street.view, debtor)}


def arrears(debtor: int, amount: int) -> ArrearsReceived:
    return ArrearsReceived(ShopId(debtor), Amount(amount))


@pytest.fixture
def poor() -> ClearingStreet:
    """Shop 0 has a bond of 200 and is to pay 900: 600 to shop 1, 300 to shop 2. Nothing else
    covers it."""
    street = ClearingStreet([200, 10_000, 10_000, 10_000])
    street.owe(0, 1, 600)
    street.owe(0, 2, 300)
    street.turn()
    return street


@pytest.mark.rule("L-16.9")
def test_a_payment_fails_with_the_first_day_after_it_is_due() -> None:
    street = ClearingStreet()
    street.owe(0, 1, 500)
    period = street.turn()
    street.days(9)
    assert street.payment(period, 0, 1).is_open
    street.days(1)
    assert street.payment(period, 0, 1).failed_ms == street.time_ms
    assert street.paid(period, 0, 1) == "PAYMENT_FAILED"
    assert street.received(period, 0, 1) == "PAYMENT_FAILED"


@pytest.mark.rule("L-16.9")
def test_the_bond_comes_first_and_the_pool_passes_it_on() -> None:
    street = ClearingStreet(reserve=1_000)
    street.owe(0, 1, 500)
    period = street.turn()
    street.days(10)
    payment = street.payment(period, 0, 1)
    assert (payment.from_bond, payment.from_reserve, payment.cut) == (500, 0, 0)
    assert street.bond(0) == 9_500
    assert stake_queries.pool(street.view) == 500
    assert street.nets() == {1: 500, POOL: -500}
    assert street.may_issue(0)  # the street has its money
    assert street.conduct(0).defaults == 1
    assert street.payments(street.turn()) == {(POOL, 1): 500}


@pytest.mark.rule("L-16.9")
def test_then_the_reserve_and_then_all_creditors_of_the_period() -> None:
    street = ClearingStreet([200, 10_000, 10_000, 10_000], reserve=100)
    street.owe(0, 1, 900)
    street.owe(3, 2, 450)
    period = street.turn()
    assert street.received(period, 3, 2) == "OK"
    street.days(10)
    payment = street.payment(period, 0, 1)
    assert (payment.from_bond, payment.from_reserve, payment.cut) == (200, 100, 600)
    assert street.bond(0) == 0
    # 600 over promises of 900 and 450: shop 2 bears a part though shop 0 owed it nothing
    assert borne(street, 0) == {1: 400, 2: 200}
    assert street.nets() == {1: 500, 2: -200, POOL: -300}
    assert (street.till().reserve, street.till().drawn) == (0, 100)
    assert not street.may_issue(0)
    assert street.payable(0) == 700


@pytest.mark.rule("L-16.9")
def test_the_reserve_does_not_cover_the_pool_itself() -> None:
    street = ClearingStreet([200, 10_000, 10_000, 10_000], reserve=1_000)
    street.owe(0, POOL, 500)
    period = street.turn()
    street.days(10)
    payment = street.payment(period, 0, POOL)
    assert (payment.from_bond, payment.from_reserve, payment.cut) == (200, 0, 300)
    assert street.nets() == {}
    assert borne(street, 0) == {POOL: 300}


@pytest.mark.rule("L-16.9")
def test_the_pool_is_not_put_in_default() -> None:
    street = ClearingStreet()
    street.owe(POOL, 1, 500)
    period = street.turn()
    street.days(100)
    assert street.payment(period, POOL, 1).is_open
    assert street.received(period, POOL, 1) == "OK"


@pytest.mark.rule("L-16.9")
def test_whom_the_netting_matched_does_not_matter(poor: ClearingStreet) -> None:
    poor.days(10)
    # 900 owed, 200 covered: both lose the same part of what they were promised
    assert borne(poor, 0) == {1: 467, 2: 233}
    assert poor.nets() == {1: 133, 2: 67, POOL: -200}


@pytest.mark.rule("L-16.9")
def test_a_block_deals_with_some_defaults() -> None:
    shops = DEFAULTS_PER_BLOCK_MAX + 2
    street = ClearingStreet([10_000] * (shops + 1))
    for shop in range(shops):
        street.owe(shop, shops, 500)
    street.turn()
    open_after = []
    for days in (10, 0, 0):
        street.days(days) if days else street.tick()
        open_after.append(len(list(books.dues.rows(street.view))))
    assert open_after == [2, 0, 0]


@pytest.mark.rule("L-16.10")
def test_who_bore_it_says_that_it_got_it(poor: ClearingStreet) -> None:
    poor.days(10)
    assert poor.ask(1, arrears(0, 468)) == "ARREARS_SHORT"
    assert poor.ask(3, arrears(0, 1)) == "ARREARS_SHORT"
    assert poor.ask(0, arrears(0, 1)) == "ARREARS_SHORT"
    assert poor.ask(1, arrears(0, 467)) == "OK"
    assert (borne(poor, 0), poor.may_issue(0)) == ({2: 233}, False)
    assert poor.ask(2, arrears(0, 233)) == "OK"
    assert (borne(poor, 0), poor.may_issue(0), poor.payable(0)) == ({}, True, 0)
    assert poor.nets() == {1: 133, 2: 67, POOL: -200}


@pytest.mark.rule("L-16.10")
def test_treasurers_take_arrears_in_for_all() -> None:
    street = ClearingStreet([200, 10_000, 10_000, 10_000], reserve=100)
    street.owe(0, 1, 900)
    street.owe(3, 2, 450)
    period = street.turn()
    assert street.received(period, 3, 2) == "OK"
    street.days(10)
    few = street.arrears_paid_in(0, 300, signers=(2,))
    assert street.ask(3, few) == "TREASURERS_TOO_FEW"
    assert street.ask(3, street.arrears_paid_in(0, 300, number=2)) == "ARREARS_OUT_OF_TURN"
    assert street.ask(3, street.arrears_paid_in(0, 701)) == "ARREARS_SHORT"
    first = street.arrears_paid_in(0, 300)
    assert street.ask(3, first) == "OK"
    assert street.ask(3, first) == "ARREARS_OUT_OF_TURN"
    assert borne(street, 0) == {1: 200, 2: 100}
    assert street.nets() == {1: 700, 2: -100, POOL: -600}
    assert street.ask(3, street.arrears_paid_in(0, 400, number=2)) == "OK"
    assert street.nets() == {1: 900, POOL: -900}
    # the pool has the bond's 200 and the 700, and its reserve is whole again
    assert (street.till().reserve, street.till().drawn, street.till().came_in) == (100, 0, 700)
    assert street.may_issue(0)


@pytest.mark.rule("L-16.10")
def test_what_a_shop_in_default_is_owed_goes_to_those_who_bore_it() -> None:
    street = ClearingStreet([0, 10_000, 10_000, 10_000], reserve=100)
    street.owe(0, 1, 600)
    street.turn()
    street.days(10)
    assert borne(street, 0) == {1: 500}
    street.owe(3, 0, 550)
    period = street.turn()
    # shop 0 gets nothing: 500 make good what shop 1 bore, 50 what the reserve covered
    assert street.payments(period) == {(3, 1): 550}
    assert (street.conduct(0).arrears, street.conduct(0).to_reserve) == (50, 50)
    # of the 600 the reserve paid 100, of which 50 came back: shop 1 still waits for that little
    assert street.nets() == {1: 50, POOL: -50}
    assert (street.till().reserve, street.till().drawn) == (50, 50)
    street.owe(3, 0, 250)
    assert street.payments(street.turn()) == {(3, 0): 200}
    assert street.may_issue(0)
    assert street.till().drawn == 0


@pytest.mark.rule("L-16.10")
def test_without_treasurers_the_debtors_word_counts_for_the_pools_part() -> None:
    street = ClearingStreet([0, 10_000, 10_000, 10_000], treasurers=0, reserve=100)
    street.owe(0, 1, 300)
    street.owe(0, POOL, 300)
    street.turn()
    street.days(10)
    assert borne(street, 0) == {1: 250, POOL: 250}
    assert street.ask(0, arrears(0, 351)) == "ARREARS_SHORT"
    assert street.ask(0, arrears(0, 350)) == "OK"
    assert (borne(street, 0), street.till().drawn, street.till().came_in) == ({1: 250}, 0, 350)
    assert street.ask(1, arrears(0, 250)) == "OK"
    assert street.may_issue(0)


@pytest.mark.rule("L-16.10")
def test_where_there_are_treasurers_a_debtors_word_pays_nothing() -> None:
    street = ClearingStreet([0, 10_000, 10_000, 10_000], reserve=500)
    street.owe(0, 1, 300)
    street.turn()
    street.days(10)
    assert street.conduct(0).to_reserve == 300
    assert street.ask(0, arrears(0, 1)) == "ARREARS_SHORT"


@pytest.mark.rule("L-16.10")
def test_a_second_default_adds_to_the_first(poor: ClearingStreet) -> None:
    poor.days(10)
    poor.owe(0, 3, 250)
    poor.turn()
    poor.days(10)
    assert poor.conduct(0).arrears == 700 + 250
    assert borne(poor, 0)[3] + borne(poor, 0)[1] + borne(poor, 0)[2] == 950
