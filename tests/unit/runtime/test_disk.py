"""A disk that fills up: no votes below one mark, votes again above another (P-6.6)."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import trio
from liandao_node.errors import LiandaoError, StorageFault, Unavailable
from liandao_node.limits import DISK_ENOUGH_BYTES, DISK_LOW_BYTES, STORE_QUEUE_ITEMS_MAX
from liandao_node.runtime.disk import DiskWatch, free_bytes
from liandao_node.runtime.patient import PatientWriter
from support.runtime_node import until

pytestmark = pytest.mark.usefixtures("caplog")  # each warns, and should


class Room:
    """A disk by its figures, with the watch over it."""

    def __init__(self) -> None:
        self.free = DISK_ENOUGH_BYTES
        self.refusals = 0
        self.writable = True
        self.told: list[bool] = []
        self.watch = DiskWatch(
            Path("data"),
            on_change=self.told.append,
            retry=lambda: self.writable,
            refusals=lambda: self.refusals,
            free=lambda _: self.free,
        )

    def look(self, free: int) -> list[bool]:
        self.free = free
        self.watch.look()
        return self.told


@pytest.mark.rule("P-6.6")
def test_between_the_marks_nothing_changes() -> None:
    room = Room()
    assert room.look(DISK_LOW_BYTES) == []
    assert room.look(DISK_LOW_BYTES - 1) == [True]
    assert room.look(DISK_ENOUGH_BYTES - 1) == [True], "it would come and go all day"
    assert room.look(DISK_ENOUGH_BYTES) == [True, False]
    assert room.look(DISK_LOW_BYTES) == [True, False]


def test_a_store_knows_better_than_the_figures() -> None:
    """A quota, a disk that lies about its room: what cannot be written decides."""
    room = Room()
    room.writable = False
    room.watch.full()
    assert room.look(DISK_ENOUGH_BYTES) == [True]
    room.writable = True
    assert room.look(DISK_ENOUGH_BYTES) == [True, False]
    room.refusals += 1
    assert room.look(DISK_ENOUGH_BYTES) == [True, False, True]
    assert room.look(DISK_ENOUGH_BYTES) == [True, False, True, False]


def test_the_room_of_a_real_disk_is_told(tmp_path: Path) -> None:
    assert 0 < free_bytes(tmp_path) < 2**60


class Store:
    """Takes what it is given while there is room."""

    def __init__(self) -> None:
        self.code: str | None = None
        self.written: list[int] = []
        self.failures: list[LiandaoError] = []
        self.full = 0
        self.done: list[int] = []
        self.writer: PatientWriter[int] = PatientWriter(
            "a store",
            self._write,
            call_soon=trio.lowlevel.current_trio_token().run_sync_soon,
            on_done=self.done.extend,
            on_failure=self.failures.append,
            on_full=self._on_full,
        )

    def _write(self, items: Sequence[int]) -> None:
        if self.code is not None:
            raise StorageFault(self.code, file="a store")
        self.written.extend(items)

    def _on_full(self) -> None:
        self.full += 1


async def test_what_a_full_disk_refused_is_written_in_order_and_once() -> None:
    store = Store()
    store.writer.submit(0)
    await until(lambda: store.done == [0])
    store.code = "DISK_FULL"
    for item in range(1, 6):
        store.writer.submit(item)
    await until(lambda: store.writer.stalled)
    store.writer.submit(6)
    await until(lambda: store.writer.retry() is False and store.full >= 2)
    assert store.written == [0]
    store.code = None
    await until(lambda: store.writer.retry())
    await until(lambda: store.done == list(range(7)))
    assert store.written == list(range(7))
    assert store.writer.retry()
    assert store.failures == []
    store.writer.stop()


async def test_other_faults_are_the_owners() -> None:
    store = Store()
    store.code = "DISK_FAILED"
    store.writer.submit(1)
    await until(lambda: bool(store.failures))
    assert not store.writer.stalled
    assert store.full == 0
    store.writer.stop()


async def test_what_waits_for_room_is_bounded() -> None:
    store = Store()
    store.code = "DISK_FULL"
    store.writer.submit(0)
    await until(lambda: store.writer.stalled)
    for item in range(1, STORE_QUEUE_ITEMS_MAX):
        store.writer.submit(item)
    with pytest.raises(Unavailable, match="STORE_BEHIND"):
        store.writer.submit(-1)
    store.writer.stop()
