"""A writer thread writes in order, tells in order, and stops at the first error."""

from collections.abc import Callable, Iterator, Sequence
from queue import Queue
from threading import Event

import pytest
from liandao_node.errors import LiandaoError, StorageFault, Unavailable
from liandao_node.limits import STORE_BATCH_ITEMS_MAX, STORE_QUEUE_ITEMS_MAX
from liandao_node.store.writer import WriterThread

SOON_S = 60.0


class Owner:
    """What a runtime is to a writer thread: it runs the reports in its own thread."""

    def __init__(self) -> None:
        self.soon: Queue[Callable[[], None]] = Queue()
        self.written: list[list[int]] = []
        self.done: list[int] = []
        self.failed: list[tuple[int, str]] = []
        self.faults: list[str] = []
        self.gate = Event()
        self.gate.set()
        self.entered = Event()
        self.fail: Exception | None = None
        self.idled = Event()
        self.thread = WriterThread[int](
            "test",
            self._write,
            call_soon=self.soon.put,
            on_done=self.done.extend,
            on_error=self._on_error,
            idle=self.idled.set,
        )

    def _write(self, items: Sequence[int]) -> None:
        self.entered.set()
        assert self.gate.wait(SOON_S)
        if self.fail is not None:
            raise self.fail
        self.written.append(list(items))

    def _on_error(self, items: Sequence[int], fault: LiandaoError) -> None:
        self.faults.append(fault.code)
        self.failed.extend((item, fault.code) for item in items)

    def run(self, until: Callable[[], bool]) -> None:
        while not until():
            self.soon.get(timeout=SOON_S)()

    def hold(self) -> None:
        """Lets the thread enter its next write and stay there."""
        self.gate.clear()
        self.entered.clear()

    def entered_write(self) -> None:
        assert self.entered.wait(SOON_S)


@pytest.fixture
def owner() -> Iterator[Owner]:
    made = Owner()
    yield made
    made.gate.set()
    made.thread.stop()


def test_items_are_written_and_reported_in_order(owner: Owner) -> None:
    for item in range(500):
        owner.thread.submit(item)
    owner.run(lambda: len(owner.done) == 500)
    assert owner.done == list(range(500))
    assert [item for batch in owner.written for item in batch] == owner.done
    assert owner.thread.waiting == 0


def test_what_waits_goes_into_one_write(owner: Owner) -> None:
    owner.hold()
    owner.thread.submit(0)
    owner.entered_write()
    for item in range(1, 11):
        owner.thread.submit(item)
    owner.gate.set()
    owner.run(lambda: len(owner.done) == 11)
    assert owner.written == [[0], list(range(1, 11))]


def test_one_write_takes_no_more_than_its_limit(owner: Owner) -> None:
    owner.hold()
    owner.thread.submit(0)
    owner.entered_write()
    for item in range(STORE_BATCH_ITEMS_MAX + 5):
        owner.thread.submit(item)
    owner.gate.set()
    owner.run(lambda: len(owner.done) == STORE_BATCH_ITEMS_MAX + 6)
    assert [len(batch) for batch in owner.written] == [1, STORE_BATCH_ITEMS_MAX, 5]


def test_a_disk_that_is_behind_refuses_more(owner: Owner) -> None:
    owner.hold()
    for item in range(STORE_QUEUE_ITEMS_MAX):
        owner.thread.submit(item)
    with pytest.raises(Unavailable, match="STORE_BEHIND"):
        owner.thread.submit(-1)
    owner.gate.set()
    owner.run(lambda: len(owner.done) == STORE_QUEUE_ITEMS_MAX)
    owner.thread.submit(1)
    owner.run(lambda: len(owner.done) == STORE_QUEUE_ITEMS_MAX + 1)


def test_after_an_error_nothing_behind_it_is_written(owner: Owner) -> None:
    owner.hold()
    owner.fail = StorageFault("DISK_FULL", file="x")
    owner.thread.submit(0)
    owner.entered_write()
    owner.thread.submit(1)
    owner.gate.set()
    owner.run(lambda: len(owner.failed) == 2)
    owner.fail = None
    owner.thread.submit(2)
    owner.run(lambda: len(owner.failed) == 3)
    assert owner.failed == [(0, "DISK_FULL"), (1, "DISK_FULL"), (2, "DISK_FULL")]
    assert owner.written == []


def test_the_owner_says_when_to_go_on(owner: Owner) -> None:
    owner.fail = StorageFault("DISK_FULL", file="x")
    owner.thread.submit(0)
    owner.run(lambda: len(owner.failed) == 1)
    owner.fail = None
    owner.thread.submit(1)
    owner.thread.resume()
    owner.thread.submit(2)
    owner.run(lambda: len(owner.done) == 1)
    assert owner.failed == [(0, "DISK_FULL"), (1, "DISK_FULL")]
    assert owner.done == [2]


def test_a_defect_reaches_the_owner_too(owner: Owner) -> None:
    owner.fail = KeyError("missing")
    owner.thread.submit(0)
    owner.run(lambda: len(owner.failed) == 1)
    assert owner.failed == [(0, "STORE_WRITE")]


def test_stopping_writes_what_is_queued(owner: Owner) -> None:
    owner.hold()
    for item in range(200):
        owner.thread.submit(item)
    owner.gate.set()
    owner.thread.stop()
    assert [item for batch in owner.written for item in batch] == list(range(200))
    owner.run(lambda: len(owner.done) == 200)
    with pytest.raises(Unavailable, match="STORE_STOPPED"):
        owner.thread.submit(1)
    owner.thread.stop()


def test_a_pause_is_used(owner: Owner) -> None:
    owner.thread.submit(1)
    assert owner.idled.wait(SOON_S)


def test_an_error_in_a_pause_is_reported(owner: Owner) -> None:
    def fail() -> None:
        raise StorageFault("DISK_FAILED", file="x", detail="y")

    owner.thread._idle = fail
    owner.thread.submit(1)
    owner.run(lambda: owner.faults == ["DISK_FAILED"])
    assert owner.done == [1]


def test_an_owner_that_is_gone_stops_nothing() -> None:
    """The last writes of a node that shuts down still reach the disk."""
    written: list[int] = []

    def gone(_: Callable[[], None]) -> None:
        raise RuntimeError("the loop has ended")

    thread = WriterThread[int](
        "test", written.extend, call_soon=gone, on_done=print, on_error=print
    )
    for item in range(3):
        thread.submit(item)
    thread.stop()
    assert written == [0, 1, 2]


def test_a_store_that_nobody_waits_for_gathers_before_it_writes() -> None:
    """An hour, but for the end, which hurries."""
    written: list[list[int]] = []
    thread = WriterThread[int](
        "test",
        lambda items: written.append(list(items)),
        call_soon=lambda _: None,
        on_done=lambda _: None,
        on_error=lambda *_: None,
        gather_s=3_600,
    )
    for item in range(5):
        thread.submit(item)
    thread.stop()
    assert written == [[0, 1, 2, 3, 4]]
