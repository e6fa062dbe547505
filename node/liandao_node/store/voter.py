"""voter.db: the key and everything this seat must never forget about its votes (D-7).

Key and vote state lie in one file, so that neither is copied or restored without the other,
and the file is bound to its machine. Each `VoterStore.save` is one transaction that is on
the disk when it returns. The store does not know what the bytes mean; it knows that they
must come back as they were or not at all, and that a vote is never taken back.

One row, the root, holds digests of all others. Whatever is not exactly what the last save
left is refused; the file is never repaired and never reset.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

import apsw

from liandao_node.crypto.keys import SEED_BYTES
from liandao_node.errors import InputFault, LiandaoError, OperatorFault, StorageFault
from liandao_node.limits import VOTER_RESERVE_BYTES
from liandao_node.store import database, voter_log
from liandao_node.store.database import Schema, open_database, take_reserve, transaction
from liandao_node.store.files import sync_directory
from liandao_node.store.voter_mark import VoterMark
from liandao_node.store.voter_records import (
    NEVER_VOTED,
    Body,
    BodyDigests,
    Identity,
    Root,
    Saved,
    VoterState,
    decode_identity,
    root_of,
    seal,
    unseal,
)
from liandao_node.types import ChainId, ShopId
from liandao_node.wire.codec import encode

__all__ = ["NEVER_VOTED", "Body", "VoterState", "VoterStore"]

SCHEMA: Final = Schema(
    "voter.db",
    0x4C444F31,
    (
        """
        CREATE TABLE slot (id INTEGER PRIMARY KEY, value BLOB NOT NULL);
        CREATE TABLE body (seq INTEGER NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL);
        """,
    ),
)
LOG_PAGES_MAX: Final = 200
"""Pages in the log before a save moves them into the file itself; less than the reserve."""

_ROOT, _IDENTITY, _PREPARED, _VIEW_CHANGE, _NEW_VIEW, _HANDOVERS = range(6)
_PUT: Final = """INSERT INTO slot VALUES (?, ?)
                 ON CONFLICT (id) DO UPDATE SET value = excluded.value"""


class VoterStore:
    """An open voter.db. For one thread at a time; every call blocks."""

    boot: int
    """How often this file was opened: the node's session number."""
    seed: bytes
    shop: ShopId
    state: VoterState
    """As last saved."""

    def __init__(self, path: Path, vfs: str | None) -> None:
        self._connection = open_database(path, SCHEMA, synchronous="FULL", exclusive=True, vfs=vfs)
        self._connection.wal_autocheckpoint(LOG_PAGES_MAX)
        self._mark = VoterMark(path.with_name("voter.mark"))
        self._failure: LiandaoError | None = None
        self._digests: BodyDigests = {}
        self._saves = 0

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        chain_id: ChainId,
        shop: ShopId,
        seed: bytes,
        machine_id: bytes,
        vfs: str | None = None,
    ) -> Self:
        """Makes voter.db for a key that has never voted, and opens it.

        It takes its name only when it is whole and on the disk. Raises OperatorFault
        ``VOTER_EXISTS`` when there is one already: a key's votes are never overwritten.
        """
        assert len(seed) == SEED_BYTES
        if path.exists():
            raise OperatorFault("VOTER_EXISTS", path=str(path))
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        identity = encode(Identity(chain_id, shop, seed, machine_id))
        connection = open_database(draft, SCHEMA, synchronous="FULL", exclusive=True, vfs=vfs)
        try:
            with transaction(connection, SCHEMA.name):
                connection.execute(_PUT, (_IDENTITY, identity))
                connection.execute(_PUT, (_ROOT, seal(root_of(0, 0, NEVER_VOTED, identity, {}))))
            database.checkpoint(connection, SCHEMA.name)
        finally:
            connection.close()
        draft.rename(path)
        sync_directory(path.parent)
        return cls.open(path, chain_id=chain_id, machine_id=machine_id, vfs=vfs)

    @classmethod
    def open(
        cls, path: Path, *, chain_id: ChainId, machine_id: bytes, vfs: str | None = None
    ) -> Self:
        """Opens voter.db, proves that it is whole, and counts the boot durably.

        The caller holds the directory's lock. Raises StorageFault ``VOTER_MISSING``,
        ``VOTER_DAMAGED``, ``VOTER_OLDER`` (an older copy was put back), OperatorFault
        ``VOTER_FOREIGN_MACHINE``, ``VOTER_OTHER_STREET``, ``DATA_IN_USE``, and what
        `open_database` raises.
        """
        if not path.exists():
            raise StorageFault("VOTER_MISSING", path=str(path))
        check_log(path.with_name(path.name + "-wal"))
        store = None
        try:
            store = cls(path, vfs)
            store._load(path, chain_id, machine_id)
            store._count_boot()
        except BaseException as error:
            if store is not None:
                store.close()
            if (fault := opening_fault(path, error)) is not None:
                raise fault from error
            raise
        return store

    def save(self, state: VoterState, bodies: Sequence[Body], drop_through: int) -> None:
        """Makes ``state`` and ``bodies`` what comes back after any crash; on disk on return.

        Bodies of heights up to ``drop_through`` are forgotten. On StorageFault the state
        before stands. After ``DISK_FULL`` the next save may be tried; after any other error
        nobody can say what the disk holds, so every later save fails too, until the store is
        opened anew.
        """
        if self._failure is not None:
            raise self._failure
        # A seat never goes back on a promise, whoever asks.
        assert (state.epoch, state.promised) >= (self.state.epoch, self.state.promised)
        assert (state.epoch, state.view) >= (self.state.epoch, self.state.view)
        kept = {key: old for key, old in self._digests.items() if key[0] > drop_through}
        fresh = [b for b in bodies if b[0] > drop_through and (b[0], b[1]) not in kept]
        kept.update(((seq, name), sha256(body).digest()) for seq, name, body in fresh)
        root = root_of(self._saves + 1, self.boot, state, self._identity, kept)
        try:
            with transaction(self._connection, SCHEMA.name):
                self._write(state, fresh, drop_through, root)
        except StorageFault as fault:
            if fault.code != "DISK_FULL":
                self._failure = fault
            raise
        except apsw.Error as error:
            self._failure = StorageFault("VOTER_DAMAGED", detail=str(error)[:200])
            raise self._failure from error
        self.state, self._digests, self._saves = state, kept, root.saves
        with suppress(OSError):  # a mark is a hint; the vote is on the disk
            self._mark.write(self._identity, root.saves)

    def bodies(self) -> list[bytes]:
        """Encoded blocks saved and not dropped, by height."""
        rows = self._connection.execute("SELECT body FROM body ORDER BY seq, hash")
        return [body for (body,) in rows]

    def checkpoint(self) -> None:
        """Moves the log into the file: for when no save is waiting, so that none has to."""
        database.checkpoint(self._connection, SCHEMA.name)

    def close(self) -> None:
        self._connection.close()
        self._mark.close()

    def _write(
        self, state: VoterState, fresh: Iterable[Body], drop_through: int, root: Root
    ) -> None:
        execute = self._connection.execute
        for slot, new, old in (
            (_PREPARED, state.prepared, self.state.prepared),
            (_VIEW_CHANGE, state.view_change, self.state.view_change),
            (_NEW_VIEW, state.new_view, self.state.new_view),
            (_HANDOVERS, state.handovers, self.state.handovers),
        ):
            if new != old:
                execute(_PUT, (slot, new))
        # Few rows and no index: a save is two or three pages, and each costs time to sync.
        if any(seq <= drop_through for seq, _ in self._digests):
            execute("DELETE FROM body WHERE seq <= ?", (drop_through,))
        for body in fresh:
            execute("INSERT INTO body VALUES (?, ?, ?)", body)
        execute(_PUT, (_ROOT, seal(root)))

    def _load(self, path: Path, chain_id: ChainId, machine_id: bytes) -> None:
        saved = read_saved(self._connection)
        root, self._identity = saved.root, saved.identity
        self.state, self._digests = saved.state, saved.digests
        identity = decode_identity(self._identity)
        if identity.chain_id != chain_id:
            raise OperatorFault("VOTER_OTHER_STREET", path=str(path))
        if identity.machine_id != machine_id:
            raise OperatorFault("VOTER_FOREIGN_MACHINE", path=str(path))
        self.boot, self.seed, self.shop = root.boot, identity.seed, identity.shop
        self._saves = root.saves
        known = self._mark.read(self._identity)
        if known > root.saves:
            raise StorageFault("VOTER_OLDER", saved=root.saves, known=known)

    def _count_boot(self) -> None:
        self.boot += 1
        take_reserve(self._connection, SCHEMA.name, VOTER_RESERVE_BYTES)
        self.save(self.state, (), -1)


