"""Rows into orders, with a bounded number of orders open at a time.

The rule about bad rows: points are given for what was paid, so an order whose sum is not
known is not counted at all. A bad row spoils its order: the row has its own reason, the good
rows of the order ROW_ORDER_SPOILED. A row so broken that it does not say whose it is spoils
both neighbours, the order of the row before it and that of the row after it. Rows that the
mapping leaves out, and cancelled ones, spoil nothing: they are known to be no part of the sum.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from liandao_plugins.api import AMOUNT_MAX, Line, Order, Rejected, excerpt
from liandao_plugins.builtin.receipt_import.bounds import (
    ORDER_LINES_MAX,
    ORDERS_REMEMBERED_MAX,
)
from liandao_plugins.builtin.receipt_import.exact import ZERO, Exact
from liandao_plugins.builtin.receipt_import.mapping import Mapping
from liandao_plugins.builtin.receipt_import.reasons import Reason
from liandao_plugins.builtin.receipt_import.rows import BadRow, Row


@dataclass(slots=True)
class _Open:
    at_ms: int
    customer: str
    amount: Exact = ZERO
    lines: list[Line] = field(default_factory=list)
    spoiled: bool = False


class Grouper:
    """Takes rows in the order of the file, gives orders and rejected rows.

    Every row given to `add` comes out once, at the latest by `finish`.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._closed: OrderedDict[str, None] = OrderedDict()
        self._last = ""
        """Order of the row before."""
        self._stranger_before = False
        """The row before did not say whose it is."""

    def add(self, row: Row | BadRow, line: Line, text: str) -> Iterator[Order | Rejected]:
        """One row. ``text`` is it as it stands in the file."""
        if isinstance(row, BadRow):
            yield Rejected(line, row.reason, excerpt(text))
            if row.spoils:
                yield from self._bad(row)
        elif row.reference in self._closed:
            yield Rejected(line, Reason.ORDER_CLOSED, excerpt(text))
        else:
            yield from self._good(row, line, text)

    def finish(self) -> Iterator[Order | Rejected]:
        """Closes the orders that are still open."""
        while self._open:
            yield from self._close_oldest()

    def _good(self, row: Row, line: Line, text: str) -> Iterator[Order | Rejected]:
        yield from self._opened(row.reference, row.at_ms, row.customer)
        order = self._open[row.reference]
        complaint = self._complaint(order, row)
        if complaint is None:
            order.amount = order.amount.plus(row.amount)
            order.lines.append(line)
        else:
            yield Rejected(line, complaint, excerpt(text))
            yield from self._spoil(row.reference)
        yield from self._after(row.reference)

    def _bad(self, row: BadRow) -> Iterator[Order | Rejected]:
        if not row.reference or self._may_be_torn(row):
            yield from self._spoil(self._last)
            self._stranger_before = True
        elif row.reference not in self._closed:
            yield from self._opened(row.reference, 0, "")
            yield from self._spoil(row.reference)
            yield from self._after(row.reference)

    def _after(self, reference: str) -> Iterator[Rejected]:
        """A row of the order ``reference`` is done with."""
        if self._stranger_before:
            yield from self._spoil(reference)
        self._stranger_before = False
        self._last = reference

    def _may_be_torn(self, row: BadRow) -> bool:
        """Whether what looks like the row's reference may be a piece of something else."""
        return row.reason is Reason.COLUMNS and row.reference not in self._open

    def _complaint(self, order: _Open, row: Row) -> Reason | None:
        if order.spoiled:
            return Reason.ORDER_SPOILED
        if len(order.lines) >= ORDER_LINES_MAX:
            return Reason.ORDER_LINES
        far = abs(row.at_ms - order.at_ms) > self._mapping.spread_ms
        return Reason.ORDER_MIXED if far or row.customer != order.customer else None

    def _opened(self, reference: str, at_ms: int, customer: str) -> Iterator[Order | Rejected]:
        """Makes sure that the order is open and the one touched last."""
        if reference in self._open:
            self._open.move_to_end(reference)
            return
        while len(self._open) >= self._mapping.open_orders:
            yield from self._close_oldest()
        self._open[reference] = _Open(at_ms, customer)

    def _spoil(self, reference: str) -> Iterator[Rejected]:
        order = self._open.get(reference)
        if order is not None:
            order.spoiled = True
            yield from _all_rejected(order, Reason.ORDER_SPOILED, reference)

    def _close_oldest(self) -> Iterator[Order | Rejected]:
        reference, order = self._open.popitem(last=False)
        self._closed[reference] = None
        if len(self._closed) > ORDERS_REMEMBERED_MAX:
            self._closed.popitem(last=False)
        if not order.lines:
            return
        gross = order.amount.minor(self._mapping.amount.exponent)
        if 0 < gross <= AMOUNT_MAX:
            lines = tuple(order.lines)
            customer = order.customer
            yield Order(self._mapping.name, reference, order.at_ms, gross, customer, lines)
        else:
            yield from _all_rejected(order, Reason.ORDER_SUM, reference)


def _all_rejected(order: _Open, reason: Reason, reference: str) -> Iterator[Rejected]:
    for line in order.lines:
        yield Rejected(line, reason, excerpt(reference))
    order.lines.clear()
