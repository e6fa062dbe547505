"""An order is counted with its whole sum or not at all."""

from itertools import permutations
from pathlib import Path

import pytest
from liandao_plugins.api import Order
from liandao_plugins.builtin.receipt_import import grouping
from support.plugin_data import PLAIN, orders, read_receipts, reasons, rows_out

HEADER = "id,at,sum,who\n"
MAPPING = PLAIN + '[customer]\ncolumn = "who"\n'


def _row(reference: str, amount: str = "5", who: str = "a", at: str = "10:00") -> str:
    return f"{reference},2024-01-01 {at},{amount},{who}\n"


def _open(number: int) -> str:
    return MAPPING.replace("[order]", f"[order]\nopen_orders = {number}")


def test_rows_of_one_reference_are_one_order(tmp_path: Path) -> None:
    found = read_receipts(tmp_path, HEADER + _row("1") + _row("1", "0.50") + _row("2"), MAPPING)
    first = found[0]
    assert isinstance(first, Order)
    assert orders(found) == {"1": 550, "2": 500}
    assert [line.number for line in first.lines] == [2, 3]


def test_an_order_takes_the_time_of_its_first_row(tmp_path: Path) -> None:
    text = HEADER + _row("1", at="10:01") + _row("1", at="10:00") + _row("1", at="11:01")
    (order,) = read_receipts(tmp_path, text, MAPPING)
    assert isinstance(order, Order)
    assert order.at_ms == 1_704_103_260_000


@pytest.mark.parametrize("bad", ["five", "-5"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bad_row_spoils_its_whole_order_wherever_it_stands(
    tmp_path: Path, bad: str, place: int
) -> None:
    rows = [_row("1"), _row("1")]
    rows.insert(place, _row("1", bad))
    found = read_receipts(tmp_path, HEADER + _row("0") + "".join(rows) + _row("2"), MAPPING)
    assert orders(found) == {"0": 500, "2": 500}
    own = {"five": "ROW_AMOUNT", "-5": "ROW_NEGATIVE"}[bad]
    expected = [(line, "ROW_ORDER_SPOILED") for line in (3, 4, 5)]
    expected[place] = (3 + place, own)
    assert reasons(found) == expected


def test_a_row_that_says_not_whose_it_is_spoils_both_neighbours(tmp_path: Path) -> None:
    text = HEADER + _row("0") + _row("1") + "\ufffd\n" + _row("2") + _row("2") + _row("3")
    found = read_receipts(tmp_path, text, MAPPING)
    assert orders(found) == {"0": 500, "3": 500}
    assert reasons(found) == [
        (3, "ROW_ORDER_SPOILED"),
        (4, "ROW_COLUMNS"),
        (5, "ROW_ORDER_SPOILED"),
        (6, "ROW_ORDER_SPOILED"),
    ]


def test_another_customer_or_a_far_time_under_one_reference_spoils_it(tmp_path: Path) -> None:
    text = (
        HEADER
        + _row("1")
        + _row("1", who="b")
        + _row("2", at="10:00")
        + _row("2", at="11:01")
        + _row("3", at="10:00")
        + _row("3", at="11:00")
    )
    found = read_receipts(tmp_path, text, MAPPING)
    assert orders(found) == {"3": 1_000}
    assert reasons(found) == [
        (2, "ROW_ORDER_SPOILED"),
        (3, "ROW_ORDER_MIXED"),
        (4, "ROW_ORDER_SPOILED"),
        (5, "ROW_ORDER_MIXED"),
    ]


def test_orders_may_lie_interleaved_up_to_the_bound(tmp_path: Path) -> None:
    for order in set(permutations("112233")):
        text = HEADER + "".join(_row(reference) for reference in order)
        assert orders(read_receipts(tmp_path, text, _open(3))) == {"1": 1000, "2": 1000, "3": 1000}


def test_the_order_untouched_for_longest_is_closed_first(tmp_path: Path) -> None:
    text = HEADER + "".join(_row(reference) for reference in "12131")
    found = read_receipts(tmp_path, text, _open(2))
    assert orders(found) == {"1": 1_500, "2": 500, "3": 500}


def test_a_row_that_comes_after_its_order_was_closed_is_named(tmp_path: Path) -> None:
    text = HEADER + _row("1") + _row("2") + _row("1") + _row("2")
    found = read_receipts(tmp_path, text, MAPPING)
    assert orders(found) == {"1": 500, "2": 1_000}
    assert reasons(found) == [(4, "ROW_ORDER_CLOSED")]


def test_closed_orders_are_remembered_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "ORDERS_REMEMBERED_MAX", 2)
    text = HEADER + "".join(_row(reference) for reference in "1234" + "2" + "1")
    found = read_receipts(tmp_path, text, MAPPING)
    assert reasons(found) == [(6, "ROW_ORDER_CLOSED")]
    assert [x.reference for x in found if isinstance(x, Order)] == ["1", "2", "3", "4", "1"]


def test_an_order_has_a_bounded_number_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "ORDER_LINES_MAX", 3)
    found = read_receipts(tmp_path, HEADER + _row("1") * 3 + _row("2") * 5, MAPPING)
    assert orders(found) == {"1": 1_500}
    assert [reason for _, reason in reasons(found)] == [
        "ROW_ORDER_SPOILED",
        "ROW_ORDER_SPOILED",
        "ROW_ORDER_SPOILED",
        "ROW_ORDER_LINES",
        "ROW_ORDER_SPOILED",
    ]


def test_every_row_comes_out_once(tmp_path: Path) -> None:
    rows = [_row("1"), _row("2", "x"), "?\n", _row("3", "-1"), _row("1"), _row("4", who="b"), "\n"]
    for number in (1, 2, 7):
        found = read_receipts(tmp_path, HEADER + "".join(rows * 3), _open(number))
        assert rows_out(found) == 18


def test_an_order_that_was_never_paid_for_is_none(tmp_path: Path) -> None:
    mapping = MAPPING.replace("[amount]", '[amount]\nnegative = "subtract"')
    text = HEADER + _row("1", "0") + _row("2", "3") + _row("2", "-3") + _row("3", "-9")
    found = read_receipts(tmp_path, text, mapping)
    assert not orders(found)
    assert {reason for _, reason in reasons(found)} == {"ROW_ORDER_SUM"}
    assert rows_out(found) == 4
