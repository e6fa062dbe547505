"""Whatever bytes a file holds, the importers do not crash, and every row comes out once."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from liandao_plugins.api import LOG_LINE_BYTES_MAX, OperatorFault, Rejected, WebHit
from liandao_plugins.builtin.access_log import AccessLogFiles
from liandao_plugins.builtin.access_log.line_format import Reason as LineReason
from liandao_plugins.builtin.receipt_import.mapping import parse_mapping
from liandao_plugins.builtin.receipt_import.reasons import Reason
from liandao_plugins.builtin.receipt_import.source import ReceiptFiles
from support.plugin_data import PLAIN, orders, rows_out

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
COLUMNS = '[file]\nheader = false\ncolumns = ["id", "at", "sum", "who"]\n'
UNQUOTED = parse_mapping(PLAIN + COLUMNS + 'quote = ""\n[customer]\ncolumn = "who"\n')
QUOTED = parse_mapping(
    PLAIN.replace("[order]", "[order]\nopen_orders = 3").replace(
        "[amount]", '[amount]\nnegative = "subtract"'
    )
    + COLUMNS
    + '[customer]\ncolumn = "who"\n[cancelled]\nreference_prefix = "9"\norder = "who"\n'
)

_cell = st.sampled_from(
    ["1", "2", "3", "9", "", "2024-01-01 10:00", "2024-01-01 10:30", "5", "0.01", "-5", "1e400",
     '"', '"a', 'a"', '"a,b"', '""', "x" * 5_000, "\ufeff", "茶", "\x00", "\r", "Infinity"]
)  # fmt: skip
_row = st.lists(_cell, min_size=0, max_size=6).map(",".join)
_good = st.builds(
    lambda reference, amount, who: f"{reference},2024-01-01 10:00,{amount},{who}",
    st.integers(1, 6),
    st.integers(-3, 9),
    st.sampled_from(["7", ""]),
)
_line = st.one_of(_row.map(str.encode), _good.map(str.encode), st.binary(max_size=40))
_file = st.lists(_line, max_size=25).map(b"\n".join)


def _physical_rows(data: bytes) -> int:
    """Lines that are not blank, by the rules of an unquoted file."""
    rows = 0
    for number, line in enumerate(data.split(b"\n")):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            rows += 1
            continue
        rows += bool((text.removeprefix("\ufeff") if number == 0 else text).strip())
    return rows


@SHARED
@given(data=_file)
def test_every_row_of_any_file_comes_out_once(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(data)
    found = list(ReceiptFiles([file], UNQUOTED))
    assert rows_out(found) == _physical_rows(data)
    places = [line for x in found if not isinstance(x, Rejected) for line in x.lines]
    places += [x.line for x in found if isinstance(x, Rejected)]
    assert len(set(places)) == len(places)
    assert all(x.reason in set(Reason) for x in found if isinstance(x, Rejected))
    assert all(sum_ > 0 for sum_ in orders(found).values())


@SHARED
@given(data=_file)
def test_quotes_of_any_kind_lose_no_line(tmp_path: Path, data: bytes) -> None:
    """A quoted record may span lines, so rows are at most the lines; none is told twice."""
    file = tmp_path / "a.csv"
    file.write_bytes(data)
    found = list(ReceiptFiles([file], QUOTED))
    assert rows_out(found) <= _physical_rows(data)
    counts = Counter(
        line
        for x in found
        for line in ((x.line,) if isinstance(x, Rejected) else x.lines)
    )  # fmt: skip
    assert all(count == 1 for count in counts.values())
    if b'"' not in data:
        assert rows_out(found) == _physical_rows(data)


@SHARED
@given(data=_file, cut=st.integers(0, 200), gz=st.booleans())
def test_any_header_and_any_torn_gzip_are_named(
    tmp_path: Path, data: bytes, cut: int, gz: bool
) -> None:
    file = tmp_path / ("a.csv.gz" if gz else "a.csv")
    file.write_bytes(gzip.compress(data)[: cut + 1] if gz else data)
    code = ""
    try:
        list(ReceiptFiles([file], parse_mapping(PLAIN)))
    except OperatorFault as fault:
        code = fault.code
    assert code in ("", "FILE_NO_HEADER", "MAPPING_COLUMN")


@SHARED
@given(text=st.text(max_size=300))
def test_any_text_as_a_mapping_is_refused_by_name(text: str) -> None:
    with pytest.raises(OperatorFault) as caught:
        parse_mapping(text)
    assert caught.value.code.startswith("MAPPING_")


_GOOD_LINE = b'192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 203 "-" "Mozilla"'
_log_piece = st.sampled_from(
    [b'"', b"\\", b"[", b"]", b" ", b"-", b"192.0.2.7", b"::1", b"[17/May/2015:10:05:03 +0000]",
     b'"GET / HTTP/1.1"', b"200", b"203", b"\xff", b"\x00", b"\r", b"x" * (LOG_LINE_BYTES_MAX + 1)]
)  # fmt: skip
_log_line = st.one_of(
    st.lists(_log_piece, max_size=14).map(b" ".join),
    st.binary(max_size=60),
    st.just(_GOOD_LINE),
    st.integers(0, len(_GOOD_LINE)).map(lambda n: _GOOD_LINE[:n]),
)


@SHARED
@given(data=st.lists(_log_line, max_size=20).map(b"\n".join))
def test_every_line_of_any_log_comes_out_once(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "access.log"
    file.write_bytes(data)
    found = list(AccessLogFiles([file]))
    assert len(found) == sum(1 for line in data.split(b"\n") if line.strip())
    known = set(LineReason)
    assert all(x.reason in known for x in found if isinstance(x, Rejected))
    whole = data.split(b"\n").count(_GOOD_LINE)
    assert sum(isinstance(x, WebHit) for x in found) >= whole