def read_saved(connection: apsw.Connection) -> Saved:
    """Everything that the last save left.

    Raises StorageFault ``VOTER_DAMAGED``, and KeyError or InputFault where rows are missing or
    make no sense.
    """
    slots = dict(connection.execute("SELECT id, value FROM slot"))
    root, identity = unseal(slots[_ROOT]), slots[_IDENTITY]
    prepared, view_change, new_view, handovers = (
        slots.get(slot, b"") for slot in (_PREPARED, _VIEW_CHANGE, _NEW_VIEW, _HANDOVERS)
    )
    state = VoterState(
        root.epoch, root.promised, root.view, prepared, view_change, new_view, handovers
    )
    rows: list[Body] = list(connection.execute("SELECT seq, hash, body FROM body"))
    digests = {(seq, name): sha256(body).digest() for seq, name, body in rows}
    found = root_of(root.saves, root.boot, state, identity, digests)
    if found != root or len(rows) != len(digests):
        raise StorageFault("VOTER_DAMAGED", detail="a record is not the one that was saved")
    return Saved(root, identity, state, digests)


def check_log(log: Path) -> None:
    """Raises StorageFault ``VOTER_DAMAGED`` for a -wal file that was damaged."""
    if log.exists() and (detail := voter_log.damage(log.read_bytes())):
        raise StorageFault("VOTER_DAMAGED", detail=detail)


def opening_fault(path: Path, error: BaseException) -> LiandaoError | None:
    """Everything that goes wrong while reading, in the terms of a voter."""
    match error:
        case StorageFault(code="DATABASE_DAMAGED"):
            return StorageFault("VOTER_DAMAGED", detail=str(error.facts.get("detail", "")))
        case StorageFault(code="DATABASE_BUSY"):
            return OperatorFault("DATA_IN_USE", path=str(path.parent), pid=0)
        case OSError():
            return StorageFault("DISK_FAILED", file=SCHEMA.name, detail=str(error)[:200])
        case InputFault() | KeyError() | TypeError() | ValueError() | apsw.Error():
            return StorageFault("VOTER_DAMAGED", detail=str(error)[:200])
        case _:
            return None
