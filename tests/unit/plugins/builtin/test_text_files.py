"""Lines of files in bounded memory; what cannot be read is a line too."""

import gzip
from pathlib import Path

import pytest
from liandao_plugins.api import OperatorFault
from liandao_plugins.builtin.text_files import LineFault, LineReader, RawLine, find_files
from support.plugin_data import gzipped


def _lines(path: Path, line_bytes_max: int = 20) -> list[RawLine]:
    return list(LineReader([path], line_bytes_max).lines(path))


def test_lines_keep_their_ends_and_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one\r\n\ntwo")
    assert _lines(file) == [RawLine(1, b"one\r\n"), RawLine(2, b"\n"), RawLine(3, b"two")]


def test_a_line_at_the_bound_passes_and_one_above_is_skipped_whole(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 20 + b"\n" + b"y" * 21 + b"\n" + b"z" * 200_000 + b"\nend\n")
    found = _lines(file)
    assert [(line.number, line.fault) for line in found] == [
        (1, None),
        (2, LineFault.TOO_LONG),
        (3, LineFault.TOO_LONG),
        (4, None),
    ]
    assert found[3].data == b"end\n"


def test_gzip_is_unpacked_by_its_name(tmp_path: Path) -> None:
    assert _lines(gzipped(tmp_path / "a.gz", b"one\ntwo\n"))[1] == RawLine(2, b"two\n")


@pytest.mark.parametrize("keep", [12, -9, 0])
def test_a_torn_gzip_ends_with_one_damaged_line(tmp_path: Path, keep: int) -> None:
    file = tmp_path / "a.gz"
    text = b"".join(b"line %d\n" % number for number in range(1_000))
    file.write_bytes(gzip.compress(text)[:keep] if keep else b"no gzip at all")
    found = _lines(file)
    assert found[-1].fault is LineFault.DAMAGED
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    assert all(line.fault is None for line in found[:-1])


def test_a_directory_gives_its_files_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", ".hidden.csv", "c.txt"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "d.csv").mkdir()
    assert [file.name for file in find_files(tmp_path)] == ["a.csv.gz", "b.csv", "c.txt"]
    assert [file.name for file in find_files(tmp_path, "*.csv*")] == ["a.csv.gz", "b.csv"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="FILE_MISSING"):
        find_files(tmp_path / "no.csv")
    with pytest.raises(OperatorFault, match="FILE_NONE_MATCHES"):
        find_files(tmp_path)


def test_a_file_that_vanishes_is_the_operators_fault(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x")
    reader = LineReader([file], 10)
    file.unlink()
    with pytest.raises(OperatorFault, match="FILE_UNREADABLE"):
        list(reader.lines(file))


def test_bytes_done_reaches_bytes_total(tmp_path: Path) -> None:
    files = [gzipped(tmp_path / "a.gz", b"one\n" * 50_000), tmp_path / "b"]
    files[1].write_bytes(b"two\n" * 10)
    reader = LineReader(files, 20)
    seen = [0]
    for file in files:
        seen += [reader.bytes_done for _ in reader.lines(file)]
    assert seen == sorted(seen)
    assert reader.bytes_done == reader.bytes_total == sum(f.stat().st_size for f in files)
