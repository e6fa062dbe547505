"""Pumps a plugin's source into a node, in batches, and accounts for every row.

The source is read in a worker thread, so a slow disk or a download never holds the event
loop. At every moment ``accepted + rejected == rows_in``: a row is accepted when the node took
it, and rejected when the plugin or the node said why not.

An import that is interrupted may be run again: orders and refunds have an identity, and the node
refuses those that it has. Web hits have none beyond their second; an interrupted log should be cut
at the last line that was read.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Protocol

from liandao_node.client import HitIn, HitsDone, OrderIn, OrderOut, OrdersDone
from liandao_node.limits import (
    HITS_PER_REQUEST_MAX,
    IMPORT_REJECTS_LISTED_MAX,
    ORDERS_PER_REQUEST_MAX,
)
from liandao_node.types import Amount, Millis

from liandao_plugins.api import (
    HitSource,
    ImportProgress,
    Order,
    ReceiptSource,
    Refund,
    Rejected,
    WebHit,
    excerpt,
)
from liandao_plugins.host.batches import Batches
from liandao_plugins.host.refunding import OK, Asked, RefundFeed, RefundMatcher, submit_refunds

OnProgress = Callable[[ImportProgress], None]
OnRejected = Callable[[Rejected], object]
"""Told of every rejected row, in the order in which that became known."""
_KNOWN: Final = "ORDER_KNOWN"


class OrderFeed(Protocol):
    """The part of a node that takes orders; `liandao_node.client.Node` is one."""

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone: ...


class ReceiptFeed(OrderFeed, RefundFeed, Protocol):
    """The part of a node that takes orders and refunds of other tills."""


class HitFeed(Protocol):
    """The part of a node that takes web hits; `liandao_node.client.Node` is one."""

    async def submit_hits(self, hits: list[HitIn]) -> HitsDone: ...


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of one import."""

    rows_in: int
    accepted: int
    rejected: dict[str, int]
    """Rows by reason: a plugin's codes and the node's."""
    listed: tuple[Rejected, ...]
    """The first IMPORT_REJECTS_LISTED_MAX of them, with their lines."""


@dataclass(frozen=True, slots=True)
class ReceiptImport:
    """An import of orders."""

    rows: ImportReport
    orders: int
    """Taken in by the ledger."""
    gross_minor: int
    """Of those."""
    earned: int
    """Points for those."""
    refunds: int
    """Made by the ledger; each row of one that names no order is one."""
    refund_rows: int
    """Of ``rows.accepted``."""
    refunded_minor: int
    taken_back: int
    """Points that the refunded goods had earned."""


@dataclass(frozen=True, slots=True)
class HitImport:
    """An import of web hits."""

    rows: ImportReport
    counted: int
    dropped: dict[str, int]
    """By verdict. ``counted`` and these make ``rows.accepted``."""


def _ignore(_: ImportProgress | Rejected) -> None:
    pass


async def import_receipts(
    source: ReceiptSource,
    feed: ReceiptFeed,
    on_progress: OnProgress = _ignore,
    on_rejected: OnRejected = _ignore,
) -> ReceiptImport:
    """Feeds all of ``source`` to ``feed``; calls ``on_progress`` after each batch.

    Raises what the node raises (`liandao_node.client.Node`), what the plugin may raise, and
    OperatorFault ``PLUGIN_FAILED`` for its bugs. Batches before the error stand.
    """
    receipts = _Receipts(feed, _Tally(on_rejected))
    with closing(Batches[Order | Refund](source, source.name, ORDERS_PER_REQUEST_MAX)) as batches:
        while (pulled := await batches.next()) is not None:
            await receipts.take(*pulled)
            on_progress(receipts.tally.progress(source.bytes_done, source.bytes_total))
    return receipts.report()


async def import_hits(
    source: HitSource,
    feed: HitFeed,
    on_progress: OnProgress = _ignore,
    on_rejected: OnRejected = _ignore,
) -> HitImport:
    """Feeds all of ``source`` to ``feed``. Progress and errors as `import_receipts`."""
    tally = _Tally(on_rejected)
    counted = 0
    dropped: Counter[str] = Counter()
    with closing(Batches(source, source.name, HITS_PER_REQUEST_MAX)) as batches:
        while (pulled := await batches.next()) is not None:
            batch, rejected = pulled
            tally.reject(rejected)
            if batch:
                done = await feed.submit_hits([_hit_in(hit) for hit in batch])
                assert done.counted + sum(n for _, n in done.dropped) == len(batch)
                counted += done.counted
                dropped.update(dict(done.dropped))
                tally.accept(len(batch))
            on_progress(tally.progress(source.bytes_done, source.bytes_total))
    return HitImport(tally.report(), counted, dict(dropped))


