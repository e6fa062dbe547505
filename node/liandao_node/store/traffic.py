"""traffic.db: this shop's traffic events, chained by hash so that none can be changed later.

Each row's hash covers its content and the hash of the row before. When a window closes, the
Merkle root over its events goes on the street's ledger; from then on `TrafficStore.verify`
can prove every row of the window. What makes an event count is for `liandao_node.traffic`.

No address, user agent or name of a visitor is stored: a row has keyed hashes only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeAlias

from liandao_node.crypto.digest import DIGEST_BYTES, tagged
from liandao_node.crypto.merkle import TreeBuilder
from liandao_node.errors import StorageFault
from liandao_node.limits import TRAFFIC_GRACE_MS
from liandao_node.store import database
from liandao_node.store.database import Schema, open_database, storage_faults, transaction
from liandao_node.traffic.batching import TrafficBatch
from liandao_node.traffic.events import LEAF_VERSION, EventClass, Judgement, Leaf, Verdict
from liandao_node.types import Amount, Millis
from liandao_node.wire.codec import encode

SCHEMA: Final = Schema(
    "traffic.db",
    0x4C445431,
    (
        """
        CREATE TABLE event (
            row INTEGER PRIMARY KEY, recorded_ms INTEGER NOT NULL, amount INTEGER NOT NULL,
            class INTEGER NOT NULL, verdict INTEGER NOT NULL, at_ms INTEGER NOT NULL,
            visitor BLOB NOT NULL, subject BLOB NOT NULL, hash BLOB NOT NULL
        );
        CREATE TABLE window (
            number INTEGER PRIMARY KEY, first_row INTEGER NOT NULL, last_row INTEGER NOT NULL,
            first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, root BLOB NOT NULL
        );
        CREATE TABLE imported (
            source TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (source, reference)
        ) WITHOUT ROWID;
        """,
    ),
)
VISITORS_KNOWN_MS: Final = 2 * TRAFFIC_GRACE_MS
"""Windows that ended so long ago hold no view of a day whose views still count."""
ROW_TAG: Final = b"liandao/traffic-row/1"
CHAIN_START: Final = bytes(DIGEST_BYTES)

_Row: TypeAlias = tuple[int, Millis, Amount, int, int, Millis, bytes, bytes, bytes]
"""The columns of ``event`` in their order."""


class Recorded(NamedTuple):
    """An event as the shop keeps it."""

    event: Judgement
    recorded_ms: Millis
    """Street time when it was recorded; it decides the event's window."""
    amount: Amount = Amount(0)
    """Of an order. Stays in the shop: the street learns it from the sale."""


class Import(NamedTuple):
    """What identifies a record at the place that it was imported from."""

    source: str
    reference: str


class SealedWindow(NamedTuple):
    """A closed window: what the ledger is told of rows ``first_row`` to ``last_row``."""

    number: int
    first_row: int
    last_row: int
    first_ms: Millis
    last_ms: Millis
    root: bytes
    """RFC 6962 root over the events' leaves, 32 bytes."""


