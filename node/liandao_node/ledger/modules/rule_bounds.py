"""What a vote may change, and how far (L-19.4 to L-19.6).

A value that a genesis file may not have no vote gives. Some rules that a file may choose freely
hold promises to those who look from outside, or keep the committee able to work: those bounds are
here, one by one. Whether a module exists or is any good nobody can see from its name, so this
module judges the list of modules as a list.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.module_api import refuse
from liandao_node.ledger.modules import stake_books
from liandao_node.ledger.modules.rule_calls import TAKEN_OUT, NewValue, NewVersion, RuleRefusal
from liandao_node.ledger.rulebook import FIELDS, NAME, ModuleVersion, editions, rules_of
from liandao_node.ledger.state import View
from liandao_node.wire.genesis import Rules, rules_complaint

FIXED: Final = frozenset({"unbonding_epochs"})
"""How long stake stays liable was promised to whoever trusts a committee from outside, and to
who took stake away: no vote shortens the one or lengthens the other."""
FLOORS: Final = ("epoch_blocks", "slash_bps")
"""Never below the genesis file: liability is counted in epochs, and a punishment that is made
less between the lie and its proof is none."""


def changed(view: View, before: Rules, values: Sequence[NewValue]) -> Rules:
    """The rules with these values. Raises Refused: `CHANGE_EMPTY`, `RULE_UNKNOWN`,
    `RULE_FIXED`, `RULE_OUT_OF_BOUNDS`."""
    names = [new.name for new in values]
    for name in names:
        if name not in FIELDS:  # also the currency and whatever else no vote is about (L-19.2)
            raise refuse(RuleRefusal.RULE_UNKNOWN, name=name)
        if name in FIXED:
            raise refuse(RuleRefusal.RULE_FIXED, name=name)
    after = replace(before, **{new.name: new.value for new in values})
    if len(set(names)) != len(names) or after == before:
        raise refuse(RuleRefusal.CHANGE_EMPTY)
    complaint = rules_complaint(after) or _danger(view, after, set(names))
    if complaint:
        raise refuse(RuleRefusal.RULE_OUT_OF_BOUNDS, detail=complaint)
    return after


def _danger(view: View, after: Rules, names: set[str]) -> str:
    """What a vote may not do although a genesis file may."""
    founding = editions.get(view, 1)
    assert founding is not None, "the first edition is kept"
    first = rules_of(founding)
    for name in FLOORS:
        if name in names and getattr(after, name) < getattr(first, name):
            return f"{name} is not below {getattr(first, name)}, that of the genesis file"
    pair = {"epoch_blocks", "attendance_blocks_min"}
    if names & pair and after.attendance_blocks_min > after.epoch_blocks:
        return "attendance_blocks_min is not above epoch_blocks, or no absence would ever count"
    if "self_bond_min" in names and (poorest := _poorest_seat(view)) < after.self_bond_min:
        return f"self_bond_min is not above {poorest}, the least own bond of a seat"
    return ""


def _poorest_seat(view: View) -> int:
    seats = stake_books.committee_of(view).seats
    return min(stake_books.bond_of(view, seat.shop).own for seat in seats)


def modules_after(
    view: View,
    before: Sequence[ModuleVersion],
    changes: Sequence[NewVersion],
    retired: Sequence[ModuleVersion],
) -> list[ModuleVersion]:
    """The modules with these changes: raised ones where they were, new ones behind.

    Raises Refused `CHANGE_EMPTY`, `MODULE_CHANGE_BAD`.
    """
    if len({new.name for new in changes}) != len(changes):
        raise refuse(RuleRefusal.CHANGE_EMPTY)
    founding = editions.get(view, 1)
    assert founding is not None
    founders = {one.name for one in founding.modules}
    versions = {one.name: one.version for one in before}
    last = {one.name: one.version for one in retired}
    for new in changes:
        _check(new, versions.get(new.name), last.get(new.name, TAKEN_OUT), founders)
        versions[new.name] = new.version
    return [ModuleVersion(*one) for one in versions.items() if one[1] != TAKEN_OUT]


def _check(new: NewVersion, present: int | None, last: int, founders: Iterable[str]) -> None:
    if new.name == NAME:
        why = "the rulebook itself changes with the program alone"
    elif new.version == TAKEN_OUT and present is None:
        why = "the street has no such module"
    elif new.version == TAKEN_OUT and new.name in founders:
        why = "what the street was founded with stays"
    elif new.version != TAKEN_OUT and present is not None and new.version <= present:
        why = f"version {present} is in force"
    elif new.version != TAKEN_OUT and new.version < last:
        why = f"its records are of version {last}"
    else:
        return
    raise refuse(RuleRefusal.MODULE_CHANGE_BAD, module=new.name, reason=why)
