"""outbox.db: own signed transactions without a certificate, and the registers' numbers.

A sale that the counter has taken survives ``kill -9`` and a power cut here until the street
has it (D-12); sending it again is harmless, because its nonce is used once. The store does
not look into transactions. Synced at each commit; many items share one commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from liandao_node.errors import Unavailable
from liandao_node.limits import OUTBOX_RESERVE_BYTES, OUTBOX_TXS_MAX
from liandao_node.store.database import (
    Schema,
    open_database,
    storage_faults,
    take_reserve,
    transaction,
)
from liandao_node.types import Millis, TxId

SCHEMA: Final = Schema(
    "outbox.db",
    0x4C444231,
    (
        """
        CREATE TABLE pending (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE,
            kind INTEGER NOT NULL, at_ms INTEGER NOT NULL, raw BLOB NOT NULL
        );
        CREATE TABLE register (
            register INTEGER PRIMARY KEY, last INTEGER NOT NULL, ticket BLOB NOT NULL
        ) WITHOUT ROWID;
        """,
    ),
)
LOG_PAGES_MAX: Final = 200
"""Pages in the log before a commit moves them into the file itself; less than the reserve."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A signed transaction of this shop on its way to the street."""

    id: TxId
    kind: int
    """Kind of its first call: the runtime's hint whether it is worth sending after a restart."""
    at_ms: Millis
    """When it was signed, by the street's clock."""
    raw: bytes


class Outbox:
    """An open outbox.db. For one thread at a time; every call blocks."""

    def __init__(self, path: Path, vfs: str | None) -> None:
        self._connection = open_database(
            path, SCHEMA, synchronous="FULL", create=True, exclusive=True, vfs=vfs
        )
        self._connection.wal_autocheckpoint(LOG_PAGES_MAX)
        take_reserve(self._connection, SCHEMA.name, OUTBOX_RESERVE_BYTES)
        with storage_faults(SCHEMA.name):
            self._size: int = self._connection.execute("SELECT count(*) FROM pending").get

    @classmethod
    def open(cls, path: Path, *, vfs: str | None = None) -> Self:
        """Opens outbox.db, or makes an empty one. Raises what `open_database` raises."""
        return cls(path, vfs)

    @property
    def room(self) -> int:
        """How many transactions more it takes."""
        return OUTBOX_TXS_MAX - self._size

    def add(self, outgoing: Sequence[Outgoing], forget: Sequence[TxId] = ()) -> None:
        """Keeps transactions in the order given, and forgets others as `done` does; on the
        disk on return, all of it or nothing. One that is there already stays as it is.

        Raises Unavailable ``OUTBOX_FULL`` when the street has been away for too long.
        """
        sql = (
            "INSERT INTO pending (id, kind, at_ms, raw) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        with transaction(self._connection, SCHEMA.name):
            removed = self._forget(forget)
            # After the forgetting: a full outbox takes nothing before something has left it.
            if len(outgoing) > self.room + removed:
                raise Unavailable("OUTBOX_FULL", limit=OUTBOX_TXS_MAX)
            before = self._connection.total_changes()
            self._connection.executemany(sql, ((o.id, o.kind, o.at_ms, o.raw) for o in outgoing))
            added = self._connection.total_changes() - before
        self._size += added - removed

    def done(self, ids: Iterable[TxId]) -> None:
        """Forgets transactions that have a certificate, or a refusal that is final."""
        with transaction(self._connection, SCHEMA.name):
            removed = self._forget(ids)
        self._size -= removed

    def _forget(self, ids: Iterable[TxId]) -> int:
        """How many were there. Enter: in a transaction."""
        before = self._connection.total_changes()
        sql = "DELETE FROM pending WHERE id = ?"
        self._connection.executemany(sql, ((tx_id,) for tx_id in ids))
        return self._connection.total_changes() - before

    def pending(self) -> list[Outgoing]:
        """All that is kept, in the order it was added."""
        sql = "SELECT id, kind, at_ms, raw FROM pending ORDER BY place"
        with storage_faults(SCHEMA.name):
            return [Outgoing(*row) for row in self._connection.execute(sql)]

    def next_orders(self, registers: Sequence[int], tickets: Sequence[bytes] = ()) -> list[int]:
        """The next receipt number of each register named, on the disk on return.

        A register's numbers are 1, 2, 3, ... without a gap and are never given twice (R13);
        a register named twice gets two. ``tickets``, one a register, are the askers' names
        for their wishes: whoever asks again with the last ticket, because the answer was
        lost, gets the same number. An empty one is nobody's.
        """
        wishes = zip(registers, tickets or [b""] * len(registers), strict=True)
        with transaction(self._connection, SCHEMA.name):
            return [self._next_order(register, ticket) for register, ticket in wishes]

    def _next_order(self, register: int, ticket: bytes) -> int:
        execute = self._connection.execute
        row: tuple[int, bytes] | None = execute(
            "SELECT last, ticket FROM register WHERE register = ?", (register,)
        ).get
        if row is not None and ticket and row[1] == ticket:
            return row[0]
        number = 1 if row is None else row[0] + 1
        execute("REPLACE INTO register VALUES (?, ?, ?)", (register, number, ticket))
        return number

    def give_back(self, register: int, number: int) -> bool:
        """Takes back a number that no sale used, so that no hole stays; whether that went:
        only the last number given can come back."""
        sql = "UPDATE register SET last = last - 1, ticket = x'' WHERE register = ? AND last = ?"
        with transaction(self._connection, SCHEMA.name):
            before = self._connection.total_changes()
            self._connection.execute(sql, (register, number))
            return self._connection.total_changes() > before

    def close(self) -> None:
        self._connection.close()
