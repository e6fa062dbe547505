"""Making a failing plan small."""

from pathlib import Path

import pytest
from liandao_node.errors import OperatorFault
from liandao_node.sim import regression
from liandao_node.sim.plan import Kind, Plan, at_fault, draw
from liandao_node.sim.shrinking import halved, shrink


def test_what_does_not_matter_is_left_out() -> None:
    assert halved(range(100), lambda left: {17, 61} <= set(left)) == [17, 61]


def test_nothing_is_left_out_that_matters() -> None:
    assert list(halved([1, 2, 3], lambda left: len(left) == 3)) == [1, 2, 3]


def _two_crashes(plan: Plan) -> bool:
    """Stands for a bug that two crashes of a leader show while one order is under way."""
    crashes = sum(happening.kind is Kind.CRASH_LEADER for happening in plan.happenings)
    return crashes >= 2 and len(plan.trades) >= 1


def test_a_plan_becomes_what_shows_the_failure_and_no_more() -> None:
    plan = next(plan for seed in range(100) if _two_crashes(plan := draw(seed)) and plan.shops > 4)
    small = shrink(plan, _two_crashes)
    assert [happening.kind for happening in small.happenings] == [Kind.CRASH_LEADER] * 2
    assert len(small.trades) == 1
    assert small.shops == 4
    assert small.liars == []
    assert not small.weather.lost


def test_a_smaller_street_bears_what_is_at_fault() -> None:
    """Else the failure of a large street becomes the rightful standstill of a small one."""
    plan = next(plan for seed in range(1_000) if len(at_fault(plan := draw(seed))) == 2)

    def both(candidate: Plan) -> bool:
        return len(at_fault(candidate)) == 2

    assert shrink(plan, both).shops == 7


def test_the_number_of_tries_is_bounded() -> None:
    tries = 0

    def never(_: Plan) -> bool:
        nonlocal tries
        tries += 1
        return False

    assert shrink(draw(1), never, tries_max=20) == draw(1)
    assert tries == 20


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "failures" / "seed-5.json"
    regression.write(path, "it broke", draw(5))
    assert regression.read(path) == regression.Regression("it broke", draw(5))


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"failure": "", "plan": {}}')
    with pytest.raises(OperatorFault, match="SIM_FILE_BAD"):
        regression.read(path)
