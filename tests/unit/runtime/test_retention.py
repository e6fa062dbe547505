"""The end of an epoch on the disk: snapshot first, pruning after, no lie about damage."""

from pathlib import Path

import pytest
from liandao_node.errors import StorageFault
from liandao_node.runtime.retention import EpochKeeper
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.pruning import Retention
from liandao_node.store.snapshots import SnapshotFolder
from liandao_node.types import Seq
from liandao_node.wire.genesis import Genesis, Rules
from support.runtime_node import found, key_of
from support.snapshots import SHOPS, grow_ledger

EPOCH_BLOCKS = 5


@pytest.fixture
def street(tmp_path: Path) -> tuple[Genesis, Path]:
    """A shop's data with 23 blocks in it."""
    genesis, dirs = found(tmp_path, SHOPS, Rules(epoch_blocks=EPOCH_BLOCKS))
    grow_ledger(dirs[0], genesis, [key_of(genesis, folder) for folder in dirs], 23)
    return genesis, dirs[0]


def test_the_last_two_epoch_ends_have_a_snapshot(street: tuple[Genesis, Path]) -> None:
    _, data = street
    assert SnapshotFolder(data / "snapshots").heights() == [15, 20]


@pytest.mark.usefixtures("caplog")
def test_a_state_that_the_disk_has_changed_is_found(
    street: tuple[Genesis, Path], tmp_path: Path
) -> None:
    genesis, data = street
    store = LedgerStore.open(data / "ledger.db", genesis.chain_id)
    tip = store.tip()
    assert tip is not None
    keeper = EpochKeeper(
        store,
        SnapshotFolder(tmp_path / "made"),
        genesis.chain_id,
        Retention(),
        on_fault=pytest.fail,
    )
    raw = store.block(Seq(tip.seq))
    assert raw is not None
    last = CommitWrite(
        tip.seq, tip.hash, raw, b"", {}, tip.accumulator, tip.time_ms, tip.calls, handover=b"."
    )
    keeper.epoch_ended(last)
    assert SnapshotFolder(tmp_path / "made").heights() == [tip.seq]
    store.writing.execute(
        "UPDATE state SET value = CAST(value || x'00' AS BLOB)"
        " WHERE key IN (SELECT key FROM state LIMIT 1)"
    )
    with pytest.raises(StorageFault, match="STATE_DAMAGED"):
        keeper.epoch_ended(last)
    store.close()


@pytest.mark.usefixtures("caplog")
def test_without_room_for_a_snapshot_the_blocks_stay(
    street: tuple[Genesis, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, data = street
    store = LedgerStore.open(data / "ledger.db", genesis.chain_id)
    tip = store.tip()
    assert tip is not None
    faults: list[str] = []
    folder = SnapshotFolder(tmp_path / "none")

    def full(**_: object) -> Path:
        raise StorageFault("DISK_FULL", file="a snapshot")

    monkeypatch.setattr(folder, "write", full)
    keeper = EpochKeeper(
        store, folder, genesis.chain_id, Retention(epochs=2, bytes_max=0), on_fault=faults.append
    )
    last = CommitWrite(
        tip.seq, tip.hash, b"", b"", {}, tip.accumulator, tip.time_ms, tip.calls, handover=b"."
    )
    keeper.epoch_ended(last)
    assert faults == ["DISK_FULL"]
    assert not keeper.prune_a_step()
    assert store.lowest() == 1
    store.close()
