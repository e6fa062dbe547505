"""A shop that was away comes back over real channels: by blocks, or by a snapshot (T33, T36)."""

import socket
from pathlib import Path

import pytest
import trio
from liandao_node.client import connect
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import LiandaoError
from liandao_node.runtime import snapshots
from liandao_node.runtime.config import load_settings, save_settings
from liandao_node.runtime.node import run_node
from liandao_node.runtime.stores import open_stores
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.pruning import Retention
from liandao_node.types import Seq
from liandao_node.wire.genesis import Genesis, Rules
from msgspec.structs import replace
from support.runtime_node import LOOPBACK, found, key_of
from support.snapshots import SHOPS, grow_ledger

pytestmark = pytest.mark.usefixtures("caplog")  # two of four shops are away all the time

EPOCH_BLOCKS = 20
BLOCKS = 70
SOURCE, AWAY = 0, 3
BACK_S = 60


class Town:
    """A street of four in which one shop has blocks and another has none."""

    def __init__(self, root: Path) -> None:
        rules = Rules(epoch_blocks=EPOCH_BLOCKS)
        self.genesis: Genesis
        self.genesis, self.dirs = found(root, SHOPS, rules)
        self.keys: list[SigningKey] = [key_of(self.genesis, folder) for folder in self.dirs]
        sockets = [socket.create_server((LOOPBACK, 0)) for _ in self.dirs]
        ports = [made.getsockname()[1] for made in sockets]
        for made in sockets:
            made.close()
        for at, folder in enumerate(self.dirs):
            peers = {str(n): [f"{LOOPBACK}:{port}"] for n, port in enumerate(ports) if n != at}
            mine = replace(load_settings(folder), listen_port=ports[at], peers=peers)
            save_settings(folder, mine)
        grow_ledger(self.dirs[SOURCE], self.genesis, self.keys, BLOCKS)

    async def run_until_back(self) -> None:
        async with trio.open_nursery() as nursery:
            await nursery.start(_node, self.dirs[SOURCE])
            nursery.start_soon(run_node, self.dirs[AWAY])
            with trio.fail_after(BACK_S):
                await self._back()
            nursery.cancel_scope.cancel()

    async def _back(self) -> None:
        while True:
            try:
                async with connect(self.dirs[AWAY], client="test") as node:
                    while (await node.status()).height < BLOCKS:
                        await trio.sleep(0.02)
                    return
            except (LiandaoError, OSError):
                await trio.sleep(0.02)  # it begins, or begins anew

    def ledger(self, shop: int) -> LedgerStore:
        return LedgerStore.open(self.dirs[shop] / "ledger.db", self.genesis.chain_id)

    def lives(self, shop: int) -> int:
        with open_stores(self.dirs[shop], self.genesis) as stores:
            return stores.voter.boot

    def same_tips(self) -> None:
        here, there = (self.ledger(shop) for shop in (SOURCE, AWAY))
        try:
            assert here.tip() == there.tip()
        finally:
            here.close()
            there.close()

    def lowest(self, shop: int) -> Seq:
        store = self.ledger(shop)
        try:
            return store.lowest()
        finally:
            store.close()


async def _node(
    folder: Path, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED
) -> None:
    await run_node(folder, task_status=task_status)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.mark.rule("P-7.11")
async def test_by_blocks_over_the_ends_of_epochs(town: Town) -> None:
    before = town.lives(AWAY)
    await town.run_until_back()
    town.same_tips()
    assert town.lowest(AWAY) == 1
    assert town.lives(AWAY) == before + 2, "one life, and this look at it"


async def test_by_a_snapshot_while_blocks_are_there_too_whichever_comes_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Far behind: a life may end for it, and the next one begins with the street's state."""
    monkeypatch.setattr(snapshots, "SNAPSHOT_BEHIND_BLOCKS", 10)
    monkeypatch.setattr(snapshots, "SNAPSHOT_GAIN_BLOCKS", 1)
    monkeypatch.setattr("liandao_node.runtime.ranges.RANGE_BLOCKS_MAX", 1)
    with open_stores(town.dirs[AWAY], town.genesis) as stores:
        stores.outbox.next_orders([1, 1])
    await town.run_until_back()
    town.same_tips()
    assert town.lowest(AWAY) in (1, BLOCKS // EPOCH_BLOCKS * EPOCH_BLOCKS)
    with open_stores(town.dirs[AWAY], town.genesis) as stores:
        assert stores.outbox.next_orders([1]) == [3], "own data is not touched"
        assert stores.ledger.block(Seq(BLOCKS)) is not None


async def test_by_a_snapshot_when_nobody_has_the_blocks_any_more(town: Town) -> None:
    store = town.ledger(SOURCE)
    dropped = sum(store.prune(Retention(epochs=2, kept_from=10**9)))
    store.close()
    assert dropped == BLOCKS // EPOCH_BLOCKS * EPOCH_BLOCKS - 2 * EPOCH_BLOCKS
    await town.run_until_back()
    town.same_tips()
    assert town.lowest(AWAY) == BLOCKS // EPOCH_BLOCKS * EPOCH_BLOCKS
