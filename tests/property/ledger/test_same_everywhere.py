"""The same history gives the same bytes: in another process, with another hash seed (I10)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from liandao_node.ledger import queries
from support.ledger_story import tell

TESTS = Path(__file__).resolve().parents[2]
TIP = "01f9b12a727dc7ff6558a47096bb5a99cfaab8ce6e192c86ffa6ba50ca82301b"
"""Another value here is another ledger: a street in use could not take the change in."""


def _told_elsewhere(hash_seed: str) -> str:
    command = "from support.ledger_story import tell; print(tell().ledger.tip.hash.hex())"
    done = subprocess.run(
        [sys.executable, "-c", command],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.rule("L-3.2")
@pytest.mark.rule("L-8.1")
@pytest.mark.parametrize("hash_seed", ["0", "1", "4294967295"])
def test_hash_seed_changes_nothing(hash_seed: str) -> None:
    assert _told_elsewhere(hash_seed) == TIP


def test_the_story_is_worth_telling() -> None:
    street = tell()
    assert street.ledger.tip.hash.hex() == TIP
    view = street.ledger.view()
    totals = queries.points_totals(view)
    gone = totals.redeemed + totals.expired + totals.clawed
    assert totals.issued + totals.returned == gone + totals.live
    assert min(totals.redeemed, totals.expired, totals.clawed, totals.returned, totals.live) > 0
    assert len(queries.obligations(view)) >= 3
    assert street.ledger.machine.invariants(view) == []
