"""Real input data, mappings and small files for the tests of plugins and traffic."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pytest
from liandao_plugins.api import Order, Refund, Rejected
from liandao_plugins.builtin.receipt_import.mapping import Mapping, load_mapping, parse_mapping
from liandao_plugins.builtin.receipt_import.source import ReceiptFiles

Item: TypeAlias = Order | Refund | Rejected

REPOSITORY = Path(__file__).resolve().parents[2]
MAPPINGS = REPOSITORY / "examples" / "mappings"

PLAIN = """
form = 1
name = "till"
[order]
reference = "id"
[time]
columns = "at"
format = "%Y-%m-%d %H:%M"
zone = "UTC"
[amount]
value = "sum"
exponent = 2
"""
"""A mapping for files with the columns id, at and sum."""


def shared_data(*parts: str) -> Path:
    """A file or folder of the developers' data; the test skips by its name when it is absent."""
    path = REPOSITORY.parent.joinpath("shared", "data", *parts)
    if not path.exists():
        pytest.skip(f"no real data: {'/'.join(parts)}")
    return path


def example_mapping(name: str) -> Mapping:
    return load_mapping(MAPPINGS / f"{name}.toml")


def read_receipts(tmp_path: Path, text: str | bytes, mapping: str = PLAIN) -> list[Item]:
    """All that the importer makes of one file with ``text``."""
    file = tmp_path / "till.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(ReceiptFiles([file], parse_mapping(mapping)))


def reasons(found: Iterable[Item]) -> list[tuple[int, str]]:
    """Line and reason of the rejected rows, in order of their lines."""
    return sorted((x.line.number, str(x.reason)) for x in found if isinstance(x, Rejected))


def orders(found: Iterable[Item]) -> dict[str, int]:
    """Sums by reference."""
    return {x.reference: x.gross_minor for x in found if isinstance(x, Order)}


def rows_out(found: Iterable[Item]) -> int:
    """How many rows of the input came out."""
    return sum(1 if isinstance(x, Rejected) else len(x.lines) for x in found)


def gzipped(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data, mtime=0))
    return path
