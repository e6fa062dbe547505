"""A mapping: how one shop's export is to be read. docs/plugins.md, section "Mappings".

It is a TOML file, so that a shop whose till nobody has heard of can be described without a
line of code. Everything is checked when it is loaded; a bad mapping is the operator's fault
and names the key. A currency's name or an amount's plausibility are not its business.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from liandao_plugins.api import OperatorFault
from liandao_plugins.builtin.receipt_import.bounds import (
    MAPPING_BYTES_MAX,
    ORDERS_OPEN_MAX,
    SPREAD_MINUTES_MAX,
)
from liandao_plugins.builtin.receipt_import.exact import NumberForm
from liandao_plugins.builtin.receipt_import.toml_table import Table

FORM_VERSION: Final = 1
_SOME_DAY: Final = datetime(2001, 12, 30, 17, 45, 59, tzinfo=UTC)
WHITESPACE: Final = "whitespace"
"""Delimiter of files whose columns are padded with spaces."""


class Rounding(StrEnum):
    """Where fractions of a minor unit are rounded, half to even."""

    LINE = "line"
    ORDER = "order"


class Negative(StrEnum):
    """What a row with a negative quantity, price or value is."""

    REJECT = "reject"
    """A mistake: ROW_NEGATIVE, and its order is not counted."""
    CANCELLED = "cancelled"
    """A return or write-off: ROW_CANCELLED, the rest of its order stands."""
    SUBTRACT = "subtract"
    """A return within the sale: it lowers the order's sum."""


class LeftOutCount(StrEnum):
    """How rows are counted that are left out of the sum."""

    REJECTED = "rejected"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class FileForm:
    encoding: str
    delimiter: str
    quote: str
    """Empty: nothing is quoted."""
    columns: tuple[str, ...]
    """Names of the columns; empty when the first line tells them."""


@dataclass(frozen=True, slots=True)
class AmountForm:
    numbers: NumberForm
    value: str
    """Column with the row's sum; empty when it is quantity times price."""
    quantity: str
    price: str
    discounts: tuple[str, ...]
    """Columns to take off; never below what the sign of ``discounts_negative`` says."""
    discounts_negative: bool
    exponent: int
    rounding: Rounding
    negative: Negative


@dataclass(frozen=True, slots=True)
class TimeForm:
    columns: tuple[str, ...]
    """Joined with one space."""
    format: str
    zone: ZoneInfo | None
    """None: the format reads the offset itself."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping file. Columns are names here; a file's header gives their places."""

    name: str
    file: FileForm
    reference: tuple[str, ...]
    """Columns that together name an order, joined with ``/``."""
    open_orders: int
    """Orders whose rows may lie interleaved; 1 when each order's rows are together."""
    spread_ms: int
    """How far apart the times of one order's rows may lie."""
    time: TimeForm
    amount: AmountForm
    customer: str
    """Column, or empty when buyers are anonymous."""
    customer_suffix: str
    customer_none: frozenset[str]
    cancelled_prefixes: tuple[str, ...]
    cancelled_order: tuple[str, ...]
    """Columns that together name the order which a row cancels, joined as ``reference`` is."""
    goods: str
    """Column with an article's code, by which cancellations find their orders; empty when they
    do not."""
    left_out_column: str
    left_out: tuple[str, ...]
    """Texts, ``*`` and ``?`` stand for other characters."""
    left_out_count: LeftOutCount

    @property
    def columns(self) -> dict[str, str]:
        """Every column that the mapping needs, with the key that names it."""
        needed = dict.fromkeys(self.reference, "order.reference")
        needed |= dict.fromkeys(self.cancelled_order, "cancelled.order")
        needed |= dict.fromkeys(self.time.columns, "time.columns")
        amount = self.amount
        needed |= {
            amount.value: "amount.value",
            amount.quantity: "amount.quantity",
            amount.price: "amount.price",
            self.customer: "customer.column",
            self.goods: "cancelled.goods",
            self.left_out_column: "left_out.column",
        }
        needed |= dict.fromkeys(amount.discounts, "amount.discounts")
        needed.pop("", None)
        return needed


