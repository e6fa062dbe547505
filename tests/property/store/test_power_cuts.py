"""A power cut takes from each store what docs/storage.md says, and never a part of a step."""

from pathlib import Path
from random import Random

import pytest
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.outbox import Outbox, Outgoing
from liandao_node.store.traffic import Recorded, TrafficStore
from liandao_node.traffic.batching import Batcher
from liandao_node.traffic.events import EventClass, Judgement, Verdict
from liandao_node.types import Millis, Seq, TxId
from support.faulty_disk import FaultyDisk
from support.ledgers import CHAIN, committed, open_ledger, state_at, write_of

STEPS = 20


class _Cuts:
    """Images of the disk at its syncs and at some other events, with what was promised then."""

    def __init__(self, disk: FaultyDisk, home: Path, seed: int) -> None:
        self.promised = 0
        """What must be seen after a cut."""
        self.begun = 0
        """What may be seen at most."""
        self.images: list[tuple[Path, int, int]] = []
        self._disk = disk
        self._home = home
        self._random = Random(seed)

    def __call__(self, event: str) -> None:
        if event == "sync" or self._random.random() < 0.1:
            image = self._home / f"image-{len(self.images)}"
            self._disk.cut(image, self._random)
            self.images.append((image, self.promised, self.begun))


def test_a_ledger_ends_with_a_whole_block_at_or_above_the_safe_one(tmp_path: Path) -> None:
    lost = 0
    for seed in range(3):
        home = tmp_path / str(seed)
        home.mkdir()
        for image, safe, last in _cut_ledger(home, seed):
            store = LedgerStore.open(image / "ledger.db", CHAIN)
            tip = store.tip()
            seq = tip.seq if tip is not None else -1
            assert safe <= seq <= last
            assert seq % 3 == 0, "three blocks were one transaction"
            assert dict(store.reader().scan(b"", b"\xff", 100)) == state_at(seq)
            for height in range(1, seq + 1):
                assert store.block(Seq(height)) == committed(height, certified=True)
            lost += last - seq
            store.close()
    assert lost, "nothing was ever lost: the cuts do not cut"


def _cut_ledger(home: Path, seed: int) -> list[tuple[Path, int, int]]:
    with FaultyDisk() as disk:
        store = open_ledger(home / "ledger.db", disk.vfs)
        cuts = _Cuts(disk, home, seed)
        disk.on_event = cuts
        for first in range(1, 3 * STEPS, 3):
            cuts.begun = first + 2
            store.write([write_of(seq) for seq in range(first, first + 3)])
            if first % 4 == 0:
                store.checkpoint()
            cuts.promised = store.safe_seq
        disk.on_event = None
        store.close()
    return cuts.images


@pytest.mark.parametrize("seed", range(3))
def test_an_outbox_keeps_every_sale_that_it_took(tmp_path: Path, seed: int) -> None:
    with FaultyDisk() as disk:
        outbox = Outbox.open(tmp_path / "outbox.db", vfs=disk.vfs)
        cuts = _Cuts(disk, tmp_path, seed)
        disk.on_event = cuts
        for step in range(1, STEPS + 1):
            cuts.begun = step
            (number,) = outbox.next_orders([1])
            assert number == step
            outbox.add([Outgoing(TxId(step.to_bytes(32, "big")), 403, Millis(0), b"sale" * step)])
            cuts.promised = step
        disk.on_event = None
        outbox.close()
    for image, promised, begun in cuts.images:
        again = Outbox.open(image / "outbox.db")
        kept = [int.from_bytes(one.id, "big") for one in again.pending()]
        assert kept == list(range(1, len(kept) + 1))
        assert promised <= len(kept) <= begun
        assert again.next_orders([1])[0] - 1 in (len(kept), begun)
        again.close()


@pytest.mark.parametrize("seed", range(3))
def test_sealed_traffic_is_never_lost(tmp_path: Path, seed: int) -> None:
    """The root is on the ledger by then; without its rows the shop could not answer an audit."""
    lost = 0
    with FaultyDisk() as disk:
        store = TrafficStore.open(tmp_path / "traffic.db", vfs=disk.vfs)
        cuts = _Cuts(disk, tmp_path, seed)
        disk.on_event = cuts
        for window in range(STEPS):
            cuts.begun = window + 1
            _record_window(store, window)
            cuts.promised = window + 1
        disk.on_event = None
        store.close()
    for image, promised, begun in cuts.images:
        again = TrafficStore.open(image / "traffic.db")
        assert promised <= len(again.windows()) <= begun
        rows = again.verify()
        assert rows >= 3 * promised
        lost += 3 * begun - rows
        again.close()
    assert lost, "nothing was ever lost: the cuts do not cut"


def _record_window(store: TrafficStore, window: int) -> None:
    batcher = Batcher(Millis(10 * window - 1))
    for at in range(10 * window, 10 * window + 3):
        key = at.to_bytes(16, "big")
        event = Judgement(EventClass.VISIT, Verdict.COUNTED, key, Millis(at), key)
        store.append([Recorded(event, Millis(at))])
        batcher.record(event, Millis(at))
    batch = batcher.seal(Millis(10 * window + 9))
    assert batch is not None
    store.seal(batch)
