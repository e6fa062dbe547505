"""Twins: a fixed part of the enumeration that ``liandao sim --twins`` makes in full."""

import pytest
from liandao_node.sim.twins import bugs
from liandao_node.sim.twins.bugs import take
from liandao_node.sim.twins.census import Census, Cut, Scope, splits

SEATS = range(4)


def test_five_instances_can_be_split_in_sixteen_ways() -> None:
    assert len(set(splits())) == 16
    assert all(not split & 1 for split in splits()), "one of the sides is named by the first"


@pytest.mark.rule("P-6.7", "T15")
@pytest.mark.parametrize("twin", SEATS)
def test_all_splits_of_two_views_lead_to_no_fork_though_twins_live_on(twin: int) -> None:
    """256 scenarios each."""
    count = take(Scope(twin, 2), live_on=True)
    assert count.broken == ""
    assert count.scenarios == 16**2
    assert count.halted == 0
    assert count.final > 0


@pytest.mark.rule("P-6.7", "T15")
def test_twins_that_see_each_other_stop() -> None:
    count = take(Scope(0, 2), live_on=False)
    assert count.broken == ""
    assert count.scenarios == 16**2
    assert count.halted > 0


def test_messages_that_come_after_a_promise_lead_to_no_fork() -> None:
    """256 scenarios."""
    count = take(Scope(1, 2, cut=Cut.LATE), live_on=True)
    assert (count.broken, count.scenarios) == ("", 16**2)


@pytest.mark.parametrize("cut", Cut)
def test_worlds_that_are_taken_for_one_end_alike(cut: Cut) -> None:
    """256 scenarios, each played by itself: as many end at the same heights as by the census."""
    scope = Scope(1, 2, cut=cut)
    merged, alone = Census(scope).take(), Census(scope, merge=False).take()
    assert alone.rounds == 16 + 16**2
    assert merged.rounds < alone.rounds
    assert (merged.scenarios, merged.ends) == (alone.scenarios, alone.ends)


@pytest.mark.rule("P-1.2", "T1")
def test_quorums_that_are_too_small_are_found() -> None:
    (bug,) = [bug for bug in bugs.BUGS if bug.plant is bugs.quorums_of_f_plus_1]
    assert "fork" in bugs.search(bug).broken


@pytest.mark.rule("P-5.7", "T6")
def test_a_base_that_is_not_the_greatest_lock_is_found() -> None:
    (bug,) = [bug for bug in bugs.BUGS if bug.name == "base-of-the-first-promise"]
    count = bugs.search(bug)
    assert count.broken
    assert count.broken.count("|") >= 1, "it says which splits lead there"