def load_mapping(path: Path) -> Mapping:
    """Reads a mapping file.

    Raises OperatorFault ``MAPPING_UNREADABLE``, ``MAPPING_SYNTAX`` and those of
    `parse_mapping`.
    """
    try:
        with path.open("rb") as file:
            document = file.read(MAPPING_BYTES_MAX + 1)
        if len(document) > MAPPING_BYTES_MAX:
            raise OperatorFault("MAPPING_SYNTAX", detail=f"larger than {MAPPING_BYTES_MAX} bytes")
        return parse_mapping(document.decode("utf-8"))
    except OSError as error:
        raise OperatorFault(
            "MAPPING_UNREADABLE", path=str(path), detail=str(error)[:200]
        ) from error
    except UnicodeDecodeError as error:
        raise OperatorFault("MAPPING_SYNTAX", detail=str(error)[:200]) from error


def parse_mapping(document: str) -> Mapping:
    """Checks a mapping.

    Raises OperatorFault ``MAPPING_SYNTAX``, ``MAPPING_MISSING``, ``MAPPING_TYPE``,
    ``MAPPING_VALUE``, ``MAPPING_UNKNOWN_KEY`` and, for a file in which no column is money,
    ``MAPPING_NO_AMOUNT``; each but the first names the key.
    """
    try:
        root = Table("", tomllib.loads(document))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise OperatorFault("MAPPING_SYNTAX", detail=str(error)[:200]) from error
    root.integer("form", FORM_VERSION, FORM_VERSION)
    order = root.table("order")
    amount = root.table("amount", required=False)
    customer = root.table("customer", required=False)
    cancelled = root.table("cancelled", required=False)
    left_out = root.table("left_out", required=False)
    mapping = Mapping(
        name=_filled(root, "name"),
        file=_file_form(root.table("file", required=False)),
        reference=_columns(order, "reference"),
        open_orders=order.integer("open_orders", 1, ORDERS_OPEN_MAX, 1),
        spread_ms=order.integer("spread_minutes", 0, SPREAD_MINUTES_MAX, 60) * 60_000,
        time=_time_form(root.table("time")),
        amount=_amount_form(amount),
        customer=customer.text("column", ""),
        customer_suffix=customer.text("strip_suffix", ""),
        customer_none=frozenset(customer.texts("anonymous", ())) | {""},
        cancelled_prefixes=_no_empty(cancelled, "reference_prefix", ()),
        cancelled_order=_no_empty(cancelled, "order", ()),
        goods=_goods(cancelled, customer, amount),
        left_out_column=left_out.text("column", ""),
        left_out=_no_empty(left_out, "values", () if not left_out.has("column") else None),
        left_out_count=left_out.choice("count_as", LeftOutCount.REJECTED),
    )
    root.close()
    return mapping


def _file_form(table: Table) -> FileForm:
    encoding = table.text("encoding", "utf-8")
    try:
        # Lines are cut at the byte 10 before they are decoded.
        fits = "\n0,".encode(encoding) == b"\n0,"
    except (LookupError, ValueError):
        fits = False
    if not fits:
        raise table.bad("encoding", encoding, "utf-8 or another that keeps ASCII as it is")
    delimiter = table.text("delimiter", ",")
    delimiter = "\t" if delimiter == "tab" else delimiter
    if delimiter != WHITESPACE and (len(delimiter) != 1 or delimiter in "\r\n\"'"):
        raise table.bad("delimiter", delimiter, 'one character, "tab" or "whitespace"')
    quote = table.text("quote", "" if delimiter == WHITESPACE else '"')
    if quote and (delimiter == WHITESPACE or len(quote) != 1 or quote in (delimiter, "\n", "\r")):
        raise table.bad("quote", quote, "one character, or empty")
    header = table.switch("header", True)
    columns = table.texts("columns", ()) if header else _columns(table, "columns")
    if header and columns:
        raise table.bad("columns", columns[0], "nothing while header = true")
    return FileForm(encoding, delimiter, quote, columns)


