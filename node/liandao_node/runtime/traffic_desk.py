"""The desk for traffic: hits are judged and forgotten, events kept, windows sealed (L-10).

An address or a user agent lives here for as long as it takes to judge it. What is kept is in
traffic.db, hash-chained; what the street learns is a root and counts per window.
"""

import logging
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

import trio

from liandao_node.errors import InputFault, LiandaoError, Refused, Unavailable
from liandao_node.ledger import queries
from liandao_node.ledger.modules.traffic import Batch, BatchDone, Count
from liandao_node.limits import (
    HITS_PER_REQUEST_MAX,
    TRAFFIC_BATCH_EVENTS_MAX,
    TRAFFIC_GRACE_MS,
)
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.store.traffic import Import, Recorded, SealedWindow, TrafficStore
from liandao_node.traffic import (
    SALT_BYTES,
    Batcher,
    Judge,
    Judgement,
    TrafficBatch,
    order_event,
    with_lateness,
)
from liandao_node.types import Amount, Millis
from liandao_node.wire.api import (
    Certified,
    HitsDone,
    OrderIn,
    Sealed,
    Sell,
    SubmitHits,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

DAY_MS: Final = 86_400_000
SALTS_MAX: Final = 8
TILL: Final = "till"
DUE_CHECK_S: Final = 5


@dataclass(slots=True)
class _Gathering:
    """Orders that go to the disk together: those that came while it was at work."""

    orders: list[OrderIn] = field(default_factory=list)
    done: trio.Event = field(default_factory=trio.Event)
    error: LiandaoError | None = None


class TrafficDesk:
    """See the module."""

    def __init__(
        self, desk: LedgerDesk, store: TrafficStore, judge: Judge, late_grace_ms: int | None
    ) -> None:
        self._desk = desk
        self._store = store
        self._judge = judge
        self._late_grace_ms = late_grace_ms
        self._salts: OrderedDict[int, bytes] = OrderedDict()
        self._thread = trio.CapacityLimiter(1)
        self._recording = trio.Lock()
        self._committing = trio.Lock()
        self._gathering = _Gathering()
        windows = store.windows()
        self._batcher = Batcher(windows[-1].last_ms if windows else Millis(-1))
        for recorded in store.open_events():
            self._batcher.record(recorded.event, recorded.recorded_ms)

    # --- what comes in ---

    async def hits(self, request: SubmitHits) -> HitsDone:
        """Judges web hits and keeps what they come to."""
        if len(request.hits) > HITS_PER_REQUEST_MAX:
            raise InputFault("TOO_MANY_HITS", limit=HITS_PER_REQUEST_MAX)
        now_ms = self._desk.time_ms()
        verdicts: Counter[str] = Counter()

        def judge_and_keep() -> list[Recorded]:
            # In the thread: what visitors send must not hold up consensus, however odd it is.
            judged = [self._judge.page_view(hit, self._salt(hit.at_ms)) for hit in request.hits]
            events = [with_lateness(event, now_ms, self._late_grace_ms) for event in judged]
            recorded = [Recorded(event, now_ms) for event in events]
            self._store.append(recorded)
            verdicts.update(event.verdict.name for event in events)
            return recorded

        async with self._recording:
            await self._record(judge_and_keep)
        counted = verdicts.pop("COUNTED", 0)
        return HitsDone(counted, sorted(verdicts.items()))

    async def sold(self, sale: Sell) -> None:
        """An order at the counter is traffic too."""
        reference = f"{sale.order.register}-{sale.order.number}"
        order = OrderIn(TILL, reference, self._desk.time_ms(), sale.gross, sale.card.hex())
        await self.imported([order])

    async def imported(self, orders: Sequence[OrderIn]) -> None:
        """Orders, each once. Those of many requests share a turn of the disk."""
        gathering = self._gathering
        if len(gathering.orders) + len(orders) > HITS_PER_REQUEST_MAX:
            gathering = self._gathering = _Gathering()
        leads = not gathering.orders
        gathering.orders.extend(orders)
        if not leads:
            await gathering.done.wait()
        elif orders:
            # Shielded: others wait for this one.
            with trio.CancelScope(shield=True):
                await self._keep(gathering)
        if gathering.error is not None:
            raise gathering.error

    async def _keep(self, gathering: _Gathering) -> None:
        try:
            async with self._recording:
                # Until the disk is free others join; nobody does from here on.
                if self._gathering is gathering:
                    self._gathering = _Gathering()
                await self._record(partial(self._keep_orders, gathering.orders))
        except LiandaoError as error:
            gathering.error = error
        finally:
            gathering.done.set()

    def _keep_orders(self, orders: Sequence[OrderIn]) -> list[Recorded]:
        """Those that are new. In the recording thread."""
        now_ms = self._desk.time_ms()
        arrivals = [
            (
                Import(order.source, order.reference),
                Recorded(self._order(order), now_ms, Amount(order.gross)),
            )
            for order in orders
        ]
        added = self._store.append_imported(arrivals)
        return [one for (_, one), new in zip(arrivals, added, strict=True) if new]

    def _order(self, order: OrderIn) -> Judgement:
        salt = self._salt(order.at_ms)
        return order_event(order.source, order.reference, order.customer, order.at_ms, salt)

    async def _record(self, keep: Callable[[], list[Recorded]]) -> None:
        """Keeps events in the store and in the open window, in one order. Enter: holding
        ``_recording``."""
        # Shielded: a client that leaves must not part the store from the open window.
        with trio.CancelScope(shield=True):
            await self._close_window(self._due())
            for recorded in await self._in_thread(keep):
                self._batcher.record(recorded.event, recorded.recorded_ms)

    def _due(self) -> TrafficBatch | None:
        now_ms = self._desk.time_ms()
        # Room for whatever one request may bring.
        if self._batcher.events > TRAFFIC_BATCH_EVENTS_MAX - HITS_PER_REQUEST_MAX:
            return self._batcher.seal(now_ms)
        return self._batcher.due(now_ms)

    async def _close_window(self, batch: TrafficBatch | None) -> None:
        if batch is not None:
            await self._in_thread(partial(self._store.seal, batch))

    # --- what goes out ---

    async def run(self) -> None:
        """Closes windows in time, and commits what an earlier life closed."""
        while True:
            try:
                await self.commit_sealed()
            except Unavailable:
                pass  # without a quorum the roots wait on the disk
            except Refused as refused:
                log.warning("the street refused a window of traffic: %s", refused)
            await trio.sleep(DUE_CHECK_S)
            async with self._recording:
                self._forget_salts()
                await self._close_window(self._due())

    async def seal(self) -> Sealed:
        """Closes the window now and puts its root on the ledger."""
        async with self._recording:
            batch = self._batcher.seal(self._desk.time_ms())
            with trio.CancelScope(shield=True):
                await self._close_window(batch)
        certified = await self.commit_sealed()
        return Sealed(0 if batch is None else len(batch.leaves), certified)

    async def commit_sealed(self) -> Certified | None:
        """Brings closed windows to the ledger, oldest first."""
        certified = None
        async with self._committing:
            committed = queries.traffic_of(self._desk.view(), self._desk.shop)
            after_ms = -1 if committed is None else committed.window_last_ms
            for window in await self._in_thread(partial(self._store.windows, after_ms)):
                batch = await self._in_thread(partial(self._batch, window))
                try:
                    _, certified = await self._desk.call(batch, BatchDone)
                except Refused:
                    # An earlier asking, given up or cut off by a kill, got through after all.
                    if not self._is_committed(window):
                        raise
        return certified

    def _is_committed(self, window: SealedWindow) -> bool:
        known = queries.batch_of(self._desk.view(), self._desk.shop, window.first_ms)
        return known is not None and known.root == window.root

    def _batch(self, window: SealedWindow) -> Batch:
        return Batch(
            window_first_ms=window.first_ms,
            window_last_ms=window.last_ms,
            root=window.root,
            counts=[Count(*count) for count in self._store.counts(window)],
            visitors=self._store.visitors(window),
        )

    # --- inside ---

    def _salt(self, at_ms: Millis) -> bytes:
        """The day's salt: made when first needed. In the recording thread only.

        Old logs may bring many days at once: the day unused for longest gives way.
        """
        day = at_ms // DAY_MS
        salt = self._salts.pop(day, None) or secrets.token_bytes(SALT_BYTES)
        self._salts[day] = salt
        if len(self._salts) > SALTS_MAX:
            self._salts.popitem(last=False)
        return salt

    def _forget_salts(self) -> None:
        """Throws away the salts of days whose hits would come too late to count. After that
        nobody, this shop included, can tell whose views of that day were whose."""
        grace_ms = TRAFFIC_GRACE_MS if self._late_grace_ms is None else self._late_grace_ms
        first_day = (self._desk.time_ms() - grace_ms) // DAY_MS
        for day in [day for day in self._salts if day < first_day]:
            del self._salts[day]

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await trio.to_thread.run_sync(work, limiter=self._thread)
