"""Simulated disks of one node: voter.db keeps what it promised, ledger.db lags behind.

A record of voter.db is there whole or not at all, in the order of asking, as the store's one
transaction makes it. ledger.db is written behind the sale: the end of the process takes what
was not written, a power cut what was not synced.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from liandao_node.consensus.effects import Durable, Persist
from liandao_node.ledger.chain import Execution
from liandao_node.limits import RETENTION_EPOCHS_MIN
from liandao_node.store.pruning import Retention
from liandao_node.types import BlockHash
from liandao_node.wire.blocks import Block, CommittedBlock


class End(Enum):
    """How a life ends."""

    KILLED = auto()
    POWER = auto()


@dataclass
class VoterDisk:
    """voter.db: what consensus made durable, and what is on its way."""

    durable: Durable = field(default_factory=Durable)
    bodies: dict[BlockHash, Block] = field(default_factory=dict)
    queue: deque[tuple[Persist, int]] = field(default_factory=deque)
    """Records not written yet, each with the height that ledger.db will not lose any more."""
    full: bool = False
    damaged: bool = False
    """It does not check any more: the seat refuses to vote."""

    def write_one(self) -> Persist:
        persist, safe_seq = self.queue.popleft()
        self.durable = persist.state
        self.bodies.update({block.header.hash: block for block in persist.bodies})
        if any(block.header.seq <= safe_seq for block in self.bodies.values()):
            self.bodies = {n: b for n, b in self.bodies.items() if b.header.seq > safe_seq}
        return persist

    def end(self, writes: int) -> None:
        """The process ends; of the records on their way the first ``writes`` arrive."""
        for _ in range(0 if self.full else min(writes, len(self.queue))):
            self.write_one()
        self.queue.clear()

    def copy(self) -> "VoterDisk":
        """A backup."""
        return VoterDisk(self.durable, dict(self.bodies))


class LedgerDisk:
    """ledger.db: final blocks and the state after the last one written. A `Reader`.

    It has of `store.ledger.LedgerStore` what `runtime.retention` asks for.
    """

    def __init__(self, records: dict[bytes, bytes]) -> None:
        self.chain: list[CommittedBlock] = []
        """Blocks that are kept, one above the other."""
        self.executions: list[Execution] = []
        """What each of them did."""
        self.handovers: dict[int, bytes] = {}
        """By height of an epoch's last block: the proof for those that come later."""
        self.written = 0
        """Height up to which blocks outlive the process."""
        self.synced = 0
        """Height up to which they outlive a power cut."""
        self._records = dict(records)
        self._synced_records = records
        self._keys: list[bytes] | None = None

    # --- Reader ---

    def get(self, key: bytes) -> bytes | None:
        return self._records.get(key)

    def scan(self, first: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        if self._keys is None:
            self._keys = sorted(self._records)
        start, stop = bisect_left(self._keys, first), bisect_left(self._keys, end)
        return [(key, self._records[key]) for key in self._keys[start : min(stop, start + limit)]]

    # --- writing ---

    def append(
        self, committed: CommittedBlock, execution: Execution, handover: bytes = b""
    ) -> None:
        self.chain.append(committed)
        self.executions.append(execution)
        if handover:
            self.handovers[execution.header.seq] = handover

    @property
    def _below(self) -> int:
        """Height under the lowest block that is kept."""
        return self.chain[0].block.header.seq - 1 if self.chain else self.written

    def write(self) -> int:
        """Writes what is there up to a certificate, and an epoch at most; the height written."""
        below, last = self._below, self.written
        for at in range(self.written - below, len(self.chain)):
            if self.chain[at].certificate is not None:
                last = below + at + 1
                if self.chain[at].block.header.next_committee:
                    break
        for execution in self.executions[self.written - below : last - below]:
            for key, value in execution.changes.items():
                if value is None:
                    self._records.pop(key, None)
                else:
                    self._records[key] = value
            self._keys = None
        self.written = last
        return last

    def sync(self) -> None:
        self.synced = self.written
        self._synced_records = dict(self._records)

    def end(self, how: End) -> None:
        """What a life's end takes."""
        below = self._below
        if how is End.POWER:
            self._records = dict(self._synced_records)
            self.written = self.synced
            self._keys = None
        del self.chain[self.written - below :]
        del self.executions[self.written - below :]
        self.handovers = {seq: one for seq, one in self.handovers.items() if seq <= self.written}

    # --- the end of an epoch ---

    def records(self) -> Iterable[tuple[bytes, bytes]]:
        """All of the state that is written, keys rising."""
        return sorted(self._records.items())

    def handovers_written(self) -> list[bytes]:
        return [one for seq, one in sorted(self.handovers.items()) if seq <= self.written]

    def prune(self, retention: Retention) -> Iterator[int]:
        """Drops blocks as `store.pruning.prune` does, apart from what the file's size asks."""
        ends = sorted(seq for seq in self.handovers if seq <= self.written)
        keep = max(retention.epochs, RETENTION_EPOCHS_MIN)
        if not retention.kept_from or len(ends) <= keep:
            return
        count = min(ends[-1 - keep] + 1, retention.kept_from) - 1 - self._below
        if count > 0:
            self.sync()  # what is dropped and what was written before share a file
            del self.chain[:count], self.executions[:count]
            yield count

    def begin_at(
        self,
        last: CommittedBlock,
        execution: Execution,
        handovers: Iterable[tuple[int, int, bytes]],
    ) -> None:
        """The records that this disk was made with are what ``last`` led to."""
        self.chain, self.executions = [last], [execution]
        self.handovers = {seq: one for _, seq, one in handovers}
        self.written = execution.header.seq
        self.sync()

    def copy(self) -> "LedgerDisk":
        """A backup: what is written."""
        twin = LedgerDisk(self._records)
        kept = self.written - self._below
        twin.chain = self.chain[:kept]
        twin.executions = self.executions[:kept]
        twin.handovers = {seq: one for seq, one in self.handovers.items() if seq <= self.written}
        twin.written = twin.synced = self.written
        twin._synced_records = dict(self._records)
        return twin