class TrafficStore:
    """An open traffic.db. For one thread at a time; every call blocks."""

    def __init__(self, path: Path, vfs: str | None) -> None:
        self._connection = open_database(path, SCHEMA, synchronous="NORMAL", create=True, vfs=vfs)
        with storage_faults(SCHEMA.name):
            head: tuple[int, bytes] | None = self._connection.execute(
                "SELECT row, hash FROM event ORDER BY row DESC LIMIT 1"
            ).get
        self._last, self._hash = head or (0, CHAIN_START)

    @classmethod
    def open(cls, path: Path, *, vfs: str | None = None) -> Self:
        """Opens traffic.db, or makes an empty one. Raises what `open_database` raises."""
        return cls(path, vfs)

    def append(self, events: Sequence[Recorded]) -> None:
        """Adds events in one transaction.

        They survive ``kill -9`` on return, and a power cut once their window is sealed.
        """
        with self._growing() as add:
            for recorded in events:
                add(recorded)

    def append_imported(self, arrivals: Sequence[tuple[Import, Recorded]]) -> list[bool]:
        """Adds those events that were not imported before, in one transaction; which ones.

        A power cut takes events and import notes together, so the import can be repeated.
        """
        sql = "INSERT INTO imported VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1"
        added = []
        with self._growing() as add:
            for origin, recorded in arrivals:
                added.append(self._connection.execute(sql, origin).get == 1)
                if added[-1]:
                    add(recorded)
        return added

    def known(self, imports: Iterable[Import]) -> set[Import]:
        """Those of ``imports`` that `append_imported` brought already."""
        sql = "SELECT 1 FROM imported WHERE source = ? AND reference = ?"
        with storage_faults(SCHEMA.name):
            return {one for one in imports if self._connection.execute(sql, one).get}

    def open_events(self) -> list[Recorded]:
        """Events that lie in no window yet: what a `Batcher` is fed with after a restart."""
        rows = self._rows(self._sealed_up_to() + 1, self._last)
        return [_recorded(row) for row in rows]

    def seal(self, batch: TrafficBatch) -> SealedWindow:
        """Closes a window over the oldest events that lie in none. Synced on return, because
        the root goes on the ledger next and its rows must not be lost after that.

        The root comes from what is stored, not from the batch.
        """
        first = self._sealed_up_to() + 1
        last = first + len(batch.leaves) - 1
        assert first <= last <= self._last
        tree = TreeBuilder()
        for row in self._rows(first, last):
            tree.append(_leaf(row))
        sql = """INSERT INTO window (first_row, last_row, first_ms, last_ms, root)
                 VALUES (?, ?, ?, ?, ?) RETURNING number"""
        times = (batch.window_first_ms, batch.window_last_ms)
        with transaction(self._connection, SCHEMA.name):
            number: int = self._connection.execute(sql, (first, last, *times, tree.root())).get
        database.checkpoint(self._connection, SCHEMA.name)
        return SealedWindow(number, first, last, *times, tree.root())

    def windows(self, after_ms: int = -1) -> list[SealedWindow]:
        """Sealed windows that end after ``after_ms``, oldest first.

        With the end of the last window that the ledger has: those still to be submitted.
        """
        with storage_faults(SCHEMA.name):
            rows = self._connection.execute(
                "SELECT * FROM window WHERE last_ms > ? ORDER BY number", (after_ms,)
            )
            return [SealedWindow(*row) for row in rows]

    def counts(self, window: SealedWindow) -> list[tuple[int, int, int]]:
        """Class, verdict and number of a window's events, rising by class, then verdict."""
        sql = """SELECT class, verdict, count(*) FROM event WHERE row BETWEEN ? AND ?
                 GROUP BY class, verdict ORDER BY class, verdict"""
        with storage_faults(SCHEMA.name):
            rows = self._connection.execute(sql, (window.first_row, window.last_row))
            return [(cls, verdict, count) for cls, verdict, count in rows]

    def visitors(self, window: SealedWindow) -> int:
        """Visitors of the shop's pages whom this window counts and no earlier one did. A visitor
        is another one on another day: its key has the day's salt."""
        known = [one for one in self.windows(window.first_ms - VISITORS_KNOWN_MS) if one < window]
        since = known[0].first_row if known else window.first_row
        counted = "class = ? AND verdict = ?"
        sql = f"""SELECT count(DISTINCT visitor) FROM event
                  WHERE row BETWEEN ? AND ? AND {counted} AND visitor NOT IN
                  (SELECT visitor FROM event WHERE row BETWEEN ? AND ? AND {counted})"""  # noqa: S608
        kind = (EventClass.PAGE_VIEW.value, Verdict.COUNTED.value)
        rows = (window.first_row, window.last_row, *kind, since, window.first_row - 1, *kind)
        with storage_faults(SCHEMA.name):
            found: int = self._connection.execute(sql, rows).get
        return found

    def leaves(self, window: SealedWindow) -> list[bytes]:
        """A window's leaves in order: for the Merkle path that an audit asks for."""
        return [_leaf(row) for row in self._rows(window.first_row, window.last_row)]

    def verify(self, committed: Mapping[Millis, bytes] | None = None) -> int:
        """Computes the whole chain and every root again; how many rows are in order.

        ``committed`` are the roots that the ledger has, by the first millisecond of their
        windows. Raises StorageFault ``TRAFFIC_ALTERED`` with the first bad row,
        ``TRAFFIC_ROOT_DIFFERS`` with the first millisecond of the window.
        """
        on_ledger = dict(committed or {})
        windows = self.windows()
        waiting = iter(windows)
        window = next(waiting, None)
        number, link, tree = 0, CHAIN_START, TreeBuilder()
        for row in self._rows(1, 2**62):
            number += 1
            link = _link(link, row)
            if row[0] != number or row[-1] != link:
                raise StorageFault("TRAFFIC_ALTERED", row=number)
            tree.append(_leaf(row))
            if window is not None and number == window.last_row:
                _check_root(window, tree.root(), on_ledger)
                window, tree = next(waiting, None), TreeBuilder()
        # Rows cut off at the end break no chain, but they were counted.
        if number < max([self._last, *(known.last_row for known in windows)]):
            raise StorageFault("TRAFFIC_ALTERED", row=number + 1)
        if missing := set(on_ledger) - {known.first_ms for known in windows}:
            raise StorageFault("TRAFFIC_ROOT_DIFFERS", first_ms=min(missing))
        return number

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _growing(self) -> Iterator[Callable[[Recorded], None]]:
        """A transaction in which the chain grows; the head moves when it is committed."""
        number, link = self._last, self._hash
        rows: list[_Row] = []

        def add(recorded: Recorded) -> None:
            nonlocal number, link
            number += 1
            event, recorded_ms, amount = recorded
            kind = (event.cls.value, event.verdict.value)
            content = (recorded_ms, amount, *kind, event.at_ms, event.visitor, event.subject)
            link = _link(link, (number, *content, b""))
            rows.append((number, *content, link))

        with transaction(self._connection, SCHEMA.name):
            yield add
            self._connection.executemany(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
        self._last, self._hash = number, link

    def _rows(self, first: int, last: int) -> Iterator[_Row]:
        sql = "SELECT * FROM event WHERE row BETWEEN ? AND ? ORDER BY row"
        with storage_faults(SCHEMA.name):
            yield from self._connection.execute(sql, (first, last))

    def _sealed_up_to(self) -> int:
        with storage_faults(SCHEMA.name):
            last: int = self._connection.execute(
                "SELECT coalesce(max(last_row), 0) FROM window"
            ).get
        return last


def _recorded(row: _Row) -> Recorded:
    _, recorded_ms, amount, cls, verdict, at_ms, visitor, subject, _ = row
    event = Judgement(EventClass(cls), Verdict(verdict), visitor, at_ms, subject)
    return Recorded(event, recorded_ms, amount)


def _leaf(row: _Row) -> bytes:
    """The event as a leaf of its batch (`liandao_node.traffic.leaf_bytes`); takes numbers that
    an altered row may hold, too."""
    _, _, _, cls, verdict, at_ms, visitor, subject, _ = row
    return encode(Leaf(LEAF_VERSION, cls, verdict, at_ms, visitor, subject))


def _link(before: bytes, row: _Row) -> bytes:
    """A row's hash: over the hash before it and all of its columns; 32 bytes."""
    return tagged(ROW_TAG, encode((before, row[:-1])))


def _check_root(window: SealedWindow, root: bytes, on_ledger: Mapping[Millis, bytes]) -> None:
    if root != window.root or on_ledger.get(window.first_ms, root) != root:
        raise StorageFault("TRAFFIC_ROOT_DIFFERS", first_ms=window.first_ms)
