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
    """A good row: part of an order's sum."""

    reference: str
    at_ms: int
    amount: Exact
    customer: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not part of any sum."""

    reason: Reason
    reference: str
    """Of the order that it belongs to; empty when it cannot be read."""

    @property
    def spoils(self) -> bool:
        """Whether the order's sum is unknown without this row."""
        return self.reason not in (Reason.CANCELLED, Reason.EXCLUDED)


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
        self._clock = _Clock(mapping.time, [self._places[c] for c in mapping.time.columns])

    def read(self, cells: list[str]) -> Row | BadRow:
        """What the mapping sees in ``cells``. The first reason against a row is its reason."""
        mapping = self._mapping
        reference = self._reference_of(cells)
        if len(cells) != self._width:
            return BadRow(Reason.COLUMNS, reference)
        if not reference:
            return BadRow(Reason.REFERENCE, "")
        if len(reference) > REFERENCE_CHARS_MAX:
            return BadRow(Reason.TOO_LONG, "")
        if reference.startswith(mapping.cancelled_prefixes):
            return BadRow(Reason.CANCELLED, reference)
        left_out = self._is_left_out(cells)
        if left_out and mapping.left_out_count is LeftOutCount.REJECTED:
            return BadRow(Reason.EXCLUDED, reference)
        at_ms = self._clock.read(cells)
        if at_ms is None:
            return BadRow(Reason.TIME, reference)
        amount = ZERO if left_out else self._amount(cells)
        if isinstance(amount, Reason):
            return BadRow(amount, reference)
        return Row(reference, at_ms, amount, self._customer(cells))

    def _reference_of(self, cells: list[str]) -> str:
        if len(cells) <= max(self._reference):
            return ""
        parts = [cells[place].strip() for place in self._reference]
        return "/".join(parts) if all(parts) else ""

    def _is_left_out(self, cells: list[str]) -> bool:
        column = self._mapping.left_out_column
        if not column:
            return False
        return self._left_out.match(cells[self._places[column]].strip()) is not None

    def _amount(self, cells: list[str]) -> Exact | Reason:
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
        if form.negative is not Negative.SUBTRACT and any(f and f.digits < 0 for f in factors):
            rejects = form.negative is Negative.REJECT
            return Reason.NEGATIVE if rejects else Reason.CANCELLED
        for column in form.discounts:
            discount = form.numbers.parse(cells[self._places[column]])
            if discount is None:
                return Reason.AMOUNT
            discount = discount.negated() if form.discounts_negative else discount
            if discount.digits < 0:
                return Reason.NEGATIVE
            product = product.plus(discount.negated())
        if abs(product.minor(form.exponent)) > AMOUNT_MAX:
            return Reason.AMOUNT
        return product.rounded(form.exponent) if form.rounding is Rounding.LINE else product

    def _customer(self, cells: list[str]) -> str:
        if not self._mapping.customer:
            return ""
        name = cells[self._places[self._mapping.customer]].strip()
        name = name.removesuffix(self._mapping.customer_suffix)
        return "" if name in self._mapping.customer_none else name


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
