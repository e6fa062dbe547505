"""Snapshot files: pieces that are checked one by one, two files kept, none half written."""

from pathlib import Path

import pytest
from liandao_node.errors import StorageFault
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.snapshots import (
    PART,
    SnapshotFile,
    SnapshotFolder,
    decode_handovers,
    decode_records,
)
from liandao_node.types import Seq
from support.faulty_disk import flip_bit
from support.ledgers import CHAIN

RECORDS = [(b"key-%04d" % at, b"value" * (at % 50 + 1)) for at in range(2_000)]
HANDOVERS = [b"handover %d" % at for at in range(40)]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liandao_node.store.snapshots.SNAPSHOT_PIECE_BYTES", 4_000)


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    return SnapshotFolder(tmp_path / "snapshots")


def _write(folder: SnapshotFolder, seq: int) -> SnapshotFile:
    path = folder.write(
        chain_id=CHAIN,
        seq=Seq(seq),
        calls=7,
        block=b"the block",
        handovers=HANDOVERS,
        records=RECORDS,
    )
    return SnapshotFile(path)


def test_all_of_it_comes_back_in_pieces_of_bounded_size(folder: SnapshotFolder) -> None:
    file = _write(folder, 12)
    index = file.index
    assert (index.chain_id, index.seq, index.calls) == (CHAIN, 12, 7)
    assert file.piece(1) == b"the block"
    first = 2 + index.handover_pieces
    lists = [decode_handovers(file.piece(at)) for at in range(2, first)]
    assert [one for found in lists for one in found] == HANDOVERS
    pieces = [file.piece(at) for at in range(first, len(index.pieces) + 1)]
    assert [record for piece in pieces for record in decode_records(piece)] == RECORDS
    assert len(pieces) > 20
    assert max(map(len, pieces)) < 6_000
    assert (file.piece(len(index.pieces) + 1), file.piece(-1)) == (b"", b"")


def test_equal_states_make_equal_pieces(tmp_path: Path) -> None:
    """So a download may go on with another shop."""
    one, two = (_write(SnapshotFolder(tmp_path / name), 12) for name in ("one", "two"))
    assert one.index == two.index


def test_the_last_two_are_kept(folder: SnapshotFolder) -> None:
    for seq in (10, 200, 3_000):
        _write(folder, seq)
    assert folder.heights() == [200, 3_000]
    assert folder.piece(Seq(0), 0)[0] == 3_000
    assert folder.piece(Seq(200), 1) == (200, b"the block")
    assert folder.piece(Seq(10), 0) == (10, b"")


def test_none_to_give(folder: SnapshotFolder) -> None:
    assert folder.piece(Seq(0), 0) == (0, b"")


def test_what_is_not_finished_is_no_snapshot(folder: SnapshotFolder) -> None:
    def torn() -> object:
        yield from RECORDS[:1_000]
        raise StorageFault("DISK_FULL", file="ledger.db")

    with pytest.raises(StorageFault, match="DISK_FULL"):
        folder.write(
            chain_id=CHAIN,
            seq=Seq(5),
            calls=0,
            block=b"",
            handovers=[],
            records=torn(),  # type: ignore[arg-type]
        )
    assert list(folder.folder.iterdir()) == []
    left = folder.folder / f"height-5.snapshot{PART}"
    left.write_bytes(b"of a life that a power cut ended")
    assert SnapshotFolder(folder.folder).heights() == []
    assert not left.exists()


def test_a_damaged_one_is_not_given_and_goes(folder: SnapshotFolder) -> None:
    path = _write(folder, 5).path
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(StorageFault, match="SNAPSHOT_DAMAGED"):
        SnapshotFile(path)
    assert folder.piece(Seq(0), 0) == (0, b"")
    assert folder.heights() == []


def test_pieces_are_taken_once_and_only_if_they_are_what_was_named(
    folder: SnapshotFolder, tmp_path: Path
) -> None:
    file = _write(folder, 5)
    pieces = file.index.pieces
    incoming = IncomingPieces(tmp_path / "incoming")
    assert incoming.begin(pieces) == set(range(len(pieces)))
    data = file.piece(3)
    assert not incoming.put(pieces[2], data[:-1])
    assert not incoming.put(pieces[2], bytes([data[0] ^ 1]) + data[1:])
    assert incoming.get(pieces[2]) is None
    assert incoming.put(pieces[2], data)
    later = IncomingPieces(tmp_path / "incoming")
    assert 2 not in later.begin(pieces), "a restart loses nothing"
    flip_bit(tmp_path / "incoming" / pieces[2].digest.hex(), 9)
    assert 2 in later.begin(pieces)
    later.put(pieces[2], data)
    later.begin(pieces[3:])
    assert list((tmp_path / "incoming").iterdir()) == [], "of another snapshot"
