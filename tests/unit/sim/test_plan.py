"""Plans: a seed decides everything, and never more than the street promises to bear."""

from collections import Counter

from liandao_node.sim.happenings import Fate
from liandao_node.sim.liars import SNAPSHOT_LIES
from liandao_node.sim.plan import AT_A_PLACE, WEIGHTS, Happening, Kind, Plan, draw
from liandao_node.sim.shrinking import _resized
from liandao_node.sim.story import Life

PLANS = [draw(seed) for seed in range(300)]


def _unable(plan: Plan) -> set[int]:
    """Places that lie, that lost what they promised, that stay out, or wait for a new key."""
    out = (Kind.DAMAGE, Kind.LOSE_DISK, Kind.NEW_KEY)
    gone = {h.numbers[0] for h in plan.happenings if h.kind in out}
    return gone | {liar.place for liar in plan.liars} | set(plan.twin[:1])


def test_a_seed_has_one_plan() -> None:
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_never_more_than_f_seats_lie_or_are_lost() -> None:
    assert all(len(_unable(plan)) <= plan.faults for plan in PLANS)


def test_where_two_are_at_fault_jail_takes_no_third() -> None:
    """A jailed seat leaves a smaller committee with a smaller f; one liar and one shop that waited
    for its key stood in four seats' way (seed 60001500)."""
    two = [plan for plan in PLANS if len(_unable(plan)) > 1]
    assert any(Kind.NEW_KEY in {h.kind for h in plan.happenings} for plan in two)
    assert all(plan.attendance_blocks_min == 16 for plan in two)


def test_wrong_clocks_count_as_faults() -> None:
    """The median of the street's clocks is an honest one only as long as f are wrong (D-15)."""
    for plan in PLANS:
        wrong = {at for at, wall_ms in enumerate(plan.wall_ms) if abs(wall_ms) > 9_000}
        leapt = {
            happening.numbers[0]
            for happening in plan.happenings
            if happening.kind is Kind.CLOCK and happening.numbers[1] > 1_000
        }
        assert len(wrong | leapt | _unable(plan)) <= plan.faults


def test_each_kind_of_fault_is_in_some_plans_and_missing_in_others() -> None:
    seen: Counter[Kind] = Counter()
    for plan in PLANS:
        seen.update({happening.kind for happening in plan.happenings})
    assert set(seen) == set(Kind)
    assert all(seen[kind] < len(PLANS) * 3 // 4 for kind in WEIGHTS)


def test_blocks_are_dropped_and_keys_change_in_part_of_the_lives() -> None:
    """Where blocks go, epochs are short, shops are away, and liars lie about snapshots, too."""
    pruning = [plan for plan in PLANS if plan.keep_epochs]
    assert len(PLANS) * 0.15 < len(pruning) < len(PLANS) * 0.25
    assert all(any(h.kind is Kind.AWAY for h in plan.happenings) for plan in pruning)
    assert all(plan.keep_epochs >= 2 and plan.epoch_blocks <= 6 for plan in pruning)
    lies = {lie for plan in pruning for liar in plan.liars for lie in liar.lies}
    assert lies >= set(SNAPSHOT_LIES)
    others = [plan for plan in PLANS if not plan.keep_epochs]
    assert not any(set(SNAPSHOT_LIES) & set(liar.lies) for p in others for liar in p.liars)
    renewing = [p for p in PLANS if any(h.kind is Kind.NEW_KEY for h in p.happenings)]
    assert len(PLANS) * 0.08 < len(renewing) < len(PLANS) * 0.25


def test_every_kind_can_be_carried_out_in_a_small_street() -> None:
    """Whatever a plan says, in whatever order; places that are gone are left out."""
    street = Life(draw(3)).street
    fate = Fate(street)
    street.start()
    for kind in Kind:
        numbers = {Kind.SPLIT: [0, 1, 1, 0, 1], Kind.ONE_WAY: [0, 1], Kind.CLOCK: [1, 50]}
        two = (Kind.ISOLATE, Kind.CRASH, Kind.DISK_FULL, Kind.AWAY)
        default = [1, 1] if kind in two else [1]
        fate.strike(Happening(0, kind, numbers.get(kind, default)))
        street.timeline.run(10)


def test_a_smaller_street_has_no_places_beyond_it() -> None:
    for plan in PLANS:
        smaller = _resized(plan, 4)
        assert len(smaller.wall_ms) == smaller.shops == 4
        assert all(
            happening.numbers[0] < 4
            for happening in smaller.happenings
            if happening.kind in AT_A_PLACE
        )
