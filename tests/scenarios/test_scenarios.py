"""Plays the ``*.txt`` beside it: commands of `support.street_table` and what they led to.

A scenario is a list of blocks: a command, a line of dashes, its output, an empty line. Lines
that begin with # are for the reader. What a ``expect`` block asks is asked in rewriting, too.
"""

from pathlib import Path

import pytest
from support.scenario_text import play

HERE = Path(__file__).parent
SCENARIOS = sorted(HERE.glob("*.txt"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, rewrite: bool) -> None:
    recorded = path.read_text(encoding="utf-8")
    played = play(recorded)
    if rewrite:
        path.write_text(played, encoding="utf-8")
    else:
        assert played == recorded


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 6


def test_a_changed_output_is_a_failure() -> None:
    text = "cluster 1\n----\nok\n\nsubmit sale\n----\nnothing\n"
    assert play(text) != text


def test_an_expectation_that_does_not_hold_fails_in_rewriting_too() -> None:
    with pytest.raises(AssertionError, match="expect delivered sale"):
        play("cluster 1\n----\n\nexpect delivered sale\n----\n")
