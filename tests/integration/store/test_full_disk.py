"""A ledger on a disk that is really full, and on one that says so (P-6.6)."""

import subprocess
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from liandao_node.errors import LiandaoError
from liandao_node.runtime.patient import PatientWriter
from liandao_node.store.ledger import CommitWrite, LedgerStore
from support.faulty_disk import FaultyDisk
from support.ledgers import open_ledger, state_at, write_of

TMPFS_BYTES = 4 * 1024 * 1024
BLOCK_BYTES = 20_000
BLOCKS = 300
WAIT_S = 60


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(mount)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=WAIT_S)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("this user may not mount a file system")
    try:
        yield mount
    finally:
        subprocess.run(["umount", str(mount)], check=True, timeout=WAIT_S)


class Ledger:
    """A ledger with its patient writer; the owner's loop is run by hand."""

    def __init__(self, store: LedgerStore) -> None:
        self.store = store
        self.soon: deque[Callable[[], None]] = deque()
        self.failures: list[LiandaoError] = []
        self.full = 0
        self.done = 0
        self.writer: PatientWriter[CommitWrite] = PatientWriter(
            "ledger.db",
            store.write,
            call_soon=self.soon.append,
            on_done=lambda items: self._count(len(items)),
            on_failure=self.failures.append,
            on_full=self._is_full,
        )

    def _count(self, items: int) -> None:
        self.done += items

    def _is_full(self) -> None:
        self.full += 1

    def settle(self) -> None:
        """Until the thread has answered for all it was given."""
        while self.writer._unreported:
            if self.soon:
                self.soon.popleft()()


def _fills_and_goes_on(ledger: Ledger, make_room: Callable[[], None]) -> None:
    for seq in range(1, BLOCKS + 1):
        ledger.writer.submit(write_of(seq, size=BLOCK_BYTES))
    ledger.settle()
    assert ledger.writer.stalled
    assert ledger.full >= 1
    assert ledger.failures == []
    tip = ledger.store.tip()
    assert tip is not None
    assert tip.seq == ledger.done < BLOCKS
    reader = ledger.store.reader()
    assert dict(reader.scan(b"", b"\xff", 100)) == state_at(tip.seq)
    make_room()
    assert not ledger.writer.retry(), "all of it is on its way, nothing is there yet"
    ledger.settle()
    assert ledger.writer.retry()
    assert ledger.done == BLOCKS
    assert dict(reader.scan(b"", b"\xff", 100)) == state_at(BLOCKS)
    ledger.writer.stop()


def test_a_real_disk_that_is_full_and_has_room_again(small_disk: Path) -> None:
    ledger = Ledger(open_ledger(small_disk / "ledger.db"))

    def make_room() -> None:
        grown = [f"remount,size={TMPFS_BYTES * 8}"]
        command = ["mount", "-o", *grown, str(small_disk)]
        subprocess.run(command, check=True, capture_output=True, timeout=WAIT_S)

    _fills_and_goes_on(ledger, make_room)
    ledger.store.close()


def test_a_planted_full_disk(tmp_path: Path) -> None:
    with FaultyDisk() as disk:
        ledger = Ledger(open_ledger(tmp_path / "ledger.db", disk.vfs))
        disk.room_bytes = TMPFS_BYTES

        def make_room() -> None:
            disk.room_bytes = -1

        _fills_and_goes_on(ledger, make_room)
        ledger.store.close()
