"""Quorum arithmetic and the committee (docs/protocol.md section 1)."""

from itertools import combinations

import pytest
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.quorum import faults_tolerated, quorum_size
from liandao_node.types import Epoch, PublicKey, ShopId, View
from support.consensus_forms import committee_of, signer

SIZES = range(1, 23)


def _smallest_safe_quorum(seats: int, liars: int) -> int:
    """By trial: the smallest size of which any two quorums share more seats than can lie."""
    return next(q for q in range(1, 2 * seats + 2) if 2 * q - seats > liars)


@pytest.mark.rule("P-1.1")
@pytest.mark.parametrize("seats", SIZES)
def test_f_is_the_most_liars_that_leave_a_live_and_safe_street(seats: int) -> None:
    """T1. With one liar more, the honest could not make a safe quorum alone."""
    f = faults_tolerated(seats)
    assert seats - f >= _smallest_safe_quorum(seats, f)
    assert seats - (f + 1) < _smallest_safe_quorum(seats, f + 1)


@pytest.mark.rule("P-1.2")
@pytest.mark.parametrize("seats", SIZES)
def test_two_quorums_share_an_honest_seat_and_no_smaller_ones_would(seats: int) -> None:
    """T1, with 5, 6, 8 and 9 seats, where 2f+1 is too few."""
    f, quorum = faults_tolerated(seats), quorum_size(seats)
    assert quorum == _smallest_safe_quorum(seats, f)
    assert quorum <= seats - f


@pytest.mark.parametrize("seats", range(1, 10))
def test_the_counting_agrees_with_all_pairs_of_quorums(seats: int) -> None:
    """T1 again, by drawing every pair."""
    f = faults_tolerated(seats)
    quorums = [set(q) for q in combinations(range(seats), quorum_size(seats))]
    assert all(len(quorums[0] & other) > f for other in quorums)
    smaller = [set(q) for q in combinations(range(seats), quorum_size(seats) - 1)]
    assert any(len(a & b) <= f for a in smaller for b in smaller)


def test_known_sizes() -> None:
    sizes = {seats: (faults_tolerated(seats), quorum_size(seats)) for seats in SIZES}
    assert [sizes[n] for n in (1, 2, 3, 4)] == [(0, 1), (0, 2), (0, 2), (1, 3)]
    assert [sizes[n] for n in (5, 6, 7, 8, 9, 10)] == [
        (1, 4),
        (1, 4),
        (2, 5),
        (2, 6),
        (2, 6),
        (3, 7),
    ]
    assert sizes[19] == (6, 13)


@pytest.mark.rule("P-1.3")
def test_a_seat_has_one_vote_and_a_place_by_shop_number() -> None:
    keys = [(ShopId(shop), signer(shop).public_key) for shop in (7, 2, 5)]
    committee = Committee.of(keys)
    assert [committee.position(ShopId(shop)) for shop in (2, 5, 7)] == [0, 1, 2]
    assert ShopId(3) not in committee
    with pytest.raises(AssertionError):
        Committee.of([(ShopId(1), PublicKey(b"k" * 32)), (ShopId(2), PublicKey(b"k" * 32))])


@pytest.mark.rule("P-1.4")
def test_seats_lead_in_turn_one_view_each() -> None:
    committee = committee_of(4)
    assert [committee.leader(View(view)) for view in range(9)] == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert committee.epoch == Epoch(0)
