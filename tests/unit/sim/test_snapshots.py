"""Snapshots of simulated nodes: folders in memory, time for production's coroutines, disks."""

from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from pathlib import Path

import pytest
import trio
from liandao_node.errors import PeerFault
from liandao_node.limits import SNAPSHOTS_KEPT
from liandao_node.runtime import snapshot_proof
from liandao_node.runtime.snapshot_proof import head_pieces, prove_head, read_index
from liandao_node.sim import snapshots as sim_snapshots
from liandao_node.sim.disks import End, LedgerDisk
from liandao_node.sim.false_snapshots import with_another_state, without_an_epoch
from liandao_node.sim.snapshots import HeldPieces, HeldSnapshots
from liandao_node.sim.timeline import START_MS, Timeline
from liandao_node.sim.virtual_trio import Channel, Task, VirtualTrio, swapped
from liandao_node.store import snapshots as store_snapshots
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.pruning import Retention
from liandao_node.store.snapshots import SnapshotFolder, decode_index
from liandao_node.types import ChainId, Seq
from support.snapshots import History

CHAIN = ChainId(b"c" * 32)


# --- folders ---


def _write(folder: SnapshotFolder, seq: int) -> None:
    folder.write(
        chain_id=CHAIN,
        seq=Seq(seq),
        calls=3,
        block=b"block %d" % seq,
        handovers=[b"handover" * 9] * seq,
        records=[(b"key %02d" % at, b"value" * at) for at in range(40)],
    )


def test_a_folder_in_memory_answers_as_one_on_the_disk_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_snapshots, "SNAPSHOT_PIECE_BYTES", sim_snapshots.PIECE_BYTES)
    real, held = SnapshotFolder(tmp_path), HeldSnapshots()
    for folder in (real, held):
        assert folder.piece(Seq(0), 0) == (Seq(0), b"")
        for seq in (3, 6, 9):
            _write(folder, seq)
    assert held.heights() == real.heights() == [Seq(6), Seq(9)]
    assert SNAPSHOTS_KEPT == 2
    count = len(held.pieces(Seq(9)))
    assert count > 4
    asked = [(seq, number) for seq in (0, 3, 6, 9) for number in (-1, 0, 1, 2, count - 1, count)]
    for seq, number in asked:
        assert held.piece(Seq(seq), number) == real.piece(Seq(seq), number)


def test_pieces_in_memory_are_kept_as_those_on_the_disk_are(tmp_path: Path) -> None:
    folder = HeldSnapshots()
    _write(folder, 3)
    index, *data = folder.pieces(Seq(3))
    named = decode_index(index).pieces
    for pieces in (IncomingPieces(tmp_path / "in"), HeldPieces()):
        assert pieces.begin(named) == set(range(len(named)))
        assert not pieces.put(named[0], data[1])
        assert not pieces.put(named[0], data[0] + b"x")
        assert pieces.put(named[1], data[1])
        assert pieces.get(named[1]) == data[1]
        assert pieces.get(named[0]) is None
        assert pieces.begin(named) == set(range(len(named))) - {1}
        pieces.clear()
        assert pieces.get(named[1]) is None


# --- lies ---


def _prove(history: History, pieces: list[bytes]) -> None:
    index = read_index(pieces[0], history.genesis.chain_id, decode_index(pieces[0]).seq)
    head = prove_head(history.genesis, index, pieces[1 : 1 + len(head_pieces(index))])
    held = HeldPieces()
    held.begin(index.pieces)
    for piece, data in zip(index.pieces, pieces[1:], strict=True):
        assert held.put(piece, data), "a lie that the index gives away"
    snapshot_proof.prove_records(index, head, held)


@pytest.mark.parametrize(
    ("lie", "why"), [(with_another_state, "state"), (without_an_epoch, "handover")]
)
def test_a_false_snapshot_is_whole_and_a_lie(
    lie: Callable[[list[bytes]], list[bytes]], why: str, tmp_path: Path
) -> None:
    history = History()
    history.grow(8)
    file = history.snapshot(tmp_path)
    pieces = [file.piece(number) for number in range(len(file.index.pieces) + 1)]
    _prove(history, pieces)
    with pytest.raises(PeerFault, match="SNAPSHOT_BAD") as caught:
        _prove(history, lie(pieces))
    assert caught.value.facts["why"] == why


def test_no_epoch_can_be_left_out_of_one(tmp_path: Path) -> None:
    history = History()
    history.grow(2)
    file = history.snapshot(tmp_path)
    pieces = [file.piece(number) for number in range(len(file.index.pieces) + 1)]
    assert without_an_epoch(pieces) == pieces


# --- disks ---


