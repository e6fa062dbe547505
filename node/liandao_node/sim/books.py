"""What a node makes of blocks: the production ledger, its pool of requests, its disk.

The part of the driver that lies between consensus and ledger, without its threads: requests
come in, proposals go out, blocks are judged and become final (`runtime.driver` does the same).
"""

from enum import Enum, auto
from typing import Protocol, cast

from msgspec.structs import replace

from liandao_node.consensus.effects import Tip
from liandao_node.consensus.replica import Replica
from liandao_node.consensus.state import Wanted
from liandao_node.crypto import multiset
from liandao_node.errors import BugFound, InputFault, PeerFault, Unavailable
from liandao_node.ledger.beginning import Tip as LedgerTip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.offices import Office
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import CLOCK_SKEW_MS_MAX
from liandao_node.runtime.mempool import Mempool
from liandao_node.runtime.retention import EpochKeeper
from liandao_node.runtime.snapshot_proof import Proven, records
from liandao_node.sim.charter import Charter, RememberingLedger
from liandao_node.sim.disks import End, LedgerDisk
from liandao_node.sim.snapshots import HeldPieces, HeldSnapshots
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.pruning import Retention
from liandao_node.types import BlockHash, Millis, Seq, TxId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.committee import CommitteeRecord, Handover
from liandao_node.wire.transactions import tx_id

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)
RANGE_BLOCKS = 20
"""Fewer than a node gives, so that catching up takes several ranges."""


class Verdict(Enum):
    VALID = auto()
    INVALID = auto()
    OFF_TIME = auto()
    """Refused for its time alone: whose clock is wrong, nobody knows."""


class Books(Protocol):
    """What executes blocks for a node. A street of a test may bring a simpler one."""

    @property
    def chain(self) -> list[CommittedBlock]:
        """Final blocks that are kept, one above the other; the last one is the tip."""
        ...

    def open(self) -> Tip: ...

    def committee(self) -> CommitteeRecord:
        """In office for the block above the tip."""
        ...

    def end(self, how: End) -> None: ...

    def lose(self) -> None: ...

    @property
    def safe_seq(self) -> int: ...

    def check(self, block: Block, street_ms: Millis, *, fresh: bool) -> Verdict: ...

    def propose(self, replica: Replica, place: Wanted, street_ms: Millis) -> Block | None: ...

    def deliver(self, block: Block, certificate: Certificate | None) -> None: ...

    def write(self, *, sync: bool) -> None: ...

    def take(self, raws: list[bytes], now_ms: Millis) -> None: ...

    def oldest_ms(self) -> Millis | None: ...

    def rival(self, block: Block) -> Block | None:
        """Another valid block for the same place, for a liar."""
        ...


def served(chain: list[CommittedBlock], first: Seq) -> list[CommittedBlock]:
    """Blocks for a seat that was away: from ``first`` up to a certificate, and not beyond the
    last block of an epoch (P-7.3). None when ``first`` is not kept any more."""
    blocks: list[CommittedBlock] = []
    at = first - chain[0].block.header.seq if chain else 0
    for committed in chain[at : at + RANGE_BLOCKS] if at >= 0 else ():
        blocks.append(committed)
        if committed.block.header.next_committee:
            break
    while blocks and blocks[-1].certificate is None:
        blocks.pop()
    return blocks


