"""ledger.db: committed blocks, the entries under their result roots, and the state (D-7).

It is synced only at checkpoints: a power cut takes the last blocks as a whole, and they come
back out of voter.db and from the peers. So nothing is dropped from
voter.db above `LedgerStore.safe_seq`. What blocks, entries and records mean is not known
here. Written by one thread; read by others through a `StateReader` or by the methods here,
which have a connection of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Self, TypeAlias

from liandao_node.errors import OperatorFault
from liandao_node.store import database, pruning
from liandao_node.store.database import (
    open_database,
    open_for_reading,
    storage_faults,
    transaction,
)
from liandao_node.store.ledger_reads import LedgerReads, parts
from liandao_node.store.ledger_schema import (
    ACCUMULATOR_BYTES,
    SCHEMA,
    CommitWrite,
    OrderProof,
    StoredRange,
    Tip,
)
from liandao_node.store.pruning import Retention
from liandao_node.store.reader import EVERYTHING, StateReader
from liandao_node.types import BlockHash, ChainId, Millis, Seq
from liandao_node.wire.committee import decode_handover

__all__ = ["CommitWrite", "LedgerStore", "OrderProof", "StoredRange", "Tip"]

LOG_PAGES_MAX: Final = 4_000
"""Pages in the log before a write moves them into the file itself, 16 MB. Seldom, because its
syncs hold up those of voter.db; `LedgerStore.checkpoint` should come first, in a pause."""
PAGE_BYTES: Final = 4_096
_TipRow: TypeAlias = tuple[Seq, BlockHash, Millis, int, bytes]
Record: TypeAlias = tuple[bytes, bytes]


class LedgerStore(LedgerReads):
    """An open ledger.db."""

    safe_seq: int
    """Height up to which a power cut takes nothing; -1 before `initialise`."""

    def __init__(self, path: Path, vfs: str | None) -> None:
        self.path = path
        self._vfs = vfs
        # For the writer thread alone.
        self.writing = open_database(
            path, SCHEMA, synchronous="NORMAL", create=True, shrinks=True, vfs=vfs
        )
        self.writing.wal_autocheckpoint(LOG_PAGES_MAX)
        # What a restored state or much pruning made of the log is given back, too.
        self.writing.pragma("journal_size_limit", LOG_PAGES_MAX * PAGE_BYTES)
        # The writer's connection may stand in a transaction on another thread at any time.
        super().__init__(open_for_reading(path, SCHEMA, vfs=vfs))
        self._readers: list[StateReader] = []
        self._tip = self._read_tip()
        self.safe_seq = -1

    @classmethod
    def open(cls, path: Path, chain_id: ChainId, *, vfs: str | None = None) -> Self:
        """Opens ledger.db, or makes an empty one.

        Raises OperatorFault ``LEDGER_OTHER_STREET`` and what `open_database` raises.
        """
        store = cls(path, vfs)
        try:
            store._bind(path, chain_id)
            store.checkpoint()
        except BaseException:
            store.close()
            raise
        return store

    def initialise(self, genesis: CommitWrite) -> None:
        """Writes the state at height 0, once; on the disk on return."""
        assert self._tip is None
        assert genesis.seq == 0
        self._commit((genesis,))
        self.checkpoint()

    def tip(self) -> Tip | None:
        """The last block written; None before `initialise`."""
        return self._tip

    def write(self, writes: Sequence[CommitWrite]) -> None:
        """Writes blocks that follow the tip, all in one transaction. For the writer thread.

        On return readers see them and they survive ``kill -9``. On StorageFault
        (``DISK_FULL``, ``DISK_FAILED``, ...) the store is as before.
        """
        assert self._tip is not None
        first = self._tip.seq + 1
        assert [write.seq for write in writes] == list(range(first, first + len(writes)))
        self._commit(writes)

    def checkpoint(self) -> int:
        """Syncs what was written and moves it out of the log; the height that is safe now.

        For the writer thread. Where a reader is just at work nothing may be gained; then the
        next call does it.
        """
        tip = self._tip
        if database.checkpoint(self.writing, SCHEMA.name) and tip is not None:
            self.safe_seq = tip.seq
        return self.safe_seq

    def records(self) -> Iterable[Record]:
        """All records of the state at the tip, keys rising. For the writer thread."""
        with storage_faults(SCHEMA.name):
            yield from self.writing.execute("SELECT key, value FROM state ORDER BY key")

    def handovers_written(self) -> list[bytes]:
        """Encoded Handovers of all epochs that are over. For the writer thread."""
        sql = "SELECT handover FROM handover ORDER BY epoch"
        with storage_faults(SCHEMA.name):
            return [handover for (handover,) in self.writing.execute(sql)]

    def prune(self, retention: Retention) -> Iterator[int]:
        """Drops the blocks that are past keeping and gives their room back to the disk.

        For the writer thread, which takes a turn of it when it likes; yields the number of
        blocks that went. Of blocks with orders of this shop stays what receipts need.
        """
        return pruning.prune(self.writing, retention)

    def restore(
        self,
        last: CommitWrite,
        records: Iterable[Record],
        handovers: Iterable[tuple[int, int, bytes]],
    ) -> None:
        """Puts a proven state in the place of this one; on the disk on return.

        ``last`` is the block that led to it. ``handovers`` are all up to it: epoch, height of
        the last block, encoding. All of it or, on any error, nothing. Older blocks and what
        belongs to this shop stay. For the writer thread.
        """
        with transaction(self.writing, SCHEMA.name):
            execute, execute_many = self.writing.execute, self.writing.executemany
            execute("DELETE FROM state")
            execute_many("INSERT INTO state VALUES (?, ?)", records)
            execute_many("INSERT OR REPLACE INTO handover VALUES (?, ?, ?)", handovers)
            self._insert_blocks([last])
            tip = self._set_tip(last)
        self._tip = tip
        for reader in self._readers:
            reader.forget((EVERYTHING,))
        self.checkpoint()

    def reader(self) -> StateReader:
        """Committed state for another thread than the writer's. Close it before the store."""
        reader = StateReader(open_for_reading(self.path, SCHEMA, vfs=self._vfs))
        self._readers.append(reader)
        return reader

    def close(self) -> None:
        for reader in self._readers:
            reader.close()
        self._reading.close()
        self.writing.close()

    def _commit(self, writes: Sequence[CommitWrite]) -> None:
        execute_many = self.writing.executemany
        changes: dict[bytes, bytes | None] = {}
        for write in writes:
            changes.update(write.changes)
        with transaction(self.writing, SCHEMA.name):
            self._insert_blocks(writes)
            # A record that several blocks changed is written once, in the order of keys.
            execute_many(
                "INSERT INTO state VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                sorted((key, value) for key, value in changes.items() if value is not None),
            )
            execute_many(
                "DELETE FROM state WHERE key = ?",
                sorted((key,) for key, value in changes.items() if value is None),
            )
            execute_many(
                "INSERT INTO own_order VALUES (?, ?, ?, ?)",
                ((reg, number, w.seq, at) for w in writes for reg, number, at in w.orders),
            )
            execute_many(
                "INSERT INTO handover VALUES (?, ?, ?)",
                [
                    (decode_handover(w.handover).header.epoch, w.seq, w.handover)
                    for w in writes
                    if w.handover
                ],
            )
            tip = self._set_tip(writes[-1])
        self._tip = tip
        for reader in self._readers:
            reader.forget(changes)

    def _insert_blocks(self, writes: Sequence[CommitWrite]) -> None:
        self.writing.executemany(
            "INSERT INTO block VALUES (?, ?, ?, ?)",
            ((w.seq, bool(parts(w.block)[1]), w.block, w.entries) for w in writes),
        )

    def _set_tip(self, last: CommitWrite) -> Tip:
        tip = Tip(last.seq, last.hash, last.time_ms, last.calls, last.accumulator)
        self.writing.execute(
            "INSERT INTO tip VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " (seq, hash, time_ms, calls, accumulator)"
            " = (excluded.seq, excluded.hash, excluded.time_ms, excluded.calls,"
            " excluded.accumulator)",
            (
                *(tip.seq, tip.hash, tip.time_ms, tip.calls),
                tip.accumulator.to_bytes(ACCUMULATOR_BYTES, "big"),
            ),
        )
        return tip

    def _bind(self, path: Path, chain_id: ChainId) -> None:
        with storage_faults(SCHEMA.name):
            found = self._reading.execute("SELECT chain_id FROM street").get
        if found is None:
            with transaction(self.writing, SCHEMA.name):
                self.writing.execute("INSERT INTO street VALUES (1, ?)", (chain_id,))
        elif found != chain_id:
            raise OperatorFault("LEDGER_OTHER_STREET", path=str(path))

    def _read_tip(self) -> Tip | None:
        sql = "SELECT seq, hash, time_ms, calls, accumulator FROM tip"
        with storage_faults(SCHEMA.name):
            row: _TipRow | None = self._reading.execute(sql).get
        return Tip(*row[:4], int.from_bytes(row[4], "big")) if row is not None else None
