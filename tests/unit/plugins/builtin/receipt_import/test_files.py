"""Forms of files: quotes, delimiters, encodings, headers, several files, torn ones."""

import gzip
from pathlib import Path

import pytest
from liandao_plugins.api import OperatorFault, Options, Order
from liandao_plugins.builtin.receipt_import import plugin
from liandao_plugins.builtin.receipt_import.bounds import ROW_LINES_MAX
from liandao_plugins.builtin.receipt_import.mapping import parse_mapping
from liandao_plugins.builtin.receipt_import.source import ReceiptFiles
from support.plugin_data import PLAIN, orders, read_receipts, reasons, rows_out

NOTED = PLAIN.replace("[order]", "[order]\nopen_orders = 1")
HEADER = "note,id,at,sum\n"


def _row(reference: int, note: str = "x", amount: str = "5") -> str:
    return f"{note},{reference},2024-01-01 10:00,{amount}\n"


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    text = HEADER + _row(1, '"a,b"') + _row(2, '"12"" pipe"') + _row(3, '"two\nlines"') + _row(4)
    found = read_receipts(tmp_path, text, NOTED)
    assert orders(found) == {"1": 500, "2": 500, "3": 500, "4": 500}
    assert [x.lines[0].number for x in found if isinstance(x, Order)] == [2, 3, 4, 6]


def test_a_quote_inside_an_unquoted_cell_is_itself(tmp_path: Path) -> None:
    assert orders(read_receipts(tmp_path, HEADER + _row(1, '5" pipe'), NOTED)) == {"1": 500}


def test_a_stray_quote_costs_one_row_and_its_neighbours_not_the_file(tmp_path: Path) -> None:
    """A plain CSV reader would swallow everything up to the next quote."""
    rows = [_row(number) for number in range(1, 201)]
    rows[99] = _row(100, '"open')
    found = read_receipts(tmp_path, HEADER + "".join(rows), NOTED)
    assert len(orders(found)) == 197
    assert reasons(found) == [
        (100, "ROW_ORDER_SPOILED"),
        (101, "ROW_QUOTES"),
        (102, "ROW_ORDER_SPOILED"),
    ]


def test_a_quoted_cell_at_the_bound_of_lines(tmp_path: Path) -> None:
    tall = '"' + "\n" * (ROW_LINES_MAX - 1) + '"'
    assert orders(read_receipts(tmp_path, HEADER + _row(1, tall), NOTED)) == {"1": 500}
    taller = '"' + "\n" * ROW_LINES_MAX + '"'
    found = read_receipts(tmp_path, HEADER + _row(1, taller), NOTED)
    assert reasons(found)[0] == (2, "ROW_QUOTES")
    assert not orders(found)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ('delimiter = ";"', "id;at;sum\n1;2024-01-01 10:00;5\n"),
        ('delimiter = "tab"', "id\tat\tsum\n1\t2024-01-01 10:00\t5\n"),
        ('quote = ""', 'id,at,sum,"\n1,2024-01-01 10:00,5,"\n'),
        ('quote = "\'"', "id,at,sum\n'1','2024-01-01 10:00','5'\n"),
        ('header = false\ncolumns = ["id", "at", "sum"]', "1,2024-01-01 10:00,5\n"),
        ("", "\ufeffid,at,sum\r\n\r\n1,2024-01-01 10:00,5\r\n\r\n"),
        ("", " id , at ,sum \n1,2024-01-01 10:00,5"),
    ],
)
def test_dialects(tmp_path: Path, form: str, text: str) -> None:
    found = read_receipts(tmp_path, text, PLAIN + f"[file]\n{form}\n")
    assert (orders(found), reasons(found)) == ({"1": 500}, [])


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "cp1252", "big5"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    name = {"gb18030": "茶", "shift_jis": "ソ", "cp1252": "Thé", "big5": "許"}[encoding]
    mapping = PLAIN + f'[file]\nencoding = "{encoding}"\n'
    data = f"id,at,sum\n{name},2024-01-01 10:00,5\n".encode(encoding)
    assert orders(read_receipts(tmp_path, data, mapping)) == {name: 500}


def test_padded_columns_are_split_at_white_space(tmp_path: Path) -> None:
    mapping = PLAIN.replace("%Y-%m-%d %H:%M", "%Y%m%d") + '[file]\ndelimiter = "whitespace"\n'
    found = read_receipts(tmp_path, " id  at   sum\r\n 01 19970101   11.77\r\n", mapping)
    assert orders(found) == {"01": 1177}


def test_files_of_a_directory_are_one_stream(tmp_path: Path) -> None:
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"id,at,sum\n1,2024-01-01 10:05,6\n"))
    (tmp_path / "a.csv").write_bytes(b"at,sum,id\n2024-01-01 10:00,5,1\n")
    (tmp_path / "c.txt").write_bytes(b"notes")
    mapping = tmp_path.parent / "till.toml"
    mapping.write_text(PLAIN)
    given = {"receipts": str(tmp_path), "mapping": str(mapping), "pattern": "*.csv*"}
    source = plugin.receipt_source(Options(plugin.manifest, given))
    (order,) = list(source)
    assert isinstance(order, Order)
    assert order.gross_minor == 1_100
    assert [(line.file, line.number) for line in order.lines] == [("a.csv", 2), ("b.csv.gz", 2)]
    assert source.bytes_done == source.bytes_total > 0
    assert source.name == "till"


def test_a_file_of_another_kind_is_found_before_the_first_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,at,sum\n1,2024-01-01 10:00,5\n")
    (tmp_path / "b.csv").write_bytes(b"household,coupon\n1,2\n")
    with pytest.raises(OperatorFault) as caught:
        ReceiptFiles([tmp_path / "a.csv", tmp_path / "b.csv"], parse_mapping(PLAIN))
    assert caught.value.facts["file"] == "b.csv"


def test_a_torn_gzip_is_one_rejected_row_and_spoils_the_order_before_it(tmp_path: Path) -> None:
    text = b"id,at,sum\n" + b"".join(
        b"%d,2024-01-01 10:00,%d\n" % (number // 2, number) for number in range(2, 5_000)
    )
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text)[:-4_000])
    found = list(ReceiptFiles([tmp_path / "a.csv.gz"], parse_mapping(PLAIN)))
    damaged = [line for line, reason in reasons(found) if reason == "ROW_FILE_DAMAGED"]
    assert len(damaged) == 1
    assert rows_out(found) == damaged[0] - 1
    assert len(orders(found)) > 100
    torn = reasons(found)[0]
    assert torn[0] in (damaged[0], damaged[0] - 1, damaged[0] - 2)
