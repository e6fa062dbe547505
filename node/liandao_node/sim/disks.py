"""Simulated disks of one node: voter.db keeps what it promised, ledger.db lags behind.

A record of voter.db is there whole or not at all, in the order of asking, as the store's one
transaction makes it. ledger.db is written behind the sale: the end of the process takes what
was not written, a power cut what was not synced.
"""

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from liandao_node.consensus.effects import Durable, Persist
from liandao_node.ledger.chain import Execution
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
    """ledger.db: final blocks and the state after the last one written. A `Reader`."""

    def __init__(self, records: dict[bytes, bytes]) -> None:
        self.chain: list[CommittedBlock] = []
        self.executions: list[Execution] = []
        self.written = 0
        """Blocks that outlive the process."""
        self.synced = 0
        """Blocks that outlive a power cut."""
        self._genesis = records
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

    def append(self, committed: CommittedBlock, execution: Execution) -> None:
        self.chain.append(committed)
        self.executions.append(execution)

    def write(self) -> int:
        """Writes what is there up to a certificate; returns the height written."""
        last = len(self.chain)
        while last > self.written and self.chain[last - 1].certificate is None:
            last -= 1
        for execution in self.executions[self.written : last]:
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
        if how is End.POWER:
            self._records = dict(self._synced_records)
            self.written = self.synced
            self._keys = None
        del self.chain[self.written :]
        del self.executions[self.written :]

    def copy(self) -> "LedgerDisk":
        """A backup: what is written."""
        twin = LedgerDisk(self._genesis)
        twin.chain = self.chain[: self.written]
        twin.executions = self.executions[: self.written]
        twin.written = twin.synced = self.written
        twin._records = dict(self._records)
        twin._synced_records = dict(self._records)
        return twin
