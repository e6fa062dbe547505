"""Elections: whoever stands and whoever sits, the bounds hold; the order of asking is nothing."""

from random import Random
from typing import Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.ledger.modules.election import (
    SEATS_MIN,
    Bar,
    Contender,
    Election,
    elect,
    faults_borne,
    protocol_after,
)
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import COMMITTEE_SIZES

STAKES: Final = st.one_of(st.integers(0, 5), st.integers(0, 10**12))
BARS: Final = st.sampled_from(
    [Bar.NONE] * 6 + [Bar.BOND_SHORT, Bar.OUTDATED, Bar.JAILED, Bar.BANNED]
)


StreetIn: TypeAlias = tuple[list[Contender], list[ShopId]]


@st.composite
def streets(draw: st.DrawFn, least: int = SEATS_MIN) -> StreetIn:
    """All members of a street, and those of them that sit."""
    stakes = draw(st.lists(STAKES, min_size=least, max_size=24))
    members = [
        Contender(ShopId(shop), Amount(stake), draw(BARS)) for shop, stake in enumerate(stakes)
    ]
    shops = [member.shop for member in members]
    old = draw(st.lists(st.sampled_from(shops), min_size=least, max_size=19, unique=True))
    return members, sorted(old)


CAPS: Final = st.integers(1, 4)
MOST: Final = st.integers(COMMITTEE_SIZES[0], COMMITTEE_SIZES[-1])


def _elect(street: StreetIn, cap: int, most: int) -> Election:
    return elect(*street, cap_multiple=cap, seats_max=most)


@pytest.mark.rule("L-13.1")
@given(streets(), CAPS, MOST, st.randoms(use_true_random=False))
def test_the_order_of_asking_changes_nothing(
    street: StreetIn, cap: int, most: int, random: Random
) -> None:
    members, old = street
    shuffled, mixed = list(members), list(old)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    one, other = _elect(street, cap, most), _elect((shuffled, mixed), cap, most)
    assert (one.seats, one.target, one.counted) == (other.seats, other.target, other.counted)
    assert sorted(one.overdue) == sorted(other.overdue)


@pytest.mark.rule("L-13.4")
@given(streets(), CAPS, MOST)
def test_no_more_change_than_may(street: StreetIn, cap: int, most: int) -> None:
    members, old = street
    election = _elect(street, cap, most)
    before, after = set(old), set(election.seats)
    assert len(before - after) <= faults_borne(len(before))
    assert len(after - before) <= faults_borne(len(after))
    assert len(after) >= SEATS_MIN
    assert len(after) <= max(len(before), most)
    assert list(election.seats) == sorted(after)
    eligible = {member.shop for member in members if member.bar is Bar.NONE}
    assert after - before <= eligible, "nobody joins that is no candidate"
    assert after - before <= set(election.target)


@pytest.mark.rule("L-13.5")
@given(streets(), CAPS, MOST)
def test_few_candidates_change_nothing(street: StreetIn, cap: int, most: int) -> None:
    members, old = street
    election = _elect(street, cap, most)
    candidates = sum(member.bar is Bar.NONE for member in members)
    assert election.failed_safe == (candidates < SEATS_MIN)
    if election.failed_safe:
        assert list(election.seats) == old


@pytest.mark.rule("L-13.4")
@given(streets(), CAPS, MOST)
def test_the_worst_leave_first(street: StreetIn, cap: int, most: int) -> None:
    """Nobody leaves while somebody stays whom the target leaves out for a graver reason."""
    members, old = street
    election = _elect(street, cap, most)
    if election.failed_safe:
        return
    bars = {member.shop: member.bar for member in members}
    left = set(old) - set(election.seats)
    assert all(bars[gone] >= bars[kept] for gone in left for kept in election.overdue)
    assert not left & set(election.target)
    assert set(election.overdue) == set(election.seats) - set(election.target)


@pytest.mark.rule("L-13.4")
@given(streets(), CAPS, MOST)
def test_it_comes_to_rest_on_the_target(street: StreetIn, cap: int, most: int) -> None:
    """With nothing else happening, epoch by epoch."""
    members, _ = street
    election = _elect(street, cap, most)
    if election.failed_safe:
        return
    for _ in range(40):
        election = _elect((members, list(election.seats)), cap, most)
    assert set(election.seats) == set(election.target)
    assert election.overdue == ()


@pytest.mark.rule("L-13.1")
@given(streets(), CAPS, MOST)
def test_no_stake_counts_above_the_cap_and_none_below_is_cut(
    street: StreetIn, cap: int, most: int
) -> None:
    members, _ = street
    counted = _elect(street, cap, most).counted
    stakes = {member.shop: member.stake for member in members if member.bar is Bar.NONE}
    assert counted.keys() == stakes.keys()
    if not stakes:
        return
    bound = cap * sorted(stakes.values())[(len(stakes) - 1) // 2]
    assert counted == {shop: min(stake, bound) for shop, stake in stakes.items()}


@pytest.mark.rule("L-13.3")
@given(streets(least=1).filter(lambda street: len(street[0]) < SEATS_MIN), CAPS)
def test_small_streets_seat_everybody_but_the_banned(street: StreetIn, cap: int) -> None:
    members, old = street
    election = _elect(street, cap, 19)
    free = [member.shop for member in members if member.bar is not Bar.BANNED]
    assert list(election.seats) == (free or old)


PROTOCOLS: Final = st.integers(1, 9)


@pytest.mark.rule("L-13.13", "T42")
@given(st.lists(st.lists(PROTOCOLS, min_size=1, max_size=19), max_size=30))
def test_the_protocol_rises_no_higher_than_what_every_seat_speaks(
    epochs: list[list[int]],
) -> None:
    current = 1
    for spoken in epochs:
        following = protocol_after(current, spoken)
        assert following >= current
        assert following == current or all(one >= following for one in spoken)
        assert following >= min(spoken)
        current = following
