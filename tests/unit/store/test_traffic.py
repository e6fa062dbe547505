"""Traffic that was recorded stays as it was, or the first changed row is named."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from liandao_node.crypto import merkle
from liandao_node.errors import StorageFault
from liandao_node.limits import TRAFFIC_WINDOW_MS
from liandao_node.store.traffic import Import, Recorded, SealedWindow, TrafficStore
from liandao_node.traffic.batching import Batcher
from liandao_node.traffic.events import EventClass, Judgement, Verdict
from liandao_node.types import Amount, Millis
from support.faulty_disk import FaultyDisk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "traffic.db"


@pytest.fixture
def store(path: Path) -> Iterator[TrafficStore]:
    made = TrafficStore.open(path)
    yield made
    made.close()


def _event(number: int) -> Recorded:
    key = number.to_bytes(16, "big")
    classes, verdicts = list(EventClass), list(Verdict)
    event = Judgement(
        classes[number % 3], verdicts[number % 2], key, Millis(1000 + number), key[::-1]
    )
    return Recorded(event, Millis(5000 + number), Amount(number * 10))


def _events(first: int, last: int) -> list[Recorded]:
    return [_event(number) for number in range(first, last + 1)]


def _seal(store: TrafficStore) -> SealedWindow:
    """Seals the open window as the node does: through a batcher fed with what is stored."""
    windows = store.windows()
    batcher = Batcher(windows[-1].last_ms if windows else Millis(-1))
    for recorded in store.open_events():
        batcher.record(recorded.event, recorded.recorded_ms)
    batch = batcher.seal(Millis(5000 + 100 * (len(windows) + 1)))
    assert batch is not None
    sealed = store.seal(batch)
    assert sealed.root == merkle.root(batch.leaves), "the ledger is told what the shop keeps"
    assert store.counts(sealed) == list(batch.counts)
    return sealed


def test_a_window_closes_over_what_lies_in_it(store: TrafficStore) -> None:
    store.append(_events(1, 4))
    store.append(_events(5, 7))
    sealed = _seal(store)
    assert (sealed.number, sealed.first_row, sealed.last_row) == (1, 1, 7)
    assert (sealed.first_ms, sealed.last_ms) == (5001, 5100)
    assert store.open_events() == []
    store.append(_events(8, 9))
    second = _seal(store)
    assert (second.number, second.first_row, second.last_row) == (2, 8, 9)
    assert store.windows() == [sealed, second]


def test_windows_that_the_ledger_has_not_seen_are_found_again(store: TrafficStore) -> None:
    store.append(_events(1, 2))
    first = _seal(store)
    store.append(_events(3, 4))
    second = _seal(store)
    assert store.windows(after_ms=first.last_ms) == [second]
    assert store.windows(after_ms=second.last_ms) == []


def test_events_after_the_window_wait_for_the_next(store: TrafficStore) -> None:
    """The writer may have taken them before the seal came."""
    batcher = Batcher(Millis(-1))
    for recorded in _events(1, 3):
        batcher.record(recorded.event, recorded.recorded_ms)
    batch = batcher.due(Millis(TRAFFIC_WINDOW_MS + 1))
    assert batch is not None
    store.append(_events(1, 5))
    assert store.seal(batch).last_row == 3
    assert store.open_events() == _events(4, 5)


def test_open_events_come_back_whole(store: TrafficStore, path: Path) -> None:
    store.append(_events(1, 3))
    store.close()
    again = TrafficStore.open(path)
    assert again.open_events() == _events(1, 3)
    again.append(_events(4, 5))
    assert again.open_events() == _events(1, 5)
    assert again.verify() == 5
    again.close()


def test_a_leaf_has_its_path_to_the_root(store: TrafficStore) -> None:
    store.append(_events(1, 6))
    sealed = _seal(store)
    leaves = store.leaves(sealed)
    path = merkle.inclusion_path(leaves, 4)
    assert merkle.verify_inclusion(leaves[4], 4, len(leaves), path, sealed.root)


def test_what_was_imported_once_is_known(store: TrafficStore, path: Path) -> None:
    one, two = Import("till.csv", "A1"), Import("till.csv", "A2")
    assert store.append_imported([(one, _event(1)), (two, _event(2))]) == [True, True]
    assert store.append_imported([(two, _event(2))]) == [False]
    assert store.open_events() == _events(1, 2)
    store.close()
    again = TrafficStore.open(path)
    assert again.known([one, Import("shop", "A1"), two]) == {one, two}
    again.close()


def test_a_record_twice_in_one_import_counts_once(store: TrafficStore) -> None:
    same = Import("till.csv", "A1")
    assert store.append_imported([(same, _event(1)), (same, _event(1))]) == [True, False]
    assert store.open_events() == [_event(1)]
    assert store.verify() == 1


def test_an_import_that_found_no_room_can_be_repeated(path: Path) -> None:
    arrivals = [(Import("till.csv", str(n)), _event(n)) for n in range(1, 200)]
    with FaultyDisk() as disk:
        store = TrafficStore.open(path, vfs=disk.vfs)
        disk.room_bytes = 10_000
        with pytest.raises(StorageFault, match="DISK_FULL"):
            store.append_imported(arrivals)
        assert store.known(origin for origin, _ in arrivals) == set()
        disk.room_bytes = -1
        assert all(store.append_imported(arrivals))
        assert store.verify() == 199
        store.close()


def test_no_column_could_hold_an_address_or_a_browser(store: TrafficStore, path: Path) -> None:
    connection = apsw.Connection(str(path))
    columns = {row[1] for row in connection.execute("PRAGMA table_info(event)")}
    connection.close()
    keyed_hashes = {"visitor", "subject"}
    numbers = {"row", "recorded_ms", "amount", "class", "verdict", "at_ms"}
    assert columns == {"hash"} | keyed_hashes | numbers


def _filled(store: TrafficStore) -> dict[Millis, bytes]:
    """Two sealed windows of five rows and three rows in the open one; the windows' roots."""
    roots = {}
    for first in (1, 6):
        store.append(_events(first, first + 4))
        sealed = _seal(store)
        roots[sealed.first_ms] = sealed.root
    store.append(_events(11, 13))
    return roots


