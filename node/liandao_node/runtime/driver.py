"""The driver: carries out what consensus wants, and tells it what happened.

One thread, one event after the other: an effect never runs inside the step that asked for
it. Frames of peers are decoded and bounded here; a fault of a peer is raised to the network,
which cuts it off.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from liandao_node.consensus import events
from liandao_node.consensus.effects import (
    Accuse,
    Broadcast,
    Deliver,
    Effect,
    Execute,
    Halt,
    Persist,
    Report,
    Send,
)
from liandao_node.consensus.replica import Replica
from liandao_node.crypto.multiset import digest
from liandao_node.errors import InputFault, PeerFault, Unavailable
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.transactions import SignedTx, parse_tx
from liandao_node.limits import CLOCK_SKEW_MS_MAX
from liandao_node.runtime.catch_up import CatchUp
from liandao_node.runtime.clock import StreetClock, monotonic_ms
from liandao_node.runtime.commits import Committed, Committer, vouched_txs
from liandao_node.runtime.mempool import Mempool, portions
from liandao_node.runtime.ranges import BlockSource
from liandao_node.runtime.voting import VoterWriter
from liandao_node.runtime.watch import Watch
from liandao_node.types import BlockHash, ChainId, Millis, Seq, ShopId, TxId
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import Evidence
from liandao_node.wire.messages import (
    Commit,
    FetchRange,
    FetchSnapshot,
    Message,
    Range,
    Requests,
    Snapshot,
    Status,
    decode_message,
)
from liandao_node.wire.transactions import tx_id

log = logging.getLogger(__name__)

EAGER_BLOCKS = 1
"""Blocks in flight below which a single transaction is proposed at once. Small blocks side by
side cost each other more time than they save: with four seats on two cores the demo's p50 was
10.6 and 12.7 ms with one, 14.0 and 14.2 ms with two, run in turns."""
FULL_BATCH_CALLS = 500
"""Beyond that, a batch this large is worth a block of its own."""


class Links(Protocol):
    """The network as the driver uses it."""

    def send(self, peer: ShopId, frame: bytes) -> bool: ...

    def broadcast(self, frame: bytes) -> None: ...


class Driver:
    """Joins replica, ledger, mempool, disk and network of one seat."""

    def __init__(
        self,
        *,
        replica: Replica,
        ledger: Ledger,
        mempool: Mempool,
        clock: StreetClock,
        committer: Committer,
        blocks: BlockSource,
        faults: Counter[str],
        on_committed: Callable[[Committed], None],
        on_accuse: Callable[[Evidence], None],
        on_epoch: Callable[[], None],
        on_halt: Callable[[str], None],
        on_peer: Callable[[ShopId, bool], None],
    ) -> None:
        self.replica = replica
        self.ledger = ledger
        self.mempool = mempool
        self.clock = clock
        self.faults = faults
        self.watch = Watch(faults)
        self.links: Links | None = None
        self.voter: VoterWriter | None = None
        self._committer = committer
        self.catch_up = CatchUp(
            blocks,
            send=lambda peer, frame: self._send(peer, frame),
            feed=self._feed_range,
            behind=lambda: committer.behind,
            faults=faults,
        )
        self._chain: ChainId = replica.chain
        self._on_committed = on_committed
        self._on_accuse = on_accuse
        self._on_epoch = on_epoch
        self._on_halt = on_halt
        self._on_peer = on_peer
        self._inbox: deque[events.Event] = deque()
        self._running = False
        self._sender: ShopId | None = None
        self._sender_fault: str | None = None
        self._off_time: set[BlockHash] = set()
        """Blocks refused for their time alone, of which the replica is yet to hear."""
        self._clocks_apart = False
        """The replica hears of such a block now: whose clock is wrong, nobody knows."""
        self._block_txs: dict[BlockHash, Sequence[SignedTx]] = {}
        """Checked transactions of executed blocks above the tip (D-14)."""

    @property
    def state_root(self) -> bytes:
        """Digest of the state at the tip, 32 bytes."""
        return digest(self.ledger.tip.accumulator)

    # --- events in ---

    def feed(self, event: events.Event) -> None:
        """Takes an event now, or after the one under way."""
        self._inbox.append(event)
        if self._running:
            return
        self._running = True
        try:
            while self._inbox:
                taken = self._inbox.popleft()
                self._clocks_apart = self._is_off_time(taken)
                for effect in self.replica.step(taken, monotonic_ms()):
                    self._carry_out(effect)
                if not self._inbox:
                    self._propose()
        finally:
            self._running = False

    def _is_off_time(self, event: events.Event) -> bool:
        if not isinstance(event, events.Executed) or event.block not in self._off_time:
            return False
        self._off_time.remove(event.block)
        return True

    def durable(self, token: int) -> None:
        self.feed(events.Persisted(token))

    def on_message(self, peer: ShopId, frame: bytes) -> None:
        """A frame of a member. Raises PeerFault for what no honest node sends."""
        try:
            message = decode_message(frame)
        except InputFault as error:
            if self.replica.outdated or self.watch.is_later(peer, self.replica.committee.epoch):
                return  # P-12.13: it may follow a newer protocol
            raise PeerFault("MESSAGE_BAD", why=error.code) from error
        self._sender, self._sender_fault = peer, None
        try:
            self._receive(peer, message)
        finally:
            self._sender = None
        code = self.catch_up.late_faults.pop(peer, None) or self._sender_fault
        if code is not None:
            raise PeerFault(code, shop=peer)

    def on_up(self, peer: ShopId) -> None:
        log.info("shop %d is connected", peer)
        self.watch.participation.came(peer)
        self.feed(events.PeerUp(peer))
        self._on_peer(peer, True)

    def on_down(self, peer: ShopId) -> None:
        log.info("shop %d is gone", peer)
        self.clock.forget(peer)
        self.catch_up.forget(peer)
        self.feed(events.PeerDown(peer))
        self._on_peer(peer, False)

    def on_fault(self, peer: ShopId | None, code: str) -> None:
        self.watch.fault(peer, code)

    def _receive(self, peer: ShopId, message: Message) -> None:
        if isinstance(message, Requests):
            if not self.replica.outdated:
                self._take_requests(message.txs)
        elif isinstance(message, FetchRange | Range | FetchSnapshot | Snapshot):
            self.catch_up.take(peer, message)
        elif self._committer.full:
            self.faults["DISK_BEHIND"] += 1  # as if it had been lost on the way
        else:
            if isinstance(message, Status):
                self.clock.heard(peer, message.clock_ms)
                self.watch.heard(peer, message)
            elif isinstance(message, Commit):
                self.watch.participation.voted(peer, message.seq)
            self.feed(events.Received(peer, message))

    def _feed_range(self, peer: ShopId, message: Range) -> None:
        """Blocks for the replica, from the intake's task or from `on_message`."""
        self._sender, self._sender_fault = peer, None
        try:
            self.feed(events.Received(peer, message))
        finally:
            self._sender = None
            self.catch_up.late_fault(peer, self._sender_fault)

    # --- transactions ---

    def submit(self, tx: SignedTx) -> None:
        """An own transaction: into the pool, for `broadcast_txs` to follow. Raises Unavailable
        when full."""
        self.mempool.add(tx, monotonic_ms())
        self._tell_waiting()

    def broadcast_txs(self, txs: Sequence[SignedTx], to: ShopId | None = None) -> None:
        """Sends transactions to one seat or to all; to say them again is harmless."""
        assert self.links is not None
        for portion in () if self.replica.outdated else portions(txs):  # P-12.13
            frame = encode(Requests(portion))
            if to is None:
                self.links.broadcast(frame)
            else:
                self.links.send(to, frame)

    def _take_requests(self, raws: Sequence[bytes]) -> None:
        now = monotonic_ms()
        try:
            for raw in raws:
                if not self.mempool.known(tx_id(raw), now):
                    self.mempool.add(parse_tx(raw, self._chain, self.ledger.keys()), now)
        except InputFault as error:
            raise PeerFault(error.code, **error.facts) from error
        except Unavailable as error:
            self.faults[error.code] += 1
        finally:
            # What stood before the one at fault is good and waits like any other.
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        oldest = self.mempool.oldest_ms()
        if oldest != self.replica.clocks.waiting_since or self._is_worth_a_block():
            self.feed(events.Waiting(oldest))

    def _signed(self, block: Block) -> list[SignedTx] | None:
        """The block's transactions, checked; None when one is not what it should be."""
        found: list[SignedTx] = []
        for raw in block.txs:
            known = self.mempool.get(tx_id(raw))
            try:
                found.append(known or parse_tx(raw, self._chain, self.ledger.keys()))
            except InputFault:
                return None
        return found

    # --- proposing ---

    def _propose(self) -> None:
        """Builds blocks while the replica wants them and the rule of batching allows."""
        while self._is_worth_a_block() and (place := self.replica.wanted()) is not None:
            batch = self.mempool.batch(self._taken(place.parent))
            if not batch:
                return
            execution = self.ledger.execute(
                parent=place.parent,
                epoch=self.replica.committee.epoch,
                seq=place.seq,
                time_ms=self._time_after(place.parent),
                proposer=self.replica.me,
                attendance=place.attendance,
                txs=batch,
            )
            self._block_txs[execution.hash] = batch
            proposed = events.Proposed(Block(execution.header, [tx.raw for tx in batch]))
            for effect in self.replica.step(proposed, monotonic_ms()):
                self._carry_out(effect)

    def _is_worth_a_block(self) -> bool:
        """The rule of batching, before anything is gathered: it is asked after every event."""
        head, _ = self.replica.head
        if head - self.replica.tip.seq < EAGER_BLOCKS:
            return self.mempool.calls > 0
        # What blocks under way hold waits in the pool until it is final.
        under_way = sum(body.header.call_count for body in self.replica.bodies.values())
        return self.mempool.calls - under_way >= FULL_BATCH_CALLS

    def _taken(self, parent: BlockHash) -> frozenset[TxId]:
        """Transactions in the uncommitted blocks that a new one would follow."""
        taken: set[TxId] = set()
        while parent != self.replica.tip.hash:
            taken.update(tx.id for tx in self._block_txs.get(parent, ()))
            parent = self.replica.bodies[parent].header.parent
        return frozenset(taken)

    def _time_after(self, parent: BlockHash) -> Millis:
        """P-4.3: street time, and above the parent's."""
        above = self.replica.bodies.get(parent)
        parent_ms = self.ledger.tip.time_ms if above is None else above.header.time_ms
        return Millis(max(parent_ms + 1, self.clock.street_ms()))

    # --- effects out ---

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Send(to, FetchRange(first)) if not self.catch_up.intake.asking(to, first):
                pass  # it is on its way, or on hand
            case Send(to, message):
                self._send(to, encode(self._stamped(message)))
            case Broadcast(message):
                assert self.links is not None
                self.links.broadcast(encode(self._stamped(message)))
                if isinstance(message, Commit):
                    self.watch.participation.voted(self.replica.me, message.seq)
            case Persist():
                assert self.voter is not None
                self.voter.submit(effect, self._committer.safe_seq)
            case Execute(block, fresh):
                valid = self._execute(block, fresh=fresh)
                self._inbox.append(events.Executed(block.header.hash, valid))
            case Deliver(block, certificate):
                self._deliver(block, certificate)
            case Report():
                self._report(effect)
            case Accuse(evidence):
                self._on_accuse(evidence)
            case Halt(code):
                self._on_halt(code)

    def _stamped(self, message: Message) -> Message:
        if isinstance(message, Status):
            return replace(message, clock_ms=self.clock.own_ms())
        return message

    def _execute(self, block: Block, *, fresh: bool) -> bool:
        """Whether the block keeps the rules and leads where it says (P-4.3, P-4.4)."""
        header = block.header
        skew_ms = header.time_ms - self.clock.street_ms()
        if fresh and abs(skew_ms) > CLOCK_SKEW_MS_MAX:
            self._off_time.add(header.hash)
            self.faults["BLOCK_TIME"] += 1
            log.warning("block %d refused: its time is %d ms off", header.seq, skew_ms)
            return False
        txs = self._signed(block)
        if txs is None:
            self.faults["BLOCK_TX"] += 1
            return False
        try:
            execution = self.ledger.check(block, txs)
        except PeerFault as fault:
            self.faults[fault.code] += 1
            log.warning("block %d refused: %s", header.seq, fault)
            return False
        self._block_txs[execution.hash] = txs
        return True

    def _deliver(self, block: Block, certificate: Certificate | None) -> None:
        txs = self._block_txs.get(block.header.hash)
        if txs is None:
            txs = vouched_txs(block, self.ledger.keys())
        committed = self._committer.commit(block, certificate, txs)
        self.watch.participation.delivered(block.header, certificate, self.replica.committee)
        self.mempool.ordered(committed.execution.tx_ids)
        seq = block.header.seq
        self._block_txs = {
            name: kept
            for name, kept in self._block_txs.items()
            if (body := self.replica.bodies.get(name)) is not None and body.header.seq > seq
        }
        oldest = self.mempool.oldest_ms()
        if oldest != self.replica.clocks.waiting_since:
            self._inbox.append(events.Waiting(oldest))
        self._on_committed(committed)
        if committed.execution.ends_epoch:
            self._begin_epoch()

    def _begin_epoch(self) -> None:
        """P-12.4: the ledger elected a committee; nothing else happens before it is named."""
        self.mempool.forget_other_keys(self.ledger.keys())
        lacking = self.ledger.lacking is not None
        safe_seq = Seq(max(self._committer.safe_seq, 0))
        self._inbox.appendleft(events.Elected(self.ledger.committee(), lacking, safe_seq))
        self._on_epoch()

    def _report(self, report: Report) -> None:
        fault = self.watch.take(report, self._sender, clocks_apart=self._clocks_apart)
        self._sender_fault = fault or self._sender_fault

    def _send(self, to: ShopId, frame: bytes) -> None:
        assert self.links is not None
        self.links.send(to, frame)
