"""The voter's memory: what was saved comes back, the newest wins, a failure stops the node."""

from pathlib import Path

import pytest
import trio
from liandao_node.consensus.effects import NEVER_VOTED, Durable, Persist
from liandao_node.errors import LiandaoError, StorageFault
from liandao_node.runtime.voting import VoterWriter, restore, restore_bodies
from liandao_node.store.voter import VoterState, VoterStore
from liandao_node.types import ChainId, Epoch, Seq, ShopId, View
from liandao_node.wire.blocks import PREPARE, Block, Certificate, CommittedBlock, decode_block
from liandao_node.wire.codec import Decoder
from support.ledgers import committed
from support.runtime_node import found, running_node, until

CHAIN = ChainId(b"\x11" * 32)
MACHINE = b"\x22" * 32
decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


def block(seq: int) -> Block:
    return decode_committed(committed(seq, certified=False)).block


def lock(seq: int, view: int) -> Certificate:
    return Certificate(PREPARE, Epoch(0), View(view), Seq(seq), block(seq).header.hash, 1, [])


class Disk:
    """A voter.db with its writer; notes what it is told."""

    def __init__(self, root: Path) -> None:
        self.path = root / "voter.db"
        VoterStore.create(
            self.path, chain_id=CHAIN, shop=ShopId(0), seed=bytes(32), machine_id=MACHINE
        ).close()
        self.durable: list[int] = []
        self.failures: list[LiandaoError] = []
        self.store = self._open()

    def _open(self) -> VoterStore:
        return VoterStore.open(self.path, chain_id=CHAIN, machine_id=MACHINE)

    def writer(self) -> VoterWriter:
        return VoterWriter(
            self.store,
            call_soon=trio.lowlevel.current_trio_token().run_sync_soon,
            on_durable=self.durable.append,
            on_failure=self.failures.append,
        )

    def again(self) -> VoterStore:
        """As the next life finds it."""
        self.store.close()
        self.store = self._open()
        return self.store


@pytest.mark.rule("P-6.1")
async def test_the_newest_of_what_was_saved_comes_back(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    assert restore(disk.store.state) == Durable()
    writer = disk.writer()
    for token in range(1, 30):
        state = Durable(View(token), View(token), lock(token, token))
        writer.submit(Persist(token, state, (block(token),)), 0)
    await until(lambda: 29 in disk.durable)
    writer.stop()
    assert disk.durable == sorted(disk.durable)
    store = disk.again()
    assert restore(store.state) == Durable(View(29), View(29), lock(29, 29))
    assert [b.header.seq for b in restore_bodies(store, Seq(20))] == list(range(21, 30))
    store.close()


async def test_bodies_that_ledger_db_holds_leave_with_the_next_save(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    writer = disk.writer()
    for token, safe_seq in ((1, 0), (2, 0), (3, 2)):
        writer.submit(Persist(token, Durable(View(0), View(0)), (block(token),)), safe_seq)
        await until(lambda: token in disk.durable)  # noqa: B023
    writer.stop()
    assert [decode_block(raw).header.seq for raw in disk.again().bodies()] == [3]
    disk.store.close()


async def test_what_cannot_be_saved_is_told_and_never_called_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(tmp_path)

    def fails(*_: object) -> None:
        raise StorageFault("DISK_FAILED", file="voter.db")

    monkeypatch.setattr(disk.store, "save", fails)
    writer = disk.writer()
    writer.submit(Persist(1, Durable(View(0), View(0)), ()), 0)
    await until(lambda: bool(disk.failures))
    writer.stop()
    assert [failure.code for failure in disk.failures] == ["DISK_FAILED"]
    assert disk.durable == []
    disk.store.close()


async def test_a_disk_that_fails_stops_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, dirs = found(tmp_path, 1)

    def fails(*_: object) -> None:
        raise StorageFault("DISK_FAILED", file="voter.db")

    async def work_on() -> None:
        async with running_node(dirs[0], genesis, alone=True) as one:
            await one.card()
            monkeypatch.setattr(one.stores.voter, "save", fails)
            await one.card()

    with pytest.raises(ExceptionGroup) as caught:
        await work_on()
    fault, _ = caught.value.split(StorageFault)
    assert "DISK_FAILED" in repr(fault)


@pytest.mark.rule("P-6.6")
@pytest.mark.usefixtures("caplog")
async def test_a_full_disk_holds_votes_up_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the street is one seat: nothing is agreed on while it cannot vote."""
    monkeypatch.setattr("liandao_node.runtime.disk.LOOK_S", 0.05)
    genesis, dirs = found(tmp_path, 1)

    def full(*_: object) -> None:
        raise StorageFault("DISK_FULL", file="voter.db")

    async with running_node(dirs[0], genesis, alone=True) as one, trio.open_nursery() as nursery:
        await one.card()
        height = one.node.ledger.tip.seq
        with monkeypatch.context() as patch:
            patch.setattr(one.stores.voter, "save", full)
            nursery.start_soon(one.card)
            await until(lambda: one.node.service.summary().disk_low)
            assert one.node.ledger.tip.seq == height
        await until(lambda: not one.node.service.summary().disk_low)
        await until(lambda: one.node.ledger.tip.seq == height + 1)


@pytest.mark.parametrize("damaged", ["prepared", "view_change", "new_view"])
def test_a_record_that_is_none_is_damage_of_the_voter(damaged: str) -> None:
    good: dict[str, int | bytes] = {
        "epoch": 0,
        "promised": 0,
        "view": 0,
        "prepared": b"",
        "view_change": b"",
        "new_view": b"",
    }
    state = VoterState(**(good | {damaged: b"\xc1"}))  # type: ignore[arg-type]
    with pytest.raises(StorageFault, match="VOTER_DAMAGED"):
        restore(state)


def test_a_key_that_never_voted_has_promised_nothing(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    assert restore(disk.store.state).promised == NEVER_VOTED
    disk.store.close()