def _time_form(table: Table) -> TimeForm:
    form = _filled(table, "format")
    if not _reads_days(form):
        raise table.bad("format", form, "a strptime format with year, month and day, each once")
    reads_offset = "%z" in form
    if reads_offset == table.has("zone"):
        raise table.bad("zone", form, "a zone, or %z in the format, and not both")
    return TimeForm(
        columns=_columns(table, "columns"),
        format=form,
        zone=None if reads_offset else _zone(table),
    )


def _reads_days(form: str) -> bool:
    """Whether ``form`` reads back the day that it writes."""
    # 28 years on the calendar is the same but for the year: a form without one writes the
    # same text, and newer Pythons warn of reading it.
    other = _SOME_DAY.replace(year=_SOME_DAY.year + 28)
    try:
        if _SOME_DAY.strftime(form) == other.strftime(form):
            return False
        read = datetime.strptime(_SOME_DAY.strftime(form), form)  # noqa: DTZ007 - only the day
    except (ValueError, re.error):  # the latter for a directive that stands twice
        return False
    return read.date() == _SOME_DAY.date()


def _zone(table: Table) -> ZoneInfo:
    name = table.text("zone")
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise table.bad("zone", name, "an IANA name like Asia/Shanghai") from error


def _amount_form(table: Table) -> AmountForm:
    factors = table.has("quantity"), table.has("price")
    if not table.has("value") and not any(factors):
        raise OperatorFault("MAPPING_NO_AMOUNT", key=table.key("value"))
    if table.has("value") and any(factors):
        raise table.bad("value", table.text("value"), "value, or quantity and price, not both")
    decimal = table.text("decimal", ".")
    thousands = table.text("thousands", "")
    if decimal not in (".", ","):
        raise table.bad("decimal", decimal, '"." or ","')
    if len(thousands) > 1 or thousands == decimal or thousands.isalnum():
        raise table.bad("thousands", thousands, "one sign that is not the decimal one, or empty")
    by_value = table.has("value")
    return AmountForm(
        numbers=NumberForm(decimal, thousands, _no_empty(table, "strip", ())),
        value=_filled(table, "value") if by_value else "",
        quantity="" if by_value else _filled(table, "quantity"),
        price="" if by_value else _filled(table, "price"),
        discounts=_no_empty(table, "discounts", ()),
        discounts_negative=table.switch("discounts_negative", False),
        exponent=table.integer("exponent", 0, 4),
        rounding=table.choice("rounding", Rounding.LINE),
        negative=table.choice("negative", Negative.REJECT),
    )


def _goods(cancelled: Table, customer: Table, amount: Table) -> str:
    """What came back is found by whose it was and how many of it."""
    column = cancelled.text("goods", "")
    if column and not (customer.text("column", "") and amount.has("quantity")):
        raise cancelled.bad("goods", column, "only with customer.column and amount.quantity")
    return column


def _filled(table: Table, name: str) -> str:
    text = table.text(name)
    if not text or len(text) > 80:
        raise table.bad(name, text, "1 to 80 characters")
    return text


def _columns(table: Table, name: str) -> tuple[str, ...]:
    names = _no_empty(table, name, None)
    if not names:
        raise OperatorFault("MAPPING_MISSING", key=table.key(name))
    if len(set(names)) != len(names):
        raise table.bad(name, ", ".join(names), "each column once")
    return names


def _no_empty(table: Table, name: str, default: tuple[str, ...] | None) -> tuple[str, ...]:
    texts = table.texts(name, default)
    if any(not text for text in texts):
        raise table.bad(name, "", "no empty text")
    return texts
