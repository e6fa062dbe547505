"""Random histories: one seed is one street with faults of its own (docs/protocol.md).

Safety is checked at every step (`support.cluster_checks`); afterwards the street is healed,
its liars go on lying, and it must deliver everything. ``LIANDAO_SEEDS`` says which seeds to
run: a number of them, or ``FIRST:LAST`` as a range.
"""

import os

import pytest
from support.stories import story

DEFAULT_SEEDS = 100


def _seeds() -> range:
    first, colon, last = os.environ.get("LIANDAO_SEEDS", str(DEFAULT_SEEDS)).partition(":")
    return range(int(first), int(last)) if colon else range(int(first))


@pytest.mark.parametrize("seed", _seeds())
def test_no_fork_and_no_standstill(seed: int) -> None:
    story(seed)


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_a_seed_is_one_history(seed: int) -> None:
    assert story(seed).checks.final == story(seed).checks.final
