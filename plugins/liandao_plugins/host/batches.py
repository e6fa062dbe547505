"""A plugin's source, read in a worker thread a batch at a time.

A slow disk or a download never holds the event loop, and nothing is gathered in memory. What the
items mean is none of its business.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import Final, Generic, TypeVar

import trio

from liandao_plugins.api import Order, Refund, Rejected, WebHit
from liandao_plugins.host.guard import plugin_at_work

Item = TypeVar("Item", Order | Refund, WebHit)
_REJECTS_PER_PULL_MAX: Final = 1_000


class Batches(Generic[Item]):
    """A source's items, pulled in a worker thread."""

    def __init__(self, source: Iterable[Item | Rejected], name: str, size: int) -> None:
        self._source: Iterable[Item | Rejected] = source
        self._name = name
        self._size = size
        self._iterator: Iterator[Item | Rejected] | None = None

    async def next(self) -> tuple[list[Item], list[Rejected]] | None:
        """Up to a request full of items, with the rows rejected between them; None at the end."""
        return await trio.to_thread.run_sync(self._pull)

    def _pull(self) -> tuple[list[Item], list[Rejected]] | None:
        batch: list[Item] = []
        rejected: list[Rejected] = []
        with plugin_at_work(self._name):
            if self._iterator is None:
                self._iterator = iter(self._source)
            for item in self._iterator:
                if isinstance(item, Rejected):
                    rejected.append(item)
                else:
                    batch.append(item)
                if len(batch) >= self._size or len(rejected) >= _REJECTS_PER_PULL_MAX:
                    break
        return (batch, rejected) if batch or rejected else None

    def close(self) -> None:
        """Lets a generator close its files now."""
        if isinstance(self._iterator, Generator):
            self._iterator.close()
