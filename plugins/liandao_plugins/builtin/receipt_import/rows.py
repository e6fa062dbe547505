"""One record's cells into what a mapping sees in them: a `Row`, or a named reason against it.

Reads no file and knows nothing of other rows.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import translate
from typing import Final

from liandao_plugins.api import AMOUNT_MAX, REFERENCE_CHARS_MAX, OperatorFault
from liandao_plugins.builtin.receipt_import.exact import ZERO, Exact
from liandao_plugins.builtin.receipt_import.mapping import (
    LeftOutCount,
    Mapping,
    Negative,
    Rounding,
    TimeForm,
)
from liandao_plugins.builtin.receipt_import.reasons import Reason

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A good row: part of the sum of an order, or of a cancellation."""

    reference: str
    at_ms: int
    amount: Exact
    """As the file has it: that of a cancellation may be negative."""
    customer: str
    goods: str = ""
    """Code of the article, if the mapping asks for it."""
    quantity: Exact = ZERO
    """Of the goods, signed as the amount."""
    cancels: str | None = None
    """None for a row of an order; else the order that is cancelled, empty if it is not named."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not part of any sum."""

    reason: Reason
    reference: str
    """Of the order that it belongs to; empty when it cannot be read."""

    @property
    def spoils(self) -> bool:
        """Whether the order's sum is unknown without this row."""
        return self.reason not in (Reason.CANCELLED, Reason.EXCLUDED, Reason.NO_GOODS)


class RowReader:
    """Reads the cells of one file's records."""

    def __init__(self, mapping: Mapping, header: list[str], file: str) -> None:
        """``header`` names the columns of ``file`` in their order.

        Raises OperatorFault ``MAPPING_COLUMN`` when a column of the mapping is not among
        them, or twice.
        """
        names = [name.strip() for name in header]
        self._places = {}
        for column, key in mapping.columns.items():
            if names.count(column) != 1:
                found = ", ".join(names)[:200]
                raise OperatorFault(
                    "MAPPING_COLUMN", key=key, column=column, file=file, header=found
                )
            self._places[column] = names.index(column)
        self._mapping = mapping
        self._width = len(names)
        self._left_out = re.compile("|".join(map(translate, mapping.left_out)) or r"(?!)")
        self._reference = [self._places[column] for column in mapping.reference]
        self._cancels = [self._places[column] for column in mapping.cancelled_order]
        self._clock = _Clock(mapping.time, [self._places[c] for c in mapping.time.columns])

    def read(self, cells: list[str]) -> Row | BadRow:
        """What the mapping sees in ``cells``. The first reason against a row is its reason."""
        mapping = self._mapping
        reference = _joined(cells, self._reference)
        if len(cells) != self._width:
            return BadRow(Reason.COLUMNS, reference)
        if not reference:
            return BadRow(Reason.REFERENCE, "")
        cancels = self._cancelled(cells, reference)
        if max(len(reference), len(cancels or "")) > REFERENCE_CHARS_MAX:
            return BadRow(Reason.TOO_LONG, "")
        left_out = self._is_left_out(cells)
        if cancels is not None and not cancels and not mapping.goods:
            return BadRow(Reason.CANCELLED, reference)
        if cancels is not None and left_out:
            return BadRow(Reason.NO_GOODS, reference)
        if left_out and mapping.left_out_count is LeftOutCount.REJECTED:
            return BadRow(Reason.EXCLUDED, reference)
        at_ms = self._clock.read(cells)
        if at_ms is None:
            return BadRow(Reason.TIME, reference)
        amount = ZERO if left_out else self._amount(cells, cancels is not None)
        if isinstance(amount, Reason):
            return BadRow(amount, reference)
        customer = self._customer(cells)
        if not mapping.goods or left_out:
            return Row(reference, at_ms, amount, customer, cancels=cancels)
        code = cells[self._places[mapping.goods]].strip()
        quantity = mapping.amount.numbers.parse(cells[self._places[mapping.amount.quantity]])
        assert quantity is not None, "the amount was made of it"
        return Row(reference, at_ms, amount, customer, code, quantity, cancels)

    def _cancelled(self, cells: list[str], reference: str) -> str | None:
        """The order that a row cancels, empty if it is not named; None if it cancels none."""
        order = _joined(cells, self._cancels) if self._cancels else ""
        if order or reference.startswith(self._mapping.cancelled_prefixes):
            return order
        return None

    def _is_left_out(self, cells: list[str]) -> bool:
        column = self._mapping.left_out_column
        if not column:
            return False
        return self._left_out.match(cells[self._places[column]].strip()) is not None

    def _amount(self, cells: list[str], cancelled: bool) -> Exact | Reason:
        """The row's sum. That of a cancellation has the sign that the file gives it, and its
        discounts may have either."""
        form = self._mapping.amount
        factors = [
            form.numbers.parse(cells[self._places[column]])
            for column in (form.value, form.quantity, form.price)
            if column
        ]
        product = Exact(1)
        for factor in factors:
            if factor is None:
                return Reason.AMOUNT
            product = product.times(factor)
        signed = cancelled or form.negative is Negative.SUBTRACT
        if not signed and any(f and f.digits < 0 for f in factors):
            rejects = form.negative is Negative.REJECT
            return Reason.NEGATIVE if rejects else Reason.CANCELLED
        gives_back = product.digits < 0
        for column in form.discounts:
            discount = form.numbers.parse(cells[self._places[column]])
            if discount is None:
                return Reason.AMOUNT
            if cancelled:
                off = Exact(abs(discount.digits), discount.scale)
                off = off.negated() if gives_back else off
            else:
                off = discount.negated() if form.discounts_negative else discount
                if off.digits < 0:
                    return Reason.NEGATIVE
            product = product.plus(off.negated())
        if abs(product.minor(form.exponent)) > AMOUNT_MAX:
            return Reason.AMOUNT
        return product.rounded(form.exponent) if form.rounding is Rounding.LINE else product

    def _customer(self, cells: list[str]) -> str:
        if not self._mapping.customer:
            return ""
        name = cells[self._places[self._mapping.customer]].strip()
        name = name.removesuffix(self._mapping.customer_suffix)
        return "" if name in self._mapping.customer_none else name


def _joined(cells: list[str], places: list[int]) -> str:
    """The cells that name an order together; empty if one of them is."""
    if len(cells) <= max(places):
        return ""
    parts = [cells[place].strip() for place in places]
    return "/".join(parts) if all(parts) else ""


class _Clock:
    """Local time texts into milliseconds since the Unix epoch."""

    def __init__(self, form: TimeForm, places: list[int]) -> None:
        self._form = form
        self._places = places
        self._text = ""
        self._at_ms: int | None = None

    def read(self, cells: list[str]) -> int | None:
        text = " ".join(cells[place].strip() for place in self._places)
        if text != self._text:  # the rows of one order repeat it
            self._text, self._at_ms = text, self._parse(text)
        return self._at_ms

    def _parse(self, text: str) -> int | None:
        """None for no time, or one before 1970.

        A local time that the clocks showed twice is taken as the first one; one that they
        skipped as if they had not.
        """
        try:
            moment = datetime.strptime(text, self._form.format)  # noqa: DTZ007 - zone follows
            if self._form.zone is not None:
                moment = moment.replace(tzinfo=self._form.zone)
            since = moment - _EPOCH
        except (ValueError, OverflowError):
            return None
        at_ms = (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000
        return at_ms if at_ms >= 0 else None
