"""State as the ledger sees it: keys and values in bytes, in layers (L-1.1 to L-1.3).

Below lies what is committed and on disk (a `Reader` of the runtime), above it one overlay per
block that is not yet there, on top the changes of the block at work. The module knows no
record and no rule. It remembers what each changed key held before, so that the state root
costs only what changed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Final, NamedTuple, Protocol, TypeAlias

from liandao_node.crypto import multiset

Changes: TypeAlias = Mapping[bytes, bytes | None]
"""New values by key; None for a record that is gone."""

SCAN_ROWS: Final = 512


class _Before(Enum):
    UNWRITTEN = auto()
    """The view had not written the key yet."""


class Reader(Protocol):
    """Committed state. Calls see one consistent height; the runtime brings one over SQLite."""

    def get(self, key: bytes) -> bytes | None: ...

    def scan(self, first: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """At most ``limit`` records with ``first <= key < end``, in the order of keys; fewer
        only if there are no more."""
        ...


class MemoryReader:
    """State in memory: for tests, the simulator and the checking of snapshots."""

    def __init__(self, records: Mapping[bytes, bytes] | None = None) -> None:
        self._records = dict(records or {})
        self._keys = sorted(self._records)

    def get(self, key: bytes) -> bytes | None:
        return self._records.get(key)

    def scan(self, first: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        start, stop = bisect_left(self._keys, first), bisect_left(self._keys, end)
        return [(key, self._records[key]) for key in self._keys[start : min(stop, start + limit)]]

    def apply(self, changes: Changes) -> None:
        """Takes in the changes of a block."""
        for key, value in changes.items():
            if value is None:
                self._records.pop(key, None)
            else:
                self._records[key] = value
        self._keys = sorted(self._records)

    def copy(self) -> "MemoryReader":
        return MemoryReader(self._records)


class Delta(NamedTuple):
    """A record before and after; None where there is none."""

    key: bytes
    old: bytes | None
    new: bytes | None


class View:
    """State on top of layers, with changes of its own.

    It remembers what it read, so it is for one block or one query and is then thrown away.
    """

    __slots__ = ("_base", "_changes", "_decoded", "_journal", "_layers", "_seen")

    def __init__(self, base: Reader, layers: Sequence[Changes] = ()) -> None:
        """``layers`` from the oldest to the newest."""
        self._base = base
        self._layers = tuple(reversed(layers))
        self._changes: dict[bytes, bytes | None] = {}
        self._seen: dict[bytes, bytes | None] = {}
        self._journal: list[tuple[bytes, bytes | _Before | None]] = []
        self._decoded: dict[bytes, tuple[bytes, object]] = {}

    def get(self, key: bytes) -> bytes | None:
        if key in self._changes:
            return self._changes[key]
        if key in self._seen:
            return self._seen[key]
        for layer in self._layers:
            if key in layer:
                value = layer[key]
                break
        else:
            value = self._base.get(key)
        self._seen[key] = value
        return value

    def put(self, key: bytes, value: bytes) -> None:
        self._write(key, value)

    def delete(self, key: bytes) -> None:
        self._write(key, None)

    def _write(self, key: bytes, value: bytes | None) -> None:
        if key in self._changes:
            self._journal.append((key, self._changes[key]))
        else:
            self.get(key)  # the old value, for the state root
            self._journal.append((key, _Before.UNWRITTEN))
        self._changes[key] = value

    def scan(self, first: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """At most ``limit`` records with ``first <= key < end``, in the order of keys."""
        above: dict[bytes, bytes | None] = {}
        for layer in (*reversed(self._layers), self._changes):
            above.update((key, value) for key, value in layer.items() if first <= key < end)
        if not above:
            return self._base.scan(first, end, limit)
        # Each key above hides at most one row below, so that many more rows always suffice.
        rows: dict[bytes, bytes | None] = dict(self._base.scan(first, end, limit + len(above)))
        rows.update(above)
        kept = [(key, value) for key in sorted(rows) if (value := rows[key]) is not None]
        return kept[:limit]

    def decoded(self, key: bytes, raw: bytes) -> object | None:
        """What `remember` kept for exactly these bytes under this key."""
        kept = self._decoded.get(key)
        # Identity and not equality: a hint that is never wrong and needs no invalidation.
        return kept[1] if kept is not None and kept[0] is raw else None

    def remember(self, key: bytes, raw: bytes, value: object) -> None:
        """Keeps the decoded form of a record's bytes; both never change."""
        self._decoded[key] = (raw, value)

    def mark(self) -> int:
        """A savepoint, for `rollback`."""
        return len(self._journal)

    def rollback(self, mark: int) -> None:
        """Undoes what was written since ``mark`` (L-1.3)."""
        while len(self._journal) > mark:
            key, before = self._journal.pop()
            if before is _Before.UNWRITTEN:
                del self._changes[key]
            else:
                self._changes[key] = before

    def deltas(self) -> Iterator[Delta]:
        """Records that differ from the layers below, in the order of first writing."""
        for key, new in self._changes.items():
            old = self._seen[key]
            if old != new:
                yield Delta(key, old, new)


def accumulate(accumulator: int, deltas: Iterable[Delta]) -> int:
    """The multiset hash after ``deltas`` (L-9.3)."""
    for key, old, new in deltas:
        if old is not None:
            accumulator -= multiset.element(key, old)
        if new is not None:
            accumulator += multiset.element(key, new)
    return accumulator & multiset.MASK


def recompute(reader: Reader) -> int:
    """The multiset hash of a whole state from scratch: checks a snapshot or a suspected disk."""
    numbers = (multiset.element(*row) for row in all_rows(reader, b"", b"\xff" * 64))
    return sum(numbers, multiset.EMPTY) & multiset.MASK


def flattened(reader: Reader) -> View:
    """The same state in one layer, for whoever reads all of it many times over."""
    return View(MemoryReader(dict(all_rows(reader, b"", b"\xff" * 64))))


def all_rows(reader: Reader, first: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every record with ``first <= key < end``, read in pages."""
    while True:
        rows = reader.scan(first, end, SCAN_ROWS)
        yield from rows
        if len(rows) < SCAN_ROWS:
            return
        first = rows[-1][0] + b"\0"
