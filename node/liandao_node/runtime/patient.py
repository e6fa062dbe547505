"""A writer that a full disk stops only for a while (P-6.6).

What the disk had no room for is kept in order and written when there is room again. Every
other error is the owner's, as before.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from liandao_node.errors import LiandaoError, Unavailable
from liandao_node.limits import STORE_QUEUE_ITEMS_MAX
from liandao_node.store.writer import CallSoon, WriterThread

T = TypeVar("T")


class PatientWriter(Generic[T]):
    """A `WriterThread` that remembers what it has not written."""

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[T]], None],
        *,
        call_soon: CallSoon,
        on_done: Callable[[Sequence[T]], None],
        on_failure: Callable[[LiandaoError], None],
        on_full: Callable[[], None],
        idle: Callable[[], None] | None = None,
        gather_s: float = 0,
    ) -> None:
        self.stalled = False
        """The disk is full: nothing is written until `retry`."""
        self._on_done = on_done
        self._on_failure = on_failure
        self._on_full = on_full
        self._unwritten: deque[T] = deque()
        self._unreported = 0
        """Items that the thread has and has not answered for."""
        self._name = name
        self._thread: WriterThread[T] = WriterThread(
            name,
            write,
            call_soon=call_soon,
            on_done=self._done,
            on_error=self._failed,
            idle=idle,
            gather_s=gather_s,
        )

    @property
    def waiting(self) -> int:
        """Items submitted and not written."""
        return len(self._unwritten)

    def submit(self, item: T) -> None:
        """Queues an item. Never blocks. Raises what `WriterThread.submit` raises."""
        if len(self._unwritten) >= STORE_QUEUE_ITEMS_MAX:
            raise Unavailable("STORE_BEHIND", store=self._name, waiting=self.waiting)
        if not self.stalled:
            self._thread.submit(item)
            self._unreported += 1
        self._unwritten.append(item)

    def retry(self) -> bool:
        """Writes again what a full disk refused; whether nothing has to wait any more."""
        if self.stalled and not self._unreported:
            self.stalled = False
            self._thread.resume()
            for item in self._unwritten:
                self._thread.submit(item)
            self._unreported = len(self._unwritten)
            return not self._unwritten
        return not self.stalled

    def stop(self) -> None:
        """Writes what is queued and ends the thread."""
        self._thread.stop()

    def _done(self, items: Sequence[T]) -> None:
        self._unreported -= len(items)
        for _ in items:
            self._unwritten.popleft()
        self._on_done(items)

    def _failed(self, items: Sequence[T], error: LiandaoError) -> None:
        self._unreported -= len(items)
        if error.code != "DISK_FULL":
            self._on_failure(error)
            return
        self.stalled = True
        self._on_full()
