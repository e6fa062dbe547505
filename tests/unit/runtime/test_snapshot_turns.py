"""Sources of a snapshot that give too little at a time to ever be done."""

from pathlib import Path

import pytest
import trio
from liandao_node.runtime import snapshots
from liandao_node.types import Seq
from support.snapshots import Behind, History, Source, make_small, with_a_wrong_state
from trio.testing import MockClock

TURN_S = 5.0
SLOW_S = 1.9
"""Just before patience with a piece ends."""

pytestmark = pytest.mark.rule("P-7.10")


@pytest.fixture(scope="module")
def history() -> History:
    made = History()
    made.grow(6)
    return made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot of more pieces than a turn has room for."""
    make_small(monkeypatch)
    monkeypatch.setattr(snapshots, "SNAPSHOT_TURN_MS", TURN_S * 1_000)


async def _fetch(behind: Behind, patience_s: float = 3_600) -> None:
    """The fetcher's whole life, or an hour of it."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(behind.answer)
        with trio.move_on_after(patience_s):
            await behind.fetcher.run()
        nursery.cancel_scope.cancel()


async def test_a_source_that_gives_little_at_a_time_is_left_when_its_turn_is_over(
    history: History, tmp_path: Path, autojump_clock: MockClock
) -> None:
    """T40: each piece came in time, and an index may name thirty thousand of them."""
    del autojump_clock
    file = history.snapshot(tmp_path)
    slow, good = Source(file), Source(file)
    slow.pause_s = SLOW_S
    behind = Behind(tmp_path, history, {0: slow, 1: good})
    await _fetch(behind)
    assert behind.faults == [(0, "SNAPSHOT_SILENT")]
    assert len(behind.ready) == 1
    assert {1, 2}.isdisjoint(good.asked), "what was there already came again"


async def test_where_all_sources_are_slow_their_turns_grow(
    history: History, tmp_path: Path, autojump_clock: MockClock
) -> None:
    """Though a liar's other index drops what came, whenever its turn is."""
    del autojump_clock
    slow = Source(history.snapshot(tmp_path / "good"))
    slow.pause_s = SLOW_S
    behind = Behind(tmp_path, history, {0: slow, 1: with_a_wrong_state(history, tmp_path / "bad")})
    await _fetch(behind)
    assert len(behind.ready) == 1
    assert behind.faults[:2] == [(0, "SNAPSHOT_SILENT"), (1, "SNAPSHOT_BAD")]


async def test_pieces_that_nobody_completed_go_where_the_disk_is_full(
    history: History, tmp_path: Path, autojump_clock: MockClock
) -> None:
    """They may be what fills it, and a node with a full disk asks for nothing."""
    del autojump_clock
    source = Source(history.snapshot(tmp_path))
    source.silent_from = 5
    behind = Behind(tmp_path, history, {0: source})
    behind.after_fault = lambda: setattr(behind, "may", False)
    await _fetch(behind, 60)
    assert behind.faults == [(0, "SNAPSHOT_SILENT")]
    pieces = source.file.index.pieces if source.file is not None else ()
    assert len(pieces) > 5
    assert [piece for piece in pieces if behind.pieces.get(piece)] == []


async def _pace() -> None:
    """The clock jumps while a thread works; not far, with this."""
    while True:
        await trio.sleep(0.001)


async def test_a_snapshot_that_the_street_overtook_is_left(
    history: History, tmp_path: Path, autojump_clock: MockClock
) -> None:
    """Blocks came as far in the meantime: to end a life for it would be for nothing."""
    del autojump_clock
    source = Source(history.snapshot(tmp_path))
    source.pause_s = SLOW_S
    behind = Behind(tmp_path, history, {0: source})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(behind.answer)
        nursery.start_soon(behind.fetcher.run)
        nursery.start_soon(_pace)
        await trio.sleep(2 * SLOW_S)
        assert behind.fetcher.busy
        behind.tip = Seq(6)
        await trio.sleep(2 * SLOW_S)
        nursery.cancel_scope.cancel()
    assert behind.faults == [(0, "SNAPSHOT_OLD")]
    assert behind.ready == []
