"""Who is elected: stake, cap, target, bounds of a change, fail-safe."""

from collections.abc import Sequence

import pytest
from liandao_node.ledger.modules.election import (
    Bar,
    Contender,
    Election,
    counted_stakes,
    elect,
    faults_borne,
)
from liandao_node.types import Amount, ShopId

BARS = {
    "-": Bar.NONE,
    "s": Bar.BOND_SHORT,
    "o": Bar.OUTDATED,
    "j": Bar.JAILED,
    "b": Bar.BANNED,
}


def _members(stakes: Sequence[int], bars: str = "") -> list[Contender]:
    bars = bars.ljust(len(stakes), "-")
    return [
        Contender(ShopId(shop), Amount(stake), BARS[bar])
        for shop, (stake, bar) in enumerate(zip(stakes, bars, strict=True))
    ]


def _elect(
    stakes: Sequence[int], old: Sequence[int], bars: str = "", seats_max: int = 19, cap: int = 2
) -> Election:
    sitting = [ShopId(shop) for shop in old]
    return elect(_members(stakes, bars), sitting, cap_multiple=cap, seats_max=seats_max)


@pytest.mark.rule("L-13.1")
@pytest.mark.parametrize(
    ("stakes", "cap", "counted"),
    [
        ([100, 300, 5_000], 2, [100, 300, 600]),
        ([100, 200, 300, 5_000], 2, [100, 200, 300, 400]),
        ([7, 7, 7], 1, [7, 7, 7]),
        ([1, 2, 9], 1, [1, 2, 2]),
        ([0, 0, 9], 2, [0, 0, 0]),
        ([], 2, []),
    ],
)
def test_stake_counts_up_to_a_multiple_of_the_median(
    stakes: list[int], cap: int, counted: list[int]
) -> None:
    assert list(counted_stakes(_members(stakes), cap).values()) == counted


@pytest.mark.rule("L-13.1")
@pytest.mark.parametrize(
    ("candidates", "seats_max", "size"),
    [(4, 19, 4), (6, 19, 4), (7, 19, 7), (12, 19, 10), (12, 9, 7), (13, 19, 13), (40, 19, 19)],
)
def test_the_target_has_a_size_that_wastes_no_seat(
    candidates: int, seats_max: int, size: int
) -> None:
    assert len(_elect([5] * candidates, [0, 1, 2, 3], seats_max=seats_max).target) == size


@pytest.mark.rule("L-13.1")
def test_greater_stake_first_then_the_lower_number() -> None:
    assert _elect([5, 9, 5, 9, 5], [0, 1, 2, 3]).target == (1, 3, 0, 2)


@pytest.mark.rule("L-13.1")
def test_above_the_cap_stake_buys_no_rank() -> None:
    assert _elect([20, 10, 10, 10, 900], [0, 1, 2, 3]).target[:2] == (0, 4)


@pytest.mark.rule("L-13.3")
@pytest.mark.parametrize(
    ("bars", "seats"),
    [("---", (0, 1, 2)), ("b--", (1, 2)), ("bb-", (2,)), ("sjs", (0, 1, 2)), ("bbb", (0, 1))],
)
def test_a_small_street_seats_all_that_are_not_banned(bars: str, seats: tuple[int, ...]) -> None:
    election = _elect([5, 5, 5], [0, 1], bars)
    assert election.seats == seats
    assert election.failed_safe is (bars == "bbb")


def test_one_shop_is_a_street() -> None:
    assert _elect([0], [0], "s").seats == (0,)


@pytest.mark.rule("L-13.4")
@pytest.mark.parametrize(
    ("stakes", "old", "bars", "seats"),
    [
        # one of four leaves at a time, the lowest first; of equals the higher number
        ([1, 1, 3, 4, 5, 6], [0, 1, 2, 3], "", (0, 2, 3, 5)),
        # the banned leave before the jailed, the jailed before the poor
        ([9, 1, 9, 9, 9, 9], [0, 1, 2, 3], "b-j", (1, 2, 3, 4)),
        ([9, 1, 9, 9, 9, 9], [0, 1, 2, 3], "--j", (0, 1, 3, 4)),
        # the jailed before those with too old a program, these before the poor
        ([9, 1, 9, 9, 9, 9], [0, 1, 2, 3], "o-j", (0, 1, 3, 4)),
        ([9, 1, 9, 9, 9, 9], [0, 1, 2, 3], "o-s", (1, 2, 3, 4)),
        # growth by one, as long as another seat would be one too many to trust
        ([5] * 7, [0, 1, 2, 3], "", (0, 1, 2, 3, 4)),
        ([5] * 7, [0, 1, 2, 3, 4], "", tuple(range(7))),
        ([5] * 7, [1, 2, 3, 4, 5, 6], "", tuple(range(7))),
        # from seven to ten three may join at once
        ([5] * 10, list(range(7)), "", tuple(range(10))),
        # shrinking: two of seven, then one
        ([5] * 7, list(range(7)), "sssssss"[:3], (0, 3, 4, 5, 6)),
        ([5] * 7, [0, 3, 4, 5, 6], "sss", (3, 4, 5, 6)),
        # two out, two in
        ([1, 1, 5, 5, 5, 5, 5, 9, 9], list(range(7)), "", tuple(range(2, 9))),
    ],
)
def test_at_most_f_leave_and_at_most_f_join(
    stakes: list[int], old: list[int], bars: str, seats: tuple[int, ...]
) -> None:
    assert _elect(stakes, old, bars).seats == seats


@pytest.mark.rule("L-13.4")
def test_a_banned_seat_that_cannot_be_spared_stays_and_is_told_of() -> None:
    """Two of seven may leave; three are banned."""
    election = _elect([5] * 8, list(range(7)), "bbb")
    assert election.seats == (0, 3, 4, 5, 6)
    assert election.overdue == (0,)


@pytest.mark.rule("L-13.4")
def test_a_committee_below_four_seats_is_replaced_at_once() -> None:
    assert _elect([5, 6, 7, 8, 9], [0, 1, 2]).seats == (1, 2, 3, 4)


@pytest.mark.rule("L-13.5")
@pytest.mark.parametrize("bars", ["b", "bbbb", "jsb", "ssss"])
def test_with_fewer_than_four_candidates_the_committee_stays(bars: str) -> None:
    election = _elect([5, 5, 5, 5], [0, 1, 2, 3], bars)
    assert election.seats == (0, 1, 2, 3)
    assert election.failed_safe
    kept = [shop for shop, bar in enumerate(bars) if bar in "bj"]
    assert list(election.overdue) == kept


def test_faults_borne_is_the_consensus_f() -> None:
    assert [faults_borne(n) for n in (0, 1, 3, 4, 6, 7, 10, 19)] == [0, 0, 0, 1, 1, 2, 3, 6]
