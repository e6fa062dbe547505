"""This shop's own calls: signed, kept if they must not be lost, sent, and awaited.

The counter's three states meet here (D-16): a call is *asked* when `submit` is entered,
*certified* or *refused* when it returns, and nothing in between is told as final. What the
till has already sold goes to the outbox first, so that neither a kill nor a street without a
quorum loses it (D-12).
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter_ns

import trio

from liandao_node.crypto.keys import Signer
from liandao_node.errors import LiandaoError, StorageFault, Unavailable
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.limits import MEMPOOL_TXS_PER_SHOP_MAX
from liandao_node.runtime.commits import Committed
from liandao_node.runtime.driver import Driver
from liandao_node.store.outbox import Outbox, Outgoing
from liandao_node.store.writer import CallSoon, WriterThread
from liandao_node.types import ChainId, ShopId, TxId
from liandao_node.wire.api import Certified
from liandao_node.wire.transactions import Call, Entry, decode_tx

log = logging.getLogger(__name__)

RESEND_S = 1.0
OWN_PENDING_MAX = MEMPOOL_TXS_PER_SHOP_MAX - 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the street made of a transaction."""

    entries: list[Entry]
    certified: Certified


@dataclass(slots=True)
class _Pending:
    tx: SignedTx
    submitted_ns: int
    kept: bool
    done: trio.Event = field(default_factory=trio.Event)
    outcome: Outcome | None = None


@dataclass(slots=True)
class _OutboxWork:
    """One change of the outbox: transactions to keep, ids to forget, registers to number."""

    add: Sequence[Outgoing] = ()
    forget: Sequence[TxId] = ()
    register: int | None = None
    ticket: bytes = b""
    number: int = 0
    done: trio.Event = field(default_factory=trio.Event)
    error: LiandaoError | None = None


