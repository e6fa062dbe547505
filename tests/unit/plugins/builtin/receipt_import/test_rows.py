"""One row at a time: what a mapping sees in it, and the reason against a bad one."""

from pathlib import Path

import pytest
from liandao_plugins.api import (
    CSV_FIELD_CHARS_MAX,
    REFERENCE_CHARS_MAX,
    OperatorFault,
    Order,
)
from liandao_plugins.builtin.receipt_import.bounds import ROW_BYTES_MAX
from support.plugin_data import PLAIN, orders, read_receipts, reasons

HEADER = "id,at,sum\n"
TIMES_PRICE = PLAIN.replace('value = "sum"', 'quantity = "n"\nprice = "each"')


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,2024-01-01 10:00", "ROW_COLUMNS"),
        (b"1,2024-01-01 10:00,5,6", "ROW_COLUMNS"),
        (b"just text", "ROW_COLUMNS"),
        (b",2024-01-01 10:00,5", "ROW_REFERENCE"),
        (b"  ,2024-01-01 10:00,5", "ROW_REFERENCE"),
        (b"1,01.01.2024,5", "ROW_TIME"),
        (b"1,2024-02-30 10:00,5", "ROW_TIME"),
        (b"1,1969-12-31 23:59,5", "ROW_TIME"),
        (b"1,,5", "ROW_TIME"),
        (b"1,2024-01-01 10:00,", "ROW_AMOUNT"),
        (b"1,2024-01-01 10:00,five", "ROW_AMOUNT"),
        (b"1,2024-01-01 10:00,1e30", "ROW_AMOUNT"),
        (b"1,2024-01-01 10:00,-5", "ROW_NEGATIVE"),
        (b"1,2024-01-01 10:00,0", "ROW_ORDER_SUM"),
        (b"1,2024-01-01 10:00,0.004", "ROW_ORDER_SUM"),
        (b"\xff\xfe,2024-01-01 10:00,5", "ROW_ENCODING"),
        (b"r" * (REFERENCE_CHARS_MAX + 1) + b",2024-01-01 10:00,5", "ROW_TOO_LONG"),
        (b"r" * (CSV_FIELD_CHARS_MAX + 1) + b",2024-01-01 10:00,5", "ROW_TOO_LONG"),
        (b"1,2024-01-01 10:00," + b"5" * ROW_BYTES_MAX, "ROW_TOO_LONG"),
        (b'1,2024-01-01 10:00,"5', "ROW_QUOTES"),
        (b'1,2024-01-01 10:00,"5"5', "ROW_QUOTES"),
    ],
)  # fmt: skip
def test_a_bad_row_has_its_reason(tmp_path: Path, row: bytes, reason: str) -> None:
    found = read_receipts(tmp_path, HEADER.encode() + row + b"\n")
    assert reasons(found) == [(2, reason)]
    assert not orders(found)


def test_the_largest_row_passes(tmp_path: Path) -> None:
    reference = "r" * REFERENCE_CHARS_MAX
    found = read_receipts(tmp_path, f"{HEADER}{reference},2024-01-01 10:00,10000000000.00\n")
    assert orders(found) == {reference: 10**12}
    found = read_receipts(tmp_path, f"{HEADER}1,2024-01-01 10:00,10000000000.01\n")
    assert reasons(found) == [(2, "ROW_AMOUNT")]


def test_time_is_read_in_its_zone_with_summer_time(tmp_path: Path) -> None:
    mapping = PLAIN.replace("UTC", "Europe/London")
    text = HEADER + "1,2024-01-01 12:00,1\n2,2024-07-01 12:00,1\n"
    found = [x for x in read_receipts(tmp_path, text, mapping) if isinstance(x, Order)]
    assert [order.at_ms for order in found] == [1_704_110_400_000, 1_719_831_600_000]


def test_an_hour_that_came_twice_is_the_first_one(tmp_path: Path) -> None:
    mapping = PLAIN.replace("UTC", "Europe/London")
    found = read_receipts(tmp_path, HEADER + "1,2024-10-27 01:30,1\n", mapping)
    assert isinstance(found[0], Order)
    assert found[0].at_ms == 1_729_989_000_000


def test_an_offset_in_the_text_needs_no_zone(tmp_path: Path) -> None:
    mapping = PLAIN.replace("%H:%M", "%H:%M %z").replace('zone = "UTC"', "")
    text = HEADER + "1,2024-01-01 20:00 +0800,1\n2,2024-01-01 20:00,1\n"
    found = read_receipts(tmp_path, text, mapping)
    assert isinstance(found[1], Order)
    assert found[1].at_ms == 1_704_110_400_000
    assert reasons(found) == [(3, "ROW_TIME")]


def test_date_and_time_may_be_two_columns_and_so_may_the_reference(tmp_path: Path) -> None:
    mapping = PLAIN.replace('columns = "at"', 'columns = ["day", "at"]').replace(
        'reference = "id"', 'reference = ["day", "id"]'
    )
    text = "day,id,at,sum\n2024-01-01,1,10:00,5\n2024-01-02,1,10:00,6\n"
    found = read_receipts(tmp_path, text, mapping)
    assert orders(found) == {"2024-01-01/1": 500, "2024-01-02/1": 600}
    assert not reasons(found)
    found = read_receipts(tmp_path, text + ",1,10:00,6\n", mapping)
    assert reasons(found) == [(3, "ROW_ORDER_SPOILED"), (4, "ROW_REFERENCE")]


