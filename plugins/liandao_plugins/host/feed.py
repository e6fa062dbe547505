"""Pumps a plugin's source into a node, in batches, and accounts for every row.

The source is read in a worker thread, so a slow disk or a download never holds the event
loop. At every moment ``accepted + rejected == rows_in``: a row is accepted when the node took
it, and rejected when the plugin or the node said why not.

An import that is interrupted may be run again: orders have an identity, and the node refuses
those that it has. Web hits have none beyond their second; an interrupted log should be cut at
the last line that was read.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import trio
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
    Rejected,
    WebHit,
    excerpt,
)
from liandao_plugins.host.guard import plugin_at_work

Item = TypeVar("Item", Order, WebHit)
OnProgress = Callable[[ImportProgress], None]
OnRejected = Callable[[Rejected], object]
"""Told of every rejected row, in the order in which that became known."""
_OK: Final = "OK"
_REJECTS_PER_PULL_MAX: Final = 1_000


class OrderFeed(Protocol):
    """The part of a node that takes orders; `liandao_node.client.Node` is one."""

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone: ...


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
    feed: OrderFeed,
    on_progress: OnProgress = _ignore,
    on_rejected: OnRejected = _ignore,
) -> ReceiptImport:
    """Feeds all of ``source`` to ``feed``; calls ``on_progress`` after each batch.

    Raises what the node raises (`liandao_node.client.Node`), what the plugin may raise, and
    OperatorFault ``PLUGIN_FAILED`` for its bugs. Batches before the error stand.
    """
    tally = _Tally(on_rejected)
    orders = gross = earned = 0
    with closing(_Batches(source, source.name, ORDERS_PER_REQUEST_MAX)) as batches:
        while (pulled := await batches.next()) is not None:
            batch, rejected = pulled
            tally.reject(rejected)
            for order, answer in await _submit(feed, batch):
                if answer.code == _OK:
                    tally.accept(len(order.lines))
                    orders, gross = orders + 1, gross + order.gross_minor
                    earned += answer.earned
                else:
                    shown = excerpt(order.reference)
                    tally.reject(Rejected(line, answer.code, shown) for line in order.lines)
            on_progress(tally.progress(source.bytes_done, source.bytes_total))
    return ReceiptImport(tally.report(), orders, gross, earned)


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
    with closing(_Batches(source, source.name, HITS_PER_REQUEST_MAX)) as batches:
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


async def _submit(feed: OrderFeed, batch: list[Order]) -> list[tuple[Order, OrderOut]]:
    """Each order with the node's answer to it, whatever order the answers come in."""
    if not batch:
        return []
    done = await feed.submit_orders([_order_in(order) for order in batch])
    answers: dict[str, list[OrderOut]] = {}
    for answer in done.orders:
        answers.setdefault(answer.reference, []).append(answer)
    assert len(done.orders) == len(batch), "one answer to each order"
    return [(order, answers[order.reference].pop(0)) for order in batch]


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


class _Batches(Generic[Item]):
    """A source's items, pulled in a worker thread."""

    def __init__(self, source: Iterable[Item | Rejected], name: str, size: int) -> None:
        self._source: Iterable[Item | Rejected] = source
        self._name = name
        self._size = size
        self._iterator: Iterator[Item | Rejected] | None = None

    async def next(self) -> tuple[list[Item], list[Rejected]] | None:
        """Up to a request full of items, with the rows rejected between them; None at the end."""
        return await trio.to_thread.run_sync(self._pull)

    def _pull(self) -> tuple[list[Item], list[Rejected]] | None:
        batch: list[Item] = []
        rejected: list[Rejected] = []
        with plugin_at_work(self._name):
            if self._iterator is None:
                self._iterator = iter(self._source)
            for item in self._iterator:
                if isinstance(item, Rejected):
                    rejected.append(item)
                else:
                    batch.append(item)
                if len(batch) >= self._size or len(rejected) >= _REJECTS_PER_PULL_MAX:
                    break
        return (batch, rejected) if batch or rejected else None

    def close(self) -> None:
        """Lets a generator close its files now."""
        if isinstance(self._iterator, Generator):
            self._iterator.close()


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
