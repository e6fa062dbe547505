"""voter.db on a disk that is full or fails."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from liandao_node.errors import StorageFault
from liandao_node.limits import VOTER_RESERVE_BYTES
from support.faulty_disk import FaultyDisk, flip_bit
from support.voters import bodies_after, create_voter, open_voter, save_number, state_of


@pytest.fixture
def disk() -> Iterator[FaultyDisk]:
    with FaultyDisk() as made:
        yield made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "voter.db"


def test_votes_need_no_room_on_a_full_disk(path: Path, disk: FaultyDisk) -> None:
    """Room was taken when the file was opened."""
    store = create_voter(path, disk.vfs)
    disk.room_bytes = 0
    for number in range(1, 250):
        save_number(store, number)
    store.close()
    disk.room_bytes = -1
    again = open_voter(path, disk.vfs)
    assert again.state == state_of(249)
    again.close()


def test_a_save_that_found_no_room_changes_nothing(path: Path, disk: FaultyDisk) -> None:
    store = create_voter(path, disk.vfs)
    save_number(store, 1)
    disk.room_bytes = 0
    huge = (2, b"h" * 32, bytes(3 * VOTER_RESERVE_BYTES))
    with pytest.raises(StorageFault, match="DISK_FULL"):
        store.save(state_of(2), [huge], 0)
    assert store.state == state_of(1)
    assert store.bodies() == bodies_after(1)
    save_number(store, 2)
    assert store.state == state_of(2)
    store.close()
    disk.room_bytes = -1
    again = open_voter(path, disk.vfs)
    assert (again.state, again.bodies()) == (state_of(2), bodies_after(2))
    again.close()


def test_it_goes_on_when_there_is_room_again(path: Path, disk: FaultyDisk) -> None:
    store = create_voter(path, disk.vfs)
    disk.room_bytes = 0
    huge = (1, b"h" * 32, bytes(3 * VOTER_RESERVE_BYTES))
    with pytest.raises(StorageFault, match="DISK_FULL"):
        store.save(state_of(1), [huge], 0)
    disk.room_bytes = -1
    store.save(state_of(1), [huge], 0)
    assert store.bodies() == [huge[2]]
    store.close()


@pytest.mark.parametrize("event", ["write", "sync"])
def test_after_an_io_error_nothing_is_signed_any_more(
    path: Path, disk: FaultyDisk, event: str
) -> None:
    """Nobody can say what a disk holds after that, so this process votes no more."""
    store = create_voter(path, disk.vfs)
    save_number(store, 1)
    disk.fail_at = {event: 0}
    with pytest.raises(StorageFault, match="DISK_FAILED"):
        save_number(store, 2)
    disk.fail_at = {}
    assert store.state == state_of(1)
    with pytest.raises(StorageFault, match="DISK_FAILED"):
        save_number(store, 3)
    store.close()
    again = open_voter(path)
    assert again.state in (state_of(1), state_of(2))
    again.close()


def test_a_boot_that_cannot_be_counted_is_none(path: Path, disk: FaultyDisk) -> None:
    create_voter(path).close()
    disk.room_bytes = 0
    with pytest.raises(StorageFault, match="DISK_FULL"):
        open_voter(path, disk.vfs)
    disk.room_bytes = -1
    again = open_voter(path)
    assert again.boot == 2
    again.close()


def test_damage_to_the_last_save_is_not_taken_for_a_torn_tail(path: Path, tmp_path: Path) -> None:
    """The log alone cannot tell the two apart; the mark beside it can."""
    store = create_voter(path)
    save_number(store, 1)
    log = path.with_name("voter.db-wal").read_bytes()
    save_number(store, 2)
    after = path.with_name("voter.db-wal").read_bytes()
    crashed = tmp_path / "crashed"
    shutil.copytree(path.parent, crashed, ignore=shutil.ignore_patterns("crashed"))
    store.close()
    changed = next(at for at, byte in enumerate(after) if byte != log[at])
    flip_bit(crashed / "voter.db-wal", 8 * (changed + 40))
    with pytest.raises(StorageFault, match="VOTER_OLDER"):
        open_voter(crashed / "voter.db")
