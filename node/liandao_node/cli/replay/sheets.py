"""Invoices of a sales export, day by day: orders and rejected rows as the receipt import tells
them, and beside them what it does not tell: the goods of each row, and the rows of cancellations.

The import plugin decides what an order is and what it comes to. This module only looks up cells.
"""

import csv
import gzip
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from liandao_plugins.api import Line, Order, Rejected, excerpt
from liandao_plugins.host import PluginHost

from liandao_node.cli.replay.returns import Goods, RowReason
from liandao_node.ledger.calendar import day_of
from liandao_node.types import Millis

MAPPINGS: Final = Path(__file__).parent / "mappings"
Cells: TypeAlias = Mapping[str, str]
CANCELLED_BY_IMPORT: Final = "ROW_CANCELLED"


@dataclass(frozen=True, slots=True)
class Bought:
    order: Order
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class CancelledRow:
    """One row of an invoice that takes goods back."""

    line: Line
    reference: str
    """Of the cancellation; the order that it cancels is not named."""
    customer: str
    at_ms: int
    code: str
    pieces: int
    excerpt: str

    def rejected(self, reason: str) -> Rejected:
        return Rejected(self.line, reason, self.excerpt)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the export."""

    bought: list[Bought]
    cancelled: list[CancelledRow]
    rejected: list[Rejected]

    @property
    def rows(self) -> int:
        orders = sum(len(one.order.lines) for one in self.bought)
        return orders + len(self.cancelled) + len(self.rejected)


def days_of(file: Path, mapping: str, utc_offset_minutes: int) -> list[Sheet]:
    """A file of purchases without cancellations as sheets of one day each, oldest first; rows
    that make no order lie on the first one."""
    given = {"receipts": str(file), "mapping": str(MAPPINGS / f"{mapping}.toml")}
    days: dict[int, Sheet] = {}
    rejected: list[Rejected] = []
    for item in PluginHost().receipt_source("receipt_import", given):
        if isinstance(item, Order):
            day = day_of(Millis(item.at_ms), utc_offset_minutes)
            days.setdefault(day, Sheet([], [], [])).bought.append(Bought(item, ()))
        else:
            rejected.append(item)
    sheets = [days[day] for day in sorted(days)] or [Sheet([], [], [])]
    sheets[0].rejected.extend(rejected)
    return sheets


class RetailSheets:
    """Reads the daily files of UCI "Online Retail"."""

    def __init__(self) -> None:
        self._host = PluginHost()
        self._mapping = MAPPINGS / "online_retail.toml"
        with self._mapping.open("rb") as file:
            form = tomllib.load(file)
        self._no_goods: list[str] = form["left_out"]["values"]
        self._prefix: str = form["cancelled"]["reference_prefix"]
        self._suffix: str = form["customer"]["strip_suffix"]
        self._time_format: str = form["time"]["format"]
        self._zone = ZoneInfo(form["time"]["zone"])

    def read(self, file: Path) -> Sheet:
        """All of a file. Raises what the receipt import raises."""
        given = {"receipts": str(file), "mapping": str(self._mapping)}
        cells = dict(_rows(file))
        sheet = Sheet([], [], [])
        for item in self._host.receipt_source("receipt_import", given):
            if isinstance(item, Order):
                sheet.bought.append(Bought(item, self._goods(item, cells)))
            else:
                self._sort(item, cells, sheet)
        return sheet

    def _goods(self, order: Order, cells: Mapping[int, Cells]) -> tuple[Goods, ...]:
        goods = tuple(_goods_of(cells[line.number]) for line in order.lines)
        assert sum(one.amount for one in goods) == order.gross_minor, order.reference
        return goods

    def _sort(self, row: Rejected, cells: Mapping[int, Cells], sheet: Sheet) -> None:
        """Puts a rejected row where it belongs: cancellations may lead to something yet."""
        found = cells.get(row.line.number)
        if row.reason != CANCELLED_BY_IMPORT or found is None:
            sheet.rejected.append(row)
            return
        if not found["InvoiceNo"].startswith(self._prefix):
            sheet.rejected.append(row)  # goods written off, which nobody had bought
        elif any(fnmatchcase(found["StockCode"].strip(), code) for code in self._no_goods):
            sheet.rejected.append(Rejected(row.line, RowReason.NO_GOODS, row.excerpt))
        else:
            sheet.cancelled.append(self._cancelled(row.line, found))

    def _cancelled(self, line: Line, cells: Cells) -> CancelledRow:
        moment = datetime.strptime(cells["InvoiceDate"].strip(), self._time_format)  # noqa: DTZ007 - zone follows
        since = moment.replace(tzinfo=self._zone) - datetime(1970, 1, 1, tzinfo=UTC)
        return CancelledRow(
            line=line,
            reference=cells["InvoiceNo"].strip(),
            customer=cells["CustomerID"].strip().removesuffix(self._suffix),
            at_ms=(since.days * 86_400 + since.seconds) * 1_000,
            code=cells["StockCode"].strip(),
            pieces=-int(cells["Quantity"]),
            excerpt=excerpt(",".join(cells.values())),
        )


def _goods_of(cells: Cells) -> Goods:
    """The row's sum as the mapping rounds it: at the line, half to even."""
    pieces = int(cells["Quantity"])
    amount = (pieces * Decimal(cells["UnitPrice"]) * 100).to_integral_value(ROUND_HALF_EVEN)
    return Goods(cells["StockCode"].strip(), pieces, int(amount))


def _rows(file: Path) -> Iterator[tuple[int, Cells]]:
    """Cells by the line on which a row begins."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        names = next(reader, [])
        begins = reader.line_num + 1
        for values in reader:
            if len(values) == len(names):
                yield begins, dict(zip(names, values, strict=True))
            begins = reader.line_num + 1
