"""A reader is fast by a cache and never shows a value older than the last write."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from liandao_node.ledger.state import Reader, recompute
from liandao_node.limits import STATE_CACHE_KEYS_MAX
from liandao_node.store import reader as reader_module
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.reader import StateReader
from support.ledgers import open_ledger, write_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LedgerStore]:
    made = open_ledger(tmp_path / "ledger.db")
    yield made
    made.close()


@pytest.fixture
def reader(store: LedgerStore) -> StateReader:
    return store.reader()


def _write(store: LedgerStore, changes: dict[bytes, bytes | None]) -> None:
    tip = store.tip()
    assert tip is not None
    store.write([replace(write_of(tip.seq + 1), changes=changes, orders=[])])


def test_it_is_what_the_ledger_reads_from(store: LedgerStore, reader: StateReader) -> None:
    typed: Reader = reader
    _write(store, {b"a": b"1"})
    assert recompute(typed) > 0


def test_a_write_is_seen_at_once(store: LedgerStore, reader: StateReader) -> None:
    for value in (b"1", b"2", None, b"3"):
        _write(store, {b"key": value})
        assert reader.get(b"key") == value
        assert reader.get(b"key") == value


def test_a_key_that_was_missing_is_seen_when_it_comes(
    store: LedgerStore, reader: StateReader
) -> None:
    assert reader.get(b"key") is None
    _write(store, {b"key": b"here"})
    assert reader.get(b"key") == b"here"


def test_other_keys_stay_cached(
    store: LedgerStore, reader: StateReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(store, {b"a": b"1", b"b": b"1"})
    assert (reader.get(b"a"), reader.get(b"b")) == (b"1", b"1")
    loaded: list[bytes] = []
    load = reader._load

    def noted(key: bytes) -> bytes | None:
        loaded.append(key)
        return load(key)

    monkeypatch.setattr(reader, "_load", noted)
    _write(store, {b"a": b"2"})
    assert (reader.get(b"a"), reader.get(b"b")) == (b"2", b"1")
    assert loaded == [b"a"]


def test_a_reader_that_slept_through_many_writes_wakes_up_right(
    store: LedgerStore, reader: StateReader
) -> None:
    keys = [b"%d" % n for n in range(reader_module.CHANGED_KEYS_MAX + 1)]
    _write(store, dict.fromkeys(keys, b"1"))
    assert reader.get(keys[0]) == b"1"
    assert reader.get(keys[1]) == b"1"
    _write(store, dict.fromkeys(keys, b"2"))
    _write(store, {keys[0]: b"3"})
    assert (reader.get(keys[0]), reader.get(keys[1])) == (b"3", b"2")


def test_the_cache_is_bounded_and_keeps_what_is_used(
    reader: StateReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "STATE_CACHE_KEYS_MAX", 3)
    assert STATE_CACHE_KEYS_MAX > 3
    for key in (b"a", b"b", b"c", b"a", b"d"):
        reader.get(key)
    assert list(reader._cache) == [b"c", b"a", b"d"]


def test_scans_go_in_order_and_end_before_the_end(store: LedgerStore, reader: StateReader) -> None:
    _write(store, {b"b2": b"2", b"b1": b"1", b"c": b"3", b"b3": b"3"})
    assert reader.scan(b"b", b"c", 10) == [(b"b1", b"1"), (b"b2", b"2"), (b"b3", b"3")]
    assert reader.scan(b"b2", b"d", 2) == [(b"b2", b"2"), (b"b3", b"3")]
    assert reader.scan(b"d", b"e", 2) == []


def test_a_snapshot_sees_one_height(store: LedgerStore, reader: StateReader) -> None:
    _write(store, {b"a": b"1", b"b": b"1"})
    assert reader.get(b"b") == b"1"
    with reader.snapshot():
        assert reader.get(b"a") == b"1"
        _write(store, {b"a": b"2", b"b": b"2"})
        assert (reader.get(b"a"), reader.get(b"b")) == (b"1", b"1")
        assert reader.scan(b"a", b"c", 9) == [(b"a", b"1"), (b"b", b"1")]
    assert (reader.get(b"a"), reader.get(b"b")) == (b"2", b"2")


def test_a_reader_beside_a_writing_thread_never_goes_back(
    store: LedgerStore, reader: StateReader
) -> None:
    """The writer publishes each number after its write; a reader that saw it reads no less."""
    written = [0]

    def write() -> None:
        for number in range(1, 300):
            _write(store, {b"key": b"%d" % number})
            written[0] = number

    _write(store, {b"key": b"0"})
    thread = Thread(target=write)
    thread.start()
    last = 0
    try:
        while last < 299 and thread.is_alive():
            at_least = max(last, written[0])
            last = int(reader.get(b"key") or -1)
            assert last >= at_least
    finally:
        thread.join()
    assert reader.get(b"key") == b"299"
