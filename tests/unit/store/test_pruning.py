"""Old blocks go, epoch by epoch, the file gets shorter, and receipts can still be made."""

from pathlib import Path

import pytest
from liandao_node.crypto import merkle
from liandao_node.limits import PRUNE_STEP_BLOCKS, RETENTION_EPOCHS_MIN
from liandao_node.store.ledger import LedgerStore, OrderProof
from liandao_node.store.pruning import Retention
from liandao_node.types import Seq
from liandao_node.wire.codec import encode
from support.ledgers import certificate_of, header_of, open_ledger, state_at, write_of

EPOCH = 20
EPOCHS = 6
SIZE = 8_000
ALL = 10**9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def _filled(path: Path, *, size: int = SIZE) -> LedgerStore:
    store = open_ledger(path)
    for seq in range(1, EPOCH * EPOCHS + 1):
        last = seq % EPOCH == 0
        store.write([write_of(seq, size=size, certified=seq % 4 == 0, ends_epoch=last)])
    store.checkpoint()
    return store


def _heights(store: LedgerStore) -> list[int]:
    top = EPOCH * EPOCHS
    return [seq for seq in range(1, top + 1) if store.block(Seq(seq)) is not None]


def _prune(store: LedgerStore, retention: Retention) -> int:
    return sum(store.prune(retention))


def test_epochs_that_are_past_keeping_go(path: Path) -> None:
    store = _filled(path)
    dropped = _prune(store, Retention(epochs=3, bytes_max=ALL, kept_from=ALL))
    assert dropped == EPOCH * (EPOCHS - 3)
    assert _heights(store) == list(range(EPOCH * 3 + 1, EPOCH * EPOCHS + 1))
    assert store.lowest() == EPOCH * 3 + 1
    reader = store.reader()
    assert dict(reader.scan(b"", b"\xff", 100)) == state_at(EPOCH * EPOCHS)
    assert len(list(store.handovers())) == EPOCHS, "these are never pruned"
    assert store.range(Seq(1), 1, 1).blocks == []
    store.close()


def test_the_file_gets_shorter(path: Path) -> None:
    """Not only emptier: that is what the disk of a shop needs."""
    store = _filled(path)
    before = path.stat().st_size
    assert before > EPOCHS * EPOCH * SIZE
    _prune(store, Retention(epochs=2, bytes_max=ALL, kept_from=ALL))
    store.checkpoint()
    after = path.stat().st_size
    assert after < before * 2 / EPOCHS * 1.3
    assert after > 2 * EPOCH * SIZE
    store.close()


def test_a_file_of_a_version_that_could_not_shrink_can_now(path: Path) -> None:
    store = _filled(path)
    store.writing.pragma("auto_vacuum", "none")
    store.writing.execute("VACUUM")
    assert store.writing.pragma("auto_vacuum") == 0
    store.close()
    before = path.stat().st_size
    again = open_ledger(path)
    _prune(again, Retention(epochs=2, bytes_max=ALL, kept_from=ALL))
    again.checkpoint()
    assert path.stat().st_size < before / 2
    again.close()


def test_nothing_goes_that_no_snapshot_speaks_for(path: Path) -> None:
    store = _filled(path, size=100)
    assert _prune(store, Retention(epochs=2, bytes_max=0, kept_from=0)) == 0
    assert _prune(store, Retention(epochs=2, bytes_max=0, kept_from=EPOCH + 1)) == EPOCH
    assert store.lowest() == EPOCH + 1
    store.close()


def test_above_its_budget_epochs_go_before_their_time(path: Path) -> None:
    store = _filled(path)
    generous = EPOCH * SIZE * 3
    _prune(store, Retention(epochs=30, bytes_max=generous, kept_from=ALL))
    store.checkpoint()
    assert path.stat().st_size <= generous
    assert store.lowest() > 1
    _prune(store, Retention(epochs=30, bytes_max=0, kept_from=ALL))
    kept = EPOCH * RETENTION_EPOCHS_MIN
    assert len(_heights(store)) == kept, "two epochs stay, however large"
    store.close()


def test_a_step_is_small_and_can_be_the_last_of_a_life(path: Path) -> None:
    store = _filled(path, size=100)
    steps = store.prune(Retention(epochs=2, bytes_max=ALL, kept_from=ALL))
    assert next(steps) == PRUNE_STEP_BLOCKS
    store.close()
    again = open_ledger(path)
    assert again.lowest() == PRUNE_STEP_BLOCKS + 1
    _prune(again, Retention(epochs=2, bytes_max=ALL, kept_from=ALL))
    assert again.lowest() == EPOCH * (EPOCHS - 2) + 1
    again.close()


def _proofs(store: LedgerStore) -> dict[int, OrderProof | None]:
    return {seq: store.order_proof(1, seq) for seq in range(1, EPOCH * EPOCHS + 1)}


def test_own_receipts_outlive_their_blocks(path: Path) -> None:
    store = _filled(path, size=100)
    before = _proofs(store)
    _prune(store, Retention(epochs=2, bytes_max=ALL, kept_from=ALL))
    assert _proofs(store) == before
    proof = before[5]
    assert proof is not None
    assert proof.headers == [encode(header_of(seq)) for seq in range(5, 9)]
    assert proof.certificate == encode(certificate_of(8))
    entries = [b"entry %d of 5" % at for at in range(3)]
    assert proof.entry == entries[proof.position]
    assert proof.path == merkle.inclusion_path(entries, proof.position)
    store.close()


def test_kept_receipts_have_a_bound_and_the_oldest_go(path: Path) -> None:
    store = _filled(path, size=100)
    _prune(store, Retention(epochs=2, bytes_max=ALL, kept_from=ALL, receipts=10))
    pruned = EPOCH * (EPOCHS - 2)
    found = [seq for seq, proof in _proofs(store).items() if proof is not None]
    assert found == list(range(pruned - 9, EPOCH * EPOCHS + 1))
    assert store.order(1, 1) is None
    store.close()
