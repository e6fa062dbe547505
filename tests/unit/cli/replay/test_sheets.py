"""An export read for a replay: every row in one place, goods and cancellations looked up."""

from pathlib import Path

from liandao_node.cli.replay.returns import Goods, RowReason
from liandao_node.cli.replay.sheets import MAPPINGS, RetailSheets, Sheet
from support.plugin_data import MAPPINGS as EXAMPLES
from support.replaying import RETAIL, put, row

AT = "2010-12-01 09:30"


def _read(tmp_path: Path) -> Sheet:
    file = tmp_path / "day.csv.gz"
    rows = [
        row("1", "A", 3, AT, "1.25", "7.0", words='SAYS "TEA"\nON TWO LINES'),
        row("1", "POST", 1, AT, "4.0", "7.0"),
        row("1", "B", 1, AT, "0.125", "7.0"),
        row("C2", "A", -2, AT, "1.25", "7.0"),
        row("C2", "POST", -1, AT, "4.0", "7.0"),
        row("3", "A", -9, AT, "0.0"),
        row("4", "A", 1, AT, "0.0", "8.0"),
        row("5", "A", 1, "noon", "1.0", "8.0"),
    ]
    put(file, RETAIL, rows)
    return RetailSheets().read(file)


def test_every_row_lies_in_one_place_with_its_reason(tmp_path: Path) -> None:
    sheet = _read(tmp_path)
    assert sheet.rows == 8
    assert [(str(one.reason), one.line.number) for one in sheet.rejected] == [
        ("ROW_EXCLUDED", 4),
        (RowReason.NO_GOODS, 7),
        ("ROW_CANCELLED", 8),
        ("ROW_TIME", 10),
        ("ROW_ORDER_SUM", 9),
    ]


def test_goods_are_those_of_the_orders_rows_and_sum_to_it(tmp_path: Path) -> None:
    (bought,) = _read(tmp_path).bought
    assert bought.goods == (Goods("A", 3, 375), Goods("B", 1, 12))
    assert bought.order.gross_minor == 387


def test_a_cancellation_keeps_what_it_takes_back_and_when(tmp_path: Path) -> None:
    (back,) = _read(tmp_path).cancelled
    assert (back.reference, back.customer, back.code, back.pieces) == ("C2", "7", "A", 2)
    assert back.at_ms == 1_291_195_800_000
    assert (back.line.number, back.excerpt[:7]) == (6, "C2,A,TH")


def test_the_mappings_are_the_documented_ones() -> None:
    names = {file.name for file in MAPPINGS.iterdir()}
    assert names == {"online_retail.toml", "complete_journey.toml"}
    for name in names:
        assert (MAPPINGS / name).read_bytes() == (EXAMPLES / name).read_bytes()
