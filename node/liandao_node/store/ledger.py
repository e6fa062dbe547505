"""ledger.db: committed blocks, the entries under their result roots, and the state (D-7).

It is synced only at checkpoints: a power cut takes the last blocks as a whole, and they come
back out of voter.db and from the peers. So nothing is dropped from
voter.db above `LedgerStore.safe_seq`. What blocks, entries and records mean is not known
here. Written by one thread; read by others through a `StateReader` or by the methods here,
which have a connection of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeAlias

import msgspec

from liandao_node.errors import OperatorFault, StorageFault
from liandao_node.store import database
from liandao_node.store.database import (
    Schema,
    open_database,
    open_for_reading,
    storage_faults,
    transaction,
)
from liandao_node.store.reader import StateReader
from liandao_node.types import BlockHash, ChainId, Millis, Seq
from liandao_node.wire.codec import Decoder

SCHEMA: Final = Schema(
    "ledger.db",
    0x4C444C31,
    (
        """
        CREATE TABLE street (id INTEGER PRIMARY KEY CHECK (id = 1), chain_id BLOB NOT NULL);
        CREATE TABLE tip (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
            calls INTEGER NOT NULL, accumulator BLOB NOT NULL
        );
        CREATE TABLE block (
            seq INTEGER PRIMARY KEY, certified INTEGER NOT NULL,
            block BLOB NOT NULL, entries BLOB NOT NULL
        );
        CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE own_order (
            register INTEGER NOT NULL, number INTEGER NOT NULL,
            seq INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (register, number)
        ) WITHOUT ROWID;
        """,
    ),
)
ACCUMULATOR_BYTES: Final = 512
LOG_PAGES_MAX: Final = 4_000
"""Pages in the log before a write moves them into the file itself, 16 MB. Seldom, because its
syncs hold up those of voter.db; `LedgerStore.checkpoint` should come first, in a pause."""
_TipRow: TypeAlias = tuple[Seq, BlockHash, Millis, int, bytes]
_NO_CERTIFICATE: Final = b"\xc0"  # nil

_split: msgspec.msgpack.Decoder[tuple[msgspec.Raw, msgspec.Raw]] = msgspec.msgpack.Decoder(
    tuple[msgspec.Raw, msgspec.Raw]
)
_decode_entries: Decoder[list[bytes]] = Decoder(list[bytes])


@dataclass(frozen=True, slots=True)
class CommitWrite:
    """One committed block with what it did."""

    seq: Seq
    hash: BlockHash
    block: bytes
    """Encoded CommittedBlock; empty for the genesis block, which nobody sends."""
    entries: bytes
    """Encoded list of the encoded entries, in the order of the result tree."""
    changes: Mapping[bytes, bytes | None]
    """Records after the block by key; None for one that is gone."""
    accumulator: int
    """Multiset hash over the state after the block."""
    time_ms: Millis
    calls: int
    """Calls in all blocks up to this one."""
    orders: Sequence[tuple[int, int, int]] = ()
    """Own shop's orders in the block: register, number, position among the entries."""


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the stored ledger ends."""

    seq: Seq
    hash: BlockHash
    time_ms: Millis
    calls: int
    accumulator: int


class LedgerStore:
    """An open ledger.db."""

    safe_seq: int
    """Height up to which a power cut takes nothing; -1 before `initialise`."""

    def __init__(self, path: Path, vfs: str | None) -> None:
        self._path = path
        self._vfs = vfs
        self._writing = open_database(path, SCHEMA, synchronous="NORMAL", create=True, vfs=vfs)
        self._writing.wal_autocheckpoint(LOG_PAGES_MAX)
        # The writer's connection may stand in a transaction on another thread at any time.
        self._reading = open_for_reading(path, SCHEMA, vfs=vfs)
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
        if database.checkpoint(self._writing, SCHEMA.name) and tip is not None:
            self.safe_seq = tip.seq
        return self.safe_seq

    def reader(self) -> StateReader:
        """Committed state for another thread than the writer's. Close it before the store."""
        reader = StateReader(open_for_reading(self._path, SCHEMA, vfs=self._vfs))
        self._readers.append(reader)
        return reader

    def block(self, seq: Seq) -> bytes | None:
        """Encoded CommittedBlock at a height; None where none is kept."""
        with storage_faults(SCHEMA.name):
            found: bytes | None = self._reading.execute(
                "SELECT block FROM block WHERE seq = ?", (seq,)
            ).get
        return found or None

    def blocks(self, first: Seq, bytes_max: int, count_max: int) -> list[bytes]:
        """Encoded CommittedBlocks from ``first`` upwards within both bounds, at least one.

        The last has a certificate wherever one of them has; blocks behind it wait for the
        next call. So that there is one, ``bytes_max`` holds from the first certificate on.
        Empty when ``first`` is not stored.
        """
        sql = "SELECT certified, block FROM block WHERE seq >= ? ORDER BY seq LIMIT ?"
        kept: list[bytes] = []
        size, proven = 0, 0
        with storage_faults(SCHEMA.name):
            for certified, block in self._reading.execute(sql, (max(first, 1), count_max)):
                size += len(block)
                if proven and size > bytes_max:
                    break
                kept.append(block)
                if certified:
                    proven = len(kept)
        return kept[: proven or len(kept)]

    def entries(self, seq: Seq) -> list[bytes]:
        """Encoded entries of a block, in the order of its result tree.

        Raises StorageFault ``LEDGER_MISSING`` when the block is not stored.
        """
        with storage_faults(SCHEMA.name):
            found: bytes | None = self._reading.execute(
                "SELECT entries FROM block WHERE seq = ?", (seq,)
            ).get
        if found is None:
            raise StorageFault("LEDGER_MISSING", seq=seq)
        return _decode_entries(found)

    def seq_of_certificate_at_or_after(self, seq: Seq) -> Seq | None:
        """The first block from ``seq`` upwards that carries a certificate, which speaks for
        those below it; None while there is none."""
        sql = "SELECT seq FROM block WHERE seq >= ? AND certified ORDER BY seq LIMIT 1"
        with storage_faults(SCHEMA.name):
            found: Seq | None = self._reading.execute(sql, (seq,)).get
        return found

    def order(self, register: int, number: int) -> tuple[Seq, int] | None:
        """Height and entry position of an order of this shop; None when it has no block."""
        sql = "SELECT seq, position FROM own_order WHERE register = ? AND number = ?"
        with storage_faults(SCHEMA.name):
            found: tuple[Seq, int] | None = self._reading.execute(sql, (register, number)).get
        return found

    def close(self) -> None:
        for reader in self._readers:
            reader.close()
        self._reading.close()
        self._writing.close()

    def _commit(self, writes: Sequence[CommitWrite]) -> None:
        execute, execute_many = self._writing.execute, self._writing.executemany
        changes: dict[bytes, bytes | None] = {}
        for write in writes:
            changes.update(write.changes)
        last = writes[-1]
        tip = Tip(last.seq, last.hash, last.time_ms, last.calls, last.accumulator)
        with transaction(self._writing, SCHEMA.name):
            execute_many(
                "INSERT INTO block VALUES (?, ?, ?, ?)",
                ((w.seq, _certified(w.block), w.block, w.entries) for w in writes),
            )
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
            execute(
                "INSERT INTO tip VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " (seq, hash, time_ms, calls, accumulator)"
                " = (excluded.seq, excluded.hash, excluded.time_ms, excluded.calls,"
                " excluded.accumulator)",
                (
                    *(tip.seq, tip.hash, tip.time_ms, tip.calls),
                    tip.accumulator.to_bytes(ACCUMULATOR_BYTES, "big"),
                ),
            )
        self._tip = tip
        for reader in self._readers:
            reader.forget(changes)

    def _bind(self, path: Path, chain_id: ChainId) -> None:
        with storage_faults(SCHEMA.name):
            found = self._reading.execute("SELECT chain_id FROM street").get
        if found is None:
            with transaction(self._writing, SCHEMA.name):
                self._writing.execute("INSERT INTO street VALUES (1, ?)", (chain_id,))
        elif found != chain_id:
            raise OperatorFault("LEDGER_OTHER_STREET", path=str(path))

    def _read_tip(self) -> Tip | None:
        sql = "SELECT seq, hash, time_ms, calls, accumulator FROM tip"
        with storage_faults(SCHEMA.name):
            row: _TipRow | None = self._reading.execute(sql).get
        return Tip(*row[:4], int.from_bytes(row[4], "big")) if row is not None else None


def _certified(block: bytes) -> bool:
    """Whether an encoded CommittedBlock carries a certificate. Empty for genesis."""
    if not block:
        return False
    _, certificate = _split.decode(block)
    return bytes(certificate) != _NO_CERTIFICATE
