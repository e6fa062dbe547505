"""The audit sees what no rule would ever write (I3, I4)."""

from collections.abc import Callable

import pytest
from liandao_node.ledger.module_api import Done
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_audit import audit
from liandao_node.ledger.modules.clearing_books import Borne, Obligation
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Millis
from msgspec.structs import replace
from support.clearing_street import ClearingStreet


@pytest.fixture
def street() -> ClearingStreet:
    """Shop 0 failed to pay shop 1 and has arrears; shop 2 is to pay shop 3; 3 owes 0 something."""
    street = ClearingStreet([0, 10_000, 10_000, 10_000])
    street.owe(0, 1, 500)
    street.turn()
    street.days(10)
    street.owe(2, 3, 300)
    street.turn()
    street.owe(3, 0, 40)
    return street


def _last(view: View, street: ClearingStreet) -> tuple[int, int, int]:
    key, _ = next(books.payments.under(view, street.period - 1))
    return int(key[0]), int(key[1]), int(key[2])


def _obligation_grew(view: View, street: ClearingStreet) -> None:
    books.obligations.put(view, street.period, 3, 0, value=Obligation(Amount(41), Amount(40)))


def _obligation_is_empty(view: View, street: ClearingStreet) -> None:
    books.obligations.put(view, street.period, 1, 2, value=Obligation(Amount(0), Amount(0)))


def _more_points_than_debt(view: View, street: ClearingStreet) -> None:
    books.obligations.put(view, street.period, 3, 0, value=Obligation(Amount(40), Amount(41)))


def _carry_from_nowhere(view: View, street: ClearingStreet) -> None:
    books.carry_more(view, 2, 1)


def _payment_grew(view: View, street: ClearingStreet) -> None:
    key = _last(view, street)
    payment = books.payments.get(view, *key)
    assert payment is not None
    books.payments.put(view, *key, value=replace(payment, amount=Amount(301)))


def _payment_came_back(view: View, street: ClearingStreet) -> None:
    """Shop 3 would pay in the period in which it is paid."""
    period, debtor, creditor = _last(view, street)
    payment = books.payments.get(view, period, debtor, creditor)
    assert payment is not None
    settled = replace(payment, received_ms=Millis(1))
    books.payments.put(view, period, creditor, debtor, value=settled)


def _nobody_will_look(view: View, street: ClearingStreet) -> None:
    key = _last(view, street)
    payment = books.payments.get(view, *key)
    assert payment is not None
    books.dues.delete(view, payment.due_ms, *key)


def _due_for_nothing(view: View, street: ClearingStreet) -> None:
    books.dues.put(view, 5, street.period, 1, 2, value=Done())


def _failed_without_cover(view: View, street: ClearingStreet) -> None:
    key = (street.period - 2, 0, 1)
    payment = books.payments.get(view, *key)
    assert payment is not None
    books.payments.put(view, *key, value=replace(payment, cut=Amount(499)))


def _arrears_forgotten(view: View, street: ClearingStreet) -> None:
    conduct = street.conduct(0)
    books.conducts.put(view, 0, value=replace(conduct, to_bearers=Amount(0)))


def _borne_twice(view: View, street: ClearingStreet) -> None:
    books.cuts.put(view, 0, 2, value=Borne(Amount(7)))


@pytest.mark.parametrize(
    "spoil",
    [
        _obligation_grew,
        _obligation_is_empty,
        _more_points_than_debt,
        _carry_from_nowhere,
        _payment_grew,
        _payment_came_back,
        _nobody_will_look,
        _due_for_nothing,
        _failed_without_cover,
        _arrears_forgotten,
        _borne_twice,
    ],
)
def test_it_complains(
    street: ClearingStreet, spoil: Callable[[View, ClearingStreet], None]
) -> None:
    view = street.view
    assert audit(view) == []
    spoil(view, street)
    assert audit(view) != []