class LedgerBooks:
    """Books of a node of a street with a charter."""

    def __init__(
        self,
        charter: Charter,
        *,
        eager_blocks: int = 1,
        block_txs_max: int = 500,
        keep_epochs: int = 0,
    ) -> None:
        """``keep_epochs``: how long blocks are kept, and snapshots made; 0 for ever, and none."""
        self.charter = charter
        self._keep_epochs = keep_epochs
        self.lose()
        self.ledger: Ledger = self._ledger()
        self.mempool = Mempool()
        self._eager_blocks = eager_blocks
        """Blocks in flight below which any batch is worth one."""
        self._block_txs_max = block_txs_max
        self._block_txs: dict[BlockHash, list[SignedTx]] = {}

    def _ledger(self) -> Ledger:
        done = self.disk.executions
        return self._ledger_at(done[-1].tip if done else self.charter.tip)

    def _ledger_at(self, tip: LedgerTip) -> Ledger:
        charter = self.charter
        if charter.memory is None:
            return Ledger(charter.genesis, self.disk, tip, verify=charter.keyring.verify)
        memory, verify = charter.memory, charter.keyring.verify
        ledger = RememberingLedger(
            charter.genesis, self.disk, tip, verify=verify, machine=memory.machine
        )
        memory.machine, ledger.memory = ledger.machine, memory
        return ledger

    @property
    def chain(self) -> list[CommittedBlock]:
        return self.disk.chain

    @property
    def safe_seq(self) -> int:
        return self.disk.synced

    # --- life ---

    def open(self) -> Tip:
        """Begins a life from what the disk holds."""
        self.ledger = self._ledger()
        self.mempool = Mempool()
        self._block_txs = {}
        if not self.chain:
            return Tip(Seq(0), self.charter.tip.hash, None)
        last = self.chain[-1]
        return Tip(last.block.header.seq, last.block.header.hash, last.certificate)

    def committee(self) -> CommitteeRecord:
        return self.ledger.committee()

    def end(self, how: End) -> None:
        self.disk.end(how)

    def lose(self) -> None:
        """The disk is gone, or new."""
        self.disk = LedgerDisk(self.charter.records)
        memory = self.charter.memory
        self.snapshots = HeldSnapshots(None if memory is None else memory.states)
        self.pieces = HeldPieces()

    def _keeper(self) -> EpochKeeper:
        """What the writer of ledger.db does at an epoch's end, on this disk."""
        return EpochKeeper(
            cast("LedgerStore", self.disk),  # it has what the keeper asks for
            self.snapshots,
            self.charter.chain,
            Retention(self._keep_epochs),
            on_fault=_must_not_fail,
        )

    def write(self, *, sync: bool) -> None:
        """ledger.db catches up with the ledger."""
        before = -1
        while before < self.disk.written:
            before = self.disk.written
            self.disk.write()
            if self._keep_epochs and before < self.disk.written in self.disk.handovers:
                self._end_epoch()
        self.ledger.flushed(Seq(self.disk.written))
        if sync:
            self.disk.sync()

    def _end_epoch(self) -> None:
        below = self.disk.written - self.disk.chain[0].block.header.seq
        committed, tip = self.disk.chain[below], self.disk.executions[below].tip
        keeper = self._keeper()
        keeper.epoch_ended(
            CommitWrite(
                seq=tip.seq,
                hash=tip.hash,
                block=encode(committed),
                entries=b"",
                changes={},
                accumulator=tip.accumulator,
                time_ms=tip.time_ms,
                calls=tip.calls,
            )
        )
        while keeper.prune_a_step():
            pass

    def restore(self, proven: Proven) -> bool:
        """Goes on from a proven snapshot, as `Upkeep.install` and the store do; False where blocks
        came as far while the last writes ended."""
        last = proven.write()
        if last.seq <= self.disk.written:
            self.pieces.clear()
            return False
        committed = _decode_committed(last.block)
        tip = LedgerTip(last.seq, last.hash, last.time_ms, last.accumulator, last.calls)
        self.disk = LedgerDisk(dict(records(proven.index, self.pieces)))
        ledger = self._ledger_at(tip)
        office = Office(ledger.committee(), ledger.keys())
        execution = Execution(committed.block.header, last.hash, (), [], {}, tip, office)
        self.disk.begin_at(committed, execution, proven.handovers())
        self.pieces.clear()
        return True

    # --- requests ---

    def take(self, raws: list[bytes], now_ms: Millis) -> None:
        for raw in raws:
            if not self.mempool.known(tx_id(raw), now_ms):
                try:
                    self.mempool.add(self.charter.parse(raw, self.ledger.keys()), now_ms)
                except (InputFault, Unavailable):
                    return

    def oldest_ms(self) -> Millis | None:
        return self.mempool.oldest_ms()

    def _signed(self, block: Block) -> list[SignedTx] | None:
        found: list[SignedTx] = []
        for raw in block.txs:
            try:
                found.append(
                    self.mempool.get(tx_id(raw)) or self.charter.parse(raw, self.ledger.keys())
                )
            except InputFault:
                return None
        return found

    # --- blocks ---

    def propose(self, replica: Replica, place: Wanted, street_ms: Millis) -> Block | None:
        in_flight = place.seq - 1 - replica.tip.seq
        if in_flight >= self._eager_blocks:
            return None
        batch = self.mempool.batch(self._taken(replica, place.parent))[: self._block_txs_max]
        if not batch:
            return None
        above = replica.bodies.get(place.parent)
        parent_ms = self.ledger.tip.time_ms if above is None else above.header.time_ms
        execution = self.ledger.execute(
            parent=place.parent,
            epoch=replica.committee.epoch,
            seq=place.seq,
            time_ms=Millis(max(parent_ms + 1, street_ms)),
            proposer=replica.me,
            attendance=place.attendance,
            txs=batch,
        )
        self._block_txs[execution.hash] = batch
        return Block(execution.header, [tx.raw for tx in batch])

    def _taken(self, replica: Replica, parent: BlockHash) -> frozenset[TxId]:
        taken: set[TxId] = set()
        while parent != replica.tip.hash:
            taken.update(tx.id for tx in self._block_txs.get(parent, ()))
            parent = replica.bodies[parent].header.parent
        return frozenset(taken)

    def check(self, block: Block, street_ms: Millis, *, fresh: bool) -> Verdict:
        if fresh and abs(block.header.time_ms - street_ms) > CLOCK_SKEW_MS_MAX:
            return Verdict.OFF_TIME
        txs = self._signed(block)
        if txs is None:
            return Verdict.INVALID
        try:
            execution = self.ledger.check(block, txs)
        except PeerFault:
            return Verdict.INVALID
        self._block_txs[execution.hash] = txs
        return Verdict.VALID

    def deliver(self, block: Block, certificate: Certificate | None) -> None:
        execution = self._executed(block)
        self.ledger.commit(execution.hash)
        handover = b""
        if execution.ends_epoch:
            self.mempool.forget_other_keys(self.ledger.keys())
            if self._keep_epochs:
                assert certificate is not None, "nothing is final above the last of an epoch"
                handover = encode(Handover(block.header, certificate, self.ledger.committee()))
        self.disk.append(CommittedBlock(block, certificate), execution, handover)
        self.mempool.ordered(execution.tx_ids)
        self._block_txs.pop(execution.hash, None)

    def _executed(self, block: Block) -> Execution:
        """Raises AssertionError when this node computes otherwise than the quorum."""
        txs = self._block_txs.get(block.header.hash) or self._signed(block)
        assert txs is not None, f"block {block.header.seq} is final with bad transactions"
        try:
            return self.ledger.check(block, txs)
        except PeerFault as fault:
            raise AssertionError(f"block {block.header.seq} is final and wrong: {fault}") from fault

    def rival(self, block: Block) -> Block | None:
        """The same transactions a millisecond later."""
        header, txs = block.header, self._signed(block)
        try:
            if txs is None:
                return None
            wanted = replace(header, time_ms=Millis(header.time_ms + 1))
            execution = self.ledger.execute(
                parent=wanted.parent,
                epoch=wanted.epoch,
                seq=wanted.seq,
                time_ms=wanted.time_ms,
                proposer=wanted.proposer,
                attendance=wanted.attendance,
                txs=txs,
            )
        except BugFound:
            return None  # its parent is gone
        self._block_txs[execution.hash] = txs
        return Block(execution.header, list(block.txs))

    @property
    def root(self) -> bytes:
        """Digest of the state at the tip."""
        return multiset.digest(self.ledger.tip.accumulator)


def _must_not_fail(code: str) -> None:
    raise AssertionError(f"no snapshot could be made: {code}")