class Submissions:
    """Signs and follows this shop's transactions."""

    def __init__(
        self,
        *,
        driver: Driver,
        signer: Signer,
        chain: ChainId,
        shop: ShopId,
        session: int,
        outbox: Outbox,
        call_soon: CallSoon,
        on_change: Callable[[], None],
        faults: Counter[str],
    ) -> None:
        self._driver = driver
        self._signer = signer
        self._chain = chain
        self._shop = shop
        self._nonce = session << 32
        self._outbox = outbox
        self._earlier = outbox.pending()
        """What an earlier life kept: read before this one adds to it."""
        self._on_change = on_change
        self._faults = faults
        self.on_certified: Callable[[int], None] | None = None
        """Told the microseconds from submission to certificate."""
        self._pending: dict[TxId, _Pending] = {}
        """By transaction and not by nonce: an earlier key of the shop may have used the same."""
        self._room = trio.CapacityLimiter(OWN_PENDING_MAX)
        self._unsaid: list[SignedTx] = []
        """Own ones that no other seat has been told of."""
        self._burst = trio.lowlevel.ParkingLot()
        self._forget: list[TxId] = []
        """Certified and still in the outbox: they leave with the next write. Until then a
        restart would only ask again for what the ledger has once."""
        self._thread: WriterThread[_OutboxWork] = WriterThread(
            "outbox.db",
            self._write,
            call_soon=call_soon,
            on_done=self._written,
            on_error=self._not_written,
        )

    @property
    def pending(self) -> int:
        """Own transactions submitted and not certified."""
        return len(self._pending)

    def is_under_way(self, call: Call) -> bool:
        """Whether a transaction of this shop that is not certified yet holds that very call."""
        return any(call in pending.tx.tx.calls for pending in self._pending.values())

    async def submit(self, calls: Sequence[Call], *, keep: bool = False) -> Outcome:
        """Orders ``calls`` in one transaction and waits until a block with it is final.

        ``keep``: it is durable in the outbox before this may be cancelled, and is submitted
        again after a restart. Each call's entry says whether it was applied. Waits as long
        as the street has no quorum; the caller sets a deadline if it has one.
        """
        async with self._room:
            pending = self._start(calls, keep=keep)
            try:
                if keep:
                    with trio.CancelScope(shield=True):
                        await self._keep(pending)
                await pending.done.wait()
            finally:
                if not keep:
                    self._pending.pop(pending.tx.id, None)
                    self._driver.mempool.drop(pending.tx.id)
            assert pending.outcome is not None
            return pending.outcome

    def _start(self, calls: Sequence[Call], *, keep: bool) -> _Pending:
        self._nonce += 1
        tx = sign_tx(self._chain, self._shop, self._nonce, calls, self._signer)
        pending = _Pending(tx, perf_counter_ns(), keep)
        self._pending[tx.id] = pending
        try:
            self._driver.submit(tx)
        except Unavailable:
            del self._pending[tx.id]
            raise
        self._say(tx)
        self._on_change()
        return pending

    def _say(self, tx: SignedTx) -> None:
        """To every seat: a lone one at once, one of many with those that come in the same
        turn of all ready tasks."""
        if len(self._pending) == 1:
            self._driver.broadcast_txs([tx])
        else:
            self._unsaid.append(tx)
            self._burst.unpark()

    async def _say_bursts(self) -> None:
        while True:
            if not self._unsaid:
                await self._burst.park()
            txs, self._unsaid = self._unsaid, []
            self._driver.broadcast_txs(txs)

    async def _keep(self, pending: _Pending) -> None:
        """Into the outbox. A disk that refuses takes the net away and not the sale: it is on
        its way already, so the answer is still the street's to give."""
        tx = pending.tx
        at_ms = self._driver.clock.street_ms()
        kind = tx.tx.calls[0].kind
        forget, self._forget = self._forget, []
        add = [Outgoing(tx.id, kind, at_ms, tx.raw)]
        try:
            await self._order(_OutboxWork(add=add, forget=forget))
        except (StorageFault, Unavailable) as fault:
            self._faults[fault.code] += 1
            log.warning("a sale is on its way without a copy on disk: %s", fault)

    def on_committed(self, committed: Committed) -> None:
        """Wakes those whose transaction is in the block. The driver calls it."""
        now_ns = perf_counter_ns()
        header = committed.execution.header
        for tx, entries in committed.own.items():
            pending = self._pending.pop(tx, None)
            if pending is None:
                continue
            commit_us = (now_ns - pending.submitted_ns) // 1_000
            pending.outcome = Outcome(entries, Certified(header.seq, header.time_ms, commit_us))
            pending.done.set()
            if self.on_certified is not None:
                self.on_certified(commit_us)
            if pending.kept:
                self._forget.append(pending.tx.id)

    # --- receipt numbers ---

    async def next_number(self, register: int, ticket: bytes) -> int:
        """The register's next receipt number, durable before it is given (R13)."""
        work = _OutboxWork(register=register, ticket=ticket)
        await self._order(work)
        return work.number

    # --- keeping at it ---

    async def run(self) -> None:
        """Takes up what an earlier life kept, and repeats what is not certified yet."""
        async with trio.open_nursery() as nursery:
            # Side by side: what is taken up may itself have to be repeated.
            nursery.start_soon(self._take_up)
            nursery.start_soon(self._repeat)
            nursery.start_soon(self._say_bursts)

    async def _repeat(self) -> None:
        while True:
            await trio.sleep(RESEND_S)
            now_ns = perf_counter_ns()
            late = [
                pending.tx
                for pending in self._pending.values()
                if now_ns - pending.submitted_ns > RESEND_S * 1e9
            ]
            if late:
                self._keep_in_pool(late)
                self._driver.broadcast_txs(late)
            self._tidy()

    def _keep_in_pool(self, late: Sequence[SignedTx]) -> None:
        """The own pool forgets what nobody repeats, and at the end of an epoch what was signed
        with a key that is not in force, though it may be this node's that takes office next."""
        for tx in late:
            with suppress(Unavailable):  # full: the others have it
                self._driver.submit(tx)

    async def _take_up(self) -> None:
        """Signs kept calls anew: the old nonce may be below the street's window by now, and the
        key another one (L-4.10).

        If the old transaction gets through after all, the call's own identity (an order's
        number) makes one of the two a refusal that changes nothing.
        """
        async with trio.open_nursery() as nursery:
            for kept in self._earlier:
                nursery.start_soon(self._again, kept)

    async def _again(self, kept: Outgoing) -> None:
        """Until it is certified. It stays in the outbox as it was signed first: that one is
        durable already, and a full outbox has no room for another."""
        calls = decode_tx(kept.raw).calls
        while True:
            try:
                await self.submit(calls)
                break
            except Unavailable:  # the pool is full
                await trio.sleep(RESEND_S)
        self._forget.append(kept.id)

    def _tidy(self) -> None:
        """Empties the outbox of what is certified; nobody waits for it."""
        if self._forget:
            forget, self._forget = self._forget, []
            self._thread.submit(_OutboxWork(forget=forget))

    def resend_to(self, peer: ShopId) -> None:
        """A seat came back: it hears of everything that waits."""
        if self._pending:
            self._driver.broadcast_txs([p.tx for p in self._pending.values()], to=peer)

    # --- the outbox thread ---

    async def _order(self, work: _OutboxWork) -> None:
        self._thread.submit(work)
        await work.done.wait()
        if work.error is not None:
            raise work.error

    def _write(self, orders: Sequence[_OutboxWork]) -> None:
        forget = [tx for work in orders for tx in work.forget]
        add = [out for work in orders for out in work.add]
        if add:
            self._outbox.add(add, forget)
        elif forget:
            self._outbox.done(forget)
        numbered = [work for work in orders if work.register is not None]
        if numbered:
            registers = [work.register or 0 for work in numbered]
            tickets = [work.ticket for work in numbered]
            numbers = self._outbox.next_orders(registers, tickets)
            for work, number in zip(numbered, numbers, strict=True):
                work.number = number

    def _written(self, orders: Sequence[_OutboxWork]) -> None:
        for work in orders:
            work.done.set()

    def _not_written(self, orders: Sequence[_OutboxWork], error: LiandaoError) -> None:
        for work in orders:
            work.error = error
            work.done.set()
            self._forget.extend(work.forget)
        self._thread.resume()

    def stop(self) -> None:
        """Writes what is queued and ends the thread."""
        self._tidy()
        self._thread.stop()
