"""An old voting record goes out of use whole, and is still there."""

from pathlib import Path

import pytest
from liandao_node.store import voter_aside
from liandao_node.store.voter import NEVER_VOTED
from liandao_node.store.voter_aside import put_aside
from support.voters import create_voter, open_voter, save_number

STAMP = "20260301T080000Z"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_all_files_of_a_record_go_together_and_nothing_is_lost(tmp_path: Path) -> None:
    store = create_voter(tmp_path / "voter.db")
    save_number(store, 1)
    before = _bytes(tmp_path)  # as kill -9 leaves it: with a log
    store.close()
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    assert {"voter.db", "voter.db-wal", "voter.mark"} <= set(before)
    (tmp_path / "ledger.db").write_bytes(b"stays")
    folder = put_aside(tmp_path, STAMP)
    assert folder is not None
    assert STAMP in folder.name
    assert _bytes(folder) == before
    assert _bytes(tmp_path) == {"ledger.db": b"stays"}


def test_no_log_and_no_mark_of_the_old_record_reaches_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "voter.db"
    old = create_voter(path)
    for number in range(1, 9):
        save_number(old, number)
    log = (tmp_path / "voter.db-wal").read_bytes()
    old.close()
    (tmp_path / "voter.db-wal").write_bytes(log)
    put_aside(tmp_path, STAMP)
    create_voter(path).close()
    store = open_voter(path)
    assert store.state == NEVER_VOTED
    assert store.bodies() == []
    store.close()


def test_what_a_power_cut_left_half_moved_goes_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record itself goes first: without it nobody votes; without its log somebody might."""
    for name in ("voter.db", "voter.db-wal", "voter.mark", "voter.db.new"):
        (tmp_path / name).write_bytes(name.encode())

    def cut(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(voter_aside, "sync_directory", cut)
        with pytest.raises(KeyboardInterrupt):
            put_aside(tmp_path, STAMP)
    assert not (tmp_path / "voter.db").exists()
    assert (tmp_path / "voter.db-wal").exists()
    second = put_aside(tmp_path, STAMP)
    assert second is not None
    assert not list(tmp_path.glob("voter.*"))
    kept = [path.name for path in tmp_path.rglob("voter.*")]
    assert sorted(kept) == ["voter.db", "voter.db-wal", "voter.db.new", "voter.mark"]


def test_where_there_is_nothing_nothing_is_made(tmp_path: Path) -> None:
    assert put_aside(tmp_path, STAMP) is None
    assert list(tmp_path.iterdir()) == []
