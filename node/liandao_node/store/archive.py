"""Databases of a data directory as they lie there, for whoever checks them: nothing is
written, migrated or repaired, and no lock is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

import apsw

from liandao_node.errors import InputFault, OperatorFault, StorageFault
from liandao_node.store import ledger_schema
from liandao_node.store.database import BUSY_MS, Schema, storage_faults, transaction
from liandao_node.store.ledger_reads import LedgerReads
from liandao_node.store.ledger_schema import Tip
from liandao_node.store.reader import StateReader
from liandao_node.store.voter import SCHEMA as VOTER_SCHEMA
from liandao_node.store.voter import check_log, opening_fault, read_saved
from liandao_node.store.voter_mark import noted_saves
from liandao_node.store.voter_records import Saved, decode_identity
from liandao_node.types import BlockHash, ChainId, Millis, Seq

_TipRow: TypeAlias = tuple[Seq, BlockHash, Millis, int, bytes]

_BYTES: Final = {
    "street": ("chain_id",),
    "tip": ("hash", "accumulator"),
    "block": ("block", "entries"),
    "handover": ("handover",),
    "state": ("key", "value"),
}
"""Columns that hold bytes. SQLite keeps whatever it is given, whatever the schema says."""


class LedgerArchive:
    """A ledger.db, read in one snapshot: a node may go on writing meanwhile."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.reads = LedgerReads(connection)
        self.state = StateReader(connection)
        """For `ledger.state.View`."""

    def chain_id(self) -> ChainId | None:
        """The street that it was made for; None while it is empty."""
        found: ChainId | None = self._connection.execute("SELECT chain_id FROM street").get
        return found

    def tip(self) -> Tip | None:
        sql = "SELECT seq, hash, time_ms, calls, accumulator FROM tip"
        row: _TipRow | None = self._connection.execute(sql).get
        if row is None:
            return None
        seq, name, time_ms, calls, accumulator = row
        return Tip(seq, name, time_ms, calls, int.from_bytes(accumulator, "big"))

    def records(self) -> Iterator[tuple[bytes, bytes]]:
        """All records of the state, in the order of keys."""
        yield from self._connection.execute("SELECT key, value FROM state ORDER BY key")

    def orders(self) -> Iterator[tuple[int, int, Seq, int]]:
        """This shop's orders: register, number, height, position."""
        yield from self._connection.execute(
            "SELECT register, number, seq, position FROM own_order ORDER BY seq, position"
        )

    def damage(self) -> str:
        """What SQLite finds wrong with the file itself; empty when nothing."""
        answer = str(self._connection.pragma("quick_check", 1))
        return "" if answer == "ok" else answer[:200]

    def wrong_types(self) -> str:
        """The first table with a cell that is no bytes and should be; empty when none has."""
        for table, columns in _BYTES.items():
            other = " OR ".join(f"typeof({column}) != 'blob'" for column in columns)
            sql = f"SELECT count(*) FROM {table} WHERE {other}"  # noqa: S608  # names of ours
            if self._connection.execute(sql).get:
                return table
        return ""


@contextmanager
def open_ledger_archive(path: Path) -> Iterator[LedgerArchive]:
    """A ledger.db for reading only.

    Raises StorageFault ``DATABASE_MISSING``, ``DATABASE_DAMAGED``, ``DATABASE_BUSY``, and
    OperatorFault ``DATA_UNREACHABLE``.
    """
    schema = ledger_schema.SCHEMA
    connection = open_unchanged(path, schema)
    try:
        with transaction(connection, schema.name, kind="DEFERRED"):
            yield LedgerArchive(connection)
    finally:
        connection.close()


def read_voter(path: Path, chain_id: ChainId) -> Saved:
    """What a voter.db holds, proven whole, without opening it for voting.

    Raises StorageFault ``VOTER_MISSING``, ``VOTER_DAMAGED``, ``VOTER_OLDER``, OperatorFault
    ``VOTER_OTHER_STREET``, ``DATA_IN_USE`` while its node runs.
    """
    if not path.exists():
        raise StorageFault("VOTER_MISSING", path=str(path))
    check_log(path.with_name(path.name + "-wal"))
    try:
        connection = open_unchanged(path, VOTER_SCHEMA)
        try:
            saved = read_saved(connection)
        finally:
            connection.close()
        identity = decode_identity(saved.identity)
    except (apsw.Error, OSError, InputFault, LookupError, TypeError, ValueError) as error:
        raise opening_fault(path, error) or error from error
    except StorageFault as error:
        raise opening_fault(path, error) or error from error
    if identity.chain_id != chain_id:
        raise OperatorFault("VOTER_OTHER_STREET", path=str(path))
    mark = path.with_name("voter.mark")
    known = noted_saves(mark.read_bytes(), saved.identity) if mark.exists() else 0
    if known > saved.root.saves:
        raise StorageFault("VOTER_OLDER", saved=saved.root.saves, known=known)
    return saved


def open_unchanged(path: Path, schema: Schema) -> apsw.Connection:
    """A connection that cannot write, not even what its log holds into the file.

    Raises as `open_ledger_archive`.
    """
    if not path.exists():
        raise StorageFault("DATABASE_MISSING", file=schema.name)
    log = path.with_name(path.name + "-wal")
    # Without a log nobody has the file open, and SQLite need not make files for sharing it.
    settled = "" if log.exists() and log.stat().st_size else "?immutable=1"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    with storage_faults(schema.name):
        connection = apsw.Connection(f"file:{quote(str(path.resolve()))}{settled}", flags=flags)
        try:
            connection.set_busy_timeout(BUSY_MS)
            connection.pragma("trusted_schema", False)
            found = connection.pragma("application_id")
            version = connection.pragma("user_version")
        except BaseException:
            connection.close()
            raise
    if found == schema.application_id and version > len(schema.migrations):
        connection.close()
        known = len(schema.migrations)
        raise OperatorFault("DATA_NEWER", file=schema.name, found=version, known=known)
    if (found, version) != (schema.application_id, len(schema.migrations)):
        connection.close()
        detail = f"application id {found:#x}, version {version}"
        raise StorageFault("DATABASE_DAMAGED", file=schema.name, detail=detail)
    return connection
