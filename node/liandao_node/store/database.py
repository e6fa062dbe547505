"""Opening and closing SQLite files, and whose fault it is when one fails.

Every database of the node is a WAL file with an ``application_id`` of ours and a schema
version in ``user_version``. What stands in the tables is for the other modules to know.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import apsw

from liandao_node.errors import LiandaoError, OperatorFault, StorageFault
from liandao_node.limits import STORE_CHECK_BYTES_MAX

BUSY_MS: Final = 5_000
"""Patience with our own other connection to the same file; no other process has one."""

_INCREMENTAL: Final = 2
"""Of ``auto_vacuum``."""

Synchronous = Literal["FULL", "NORMAL"]
"""FULL: a commit that returned survives a power cut. NORMAL: it survives ``kill -9``, and a
power cut takes the last commits as a whole, never a part of one."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a kind of database is called and how it came to its present form."""

    name: str
    """As people are told of it: ``voter.db``."""
    application_id: int
    migrations: tuple[str, ...]
    """SQL that lifts version n to n + 1, by n. Never edited once released, only added to."""


def open_database(
    path: Path,
    schema: Schema,
    *,
    synchronous: Synchronous,
    create: bool = False,
    exclusive: bool = False,
    shrinks: bool = False,
    vfs: str | None = None,
) -> apsw.Connection:
    """A connection to a checked database at its newest schema version.

    ``create`` makes the file where there is none. ``exclusive`` keeps every other connection
    out for as long as this one lives. ``shrinks`` lets its owner give pages back to the disk.
    Raises StorageFault ``DATABASE_MISSING``,
    ``DATABASE_DAMAGED``, ``DISK_FULL``, ``DISK_FAILED``, ``DATABASE_BUSY`` and OperatorFault
    ``DATA_NEWER``, ``DATA_UNREACHABLE``.
    """
    if not create and not path.exists():
        raise StorageFault("DATABASE_MISSING", file=schema.name)
    flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if create else 0)
    with storage_faults(schema.name):
        connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    try:
        with storage_faults(schema.name):
            if shrinks:
                # Before the first page is written; of a file that is older, `_remake` takes care.
                connection.pragma("auto_vacuum", "incremental")
            _configure(connection, synchronous, exclusive)
            _check(connection, path, schema)
            _migrate(connection, schema)
            if shrinks:
                _remake(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path, schema: Schema, *, vfs: str | None = None) -> apsw.Connection:
    """One more connection to a database that `open_database` has open; it cannot write."""
    with storage_faults(schema.name):
        # Not SQLITE_OPEN_READONLY: a reader of a WAL writes into the index of the log.
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
        connection.set_busy_timeout(BUSY_MS)
        connection.pragma("query_only", True)
        connection.pragma("trusted_schema", False)
    return connection


def _configure(connection: apsw.Connection, synchronous: Synchronous, exclusive: bool) -> None:
    connection.set_busy_timeout(BUSY_MS if not exclusive else 0)
    if exclusive:
        # Before the first access, so that SQLite keeps the WAL's index on its heap and a
        # second process cannot even look.
        connection.pragma("locking_mode", "exclusive")
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", synchronous)
    connection.pragma("foreign_keys", True)
    # A schema is data too: a damaged or planted one must not run code.
    connection.pragma("trusted_schema", False)


def _check(connection: apsw.Connection, path: Path, schema: Schema) -> None:
    found = connection.pragma("application_id")
    version = connection.pragma("user_version")
    if found != schema.application_id and (found, version) != (0, 0):
        detail = f"application id {found:#x}"
        raise StorageFault("DATABASE_DAMAGED", file=schema.name, detail=detail)
    if version > len(schema.migrations):
        known = len(schema.migrations)
        raise OperatorFault("DATA_NEWER", file=schema.name, found=version, known=known)
    # Reading a file of gigabytes would keep the counter shut for a minute; what a big ledger
    # holds is checked by its hashes when it is used.
    if path.stat().st_size <= STORE_CHECK_BYTES_MAX:
        answer = connection.pragma("quick_check", 1)
        if answer != "ok":
            raise StorageFault("DATABASE_DAMAGED", file=schema.name, detail=str(answer)[:200])


def _migrate(connection: apsw.Connection, schema: Schema) -> None:
    """Lifts the file to the newest version; all steps are one transaction."""
    version = connection.pragma("user_version")
    if version == len(schema.migrations):
        return
    with transaction(connection, schema.name):
        connection.pragma("application_id", schema.application_id)
        for sql in schema.migrations[version:]:
            connection.execute(sql)
        connection.pragma("user_version", len(schema.migrations))


def _remake(connection: apsw.Connection) -> None:
    """Once, for a file that was made before it could shrink."""
    if connection.pragma("auto_vacuum") != _INCREMENTAL:
        connection.pragma("auto_vacuum", "incremental")
        connection.execute("VACUUM")


@contextmanager
def transaction(
    connection: apsw.Connection, file: str, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE"
) -> Iterator[None]:
    """One transaction: all of it, or none and the error as a StorageFault. DEFERRED to read."""
    with storage_faults(file):
        try:
            connection.execute(f"BEGIN {kind}")
            yield
            connection.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled back by itself already.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def storage_faults(file: str) -> Iterator[None]:
    """Turns SQLite's errors that are not our own bugs into StorageFault or OperatorFault."""
    try:
        yield
    except apsw.Error as error:
        fault = storage_fault(file, error)
        if fault is None:
            raise
        raise fault from error


def storage_fault(file: str, error: apsw.Error) -> LiandaoError | None:
    """Whose fault ``error`` is; None for those that only our own SQL can cause."""
    detail = str(error)[:200]
    match error:
        case apsw.FullError():
            return StorageFault("DISK_FULL", file=file)
        case apsw.IOError():
            return StorageFault("DISK_FAILED", file=file, detail=detail)
        case apsw.CorruptError() | apsw.NotADBError():
            return StorageFault("DATABASE_DAMAGED", file=file, detail=detail)
        case apsw.BusyError() | apsw.LockedError():
            return StorageFault("DATABASE_BUSY", file=file)
        case apsw.CantOpenError() | apsw.ReadOnlyError() | apsw.PermissionsError():
            return OperatorFault("DATA_UNREACHABLE", file=file, detail=detail)
        case _:
            return None


def take_reserve(connection: apsw.Connection, file: str, reserve_bytes: int) -> None:
    """Grows file and log once to a size that daily work stays within.

    A write into room that is already there costs half as much to sync, because the file
    system has no new length to note, and it works on a full disk. Without room for the
    reserve there is none, and no error.
    """
    try:
        # First, so that the log begins anew: what a torn transaction left in it then has an
        # older log's salts and cannot be taken for a later one (`voter_log`).
        checkpoint(connection, file)
        with transaction(connection, file):
            connection.execute("CREATE TABLE IF NOT EXISTS reserve (room BLOB)")
            connection.execute("INSERT INTO reserve VALUES (zeroblob(?))", (reserve_bytes,))
        with transaction(connection, file):
            connection.execute("DROP TABLE reserve")
        checkpoint(connection, file)
    except StorageFault as fault:
        if fault.code != "DISK_FULL":
            raise


def checkpoint(connection: apsw.Connection, file: str) -> bool:
    """Moves the WAL into the database file and syncs both.

    True when all of it went over, so that every commit so far survives a power cut; False
    when a reader was in the way, then another time.
    """
    with storage_faults(file):
        in_log, moved = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    return in_log == moved
