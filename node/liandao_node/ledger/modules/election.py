"""The election of a committee: a pure function of who stands and who sits (L-13.1 to L-13.5).

It knows neither records nor blocks. One seat has one vote whatever its stake; stake decides
who sits, not how loudly. What bounds a change of committee is that the new one must be able to
trust what it takes over: at most as many leave as the old one could bear to be liars, and at
most as many join as the new one can bear.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import COMMITTEE_SIZES

SEATS_MIN: Final = COMMITTEE_SIZES[0]
"""Fewer seats bear no liar at all."""


class Bar(IntEnum):
    """Why a member is no candidate, the gravest last."""

    NONE = 0
    BOND_SHORT = 1
    OUTDATED = 2
    """Its program is older than the protocol in force (P-12.13)."""
    JAILED = 3
    BANNED = 4
    """Its key is tombstoned or its ban lasts (L-13.2)."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A member of the street as the election sees it."""

    shop: ShopId
    stake: Amount
    """Own bond and what others delegated to it."""
    bar: Bar = Bar.NONE


@dataclass(frozen=True, slots=True)
class Election:
    """Who will sit, and why not others."""

    seats: tuple[ShopId, ...]
    """Rising."""
    counted: dict[ShopId, Amount]
    """Stake of the candidates as it counted."""
    target: tuple[ShopId, ...]
    """Who would sit if nothing bounded the change, by rank."""
    overdue: tuple[ShopId, ...]
    """Seats that are kept only because the change is bounded (L-13.4), rising."""
    failed_safe: bool
    """Too few candidates: the old committee stays as it is (L-13.5)."""


def faults_borne(seats: int) -> int:
    """f of P-1.1; 0 for no seats."""
    return max(0, seats - 1) // 3


def protocol_after(current: int, spoken: Iterable[int]) -> int:
    """What the next committee works by: the highest that all its seats speak, and never a step
    back (L-13.13). ``spoken`` is what each of them speaks."""
    return max(current, min(spoken, default=current))


def counted_stakes(candidates: Sequence[Contender], cap_multiple: int) -> dict[ShopId, Amount]:
    """Each candidate's stake, cut off at a multiple of the lower median (L-13.1)."""
    if not candidates:
        return {}
    stakes = sorted(candidate.stake for candidate in candidates)
    cap = stakes[(len(stakes) - 1) // 2] * cap_multiple
    return {candidate.shop: Amount(min(candidate.stake, cap)) for candidate in candidates}


def elect(
    members: Sequence[Contender], old: Sequence[ShopId], *, cap_multiple: int, seats_max: int
) -> Election:
    """The committee after ``old``, out of all members of the street."""
    candidates = [member for member in members if member.bar is Bar.NONE]
    counted = counted_stakes(candidates, cap_multiple)
    ranked = sorted(counted, key=lambda shop: (-counted[shop], shop))
    if len(members) < SEATS_MIN:
        return _everybody(members, old, counted)
    size = max((n for n in COMMITTEE_SIZES if n <= min(seats_max, len(ranked))), default=0)
    if not size:
        kept = tuple(m.shop for m in members if m.shop in old and m.bar >= Bar.JAILED)
        return Election(tuple(sorted(old)), counted, (), kept, failed_safe=True)
    target = ranked[:size]
    if len(old) < SEATS_MIN:
        # It bears no liar, so there is no f to bound a change by.
        return Election(tuple(sorted(target)), counted, tuple(target), (), failed_safe=False)
    goers = _goers(members, old, target, counted)
    leave, join = _bounded(len(old), len(goers), [s for s in target if s not in old], size)
    gone = set(goers[:leave])
    seats = sorted([shop for shop in old if shop not in gone] + list(join))
    overdue = tuple(sorted(goers[leave:]))
    return Election(tuple(seats), counted, tuple(target), overdue, failed_safe=False)


def _everybody(
    members: Sequence[Contender], old: Sequence[ShopId], counted: dict[ShopId, Amount]
) -> Election:
    """A street of fewer than four shops seats all that are not banned (L-13.3)."""
    seats = tuple(sorted(member.shop for member in members if member.bar is not Bar.BANNED))
    if not seats:
        return Election(tuple(sorted(old)), counted, (), (), failed_safe=True)
    return Election(seats, counted, seats, (), failed_safe=False)


def _goers(
    members: Sequence[Contender],
    old: Sequence[ShopId],
    target: Sequence[ShopId],
    counted: dict[ShopId, Amount],
) -> list[ShopId]:
    """Seats that the target has no room for: the banned first, then the jailed, then by rank
    from below."""
    bars = {member.shop: member.bar for member in members}

    def urgency(shop: ShopId) -> tuple[int, int, int]:
        return (-bars[shop], counted.get(shop, 0), -shop)

    return sorted((shop for shop in old if shop not in target), key=urgency)


def _bounded(
    sitting: int, goers: int, newcomers: Sequence[ShopId], size: int
) -> tuple[int, Sequence[ShopId]]:
    """How many leave and who joins: as many as the bounds allow (L-13.4)."""
    for leave in range(min(goers, faults_borne(sitting)), -1, -1):
        stay = sitting - leave
        for join in range(max(0, min(len(newcomers), size - stay)), -1, -1):
            if join <= faults_borne(stay + join) and stay + join >= SEATS_MIN:
                return leave, newcomers[:join]
    return 0, ()
