"""Committed state for one thread, straight from SQLite with a cache over it.

A `StateReader` fits `ledger.state.Reader`. It knows keys and values, not what they mean.

Freshness: a read never returns a value older than the last `LedgerStore.write` that has
returned. The store itself names the changed keys to every reader, so there is nothing to
call. A value may be *newer* than the height the caller works at, while the writer thread is
ahead of it; a caller that keeps the changes of every block as an overlay until that block's
write was reported (`ledger.state.View`) reads one consistent height, because whatever the
writer may have written lies in an overlay on top. Who reads without overlays, such as a
report, asks inside `snapshot`.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

import apsw

from liandao_node.limits import STATE_CACHE_KEYS_MAX
from liandao_node.store.database import storage_fault, storage_faults, transaction

FILE: Final = "ledger.db"
CHANGED_KEYS_MAX: Final = 4_096
"""Changed keys kept for a reader that does not read; with more, its whole cache goes."""

_GET: Final = "SELECT value FROM state WHERE key = ?"
EVERYTHING: Final = b""
"""Among the changed keys: all of them. No record has the empty key."""
_SCAN: Final = "SELECT key, value FROM state WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"


class StateReader:
    """Reads records by key. For one thread; only `forget` may come from another."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._cache: OrderedDict[bytes, bytes | None] = OrderedDict()
        """Least recently used first."""
        self._lock = Lock()
        self._changed: set[bytes] = set()
        self._snapshot = False

    def get(self, key: bytes) -> bytes | None:
        """The record's bytes; None when there is no such record."""
        if self._changed:
            self._catch_up()
        if self._snapshot:
            return self._load(key)
        cache = self._cache
        if key in cache:
            cache.move_to_end(key)
            return cache[key]
        # In this order: if the writer commits in between, the key is in `_changed` by the
        # next call and goes out again.
        cache[key] = value = self._load(key)
        if len(cache) > STATE_CACHE_KEYS_MAX:
            cache.popitem(last=False)
        return value

    def scan(self, first: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """At most ``limit`` records with ``first <= key < end``, in the order of keys."""
        with storage_faults(FILE):
            return [(key, value) for key, value in self._execute(_SCAN, (first, end, limit))]

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one height. Keep it short: the log cannot shrink meanwhile."""
        with transaction(self._connection, FILE, kind="DEFERRED"):
            # SQLite takes the snapshot with the first read.
            self._load(b"")
            self._snapshot = True
            try:
                yield
            finally:
                self._snapshot = False

    def forget(self, keys: Iterable[bytes]) -> None:
        """Called by the store when a write has been committed."""
        with self._lock:
            self._changed.update(keys)
            if len(self._changed) > CHANGED_KEYS_MAX:
                self._changed = {EVERYTHING}

    def close(self) -> None:
        self._connection.close()

    def _catch_up(self) -> None:
        with self._lock:
            changed, self._changed = self._changed, set()
        if EVERYTHING in changed:
            self._cache.clear()
        else:
            for key in changed:
                self._cache.pop(key, None)

    def _load(self, key: bytes) -> bytes | None:
        # Without the context manager, which would cost as much as the read.
        try:
            value: bytes | None = self._execute(_GET, (key,)).get
        except apsw.Error as error:
            fault = storage_fault(FILE, error)
            raise (fault or error) from error
        return value
