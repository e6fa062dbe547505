"""Stores behind their writer threads, owned by a trio loop as in a node."""

from collections.abc import Sequence
from pathlib import Path

import trio
from liandao_node.errors import LiandaoError
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.writer import WriterThread
from support.ledgers import CHAIN, open_ledger, write_of
from support.voters import create_voter, open_voter, save_number, state_of

HANG_S = 60


class Reports:
    """What a runtime would do with the reports of one thread."""

    def __init__(self, expected: int) -> None:
        self.done = 0
        self.all_done = trio.Event()
        self._expected = expected

    def on_done(self, items: Sequence[object]) -> None:
        self.done += len(items)
        if self.done == self._expected:
            self.all_done.set()

    def on_error(self, _: Sequence[object], fault: LiandaoError) -> None:
        raise fault


async def test_votes_are_on_the_disk_when_the_loop_hears_of_them(tmp_path: Path) -> None:
    store = create_voter(tmp_path / "voter.db")
    reports = Reports(50)

    def write(numbers: Sequence[int]) -> None:
        for number in numbers:
            save_number(store, number)

    thread = WriterThread[int](
        "voter",
        write,
        call_soon=trio.lowlevel.current_trio_token().run_sync_soon,
        on_done=reports.on_done,
        on_error=reports.on_error,
        idle=store.checkpoint,
    )
    for number in range(1, 51):
        thread.submit(number)
    with trio.fail_after(HANG_S):
        await reports.all_done.wait()
    thread.stop()
    store.close()
    again = open_voter(tmp_path / "voter.db")
    assert again.state == state_of(50)
    again.close()


async def test_blocks_are_read_by_the_loop_while_the_thread_writes(tmp_path: Path) -> None:
    store = open_ledger(tmp_path / "ledger.db")
    reader = store.reader()
    reports = Reports(200)
    thread = WriterThread[CommitWrite](
        "ledger",
        store.write,
        call_soon=trio.lowlevel.current_trio_token().run_sync_soon,
        on_done=reports.on_done,
        on_error=reports.on_error,
    )
    for seq in range(1, 201):
        thread.submit(write_of(seq))
        before = store.tip()
        assert before is not None
        newest = max(int(value) for _, value in reader.scan(b"", b"\xff", 100))
        assert newest >= before.seq
    with trio.fail_after(HANG_S):
        await reports.all_done.wait()
    thread.stop()
    store.close()
    again = LedgerStore.open(tmp_path / "ledger.db", CHAIN)
    tip = again.tip()
    assert tip is not None
    assert tip.seq == 200
    again.close()