class _Receipts:
    """Brings orders and refunds to a node and counts what becomes of them."""

    def __init__(self, feed: ReceiptFeed, tally: "_Tally") -> None:
        self.tally = tally
        self._feed = feed
        self._matcher = RefundMatcher()
        self._orders = self._gross = self._earned = 0
        self._refunds = self._refund_rows = self._refunded = self._taken_back = 0

    async def take(self, batch: list[Order | Refund], rejected: list[Rejected]) -> None:
        """The orders of a batch go first. A refund finds those before it all the same: where a
        batch ends decides nothing."""
        self.tally.reject(rejected)
        answers = iter(await self._submit([one for one in batch if isinstance(one, Order)]))
        asked: list[Asked] = []
        for one in batch:
            if isinstance(one, Order):
                self._ordered(one, next(answers))
                continue
            for found in self._matcher.asked(one):
                if isinstance(found, Rejected):
                    self.tally.reject([found])
                else:
                    asked.append(found)
        await self._refund(asked)

    async def _submit(self, orders: list[Order]) -> list[OrderOut]:
        """The node's answer to each order, whatever order the answers come in."""
        if not orders:
            return []
        done = await self._feed.submit_orders([_order_in(order) for order in orders])
        answers: dict[str, list[OrderOut]] = {}
        for answer in done.orders:
            answers.setdefault(answer.reference, []).append(answer)
        assert len(done.orders) == len(orders), "one answer to each order"
        return [answers[order.reference].pop(0) for order in orders]

    def _ordered(self, order: Order, answer: OrderOut) -> None:
        if answer.code in (OK, _KNOWN):
            self._matcher.bought(order)
        if answer.code != OK:
            shown = excerpt(order.reference)
            self.tally.reject(Rejected(line, answer.code, shown) for line in order.lines)
            return
        self.tally.accept(len(order.lines))
        self._orders += 1
        self._gross += order.gross_minor
        self._earned += answer.earned

    async def _refund(self, asked: list[Asked]) -> None:
        for answered in await submit_refunds(self._feed, asked):
            self._refunded += answered.gross_minor
            self._taken_back += answered.told.taken_back + answered.told.debt
            if answered.code != OK:
                self.tally.reject(answered.asked.rejected(answered.code))
                continue
            rows = len(answered.asked.lines)
            self.tally.accept(rows)
            self._refunds += 1
            self._refund_rows += rows

    def report(self) -> ReceiptImport:
        return ReceiptImport(
            rows=self.tally.report(),
            orders=self._orders,
            gross_minor=self._gross,
            earned=self._earned,
            refunds=self._refunds,
            refund_rows=self._refund_rows,
            refunded_minor=self._refunded,
            taken_back=self._taken_back,
        )


def _order_in(order: Order) -> OrderIn:
    return OrderIn(
        source=order.source,
        reference=order.reference,
        at_ms=Millis(order.at_ms),
        gross=Amount(order.gross_minor),
        customer=order.customer,
        online=order.online,
    )


def _hit_in(hit: WebHit) -> HitIn:
    return HitIn(
        at_ms=Millis(hit.at_ms),
        ip=hit.ip,
        user_agent=hit.user_agent,
        method=hit.method,
        path=hit.path,
        status=hit.status,
        referrer=hit.referrer,
    )


class _Tally:
    """Counts rows."""

    def __init__(self, on_rejected: OnRejected) -> None:
        self._on_rejected = on_rejected
        self._accepted = 0
        self._rejected: Counter[str] = Counter()
        self._listed: list[Rejected] = []

    def accept(self, rows: int) -> None:
        self._accepted += rows

    def reject(self, rows: Iterable[Rejected]) -> None:
        for row in rows:
            self._rejected[str(row.reason)] += 1
            self._on_rejected(row)
            if len(self._listed) < IMPORT_REJECTS_LISTED_MAX:
                self._listed.append(row)

    def progress(self, bytes_done: int, bytes_total: int) -> ImportProgress:
        rejected = self._rejected.total()
        rows_in = self._accepted + rejected
        return ImportProgress(rows_in, self._accepted, rejected, bytes_done, bytes_total)

    def report(self) -> ImportReport:
        rows_in = self._accepted + self._rejected.total()
        return ImportReport(rows_in, self._accepted, dict(self._rejected), tuple(self._listed))
