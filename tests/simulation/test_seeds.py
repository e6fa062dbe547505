"""Random lives: one seed is one street with faults and liars of its own (docs/protocol.md).

A hundred seeds are always the same, fifty are new in every run; the new ones are printed, and
a failure names its seed: ``liandao sim --seed N`` shows it event by event, ``liandao sim
--seeds 1 --from N`` makes it small.
"""

import os
from pathlib import Path
from random import SystemRandom

import pytest
from liandao_node.sim import fleet, regression
from liandao_node.sim.plan import draw
from liandao_node.sim.story import COMMITS_MIN, live

FIXED = 100
FRESH_TESTS = 10
FRESH_EACH = 5
FRESH_FROM = int(os.environ.get("LIANDAO_FRESH_SEEDS") or SystemRandom().randrange(2**31))
"""The test command draws and prints it; under plain pytest a failure names its seed."""
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.json"))


@pytest.mark.parametrize("seed", range(FIXED))
def test_no_fork_and_no_standstill(seed: int) -> None:
    outcome = live(draw(seed))
    assert not outcome.failure
    assert outcome.commits >= COMMITS_MIN


@pytest.mark.parametrize("part", range(FRESH_TESTS))
def test_no_fork_and_no_standstill_in_lives_never_seen(part: int) -> None:
    first = FRESH_FROM + part * FRESH_EACH
    for seed in range(first, first + FRESH_EACH):
        failure = live(draw(seed)).failure
        assert not failure, f"seed {seed}: {failure}"


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_what_was_broken_once_is_not_broken_again(path: Path) -> None:
    assert not live(regression.read(path).plan).failure


def test_there_are_regressions() -> None:
    assert REGRESSIONS


def test_a_seed_is_one_life_in_every_process() -> None:
    """Two interpreters order their sets differently; a life must not notice."""
    summary = fleet.run([0, 50, 100], jobs=1)
    assert (summary.seeds, summary.twice, summary.failed) == (3, 3, {})


def test_lives_have_what_they_are_for() -> None:
    """Faults of every kind, liars in half of the seeds, view changes, hand-overs."""
    plans = [draw(seed) for seed in range(500)]
    lying = sum(bool(plan.liars or plan.twin) for plan in plans)
    assert 200 <= lying <= 300
    assert {plan.shops for plan in plans} >= {4, 5, 6, 7, 10, 13}
    assert all(len(plan.liars) + bool(plan.twin) <= plan.faults for plan in plans)
