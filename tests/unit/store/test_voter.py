"""voter.db keeps what a seat is bound to, and refuses what is not exactly that."""

import shutil
import stat
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from liandao_node.errors import OperatorFault, StorageFault
from liandao_node.store.voter import NEVER_VOTED, VoterStore
from liandao_node.types import ChainId
from support.voters import (
    CHAIN,
    MACHINE,
    SEED,
    bodies_after,
    body_of,
    create_voter,
    open_voter,
    save_number,
    state_of,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "voter.db"


def test_a_new_voter_has_never_voted(path: Path) -> None:
    store = create_voter(path)
    assert store.state == NEVER_VOTED
    assert (store.state.promised, store.state.view) == (-1, -1)
    assert (store.boot, store.seed, store.shop) == (1, SEED, 2)
    assert store.bodies() == []
    store.close()


def test_only_its_owner_may_read_the_key(path: Path) -> None:
    store = create_voter(path)
    for file in path.parent.glob("voter.*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    store.close()


def test_what_was_saved_comes_back(path: Path) -> None:
    store = create_voter(path)
    for number in range(1, 40):
        save_number(store, number)
    store.close()
    again = open_voter(path)
    assert again.state == state_of(39)
    assert again.bodies() == bodies_after(39)
    assert again.seed == SEED
    again.close()


def test_each_boot_has_a_number_of_its_own(path: Path) -> None:
    boots = []
    create_voter(path).close()
    for _ in range(3):
        store = open_voter(path)
        boots.append(store.boot)
        store.close()
    assert boots == [2, 3, 4]


def test_bodies_come_by_height_and_go_up_to_the_safe_one(path: Path) -> None:
    store = create_voter(path)
    store.save(state_of(1), [body_of(9), body_of(7), body_of(8)], 0)
    assert store.bodies() == [body_of(n)[2] for n in (7, 8, 9)]
    store.save(state_of(1), [body_of(8), body_of(10)], 8)
    assert store.bodies() == [body_of(n)[2] for n in (9, 10)]
    store.close()


def test_two_blocks_of_one_height_are_both_kept(path: Path) -> None:
    store = create_voter(path)
    store.save(state_of(1), [(5, b"a" * 32, b"left"), (5, b"b" * 32, b"right")], 0)
    assert store.bodies() == [b"left", b"right"]
    store.close()


def test_a_seat_never_goes_back_on_its_promise(path: Path) -> None:
    store = create_voter(path)
    save_number(store, 5)
    with pytest.raises(AssertionError):
        store.save(replace(state_of(5), promised=4), [], 0)
    with pytest.raises(AssertionError):
        store.save(replace(state_of(5), view=4), [], 0)
    store.save(replace(state_of(5), epoch=1, promised=0, view=0), [], 0)
    store.close()


def test_a_voter_is_never_made_anew_over_an_old_one(path: Path) -> None:
    create_voter(path).close()
    with pytest.raises(OperatorFault, match="VOTER_EXISTS"):
        create_voter(path)


def test_a_voter_that_is_gone_is_not_replaced(path: Path) -> None:
    with pytest.raises(StorageFault, match="VOTER_MISSING"):
        open_voter(path)
    assert not path.exists()


def test_half_a_creation_leaves_no_voter(path: Path) -> None:
    """The file takes its name when it is whole; what a crash left before is thrown away."""
    path.with_name("voter.db.new").write_bytes(b"half of it")
    store = create_voter(path)
    assert store.boot == 1
    store.close()


def test_a_copy_on_another_machine_does_not_vote(path: Path) -> None:
    create_voter(path).close()
    with pytest.raises(OperatorFault, match="VOTER_FOREIGN_MACHINE"):
        VoterStore.open(path, chain_id=CHAIN, machine_id=b"another")
    open_voter(path).close()


def test_a_voter_of_another_street_does_not_vote(path: Path) -> None:
    create_voter(path).close()
    with pytest.raises(OperatorFault, match="VOTER_OTHER_STREET"):
        VoterStore.open(path, chain_id=ChainId(b"\x99" * 32), machine_id=MACHINE)


def test_a_second_opening_is_kept_out(path: Path) -> None:
    store = create_voter(path)
    with pytest.raises(OperatorFault, match="DATA_IN_USE"):
        open_voter(path)
    save_number(store, 1)
    store.close()


def test_an_older_copy_put_back_is_refused(path: Path) -> None:
    """A restored backup would vote again where it has voted already."""
    store = create_voter(path)
    save_number(store, 1)
    store.close()
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    store = open_voter(path)
    save_number(store, 2)
    store.close()
    shutil.copy(backup, path)
    with pytest.raises(StorageFault, match="VOTER_OLDER") as caught:
        open_voter(path)
    assert int(caught.value.facts["saved"]) < int(caught.value.facts["known"])


def test_a_lost_log_is_refused(path: Path, tmp_path: Path) -> None:
    """Somebody tidied the -wal file away after a crash: the last saves were in it."""
    store = create_voter(path)
    for number in range(1, 6):
        save_number(store, number)
    crashed = tmp_path / "crashed"
    shutil.copytree(path.parent, crashed, ignore=shutil.ignore_patterns("crashed"))
    store.close()
    (crashed / "voter.db-wal").unlink()
    with pytest.raises(StorageFault, match="VOTER_OLDER"):
        open_voter(crashed / "voter.db")


@pytest.mark.parametrize("slot", [2, 3, 4])
def test_rows_of_two_saves_do_not_pass_for_one(path: Path, slot: int) -> None:
    store = create_voter(path)
    save_number(store, 20)
    store.close()
    _execute(path, "UPDATE slot SET value = ? WHERE id = ?", (b"of another save", slot))
    with pytest.raises(StorageFault, match="VOTER_DAMAGED"):
        open_voter(path)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM body WHERE seq = 20",
        "UPDATE body SET seq = 21 WHERE seq = 20",
        "UPDATE body SET body = x'00' WHERE seq = 20",
        "INSERT INTO body VALUES (22, x'01', x'02')",
        "INSERT INTO body SELECT * FROM body",
        "DELETE FROM slot WHERE id = 0",
        "DELETE FROM slot WHERE id = 1",
        "UPDATE slot SET value = x'00' WHERE id = 0",
        "UPDATE slot SET value = 7 WHERE id = 1",
        "DROP TABLE body",
        "PRAGMA application_id = 1",
    ],
)
def test_a_record_that_was_not_saved_so_is_refused(path: Path, sql: str) -> None:
    store = create_voter(path)
    save_number(store, 20)
    store.close()
    _execute(path, sql)
    with pytest.raises(StorageFault, match="VOTER_DAMAGED"):
        open_voter(path)


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    create_voter(path).close()
    _execute(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(OperatorFault, match="DATA_NEWER"):
        open_voter(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 500)
    with pytest.raises(StorageFault, match="VOTER_DAMAGED"):
        open_voter(path)


def _execute(path: Path, sql: str, bindings: tuple[bytes | int, ...] = ()) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql, bindings)
    connection.close()
