"""ledger.db gives back blocks, entries, orders and state as they were written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from liandao_node.errors import OperatorFault, StorageFault
from liandao_node.limits import RUN_BLOCKS_MAX
from liandao_node.store.ledger import LedgerStore
from liandao_node.types import ChainId, Seq
from liandao_node.wire.blocks import decode_certificate, decode_header
from support.faulty_disk import FaultyDisk
from support.ledgers import CHAIN, committed, open_ledger, state_at, write_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def store(path: Path) -> Iterator[LedgerStore]:
    made = open_ledger(path)
    yield made
    made.close()


def _fill(store: LedgerStore, last: int) -> None:
    tip = store.tip()
    assert tip is not None
    for seq in range(tip.seq + 1, last + 1):
        store.write([write_of(seq)])


def test_a_new_ledger_has_no_tip(path: Path) -> None:
    store = LedgerStore.open(path, CHAIN)
    assert store.tip() is None
    assert store.safe_seq == -1
    store.close()


def test_genesis_is_safe_at_once(store: LedgerStore) -> None:
    tip = store.tip()
    assert tip is not None
    assert (tip.seq, store.safe_seq) == (0, 0)
    assert store.block(Seq(0)) is None


def test_many_blocks_in_one_write(store: LedgerStore) -> None:
    store.write([write_of(seq) for seq in range(1, 30)])
    tip = store.tip()
    assert tip is not None
    assert (tip.seq, tip.calls, tip.accumulator) == (29, 58, 2**4000 + 29)
    reader = store.reader()
    assert dict(reader.scan(b"", b"\xff", 100)) == state_at(29)


def test_everything_comes_back_after_closing(store: LedgerStore, path: Path) -> None:
    _fill(store, 20)
    before = store.tip()
    store.close()
    again = LedgerStore.open(path, CHAIN)
    assert again.tip() == before
    assert again.safe_seq == 20
    assert again.block(Seq(7)) == committed(7, certified=True)
    assert again.entries(Seq(8)) == [b"entry 0 of 8", b"entry 1 of 8", b"entry 2 of 8"]
    again.close()


def test_blocks_are_written_in_order_and_once(store: LedgerStore) -> None:
    _fill(store, 3)
    for wrong in (3, 5):
        with pytest.raises(AssertionError):
            store.write([write_of(wrong)])
    with pytest.raises(AssertionError):
        store.write([write_of(4), write_of(6)])
    tip = store.tip()
    assert tip is not None
    assert tip.seq == 3


def test_safe_is_what_was_checkpointed(store: LedgerStore) -> None:
    _fill(store, 5)
    assert store.safe_seq == 0
    assert store.checkpoint() == 5
    assert store.safe_seq == 5


def test_a_reader_at_work_holds_the_safe_height_back(store: LedgerStore) -> None:
    """What a reader keeps out of the file is not called safe."""
    _fill(store, 1)
    reader = store.reader()
    with reader.snapshot():
        _fill(store, 5)
        assert store.checkpoint() < 5
    assert store.checkpoint() == 5


def test_blocks_come_within_both_bounds(store: LedgerStore) -> None:
    store.write([write_of(seq, size=1000) for seq in range(1, 11)])
    size = len(committed(1, certified=True, size=1000))
    found = store.range(Seq(3), 10**6, 4)
    assert found.blocks == [committed(seq, certified=True, size=1000) for seq in range(3, 7)]
    assert (found.headers, found.certificate) == ([], b"")
    assert len(store.range(Seq(3), size * 2, 100).blocks) == 2
    assert len(store.range(Seq(3), size * 3 - 1, 100).blocks) == 2
    assert len(store.range(Seq(3), 1, 100).blocks) == 1, "at least one, however big"
    assert store.range(Seq(11), 10**6, 100).blocks == []
    assert store.range(Seq(0), 10**6, 1).blocks == [committed(1, certified=True, size=1000)]


@pytest.mark.rule("P-7.6")
def test_a_range_may_end_anywhere_and_headers_lead_to_its_certificate(store: LedgerStore) -> None:
    proven = {3, 6}
    store.write([write_of(seq, certified=seq in proven) for seq in range(1, 10)])
    cut = store.range(Seq(1), 1, 100)
    assert cut.blocks == [committed(1, certified=False)]
    assert [decode_header(raw).seq for raw in cut.headers] == [2, 3]
    assert decode_certificate(cut.certificate).seq == 3
    deeper = store.range(Seq(1), 10**6, 5)
    assert len(deeper.blocks) == 5
    assert [decode_header(raw).seq for raw in deeper.headers] == [6]
    assert decode_certificate(deeper.certificate).seq == 6
    assert len(store.range(Seq(1), 10**6, 6).blocks) == 6
    assert store.range(Seq(1), 10**6, 6).certificate == b""


def test_what_no_certificate_speaks_for_is_not_given(store: LedgerStore) -> None:
    store.write([write_of(seq, certified=seq == 6) for seq in range(1, 10)])
    assert len(store.range(Seq(1), 10**6, 100).blocks) == 6
    assert store.range(Seq(7), 10**6, 100).blocks == []


def test_a_run_that_nobody_would_keep_is_not_begun(store: LedgerStore) -> None:
    last = RUN_BLOCKS_MAX + 10
    store.write([write_of(seq, certified=seq in (2, last)) for seq in range(1, last + 1)])
    assert len(store.range(Seq(1), 10**6, 5).blocks) == 2
    assert len(store.range(Seq(11), 10**6, 5).blocks) == 5
    assert len(store.range(Seq(1), 10**6, last).blocks) == last, "whole, it needs no keeping"


@pytest.mark.rule("P-7.6")
def test_a_range_ends_with_an_epoch(store: LedgerStore) -> None:
    store.write([write_of(seq, ends_epoch=seq == 4) for seq in range(1, 9)])
    assert len(store.range(Seq(1), 10**6, 100).blocks) == 4
    assert len(store.range(Seq(5), 10**6, 100).blocks) == 4


def test_the_next_certificate_speaks_for_a_block(store: LedgerStore) -> None:
    proven = {3, 6}
    store.write([write_of(seq, certified=seq in proven) for seq in range(1, 10)])
    found = [store.seq_of_certificate_at_or_after(Seq(seq)) for seq in (1, 3, 4, 6, 7, 50)]
    assert found == [3, 3, 6, 6, None, None]


def test_orders_are_found_by_register_and_number(store: LedgerStore) -> None:
    _fill(store, 8)
    assert store.order(1, 7) == (7, 1)
    assert store.order(1, 99) is None
    assert store.order(2, 7) is None


def test_entries_of_no_block_are_no_entries(store: LedgerStore) -> None:
    with pytest.raises(StorageFault, match="LEDGER_MISSING"):
        store.entries(Seq(1))


def test_a_ledger_of_another_street_is_refused(store: LedgerStore, path: Path) -> None:
    store.close()
    with pytest.raises(OperatorFault, match="LEDGER_OTHER_STREET"):
        LedgerStore.open(path, ChainId(b"\x99" * 32))


def test_a_write_that_found_no_room_changes_nothing(path: Path) -> None:
    with FaultyDisk() as disk:
        store = open_ledger(path, disk.vfs)
        reader = store.reader()
        _fill(store, 2)
        before = store.tip()
        disk.room_bytes = 20_000
        with pytest.raises(StorageFault, match="DISK_FULL"):
            store.write([write_of(seq, size=4_000) for seq in range(3, 40)])
        assert store.tip() == before
        assert dict(reader.scan(b"", b"\xff", 100)) == state_at(2)
        assert store.block(Seq(3)) is None
        disk.room_bytes = -1
        store.write([write_of(3)])
        assert dict(reader.scan(b"", b"\xff", 100)) == state_at(3)
        store.close()


def test_a_damaged_page_is_noticed_when_opening(path: Path) -> None:
    store = open_ledger(path)
    store.write([write_of(seq, size=20_000) for seq in range(1, 20)])
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 8] = bytes(4096 * 6)
    path.write_bytes(content)
    with pytest.raises(StorageFault, match="DATABASE_DAMAGED"):
        LedgerStore.open(path, CHAIN)