def _grown_disk(blocks: int) -> LedgerDisk:
    """With an epoch of two blocks after the other, all written."""
    history, disk = History(), LedgerDisk({})
    for _ in range(blocks):
        history.grow(1)
        committed = history.blocks[-1]
        ended = bool(committed.block.header.next_committee)
        execution = history.street.history[-1]
        disk.append(committed, execution, history.handovers[-1] if ended else b"")
    while disk.written < blocks:
        disk.write()
    return disk


def test_a_write_stops_where_an_epoch_ends() -> None:
    """The snapshot is of exactly that state."""
    disk = _grown_disk(4)
    disk.written = 0
    assert [disk.write(), disk.write(), disk.write()] == [2, 4, 4]


def test_old_epochs_are_dropped_when_a_snapshot_speaks_for_them() -> None:
    disk = _grown_disk(10)
    assert list(disk.prune(Retention(2, kept_from=0))) == []
    assert list(disk.prune(Retention(2, kept_from=3))) == [2]
    assert disk.chain[0].block.header.seq == 3
    assert list(disk.prune(Retention(2, kept_from=9))) == [4]
    assert [c.block.header.seq for c in disk.chain] == [7, 8, 9, 10]
    assert len(disk.executions) == 4
    assert len(disk.handovers_written()) == 5, "hand-overs are kept from the first one on"
    disk.end(End.POWER)
    assert disk.written == 10, "what was dropped is on the disk with what was written"
    copy = disk.copy()
    assert copy.chain == disk.chain
    assert copy.handovers == disk.handovers


def test_what_was_not_written_takes_its_handover_with_it() -> None:
    disk = _grown_disk(4)
    disk.written = 2
    disk.end(End.KILLED)
    assert [sorted(disk.handovers), len(disk.chain)] == [[2], 2]


# --- time ---


class _Notes:
    """A task whose steps are noted with their time."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.seen: list[object] = []
        self.asleep: list[Callable[[], None]] | None = None

    def note(self, what: object) -> None:
        self.seen.append((self.timeline.now - START_MS, what))

    def enter(self, step: Callable[[], None]) -> None:
        if self.asleep is None:
            step()
        else:
            self.asleep.append(step)

    def start(self, work: Coroutine[None, None, None]) -> Task:
        task = Task(self.timeline, work, around=nullcontext, enter=self.enter)
        task.start()
        return task


async def _hear(notes: _Notes, channel: Channel[str]) -> None:
    while True:
        heard = "silence"
        with VirtualTrio.move_on_after(2.0):
            heard = await channel.receive()
        notes.note(heard)
        if heard == "silence":
            await VirtualTrio.sleep(0.5)


def test_a_coroutine_sleeps_hears_and_loses_its_patience() -> None:
    notes = _Notes()
    channel, _ = VirtualTrio.open_memory_channel[str](2)
    notes.start(_hear(notes, channel))
    notes.timeline.run(100)
    channel.send_nowait("a")
    notes.timeline.run(2_150)
    channel.send_nowait("b")
    notes.timeline.run(1_000)
    # Silence from 2100 on; what came meanwhile waits until the pause is over.
    assert notes.seen == [(100, "a"), (2_100, "silence"), (2_600, "b")]


def test_a_full_channel_says_so() -> None:
    channel, _ = VirtualTrio.open_memory_channel[str](1)
    channel.send_nowait("a")
    with pytest.raises(trio.WouldBlock):
        channel.send_nowait("b")
    assert channel.receive_nowait() == "a"
    with pytest.raises(trio.WouldBlock):
        channel.receive_nowait()


def test_a_process_that_stands_still_goes_on_later() -> None:
    notes = _Notes()
    channel, _ = VirtualTrio.open_memory_channel[str](2)
    task = notes.start(_hear(notes, channel))
    notes.asleep = []
    channel.send_nowait("a")
    notes.timeline.run(1_000)
    assert notes.seen == []
    asleep, notes.asleep = notes.asleep, None
    for step in asleep:
        step()
    assert notes.seen == [(1_000, "a")]
    task.cancel()
    channel.send_nowait("b")
    notes.timeline.run(10_000)
    assert len(notes.seen) == 1, "a task that was ended goes on"


def test_names_are_put_back() -> None:
    names = vars(store_snapshots)
    before = names["SNAPSHOT_PIECE_BYTES"]
    with swapped(store_snapshots, SNAPSHOT_PIECE_BYTES=1):
        assert names["SNAPSHOT_PIECE_BYTES"] == 1
    assert names["SNAPSHOT_PIECE_BYTES"] == before
    with pytest.raises(KeyError), swapped(store_snapshots, NO_SUCH_NAME=1):
        pass
