"""Statements of a period, and what payments ask of whom."""

import pytest
from liandao_node.ledger import clearing_queries as queries
from liandao_node.ledger.clearing_queries import Deed, PaymentTold, Reminder, Statement
from liandao_node.ledger.modules.clearing_books import Payment
from liandao_node.types import Amount, Millis, ShopId
from msgspec.structs import replace
from support.clearing_street import POOL, ClearingStreet, FakeIssuance
from support.ledger_street import DAY_MS

NOTHING = Amount(0)
NEVER = Millis(0)
UNPAID = Payment(Amount(500), Millis(10 * DAY_MS), NEVER, NEVER, NEVER, NOTHING, NOTHING, NOTHING)


@pytest.fixture
def street() -> ClearingStreet:
    return ClearingStreet(live=[50, 0, 0, 0])


def told(street: ClearingStreet, party: int, period: int | None = None) -> Statement:
    period = queries.running(street.view) if period is None else period
    return queries.statement(street.view, period, ShopId(party), FakeIssuance())


@pytest.mark.rule("L-16.12")
def test_the_running_statement_tells_both_ways_and_what_is_carried(street: ClearingStreet) -> None:
    street.owe(0, 1, 40)
    street.turn()
    street.owe(0, 1, 300)
    street.owe(0, 1, 25, for_points=False)
    street.owe(0, POOL, 70)
    street.owe(2, 0, 100)
    mine = told(street, 0)
    assert mine.owes == [Deed(ShopId(1), Amount(325), Amount(300)), Deed(POOL, *[Amount(70)] * 2)]
    assert mine.claims == [Deed(ShopId(2), Amount(100), Amount(100))]
    assert (mine.net, mine.carry) == (100 - 395, -40)
    assert (mine.redeemed_elsewhere, mine.redeemed_of_others) == (300, 100)
    assert (told(street, 1).carry, told(street, POOL).net) == (40, 70)


@pytest.mark.rule("L-16.6")
def test_a_closed_statement_tells_its_payments_and_what_they_left(street: ClearingStreet) -> None:
    street.owe(0, 1, 300)
    street.owe(2, 3, 60)
    period = street.turn()
    mine = told(street, 0, period)
    assert [(p.debtor, p.creditor, p.payment.amount) for p in mine.payments] == [(0, 1, 300)]
    assert (mine.net, mine.carry) == (-300, 0)
    assert (told(street, 2, period).carry, told(street, 3, period).carry) == (-60, 60)
    assert sum(one.carry for one in queries.statements(street.view, period)) == 0
    assert told(street, 3, period).payments == []


@pytest.mark.rule("L-16.12")
def test_counts_of_points_are_those_of_the_period(street: ClearingStreet) -> None:
    first = street.turn()
    # the fake's books say from the first day on: issued 500, redeemed 450
    counts = told(street, 0, first).points
    assert counts is not None
    assert (counts.issued, counts.redeemed) == (500, 450)
    assert told(street, 0, first).redeemed_own == 450
    street.turn()
    second = told(street, 0, first + 1).points
    assert second is not None
    assert second.issued == 0
    running = told(street, 0).points
    assert running is not None
    assert running.issued == 0
    assert told(street, POOL, first).points is None
    unknown = queries.statement(street.view, queries.running(street.view), ShopId(0))
    assert (unknown.points, unknown.redeemed_own) == (None, None)


@pytest.mark.parametrize(
    ("payment", "debtor_is_to", "creditor_is_to"),
    [
        (UNPAID, Reminder.PAY, Reminder.WAIT),
        (replace(UNPAID, due_ms=Millis(3 * DAY_MS)), Reminder.PAY_SOON, Reminder.WAIT),
        (replace(UNPAID, paid_ms=Millis(1)), Reminder.WAIT, Reminder.CONFIRM),
        (replace(UNPAID, received_ms=Millis(1)), Reminder.SETTLED, Reminder.SETTLED),
        (replace(UNPAID, failed_ms=Millis(1)), Reminder.FAILED, Reminder.FAILED),
    ],
)
def test_a_payment_asks_something_of_each_side(
    payment: Payment, debtor_is_to: Reminder, creditor_is_to: Reminder
) -> None:
    one = PaymentTold(ShopId(0), ShopId(1), payment)
    assert queries.reminder(one, ShopId(0), Millis(0)) is debtor_is_to
    assert queries.reminder(one, ShopId(1), Millis(0)) is creditor_is_to


def test_the_pool_is_not_hurried() -> None:
    one = PaymentTold(POOL, ShopId(1), UNPAID)
    assert queries.reminder(one, POOL, Millis(9 * DAY_MS)) is Reminder.PAY
