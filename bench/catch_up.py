"""How long a node needs to come back after it missed many transactions.

    python bench/catch_up.py [--txs 100000] [--per-block 100] > result.json

Makes a street of four, and lets one shop's ledger grow to that many transactions with real
signatures and certificates. Then one that signed none of them, with an empty ledger, comes
back twice: by blocks alone, and by a snapshot and the blocks above it. Each node is a process of
its own, over the real network on loopback; the time counts from the start of the process to
the same tip. The bytes a transaction takes on the disk are told, too, with all blocks kept and
after pruning. Read the figures beside the load of the machine.
"""

import argparse
import json
import os
import resource
import shutil
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import trio
from liandao_node.client import connect
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import LiandaoError
from liandao_node.ledger.beginning import Tip as LedgerTip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.points_calls import Sale, Tender
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.runtime import snapshots
from liandao_node.runtime.commits import Committer
from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.node import Stores, open_stores, run_node
from liandao_node.runtime.retention import EpochKeeper
from liandao_node.runtime.street import NewShop, found_street
from liandao_node.runtime.upkeep import SNAPSHOTS
from liandao_node.store import pruning
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.pruning import Retention
from liandao_node.store.snapshots import SnapshotFolder
from liandao_node.types import Amount, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import vote_preimage

HOST = "127.0.0.1"
SHOPS = 4
SIGNERS = 3
AWAY = 3
PATIENCE_S = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--txs", type=int, default=100_000)
    parser.add_argument("--per-block", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liandao-catch-up-") as name:
        result = measure(Path(name), options.txs, options.per_block)
    json.dump(result, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


def measure(root: Path, txs: int, per_block: int) -> dict[str, object]:
    blocks = txs // per_block
    dirs = [root / f"shop-{at}" for at in range(SHOPS)]
    ports = free_ports(SHOPS)
    genesis = make_street(dirs, ports, Rules(epoch_blocks=max(2, blocks * 9 // 20)))
    source = grow(genesis, dirs, blocks, per_block)
    result: dict[str, object] = {"transactions": txs, "per_block": per_block, "blocks": blocks}
    result |= source
    process = get_context("spawn").Process(target=serve, args=(dirs[0], False), daemon=True)
    process.start()
    try:
        again = shutil.copytree(dirs[AWAY], root / "again")
        for way, folder in (("blocks", dirs[AWAY]), ("snapshot", again)):
            took_s, cpu_s = come_back(folder, blocks, by_blocks=way == "blocks")
            result[f"seconds_from_{way}"] = took_s
            result[f"cpu_seconds_from_{way}"] = cpu_s
    finally:
        process.terminate()
        process.join()
    result["load"] = os.getloadavg()[0]
    return result


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [made.getsockname()[1] for made in sockets]
    for made in sockets:
        made.close()
    return ports


def make_street(dirs: Sequence[Path], ports: Sequence[int], rules: Rules) -> Genesis:
    def settings(at: int) -> NodeSettings:
        peers = {str(n): [f"{HOST}:{port}"] for n, port in enumerate(ports) if n != at}
        return NodeSettings(
            shop=ShopId(at), listen_host=HOST, listen_port=ports[at], discover=False, peers=peers
        )

    shops = [NewShop(f"Shop {at}", dirs[at], settings(at), Amount(10**12)) for at in range(SHOPS)]
    return found_street(
        "Bench", shops, currency="CNY", exponent=2, utc_offset_minutes=0, rules=rules
    )


# --- the ledger that was missed ---


def grow(genesis: Genesis, dirs: Sequence[Path], blocks: int, per_block: int) -> dict[str, object]:
    """Fills the first shop's ledger; what it takes on the disk."""
    keys = [key_of(folder, genesis) for folder in dirs]
    started = time.perf_counter()
    sizes: dict[str, object] = {}
    with open_stores(dirs[0], genesis) as stores:
        folder = SnapshotFolder(dirs[0] / SNAPSHOTS)
        keeper = TimedKeeper(stores, folder, genesis)
        ledger = ledger_of(genesis, stores)
        done: deque[Callable[[], None]] = deque()
        committer = Committer(
            ledger,
            stores.ledger,
            ShopId(0),
            call_soon=done.append,
            on_failure=fail,
            keeper=keeper,
        )
        for at in range(blocks):
            txs = [sold(genesis, keys, at * per_block + n) for n in range(per_block)]
            execution = execute(ledger, txs, ShopId(at % SHOPS))
            block = Block(execution.header, [tx.raw for tx in txs])
            committer.commit(block, certify(execution, keys), txs)
            while committer.behind or done:
                done.popleft()() if done else time.sleep(0.001)
        committer.stop()
        stores.ledger.checkpoint()
        sizes["seconds_to_make_it"] = round(time.perf_counter() - started, 1)
        size = stores.ledger.path.stat().st_size
        txs_in_all = blocks * per_block
        sizes["ledger_bytes"], sizes["bytes_per_tx"] = size, round(size / txs_in_all)
        newest = folder.path(folder.heights()[-1])
        sizes["snapshot_bytes"] = newest.stat().st_size
        sizes["snapshot_write_s"] = keeper.took_s
        sizes["records"] = sum(1 for _ in stores.ledger.records())
    sizes |= pruned(dirs[0] / "ledger.db", genesis, dirs[0].parent / "pruned", blocks - 1)
    return sizes


class TimedKeeper(EpochKeeper):
    def __init__(self, stores: Stores, folder: SnapshotFolder, genesis: Genesis) -> None:
        super().__init__(stores.ledger, folder, genesis.chain_id, Retention(), on_fault=fail_with)
        self.took_s: list[float] = []

    def epoch_ended(self, last) -> None:  # type: ignore[no-untyped-def]
        started = time.perf_counter()
        super().epoch_ended(last)
        self.took_s.append(round(time.perf_counter() - started, 2))


def pruned(ledger: Path, genesis: Genesis, copy: Path, blocks: int) -> dict[str, object]:
    """The size of a copy of the ledger from which all blocks but the last ones are gone."""
    shutil.copy(ledger, copy)
    store = LedgerStore.open(copy, genesis.chain_id)
    top = store.lowest() + blocks
    started = time.perf_counter()
    steps = pruning.drop_below(store.writing, top)
    dropped = sum(steps)
    took_s = round(time.perf_counter() - started, 2)
    store.close()
    return {"pruned_blocks": dropped, "pruned_bytes": copy.stat().st_size, "pruned_s": took_s}


def fail(error: LiandaoError) -> None:
    raise error


def fail_with(code: str) -> None:
    raise AssertionError(code)


def key_of(folder: Path, genesis: Genesis) -> SigningKey:
    with open_stores(folder, genesis) as stores:
        return SigningKey(stores.voter.seed)


def ledger_of(genesis: Genesis, stores: Stores) -> Ledger:
    tip = stores.ledger.tip()
    if tip is None:
        raise AssertionError("no genesis")
    at = LedgerTip(tip.seq, tip.hash, tip.time_ms, tip.accumulator, tip.calls)
    return Ledger(genesis, stores.ledger.reader(), at)


def sold(genesis: Genesis, keys: Sequence[SigningKey], number: int) -> SignedTx:
    shop = number % SHOPS
    none = Amount(0)
    sale = Sale(1, number, b"", Amount(1_000), none, b"", none, Tender.CASH, Millis(0))
    return sign_tx(genesis.chain_id, ShopId(shop), 2**40 + number, [as_call(sale)], keys[shop])


def execute(ledger: Ledger, txs: Sequence[SignedTx], proposer: ShopId) -> Execution:
    tip = ledger.tip
    return ledger.execute(
        parent=tip.hash,
        epoch=ledger.committee().epoch,
        seq=Seq(tip.seq + 1),
        time_ms=Millis(tip.time_ms + 1),
        proposer=proposer,
        attendance=2**SHOPS - 1,
        txs=txs,
    )


def certify(execution: Execution, keys: Sequence[SigningKey]) -> Certificate:
    header = execution.header
    place = (header.epoch, View(0), header.seq, execution.hash)
    preimage = vote_preimage(COMMIT, header.chain_id, *place)
    signatures = [key.sign(preimage) for key in keys[:SIGNERS]]
    return Certificate(COMMIT, *place, 2**SIGNERS - 1, signatures)


# --- coming back ---


def serve(folder: Path, by_blocks: bool) -> None:
    """A node as ``liandao node`` runs it."""
    if by_blocks:
        vars(snapshots)["SNAPSHOT_BEHIND_BLOCKS"] = 10**12
    trio.run(run_node, folder)


def come_back(folder: Path, height: int, *, by_blocks: bool) -> tuple[float, float]:
    """Seconds on the clock, and those that the node had a processor: on a busy machine the
    second figure is nearer to what a shop's own would show."""
    used_s = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = get_context("spawn").Process(target=serve, args=(folder, by_blocks), daemon=True)
    process.start()
    try:
        trio.run(reach, folder, height, process)
        took_s = time.perf_counter() - started
    finally:
        process.terminate()
        process.join()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = now.ru_utime + now.ru_stime - used_s.ru_utime - used_s.ru_stime
    return round(took_s, 2), round(cpu_s, 2)


async def reach(folder: Path, height: int, process: BaseProcess) -> None:
    with trio.fail_after(PATIENCE_S):
        while process.is_alive():
            try:
                async with connect(folder, client="bench") as node:
                    while (await node.status()).height < height:
                        await trio.sleep(0.2)
                    return
            except (LiandaoError, OSError):
                await trio.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
