"""What a shop knows about people, while its node runs: opened when needed, one call at a time.

A shop sells, and its node votes, without these files. So what is wrong with them is told to who
asks for a person and stops nothing else, and a shop that notes nobody has no such files.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import trio

from liandao_node.errors import LiandaoError
from liandao_node.store.people import PeopleStore

log = logging.getLogger(__name__)

T = TypeVar("T")


class PeopleFiles:
    """The store of one data directory, in a thread beside consensus."""

    def __init__(self, records: Path, keys: Path) -> None:
        self._records = records
        self._keys = keys
        self._store: PeopleStore | None = None
        self._thread = trio.CapacityLimiter(1)

    def wake(self) -> None:
        """Opens what is there, which ends erasures that a crash cut short; makes nothing."""
        if not (self._records.exists() or self._keys.exists()):
            return
        try:
            self._opened()
        except LiandaoError as fault:
            log.warning("what this shop keeps about people cannot be read: %s", fault)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    async def ask(self, work: Callable[[PeopleStore], T]) -> T:
        """What ``work`` makes of the store; nobody else is at it meanwhile, and who is cancelled
        waits for its end. Raises what it raises, and what opening raises."""
        return await trio.to_thread.run_sync(lambda: work(self._opened()), limiter=self._thread)

    def _opened(self) -> PeopleStore:
        if self._store is None:
            self._store = PeopleStore.open(self._records, self._keys)
        return self._store
