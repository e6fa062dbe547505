"""What the counter has promised is kept until the street has it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.errors import StorageFault, Unavailable
from liandao_node.limits import OUTBOX_RESERVE_BYTES, OUTBOX_TXS_MAX
from liandao_node.store.outbox import Outbox, Outgoing
from liandao_node.types import Millis, TxId
from support.faulty_disk import FaultyDisk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    made = Outbox.open(path)
    yield made
    made.close()


def _outgoing(number: int) -> Outgoing:
    return Outgoing(TxId(number.to_bytes(32, "big")), 403, Millis(number), b"raw %d" % number)


def test_it_keeps_the_order_and_forgets_what_is_done(outbox: Outbox, path: Path) -> None:
    outbox.add([_outgoing(3), _outgoing(1)])
    outbox.add([_outgoing(2)])
    outbox.done([_outgoing(1).id])
    assert outbox.pending() == [_outgoing(3), _outgoing(2)]
    outbox.close()
    again = Outbox.open(path)
    assert again.pending() == [_outgoing(3), _outgoing(2)]
    assert again.room == OUTBOX_TXS_MAX - 2
    again.close()


def test_the_same_transaction_twice_is_one(outbox: Outbox) -> None:
    outbox.add([_outgoing(1), _outgoing(1)])
    outbox.add([_outgoing(1)])
    assert outbox.pending() == [_outgoing(1)]
    outbox.done([_outgoing(1).id, _outgoing(1).id, _outgoing(9).id])
    assert outbox.pending() == []
    assert outbox.room == OUTBOX_TXS_MAX


def test_a_full_outbox_takes_nothing_of_a_batch(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.store.outbox.OUTBOX_TXS_MAX", 2)
    outbox.add([_outgoing(1)])
    with pytest.raises(Unavailable, match="OUTBOX_FULL"):
        outbox.add([_outgoing(2), _outgoing(3)])
    outbox.add([_outgoing(2)])
    assert outbox.room == 0
    outbox.done([_outgoing(1).id])
    assert outbox.room == 1


def test_what_is_forgotten_makes_room_in_the_same_write(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.store.outbox.OUTBOX_TXS_MAX", 2)
    outbox.add([_outgoing(1), _outgoing(2)])
    outbox.add([_outgoing(3)], forget=[_outgoing(1).id])
    assert outbox.pending() == [_outgoing(2), _outgoing(3)]
    with pytest.raises(Unavailable, match="OUTBOX_FULL"):
        outbox.add([_outgoing(4), _outgoing(5)], forget=[_outgoing(2).id])
    assert outbox.pending() == [_outgoing(2), _outgoing(3)]
    assert outbox.room == 0


def test_numbers_have_no_gap_and_never_come_twice(outbox: Outbox, path: Path) -> None:
    assert outbox.next_orders([1, 2, 1]) == [1, 1, 2]
    outbox.close()
    again = Outbox.open(path)
    assert again.next_orders([1, 2, 3]) == [3, 2, 1]
    again.close()


def test_only_the_last_number_comes_back(outbox: Outbox) -> None:
    outbox.next_orders([1, 1, 1])
    assert not outbox.give_back(1, 2)
    assert not outbox.give_back(2, 1)
    assert outbox.give_back(1, 3)
    assert outbox.next_orders([1]) == [3]


def test_sales_need_no_room_on_a_full_disk(path: Path) -> None:
    """Room was taken when the file was opened."""
    with FaultyDisk() as disk:
        outbox = Outbox.open(path, vfs=disk.vfs)
        disk.room_bytes = 0
        for number in range(1, 80):
            assert outbox.next_orders([1]) == [number]
            outbox.add([_outgoing(number)])
        assert len(outbox.pending()) == 79
        outbox.close()


def test_what_could_not_be_kept_is_not_promised(path: Path) -> None:
    with FaultyDisk() as disk:
        outbox = Outbox.open(path, vfs=disk.vfs)
        assert outbox.next_orders([1]) == [1]
        disk.room_bytes = 0
        huge = replace(_outgoing(2), raw=bytes(3 * OUTBOX_RESERVE_BYTES))
        with pytest.raises(StorageFault, match="DISK_FULL"):
            outbox.add([_outgoing(1), huge])
        disk.fail_at = {"write": 0}
        with pytest.raises(StorageFault, match="DISK_FAILED"):
            outbox.next_orders([1, 1])
        disk.fail_at = {}
        assert outbox.next_orders([1]) == [2]
        assert outbox.pending() == []
        assert outbox.room == OUTBOX_TXS_MAX
        outbox.close()


@settings(max_examples=20)
@given(st.lists(st.integers(1, 3), max_size=40))
def test_each_register_counts_by_itself(registers: list[int]) -> None:
    with TemporaryDirectory() as home:
        outbox = Outbox.open(Path(home) / "outbox.db")
        numbers = outbox.next_orders(registers)
        outbox.close()
    for register in set(registers):
        mine = [n for name, n in zip(registers, numbers, strict=True) if name == register]
        assert mine == list(range(1, len(mine) + 1))


def test_a_lost_answer_leaves_no_gap(outbox: Outbox) -> None:
    """R13: the same wish asked again gets the same number, another wish the next."""
    assert outbox.next_orders([1], [b"sale A"]) == [1]
    assert outbox.next_orders([1], [b"sale A"]) == [1]
    assert outbox.next_orders([1, 2], [b"sale B", b"sale B"]) == [2, 1]
    assert outbox.next_orders([1, 1], [b"sale B", b"sale C"]) == [2, 3]
    assert outbox.next_orders([1], [b""]) == [4]
    assert outbox.next_orders([1], [b""]) == [5]
