"""One data directory, one process."""

import os
import stat
from pathlib import Path

import pytest
from liandao_node.errors import OperatorFault
from liandao_node.store.files import DataDirectory


def test_the_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    root = tmp_path / "street" / "shop"
    with DataDirectory.open(root) as data:
        assert stat.S_IMODE(root.stat().st_mode) == 0o700
        assert data.voter.parent == root
        names = [p.name for p in (data.voter, data.ledger, data.outbox, data.traffic)]
        assert len(set(names)) == 4


def test_a_second_node_is_told_who_is_there(tmp_path: Path) -> None:
    with DataDirectory.open(tmp_path), pytest.raises(OperatorFault) as caught:
        DataDirectory.open(tmp_path)
    assert caught.value.code == "DATA_IN_USE"
    assert caught.value.facts == {"path": str(tmp_path), "pid": os.getpid()}


def test_a_refused_node_does_not_open_the_door(tmp_path: Path) -> None:
    with DataDirectory.open(tmp_path):
        for _ in range(2):
            with pytest.raises(OperatorFault, match="DATA_IN_USE"):
                DataDirectory.open(tmp_path)


def test_after_closing_the_next_may_come(tmp_path: Path) -> None:
    DataDirectory.open(tmp_path).close()
    DataDirectory.open(tmp_path).close()


def test_a_lock_file_left_behind_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "node.lock").write_text("12345\n")
    with DataDirectory.open(tmp_path):
        assert (tmp_path / "node.lock").read_text() == f"{os.getpid()}\n"


def test_a_place_that_is_no_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorFault, match="DATA_UNREACHABLE"):
        DataDirectory.open(tmp_path / "file")
