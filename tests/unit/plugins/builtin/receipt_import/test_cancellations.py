"""A cancellation whose order can be found is a refund, put together as an order is."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from liandao_plugins.api import REFERENCE_CHARS_MAX, Goods, OperatorFault, Order, Refund
from liandao_plugins.builtin.receipt_import.mapping import parse_mapping
from support.plugin_data import PLAIN, Item, orders, read_receipts, reasons, rows_out

WHO = '[customer]\ncolumn = "who"\n'
BY_GOODS = (
    PLAIN.replace('value = "sum"', 'quantity = "n"\nprice = "each"')
    + WHO
    + '[cancelled]\nreference_prefix = "C"\ngoods = "code"\n'
    + '[left_out]\ncolumn = "code"\nvalues = "POST"\n'
)
GOODS_HEADER = "id,at,n,each,who,code\n"
BY_ORDER = PLAIN + WHO + '[cancelled]\norder = "of"\n'
ORDER_HEADER = "id,at,sum,who,of\n"


def _goods(reference: str, pieces: str, each: str, code: str, who: str = "a", at: int = 10) -> str:
    return f"{reference},2024-01-01 {at}:00,{pieces},{each},{who},{code}\n"


def _row(reference: str, amount: str, of: str = "", who: str = "a") -> str:
    return f"{reference},2024-01-01 10:00,{amount},{who},{of}\n"


def _refunds(found: Sequence[Item]) -> list[Refund]:
    return [one for one in found if isinstance(one, Refund)]


def test_a_cancellation_tells_the_goods_of_each_row(tmp_path: Path) -> None:
    text = (
        GOODS_HEADER
        + _goods("1", "3", "1.25", "cup")
        + _goods("1", "0.5", "2", "tea")
        + _goods("C2", "-2", "1.25", "cup")
        + _goods("C2", "-0.125", "2", "tea")
    )
    found = read_receipts(tmp_path, text, BY_GOODS)
    assert rows_out(found) == 4
    bought, back = found
    assert isinstance(bought, Order)
    assert bought.goods == (Goods("cup", 3_000, 375), Goods("tea", 500, 100))
    assert isinstance(back, Refund)
    assert (back.source, back.reference, back.order, back.customer) == ("till", "C2", "", "a")
    assert (back.gross_minor, back.at_ms) == (275, 1_704_103_200_000)
    assert back.goods == (Goods("cup", 2_000, 250), Goods("tea", 125, 25))
    assert [line.number for line in back.lines] == [4, 5]


def test_goods_sum_to_their_order_wherever_fractions_are_rounded(tmp_path: Path) -> None:
    mapping = BY_GOODS.replace("[amount]", '[amount]\nrounding = "order"')
    text = GOODS_HEADER + "".join(_goods("1", "1", "0.005", code) for code in ("x", "y", "z"))
    (bought,) = read_receipts(tmp_path, text, mapping)
    assert isinstance(bought, Order)
    assert [one.amount_minor for one in bought.goods] == [0, 1, 1]
    assert bought.gross_minor == 2


def test_without_the_key_an_order_carries_no_goods(tmp_path: Path) -> None:
    plain = BY_GOODS.replace('goods = "code"\n', "")
    text = GOODS_HEADER + _goods("1", "3", "1.25", "cup") + _goods("C2", "-2", "1.25", "cup")
    found = read_receipts(tmp_path, text, plain)
    (bought,) = (one for one in found if isinstance(one, Order))
    assert bought.goods == ()
    assert reasons(found) == [(3, "ROW_CANCELLED")]


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_row_that_names_an_order_gives_it_back(tmp_path: Path, sign: str) -> None:
    """Some tills write what they give back below zero, others do not."""
    text = (
        ORDER_HEADER
        + _row("1", "5")
        + _row("R1", f"{sign}3", "1")
        + _row("R1", f"{sign}1", "1")
        + _row("2", "4")
    )
    found = read_receipts(tmp_path, text, BY_ORDER)
    assert orders(found) == {"1": 500, "2": 400}
    (back,) = _refunds(found)
    assert (back.reference, back.order, back.gross_minor) == ("R1", "1", 400)
    assert [type(one) for one in found] == [Order, Refund, Order], "it comes after its order"


def test_several_columns_name_the_order_as_they_do_the_reference(tmp_path: Path) -> None:
    mapping = BY_ORDER.replace('reference = "id"', 'reference = ["shop", "id"]').replace(
        'order = "of"', 'order = ["shop", "of"]'
    )
    text = "shop,id,at,sum,who,of\nx,1,2024-01-01 10:00,5,a,\nx,2,2024-01-01 10:00,-5,a,1\n"
    found = read_receipts(tmp_path, text, mapping)
    assert orders(found) == {"x/1": 500}
    assert [(one.reference, one.order) for one in _refunds(found)] == [("x/2", "x/1")]


def test_discounts_come_off_what_is_given_back_however_they_are_written(tmp_path: Path) -> None:
    mapping = BY_ORDER.replace("[amount]", '[amount]\ndiscounts = "off"')
    for amount, off in (("-5", "1"), ("-5", "-1"), ("5", "1")):
        text = f"id,at,sum,who,of,off\nR1,2024-01-01 10:00,{amount},a,1,{off}\n"
        (back,) = _refunds(read_receipts(tmp_path, text, mapping))
        assert back.gross_minor == 400


def test_a_bad_row_spoils_its_cancellation(tmp_path: Path) -> None:
    text = ORDER_HEADER + _row("R1", "-3", "1") + _row("R1", "x", "1") + _row("R2", "-3", "1")
    found = read_receipts(tmp_path, text, BY_ORDER)
    assert [one.reference for one in _refunds(found)] == ["R2"]
    assert reasons(found) == [(2, "ROW_ORDER_SPOILED"), (3, "ROW_AMOUNT")]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (_row("R1", "-3", "2"), "ROW_ORDER_MIXED"),
        (_row("R1", "-3", "1", who="b"), "ROW_ORDER_MIXED"),
        (_row("R1", "3"), "ROW_ORDER_MIXED"),
    ],
)
def test_one_cancellation_gives_back_one_order_of_one_customer(
    tmp_path: Path, second: str, reason: str
) -> None:
    found = read_receipts(tmp_path, ORDER_HEADER + _row("R1", "-3", "1") + second, BY_ORDER)
    assert reasons(found) == [(2, "ROW_ORDER_SPOILED"), (3, reason)]
    assert len(found) == 2


def test_what_gives_nothing_back_is_no_refund(tmp_path: Path) -> None:
    text = (
        GOODS_HEADER
        + _goods("C1", "-1", "0", "cup")
        + _goods("C2", "-1", "4", "POST")
        + _goods("C2", "-1", "4", "cup")
    )
    found = read_receipts(tmp_path, text, BY_GOODS)
    assert reasons(found) == [(2, "ROW_ORDER_SUM"), (3, "CANCEL_NO_GOODS")]
    assert [one.gross_minor for one in _refunds(found)] == [400]


def test_an_order_named_at_too_great_length_is_named_so(tmp_path: Path) -> None:
    long = "o" * (REFERENCE_CHARS_MAX + 1)
    found = read_receipts(tmp_path, ORDER_HEADER + _row("R1", "-3", long), BY_ORDER)
    assert reasons(found) == [(2, "ROW_TOO_LONG")]


@pytest.mark.parametrize(
    "mapping", [BY_GOODS.replace(WHO, ""), PLAIN + WHO + '[cancelled]\ngoods = "code"\n']
)
def test_goods_are_found_by_whose_they_were_and_how_many(mapping: str) -> None:
    with pytest.raises(OperatorFault) as caught:
        parse_mapping(mapping)
    assert caught.value.code == "MAPPING_VALUE"
    assert caught.value.facts["key"] == "cancelled.goods"