def test_quantity_times_price_rounds_half_to_even_at_the_line_or_the_order(tmp_path: Path) -> None:
    text = "id,at,n,each\n" + "1,2024-01-01 10:00,0.5,0.25\n" * 4
    assert orders(read_receipts(tmp_path, text, TIMES_PRICE)) == {"1": 4 * 12}
    by_order = TIMES_PRICE.replace("[amount]", '[amount]\nrounding = "order"')
    assert orders(read_receipts(tmp_path, text, by_order)) == {"1": 50}


@pytest.mark.parametrize(
    ("negative", "expected", "reason"),
    [
        ("reject", {}, [(2, "ROW_ORDER_SPOILED"), (3, "ROW_NEGATIVE")]),
        ("cancelled", {"1": 1_000}, [(3, "ROW_CANCELLED")]),
        ("subtract", {"1": 700}, []),
    ],
)
def test_what_a_negative_quantity_is_the_mapping_says(
    tmp_path: Path, negative: str, expected: dict[str, int], reason: list[tuple[int, str]]
) -> None:
    mapping = TIMES_PRICE.replace("[amount]", f'[amount]\nnegative = "{negative}"')
    text = "id,at,n,each\n1,2024-01-01 10:00,2,5\n1,2024-01-01 10:00,-1,3\n"
    found = read_receipts(tmp_path, text, mapping)
    assert (orders(found), reasons(found)) == (expected, reason)


def test_discounts_come_off_and_may_exceed_their_own_row(tmp_path: Path) -> None:
    mapping = PLAIN.replace("[amount]", '[amount]\ndiscounts = ["off", "coupon"]')
    text = (
        "id,at,sum,off,coupon\n"
        "1,2024-01-01 10:00,0.85,0,2.50\n"
        "1,2024-01-01 10:00,9.15,0.10,0\n"
        "2,2024-01-01 10:00,5,-1,0\n"
        "3,2024-01-01 10:00,5,,0\n"
        "4,2024-01-01 10:00,5,6,0\n"
    )
    found = read_receipts(tmp_path, text, mapping)
    assert orders(found) == {"1": 740}
    assert reasons(found) == [(4, "ROW_NEGATIVE"), (5, "ROW_AMOUNT"), (6, "ROW_ORDER_SUM")]


def test_discounts_may_be_written_below_zero(tmp_path: Path) -> None:
    mapping = PLAIN.replace("[amount]", '[amount]\ndiscounts = "off"\ndiscounts_negative = true')
    text = "id,at,sum,off\n1,2024-01-01 10:00,5,-1\n2,2024-01-01 10:00,5,1\n"
    found = read_receipts(tmp_path, text, mapping)
    assert orders(found) == {"1": 400}
    assert reasons(found) == [(3, "ROW_NEGATIVE")]


def test_customers_are_normalised(tmp_path: Path) -> None:
    customer = '[customer]\ncolumn = "who"\nstrip_suffix = ".0"\nanonymous = ["NULL", "0"]\n'
    text = "id,at,sum,who\n" + "".join(
        f"{number},2024-01-01 10:00,5,{who}\n"
        for number, who in enumerate(["17850.0", " 9 ", "", "NULL", "0.0", "x.00"])
    )
    found = read_receipts(tmp_path, text, PLAIN + customer)
    assert [x.customer for x in found if isinstance(x, Order)] == ["17850", "9", "", "", "", "x.00"]


def test_cancellations_and_left_out_rows_are_named_and_spoil_nothing(tmp_path: Path) -> None:
    more = (
        '[cancelled]\nreference_prefix = ["C", "R-"]\n'
        '[left_out]\ncolumn = "code"\nvalues = ["POST", "gift_*"]\n'
    )
    text = (
        "id,at,sum,code\n"
        "1,2024-01-01 10:00,5,TEA\n"
        "1,nonsense,nonsense,POST\n"
        "1,2024-01-01 10:00,7,gift_20\n"
        "C2,nonsense,nonsense,TEA\n"
        "R-3,2024-01-01 10:00,5,TEA\n"
        "4,2024-01-01 10:00,5,post\n"
    )
    found = read_receipts(tmp_path, text, PLAIN + more)
    assert orders(found) == {"1": 500, "4": 500}
    assert reasons(found) == [
        (3, "ROW_EXCLUDED"),
        (4, "ROW_EXCLUDED"),
        (5, "ROW_CANCELLED"),
        (6, "ROW_CANCELLED"),
    ]


def test_left_out_rows_may_count_as_accepted(tmp_path: Path) -> None:
    more = '[left_out]\ncolumn = "code"\nvalues = "POST"\ncount_as = "accepted"\n'
    text = "id,at,sum,code\n1,2024-01-01 10:00,5,TEA\n1,2024-01-01 10:00,nonsense,POST\n"
    found = read_receipts(tmp_path, text, PLAIN + more)
    assert orders(found) == {"1": 500}
    assert isinstance(found[0], Order)
    assert [line.number for line in found[0].lines] == [2, 3]


@pytest.mark.parametrize("header", ["id,at,amount", "id,at,sum,sum", ""])
def test_a_file_without_the_mappings_columns_is_refused_by_name(
    tmp_path: Path, header: str
) -> None:
    with pytest.raises(OperatorFault) as caught:
        read_receipts(tmp_path, header + "\n1,2024-01-01 10:00,5\n" if header else "")
    if header:
        assert caught.value.code == "MAPPING_COLUMN"
        assert caught.value.facts["key"] == "amount.value"
        assert caught.value.facts["file"] == "till.csv"
    else:
        assert caught.value.code == "FILE_NO_HEADER"
