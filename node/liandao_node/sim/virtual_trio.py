"""Production coroutines on the street's timeline.

The part of trio that catching up waits with: sleeping, a channel, patience. While such a
coroutine runs, its module finds this in the place of `trio`, and small bounds in the place of
its own (`swapped`); nothing of it notices. There are no threads: what would go to one is done
at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType
from typing import Any, Final, Generic, TypeVar

import trio

from liandao_node.sim.timeline import Timeline

T = TypeVar("T")
Wait = Callable[["Task"], None]
"""What a coroutine waits for: arranges that the task goes on."""


class _PatienceEnded(BaseException):
    """As trio's own, it passes by every ``except Exception``."""


class Task:
    """A coroutine that time passes for."""

    def __init__(
        self,
        timeline: Timeline,
        work: Coroutine[Any, Any, None],
        *,
        around: Callable[[], AbstractContextManager[None]],
        enter: Callable[[Callable[[], None]], None],
    ) -> None:
        """``around`` is entered whenever the coroutine runs; ``enter`` lets it run now, or when
        its process does again."""
        self.now: Callable[[], int] = lambda: timeline.now
        self.patient_until: int | None = None
        """When what is waited for now comes too late."""
        self._timeline = timeline
        self._work = work
        self._around = around
        self._enter = enter
        self._turn = 0
        self._ended = False

    def start(self) -> None:
        self._run(None)

    def cancel(self) -> None:
        """Ends it where it stands."""
        self._ended = True
        self._turn += 1
        with self._around():
            self._work.close()

    def wake_after(self, delay_ms: int, error: BaseException | None = None) -> None:
        """Goes on then, unless something else wakes it before."""
        turn = self._turn
        self._timeline.after(max(0, delay_ms), lambda: self._enter(lambda: self._wake(turn, error)))

    def _wake(self, turn: int, error: BaseException | None) -> None:
        if turn == self._turn:
            self._run(error)

    def _run(self, error: BaseException | None) -> None:
        if self._ended:
            return
        self._turn += 1
        with self._around(), _as_the_current(self):
            try:
                wait = self._work.send(None) if error is None else self._work.throw(error)
            except StopIteration:
                self._ended = True
                return
        wait(self)


_current: Task | None = None


@contextmanager
def _as_the_current(task: Task) -> Iterator[None]:
    global _current  # as in trio: whoever runs is asked for by what it calls
    before, _current = _current, task
    try:
        yield
    finally:
        _current = before


class _Until:
    """Awaited, it stops the coroutine until its task is woken."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait

    def __await__(self) -> Generator[Wait, None, None]:
        yield self._wait


def _current_time() -> float:
    assert _current is not None, "no production coroutine runs"
    return _current.now() / 1_000


async def _sleep(seconds: float) -> None:
    await _Until(lambda task: task.wake_after(round(seconds * 1_000)))


@contextmanager
def _move_on_after(seconds: float) -> Iterator[None]:
    task = _current
    assert task is not None, "no production coroutine runs"
    task.patient_until = task.now() + round(seconds * 1_000)
    try:
        yield
    except _PatienceEnded:
        pass
    finally:
        task.patient_until = None


class Channel(Generic[T]):
    """Both ends of a memory channel."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._held: deque[T] = deque()
        self._hungry: Task | None = None

    def send_nowait(self, value: T) -> None:
        if len(self._held) >= self._room:
            raise trio.WouldBlock
        self._held.append(value)
        hungry, self._hungry = self._hungry, None
        if hungry is not None:
            hungry.wake_after(0)

    def receive_nowait(self) -> T:
        if not self._held:
            raise trio.WouldBlock
        return self._held.popleft()

    async def receive(self) -> T:
        while not self._held:
            try:
                await _Until(self._wait)
            finally:
                self._hungry = None
        return self._held.popleft()

    def _wait(self, task: Task) -> None:
        self._hungry = task
        if task.patient_until is not None:
            task.wake_after(task.patient_until - task.now(), _PatienceEnded())


class _MemoryChannel:
    """``open_memory_channel[T](room)``."""

    def __getitem__(self, _: object) -> Callable[[int], tuple[Channel[Any], Channel[Any]]]:
        return self.open

    def open(self, room: int) -> tuple[Channel[Any], Channel[Any]]:
        channel: Channel[Any] = Channel(room)
        return channel, channel


class _NoThread:
    @staticmethod
    def run_sync(work: Callable[..., T], *arguments: object) -> Awaitable[T]:
        async def now() -> T:
            return work(*arguments)

        return now()


class VirtualTrio:
    """What production code finds under the name of `trio`."""

    WouldBlock = trio.WouldBlock
    current_time = staticmethod(_current_time)
    sleep = staticmethod(_sleep)
    move_on_after = staticmethod(_move_on_after)
    open_memory_channel: Final = _MemoryChannel()
    to_thread = _NoThread


@contextmanager
def swapped(module: ModuleType, **values: object) -> Iterator[None]:
    """The module's names stand for ``values`` inside. They must exist."""
    names = vars(module)
    before = {name: names[name] for name in values}
    names.update(values)
    try:
        yield
    finally:
        names.update(before)