def test_untouched_traffic_verifies(store: TrafficStore) -> None:
    roots = _filled(store)
    assert store.verify() == 13
    assert store.verify(roots) == 13


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        ("UPDATE event SET class = 9 WHERE row = 4", 4),
        ("UPDATE event SET verdict = 9 WHERE row = 7", 7),
        ("UPDATE event SET at_ms = 9 WHERE row = 1", 1),
        ("UPDATE event SET recorded_ms = 9 WHERE row = 2", 2),
        ("UPDATE event SET visitor = x'00' WHERE row = 11", 11),
        ("UPDATE event SET subject = x'00' WHERE row = 12", 12),
        ("UPDATE event SET amount = amount + 1 WHERE row = 13", 13),
        ("UPDATE event SET hash = zeroblob(32) WHERE row = 5", 5),
        ("DELETE FROM event WHERE row = 3", 3),
        ("DELETE FROM event WHERE row > 11", 12),
        ("UPDATE event SET row = 99 WHERE row = 13", 13),
    ],
)
def test_the_first_changed_row_is_named(
    store: TrafficStore, path: Path, sql: str, row: int
) -> None:
    _filled(store)
    _alter(path, sql)
    with pytest.raises(StorageFault, match="TRAFFIC_ALTERED") as caught:
        store.verify()
    assert caught.value.facts == {"row": row}


def test_a_row_with_a_new_hash_breaks_the_row_behind_it(store: TrafficStore, path: Path) -> None:
    """The hash has no secret, so anybody can compute it; but each holds the one before."""
    _filled(store)
    forged = TrafficStore.open(path.with_name("forged.db"))
    forged.append([*_events(1, 3), _event(77)])
    forged.close()
    connection = apsw.Connection(str(path))
    connection.execute("ATTACH ? AS forged", (str(path.with_name("forged.db")),))
    connection.execute("DELETE FROM event WHERE row = 4")
    connection.execute("INSERT INTO event SELECT * FROM forged.event WHERE row = 4")
    connection.close()
    with pytest.raises(StorageFault, match="TRAFFIC_ALTERED") as caught:
        store.verify()
    assert caught.value.facts == {"row": 5}


def test_sealed_rows_cut_off_at_the_end_are_missed_after_opening_anew(
    store: TrafficStore, path: Path
) -> None:
    _filled(store)
    store.close()
    _alter(path, "DELETE FROM event WHERE row > 8")
    again = TrafficStore.open(path)
    with pytest.raises(StorageFault, match="TRAFFIC_ALTERED") as caught:
        again.verify()
    assert caught.value.facts == {"row": 9}
    again.close()


def test_a_chain_written_anew_differs_from_the_ledger(store: TrafficStore, tmp_path: Path) -> None:
    """Who can write the file can make a chain that holds; the committed root convicts it."""
    roots = _filled(store)
    other = TrafficStore.open(tmp_path / "forged.db")
    for first in (1, 6):
        other.append([*_events(first, first + 3), _event(77)])
        _seal(other)
    assert other.verify() == 10
    with pytest.raises(StorageFault, match="TRAFFIC_ROOT_DIFFERS") as caught:
        other.verify(roots)
    assert caught.value.facts == {"first_ms": 5001}
    other.close()


@pytest.mark.parametrize(
    "sql", ["UPDATE window SET root = zeroblob(32) WHERE number = 2", "DELETE FROM window"]
)
def test_a_window_that_was_changed_is_named(store: TrafficStore, path: Path, sql: str) -> None:
    roots = _filled(store)
    _alter(path, sql)
    with pytest.raises(StorageFault, match="TRAFFIC_ROOT_DIFFERS"):
        store.verify(roots)


def _alter(path: Path, sql: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


def test_visitors_count_in_the_first_window_of_their_day(store: TrafficStore) -> None:
    def seen(visitor: int, verdict: Verdict = Verdict.COUNTED, cls: int = 3) -> Recorded:
        key = visitor.to_bytes(16, "big")
        event = Judgement(EventClass(cls), verdict, key, Millis(1000), key)
        return Recorded(event, Millis(5000))

    store.append([seen(1), seen(1), seen(2), seen(3, Verdict.BOT_UA), seen(4, cls=1)])
    first = _seal(store)
    assert store.visitors(first) == 2
    store.append([seen(1), seen(3), seen(4), seen(5), seen(5)])
    second = _seal(store)
    assert store.visitors(second) == 3, "1 was there before; 3 was a robot, 4 bought"
    assert store.visitors(first) == 2, "however often it is asked"
