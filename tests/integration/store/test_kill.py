"""Real processes on real files: ``kill -9`` loses nothing, and two never share a directory."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from liandao_node.errors import OperatorFault
from liandao_node.store.files import DataDirectory
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.outbox import Outbox
from support.ledgers import CHAIN, state_at
from support.voters import bodies_after, open_voter, state_of

pytestmark = pytest.mark.slow

ROUNDS = 20
TESTS = Path(__file__).parents[2]


def _start(root: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    command = [sys.executable, "-m", "support.store_process", str(root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process ended by itself"
    return line.strip()


def _kill(process: subprocess.Popen[str]) -> list[str]:
    """Kills it; what it had still said."""
    process.kill()
    said, _ = process.communicate()
    # A line that the kill cut in two was not said.
    return said.split("\n")[:-1]


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    random = Random(1)
    promised = {"voter": 0, "ledger": 0, "order": 0}
    for number in range(1, ROUNDS + 1):
        process = _start(tmp_path)
        assert _line(process) == f"ready {2 * number - 1}"
        lines = [_line(process) for _ in range(random.randrange(1, 60))]
        for line in (*lines, *_kill(process)):
            what, value = line.split()
            promised[what] = int(value)
        _check(tmp_path, promised)
    assert min(promised.values()) > ROUNDS


def _check(root: Path, promised: dict[str, int]) -> None:
    """Everything promised is there, and at most the one step that was under way beyond it."""
    with DataDirectory.open(root) as directory:
        voter = open_voter(directory.voter)
        saved = voter.state.promised
        assert promised["voter"] <= saved <= promised["voter"] + 1
        assert voter.state == state_of(saved)
        assert voter.bodies() == bodies_after(saved)
        voter.close()

        ledger = LedgerStore.open(directory.ledger, CHAIN)
        tip = ledger.tip()
        assert tip is not None
        assert tip.seq in (promised["ledger"], promised["ledger"] + 2)
        assert dict(ledger.reader().scan(b"", b"\xff", 100)) == state_at(tip.seq)
        ledger.close()

        outbox = Outbox.open(directory.outbox)
        kept = [int.from_bytes(one.id, "big") for one in outbox.pending()]
        given = outbox.next_orders([1])[0] - 1
        assert outbox.give_back(1, given + 1)
        assert promised["order"] <= len(kept) <= given <= promised["order"] + 1
        if given > len(kept):  # taken, and killed before the sale: the number comes back
            assert outbox.give_back(1, given)
        assert kept == list(range(1, len(kept) + 1))
        outbox.close()
        promised["order"] = len(kept)


def test_a_second_process_is_told_who_has_the_directory(tmp_path: Path) -> None:
    first = _start(tmp_path)
    try:
        assert _line(first) == "ready 1"
        second = _start(tmp_path)
        said, _ = second.communicate()
        assert said == f"refused DATA_IN_USE {first.pid}\n"
        with pytest.raises(OperatorFault, match="DATA_IN_USE"):
            DataDirectory.open(tmp_path)
    finally:
        _kill(first)
    # The lock died with its process.
    DataDirectory.open(tmp_path).close()
