"""One thread that writes one database, many items in one transaction (group commit).

A commit costs a sync of the disk, however much is in it. While one is under way new items
gather, and the next commit takes them all: latency stays at about two syncs and throughput
grows with the load. The thread knows neither trio nor what it writes.
"""

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final, Generic, TypeVar

from liandao_node.errors import BugFound, LiandaoError, Unavailable
from liandao_node.limits import STORE_BATCH_ITEMS_MAX, STORE_QUEUE_ITEMS_MAX

T = TypeVar("T")

CallSoon = Callable[[Callable[[], None]], object]
"""Runs a function in the owner's thread, soon and in order: ``trio_token.run_sync_soon``."""

IDLE_S: Final = 1.0
"""An empty queue for so long calls ``idle``."""


class _Order:
    """Something for the thread to do besides writing; kept in the queue to stay in order."""


_STOP: Final = _Order()
_RESUME: Final = _Order()


class WriterThread(Generic[T]):
    """Writes what is submitted, in order.

    ``write`` gets the items that were waiting, runs in the thread and blocks until they are
    as durable as its store promises. ``on_done`` and ``on_error`` then run through
    ``call_soon`` with the same items. After an error nothing more is written: the items
    behind come back through ``on_error`` too, because they build on those that failed, until
    the owner calls `resume`. ``idle`` runs in the thread when it has written and then finds
    nothing to do for a moment; a checkpoint belongs there. ``gather_s`` waits so long for more
    items before each write, for a store whose writes nobody waits for.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[T]], None],
        *,
        call_soon: CallSoon,
        on_done: Callable[[Sequence[T]], None],
        on_error: Callable[[Sequence[T], LiandaoError], None],
        idle: Callable[[], None] | None = None,
        gather_s: float = 0,
    ) -> None:
        self._write = write
        self._call_soon = call_soon
        self._on_done = on_done
        self._on_error = on_error
        self._idle = idle
        self._gather_s = gather_s
        self._ending = Event()
        self._queue: SimpleQueue[T | _Order] = SimpleQueue()
        # Each is written by one thread only, so that no lock is needed.
        self._submitted = 0
        self._taken = 0
        self._stopped = False
        self._failure: LiandaoError | None = None
        # A crash of the owner must end the process; a write that it cuts off is rolled back.
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, item: T) -> None:
        """Queues an item. Never blocks.

        Raises Unavailable ``STORE_BEHIND`` when the disk is too far behind, and
        ``STORE_STOPPED`` after `stop`.
        """
        if self._stopped:
            raise Unavailable("STORE_STOPPED", store=self._thread.name)
        if self.waiting >= STORE_QUEUE_ITEMS_MAX:
            raise Unavailable("STORE_BEHIND", store=self._thread.name, waiting=self.waiting)
        self._submitted += 1
        self._queue.put(item)

    @property
    def waiting(self) -> int:
        """Items submitted and not yet written."""
        return self._submitted - self._taken

    def resume(self) -> None:
        """Writes again after an error. Items submitted before this call still come back."""
        self._queue.put(_RESUME)

    def stop(self) -> None:
        """Writes what is queued, then ends the thread. Blocks until it has ended."""
        if not self._stopped:
            self._stopped = True
            self._ending.set()
            self._queue.put(_STOP)
        self._thread.join()

    def _run(self) -> None:
        worked = False
        while True:
            try:
                first = self._queue.get(timeout=IDLE_S if worked and self._idle else None)
            except Empty:
                worked = False
                self._rest()
                continue
            if self._gather_s and not isinstance(first, _Order):
                self._ending.wait(self._gather_s)
            items, order = self._gather(first)
            if items:
                worked = True
                self._handle(items)
            if order is _RESUME:
                self._failure = None
            elif order is _STOP:
                return

    def _gather(self, first: T | _Order) -> tuple[list[T], _Order | None]:
        """Items up to the next order, and that order."""
        items: list[T] = []
        entry = first
        while not isinstance(entry, _Order):
            items.append(entry)
            if len(items) == STORE_BATCH_ITEMS_MAX:
                return items, None
            try:
                entry = self._queue.get_nowait()
            except Empty:
                return items, None
        return items, entry

    def _handle(self, items: list[T]) -> None:
        if self._failure is None:
            self._failure = _attempt(lambda: self._write(items))
        # After the write: a full queue counts what the disk has not taken yet.
        self._taken += len(items)
        self._tell(items, self._failure)

    def _rest(self) -> None:
        if self._idle is None or self._failure is not None:
            return
        self._failure = _attempt(self._idle)
        if self._failure is not None:
            self._tell([], self._failure)

    def _tell(self, items: list[T], failure: LiandaoError | None) -> None:
        def report() -> None:
            if failure is None:
                self._on_done(items)
            else:
                self._on_error(items, failure)

        try:
            self._call_soon(report)
        except RuntimeError:
            # The owner's loop has ended. What it queued is still written.
            return


def _attempt(work: Callable[[], None]) -> LiandaoError | None:
    """What went wrong with ``work``, if something did."""
    try:
        work()
    except LiandaoError as fault:
        return fault
    except Exception as error:  # noqa: BLE001 - the owner must hear of it, not a dead thread
        bug = BugFound("STORE_WRITE", detail=repr(error)[:200])
        bug.__cause__ = error
        return bug
    return None
