"""Views over layers: what is read, what is undone, what the state root is told."""

import pytest
from liandao_node.crypto import multiset
from liandao_node.ledger.state import MemoryReader, View, accumulate, all_rows, flattened, recompute

BASE = {b"a": b"1", b"b": b"2", b"d": b"4"}


class CountingReader(MemoryReader):
    reads = 0

    def get(self, key: bytes) -> bytes | None:
        self.reads += 1
        return super().get(key)


def _view() -> View:
    older: dict[bytes, bytes | None] = {b"b": b"20", b"c": b"3"}
    newer: dict[bytes, bytes | None] = {b"b": None, b"c": b"30"}
    return View(MemoryReader(BASE), [older, newer])


@pytest.mark.rule("L-1.1")
def test_the_newest_layer_answers() -> None:
    view = _view()
    assert [view.get(key) for key in (b"a", b"b", b"c", b"d", b"e")] == [
        b"1",
        None,
        b"30",
        b"4",
        None,
    ]


@pytest.mark.rule("L-1.1")
def test_own_changes_stand_above_all_layers() -> None:
    view = _view()
    view.put(b"b", b"mine")
    view.delete(b"a")
    assert (view.get(b"b"), view.get(b"a")) == (b"mine", None)
    assert view.scan(b"", b"z", 10) == [(b"b", b"mine"), (b"c", b"30"), (b"d", b"4")]


@pytest.mark.parametrize("limit", range(5))
def test_scan_finds_the_first_rows_whatever_layers_hide(limit: int) -> None:
    view = View(
        MemoryReader({bytes([n]): b"old" for n in range(10)}),
        [{bytes([n]): None for n in range(6)}, {b"\x02": b"new"}],
    )
    expected = [(b"\x02", b"new"), *((bytes([n]), b"old") for n in range(6, 10))]
    assert view.scan(b"", b"\xff", limit) == expected[:limit]
    assert view.scan(b"\x03", b"\x08", 9) == [(b"\x06", b"old"), (b"\x07", b"old")]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7, 20])
def test_pages_of_a_scan_make_the_whole(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liandao_node.ledger.state.SCAN_ROWS", 3)
    rows = {bytes([n]): bytes([n]) for n in range(count)}
    assert dict(all_rows(MemoryReader(rows), b"", b"\xff")) == rows
    view = View(MemoryReader(rows), [{bytes([n]): None for n in range(0, count, 2)}])
    odd = {bytes([n]): bytes([n]) for n in range(1, count, 2)}
    assert dict(all_rows(view, b"", b"\xff")) == odd
    assert dict(all_rows(flattened(view), b"", b"\xff")) == odd


def test_a_key_is_read_from_below_once() -> None:
    reader = CountingReader(BASE)
    view = View(reader)
    for _ in range(3):
        view.get(b"a")
        view.get(b"nothing")
    view.put(b"a", b"x")
    assert reader.reads == 2


@pytest.mark.rule("L-1.3")
def test_rollback_restores_what_stood_at_the_savepoint() -> None:
    view = _view()
    view.put(b"a", b"kept")
    mark = view.mark()
    view.put(b"a", b"lost")
    view.delete(b"a")
    view.put(b"new", b"lost")
    view.put(b"new", b"lost again")
    view.delete(b"d")
    view.rollback(mark)
    assert [view.get(key) for key in (b"a", b"new", b"d")] == [b"kept", None, b"4"]
    assert [delta.key for delta in view.deltas()] == [b"a"]


def test_a_record_deleted_before_the_savepoint_stays_deleted() -> None:
    view = _view()
    view.delete(b"a")
    mark = view.mark()
    view.put(b"a", b"back")
    view.rollback(mark)
    assert view.get(b"a") is None


def test_deltas_leave_out_what_came_back_to_itself() -> None:
    view = _view()
    view.put(b"a", b"other")
    view.put(b"a", b"1")
    view.put(b"x", b"new")
    view.delete(b"x")
    view.put(b"c", b"31")
    assert list(view.deltas()) == [(b"c", b"30", b"31")]


@pytest.mark.rule("L-9.3")
def test_accumulated_deltas_are_the_hash_of_the_new_state() -> None:
    disk = MemoryReader(BASE)
    before = recompute(disk)
    view = View(disk)
    view.put(b"a", b"changed")
    view.delete(b"b")
    view.put(b"e", b"5")
    deltas = list(view.deltas())
    disk.apply({delta.key: delta.new for delta in deltas})
    assert accumulate(before, deltas) == recompute(disk) != before
    assert recompute(MemoryReader()) == multiset.EMPTY


def test_decoded_form_belongs_to_its_bytes_only() -> None:
    view = View(MemoryReader(BASE))
    raw = view.get(b"a")
    assert raw is not None
    view.remember(b"a", raw, "decoded")
    assert view.decoded(b"a", raw) == "decoded"
    view.put(b"a", b"other")
    now = view.get(b"a")
    assert now is not None
    assert view.decoded(b"a", now) is None
