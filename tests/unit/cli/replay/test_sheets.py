"""An export read for a replay: every row in one place."""

from pathlib import Path

from liandao_node.cli.replay.sheets import MAPPINGS, retail_sheet
from liandao_plugins.api import Goods
from support.plugin_data import MAPPINGS as EXAMPLES
from support.replaying import RETAIL, put, row

AT = "2010-12-01 09:30"


def test_orders_and_refunds_with_their_goods_and_the_rest_with_its_reason(tmp_path: Path) -> None:
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
    sheet = retail_sheet(file)
    assert sheet.rows == 8
    assert [(str(one.reason), one.line.number) for one in sheet.rejected] == [
        ("ROW_EXCLUDED", 4),
        ("CANCEL_NO_GOODS", 7),
        ("ROW_CANCELLED", 8),
        ("ROW_TIME", 10),
        ("ROW_ORDER_SUM", 9),
    ]
    (bought,), (back,) = sheet.orders, sheet.refunds
    assert bought.goods == (Goods("A", 3_000, 375), Goods("B", 1_000, 12))
    assert bought.gross_minor == 387
    assert (back.reference, back.customer, back.goods) == ("C2", "7", (Goods("A", 2_000, 250),))
    assert (back.at_ms, back.lines[0].number) == (1_291_195_800_000, 6)


def test_the_mappings_are_the_documented_ones() -> None:
    names = {file.name for file in MAPPINGS.iterdir()}
    assert names == {"online_retail.toml", "complete_journey.toml"}
    for name in names:
        assert (MAPPINGS / name).read_bytes() == (EXAMPLES / name).read_bytes()
