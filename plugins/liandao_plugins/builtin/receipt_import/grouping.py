"""Rows into orders and refunds, with a bounded number of them open at a time.

The rule about bad rows: points are given for what was paid, so an order whose sum is not
known is not counted at all. A bad row spoils its order: the row has its own reason, the good
rows of the order ROW_ORDER_SPOILED. A row so broken that it does not say whose it is spoils
both neighbours, the order of the row before it and that of the row after it. Rows that the
mapping leaves out, and cancellations without a way to their order, spoil nothing: they are known
to be no part of the sum. A cancellation whose order can be found is a refund, and is put together
as an order is. What was touched first is closed first: so it comes after orders before it.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from liandao_plugins.api import AMOUNT_MAX, Goods, Line, Order, Refund, Rejected, excerpt
from liandao_plugins.builtin.receipt_import.bounds import (
    ORDER_LINES_MAX,
    ORDERS_REMEMBERED_MAX,
    QUANTITY_EXPONENT,
)
from liandao_plugins.builtin.receipt_import.exact import ZERO, Exact
from liandao_plugins.builtin.receipt_import.mapping import Mapping
from liandao_plugins.builtin.receipt_import.reasons import Reason
from liandao_plugins.builtin.receipt_import.rows import BadRow, Row


@dataclass(slots=True)
class _Open:
    at_ms: int
    customer: str
    cancels: str | None
    """As of its rows: None for an order."""
    amount: Exact = ZERO
    lines: list[Line] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)
    spoiled: bool = False


class Grouper:
    """Takes rows in the order of the file, gives orders, refunds and rejected rows.

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

    def add(self, row: Row | BadRow, line: Line, text: str) -> Iterator[Order | Refund | Rejected]:
        """One row. ``text`` is it as it stands in the file."""
        if isinstance(row, BadRow):
            yield Rejected(line, row.reason, excerpt(text))
            if row.spoils:
                yield from self._bad(row)
        elif row.reference in self._closed:
            yield Rejected(line, Reason.ORDER_CLOSED, excerpt(text))
        else:
            yield from self._good(row, line, text)

    def finish(self) -> Iterator[Order | Refund | Rejected]:
        """Closes the orders that are still open."""
        while self._open:
            yield from self._close_oldest()

    def _good(self, row: Row, line: Line, text: str) -> Iterator[Order | Refund | Rejected]:
        yield from self._opened(row.reference, row.at_ms, row.customer, row.cancels)
        order = self._open[row.reference]
        complaint = self._complaint(order, row)
        if complaint is None:
            before, order.amount = order.amount, order.amount.plus(row.amount)
            order.lines.append(line)
            if self._mapping.goods:
                order.goods.append(self._goods(row, before, order.amount))
        else:
            yield Rejected(line, complaint, excerpt(text))
            yield from self._spoil(row.reference)
        yield from self._after(row.reference)

    def _goods(self, row: Row, before: Exact, after: Exact) -> Goods:
        """By what the order grew with them: wherever fractions are rounded, its goods sum to it."""
        exponent = self._mapping.amount.exponent
        amount_minor = after.minor(exponent) - before.minor(exponent)
        return Goods(row.goods, row.quantity.minor(QUANTITY_EXPONENT), amount_minor)

    def _bad(self, row: BadRow) -> Iterator[Order | Refund | Rejected]:
        if not row.reference or self._may_be_torn(row):
            yield from self._spoil(self._last)
            self._stranger_before = True
        elif row.reference not in self._closed:
            yield from self._opened(row.reference, 0, "", None)
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
        other = (row.customer, row.cancels) != (order.customer, order.cancels)
        return Reason.ORDER_MIXED if far or other else None

    def _opened(
        self, reference: str, at_ms: int, customer: str, cancels: str | None
    ) -> Iterator[Order | Refund | Rejected]:
        """Makes sure that the order is open and the one touched last."""
        if reference in self._open:
            self._open.move_to_end(reference)
            return
        while len(self._open) >= self._mapping.open_orders:
            yield from self._close_oldest()
        self._open[reference] = _Open(at_ms, customer, cancels)

    def _spoil(self, reference: str) -> Iterator[Rejected]:
        order = self._open.get(reference)
        if order is not None:
            order.spoiled = True
            yield from _all_rejected(order, Reason.ORDER_SPOILED, reference)

    def _close_oldest(self) -> Iterator[Order | Refund | Rejected]:
        reference, order = self._open.popitem(last=False)
        self._closed[reference] = None
        if len(self._closed) > ORDERS_REMEMBERED_MAX:
            self._closed.popitem(last=False)
        if not order.lines:
            return
        gross = order.amount.minor(self._mapping.amount.exponent)
        if order.cancels is not None and 0 < abs(gross) <= AMOUNT_MAX:
            yield self._refund(order, order.cancels, reference, gross)
        elif order.cancels is None and 0 < gross <= AMOUNT_MAX:
            yield Order(
                source=self._mapping.name,
                reference=reference,
                at_ms=order.at_ms,
                gross_minor=gross,
                customer=order.customer,
                lines=tuple(order.lines),
                goods=tuple(order.goods),
            )
        else:
            yield from _all_rejected(order, Reason.ORDER_SUM, reference)

    def _refund(self, back: _Open, order: str, reference: str, gross: int) -> Refund:
        """Some tills write what they give back below zero, others do not."""
        sign = 1 if gross > 0 else -1
        goods = (
            Goods(one.code, sign * one.quantity_milli, sign * one.amount_minor)
            for one in back.goods
        )
        return Refund(
            source=self._mapping.name,
            reference=reference,
            at_ms=back.at_ms,
            gross_minor=sign * gross,
            customer=back.customer,
            lines=tuple(back.lines),
            order=order,
            goods=tuple(goods),
        )


def _all_rejected(order: _Open, reason: Reason, reference: str) -> Iterator[Rejected]:
    for line in order.lines:
        yield Rejected(line, reason, excerpt(reference))
    order.lines.clear()
