"""Makes a failing plan small: whatever can be left out without losing the failure, is.

First whole kinds of fault, then halves, quarters, ... of the happenings and trades (delta
debugging), then the bad weather, the liars' habits and the size of the street.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from liandao_node.sim.network import CALM
from liandao_node.sim.plan import AT_A_PLACE, Kind, LiarPlan, Plan, at_fault

T = TypeVar("T")

Fails = Callable[[Plan], bool]


def shrink(plan: Plan, fails: Fails, tries_max: int = 300) -> Plan:
    """The smallest plan found that ``fails`` still holds for, after at most so many tries."""
    tries = 0

    def still(candidate: Plan) -> bool:
        nonlocal tries
        tries += 1
        return tries <= tries_max and fails(candidate)

    while tries < tries_max:
        before = plan
        for candidates in (_without_kinds, _calmer, _shorter, _fewer_lies, _fewer_shops):
            plan = candidates(plan, still)
        if plan == before:
            break
    return plan


def _first(plan: Plan, still: Fails, candidates: Iterator[Plan]) -> Plan:
    """Takes over, one after the other, each change that keeps the failure."""
    for candidate in candidates:
        if candidate != plan and still(candidate):
            return candidate
    return plan


def _without_kinds(plan: Plan, still: Fails) -> Plan:
    for kind in sorted({happening.kind for happening in plan.happenings}):
        left = [happening for happening in plan.happenings if happening.kind is not kind]
        plan = _first(plan, still, iter([replace(plan, happenings=left)]))
    return plan


def _shorter(plan: Plan, still: Fails) -> Plan:
    happenings = halved(plan.happenings, lambda left: still(replace(plan, happenings=list(left))))
    plan = replace(plan, happenings=list(happenings))
    trades = halved(plan.trades, lambda left: still(replace(plan, trades=list(left))))
    return replace(plan, trades=list(trades))


def halved(items: Sequence[T], still: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Leaves out pieces, large ones first, as long as ``still`` holds for the rest."""
    size = (len(items) + 1) // 2
    while size and items:
        at = 0
        while at < len(items):
            rest = [*items[:at], *items[at + size :]]
            if still(rest):
                items = rest
            else:
                at += size
        size = size // 2 if size > 1 else 0
    return items


def _calmer(plan: Plan, still: Fails) -> Plan:
    for simpler in _SIMPLER:
        plan = _first(plan, still, iter([simpler(plan)]))
    return plan


def _waits_for_epochs(plan: Plan) -> bool:
    """New keys count from the next epoch on; one without an end would be another failure."""
    return any(happening.kind is Kind.NEW_KEY for happening in plan.happenings)


_SIMPLER: tuple[Callable[[Plan], Plan], ...] = (
    lambda plan: replace(plan, weather=CALM),
    lambda plan: replace(plan, weather=replace(plan.weather, lost=0.0)),
    lambda plan: replace(plan, weather=replace(plan.weather, late=0.0)),
    lambda plan: replace(plan, weather=replace(plan.weather, repeated=0.0)),
    lambda plan: replace(plan, weather=replace(plan.weather, delay_ms_max=CALM.delay_ms_max)),
    lambda plan: replace(plan, wall_ms=[0] * plan.shops),
    lambda plan: replace(plan, wire=False),
    lambda plan: replace(plan, real_keys=False),
    lambda plan: replace(plan, eager_blocks=1),
    lambda plan: replace(plan, write_ms_max=1),
    lambda plan: replace(plan, ledger_ms_max=5),
    lambda plan: replace(plan, before_midnight_ms=86_400_000),
    lambda plan: replace(plan, keep_epochs=0),
    lambda plan: plan if _waits_for_epochs(plan) else replace(plan, epoch_blocks=1_000),
    lambda plan: replace(plan, twin=[]),
)


def _fewer_lies(plan: Plan, still: Fails) -> Plan:
    for liar in plan.liars:
        rest = [other for other in plan.liars if other.place != liar.place]
        plan = _first(plan, still, iter([replace(plan, liars=rest)]))
        for lie in liar.lies:
            liars = [
                LiarPlan(other.place, [kept for kept in other.lies if kept is not lie])
                if other.place == liar.place
                else other
                for other in plan.liars
            ]
            plan = _first(plan, still, iter([replace(plan, liars=liars)]))
    return plan


def _fewer_shops(plan: Plan, still: Fails) -> Plan:
    """As long as no more are at fault than it bears: such a street stands still by right."""
    smaller = (_resized(plan, size) for size in range(4, plan.shops))
    return _first(plan, still, (less for less in smaller if len(at_fault(less)) <= less.faults))


def _resized(plan: Plan, shops: int) -> Plan:
    """The same life in a smaller street, with what happens to places that are still there."""
    twin = [place for place in plan.twin if place < shops]
    return replace(
        plan,
        shops=shops,
        seated=min(plan.seated, shops),
        wall_ms=plan.wall_ms[:shops],
        liars=[liar for liar in plan.liars if liar.place < shops],
        twin=twin if twin[:1] == plan.twin[:1] and len(twin) > 1 else [],
        happenings=[
            happening
            for happening in plan.happenings
            if happening.kind not in AT_A_PLACE or happening.numbers[0] < shops
        ],
    )
