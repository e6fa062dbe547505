"""Stake behind other seats: at once, liable for the seat it left, one hop at a time."""

import pytest
from liandao_node.ledger import stake_queries
from liandao_node.ledger.modules.stake_calls import (
    Delegate,
    Redelegate,
    StakeMoved,
    Undelegate,
    Withdraw,
)
from liandao_node.ledger.modules.stake_evidence import slash
from liandao_node.ledger.state import View
from liandao_node.limits import STAKE_MOVES_PER_SHOP_MAX
from liandao_node.types import Amount, Epoch, ShopId
from support.stake_street import UNBONDING, StakeStreet

A, B, C, D, E, F = (ShopId(n) for n in range(6))
TEN_PERCENT = 1_000


@pytest.fixture
def street() -> StakeStreet:
    """A to D sit, E and F have no seat."""
    return StakeStreet([10_000, 9_000, 8_000, 7_000, 1_000, 1_000])


def _slash(street: StakeStreet, seat: ShopId, epoch: int) -> View:
    """The state after a punishment that is not committed."""
    view = street.ledger.view()
    slash(view, seat, Epoch(epoch), TEN_PERCENT)
    assert street.ledger.machine.invariants(view) == []
    return view


def _slashed(street: StakeStreet, seat: ShopId, epoch: int, shop: ShopId) -> int:
    """What a punishment of ``seat`` would take from ``shop``."""
    view = _slash(street, seat, epoch)
    return stake_queries.stakes(view, street.rules)[shop].bond.slashed


@pytest.mark.rule("L-4.6")
def test_delegated_stake_backs_a_candidate_at_once(street: StakeStreet) -> None:
    answer = street.call(E, Delegate(A, Amount(400))).answer
    assert answer == StakeMoved(Amount(600), Epoch(0)), "E never sat, so nothing is liable"
    assert street.backing(A) == 400
    assert (street.bond(E).own, street.bond(E).delegated) == (600, 400)


@pytest.mark.rule("L-4.6")
@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Delegate(E, Amount(1)), "DELEGATION_TO_SELF"),
        (Delegate(ShopId(6), Amount(1)), "CANDIDATE_UNKNOWN"),
        (Delegate(A, Amount(1_001)), "BOND_SHORT"),
        (Undelegate(A, Amount(1)), "DELEGATION_SHORT"),
        (Redelegate(A, B, Amount(1)), "DELEGATION_SHORT"),
        (Redelegate(A, A, Amount(1)), "DELEGATION_TO_SELF"),
        (Redelegate(A, E, Amount(1)), "DELEGATION_TO_SELF"),
        (Redelegate(A, ShopId(6), Amount(1)), "CANDIDATE_UNKNOWN"),
    ],
)
def test_what_cannot_be_moved_is_refused(
    street: StakeStreet, call: Delegate | Undelegate | Redelegate, code: str
) -> None:
    before = street.ledger.tip.accumulator
    assert street.call(E, call).code == code
    assert street.bond(E).moves == 0
    assert street.ledger.tip.accumulator != before, "the nonce is taken"


@pytest.mark.rule("L-4.7")
def test_undelegated_stake_comes_back_when_no_evidence_reaches_it(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.turn()
    answer = street.call(E, Undelegate(A, Amount(300))).answer
    assert answer == StakeMoved(Amount(600), Epoch(1 + UNBONDING))
    assert street.backing(A) == 100
    street.turn(UNBONDING)
    assert (street.bond(E).own, street.bond(E).leaving) == (600, 300)
    street.turn()
    assert (street.bond(E).own, street.bond(E).leaving, street.bond(E).moves) == (900, 0, 0)


@pytest.mark.rule("L-4.9")
def test_stake_that_left_is_slashed_for_what_the_seat_did_before(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.turn(2)
    street.call(E, Undelegate(A, Amount(400)))
    street.turn()
    assert [_slashed(street, A, epoch, E) for epoch in (1, 2, 3)] == [40, 40, 0]


@pytest.mark.rule("L-4.9")
def test_bond_that_leaves_the_street_is_still_slashed(street: StakeStreet) -> None:
    street.turn()
    street.call(A, Withdraw(Amount(6_000)))
    street.turn()
    assert _slashed(street, A, 1, A) == 1_000, "of what is left and of what is leaving"
    assert _slashed(street, A, 2, A) == 400, "of what is left"


@pytest.mark.rule("L-4.8")
def test_a_seat_cannot_save_its_bond_by_delegating_it(street: StakeStreet) -> None:
    street.call(A, Delegate(B, Amount(10_000)))
    assert _slashed(street, A, 0, A) == 1_000
    assert _slashed(street, B, 0, A) == 1_000, "it stands behind B, too"
    street.turn(UNBONDING + 1)
    assert _slashed(street, A, 0, A) == 0
    assert street.bond(A).moves == 0


@pytest.mark.rule("L-4.8")
def test_redelegated_stake_stays_liable_for_the_seat_it_left(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.turn()
    answer = street.call(E, Redelegate(A, B, Amount(400))).answer
    assert answer == StakeMoved(Amount(600), Epoch(1 + UNBONDING))
    assert (street.backing(A), street.backing(B)) == (0, 400)
    street.turn()
    assert [_slashed(street, A, epoch, E) for epoch in (0, 1, 2)] == [40, 40, 0]
    view = _slash(street, A, 1)
    assert stake_queries.stakes(view, street.rules)[B].backing == 360


@pytest.mark.rule("L-4.8")
def test_liability_has_one_hop(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.call(E, Redelegate(A, B, Amount(400)))
    assert street.call(E, Redelegate(B, C, Amount(1))).code == "MOVED_LATELY"
    street.turn(UNBONDING)
    assert street.call(E, Redelegate(B, C, Amount(1))).code == "MOVED_LATELY"
    street.turn()
    assert street.call(E, Redelegate(B, C, Amount(400))).code == "OK"


@pytest.mark.rule("L-4.8")
def test_stake_moves_freely_between_shops_without_a_seat(street: StakeStreet) -> None:
    street.call(E, Delegate(F, Amount(400)))
    for there, to in ((F, A), (A, B)):
        assert street.call(E, Redelegate(there, to, Amount(400))).code == "OK"
    assert street.bond(E).moves == 1, "A sits, so what left it is liable"


@pytest.mark.rule("L-4.9")
def test_moved_stake_that_left_again_is_found(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.call(E, Redelegate(A, B, Amount(400)))
    street.call(E, Undelegate(B, Amount(300)))
    assert _slashed(street, A, 0, E) == 40
    street.call(E, Undelegate(B, Amount(100)))
    view = _slash(street, A, 0)
    bond = stake_queries.stakes(view, street.rules)[E].bond
    assert (bond.slashed, bond.leaving, bond.delegated) == (40, 360, 0)


@pytest.mark.rule("L-4.9")
def test_the_same_stake_is_slashed_for_both_seats_it_backed(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.call(E, Redelegate(A, B, Amount(400)))
    view = street.ledger.view()
    for seat in (A, B):
        slash(view, seat, Epoch(0), 10_000)
        assert street.ledger.machine.invariants(view) == []
    bond = stake_queries.stakes(view, street.rules)[E].bond
    assert (bond.slashed, bond.delegated) == (400, 0), "never more than there is"


@pytest.mark.rule("L-4.7")
def test_pieces_on_their_way_are_bounded(
    street: StakeStreet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.ledger.modules.stake_moves.STAKE_MOVES_PER_SHOP_MAX", 2)
    assert STAKE_MOVES_PER_SHOP_MAX > 2
    street.call(E, Delegate(A, Amount(300)))
    street.call(E, Delegate(B, Amount(300)))
    assert street.call(E, Undelegate(A, Amount(1))).code == "OK"
    assert street.call(E, Undelegate(A, Amount(1))).code == "OK", "one piece an epoch and way"
    assert street.call(E, Undelegate(B, Amount(1))).code == "OK"
    assert street.call(E, Withdraw(Amount(1))).code == "MOVES_FULL"
    street.turn()
    assert street.call(E, Undelegate(A, Amount(1))).code == "MOVES_FULL"
    assert street.bond(E).moves == 2


@pytest.mark.rule("L-11.1")
def test_people_can_ask_where_stake_is(street: StakeStreet) -> None:
    street.call(E, Delegate(A, Amount(400)))
    street.call(E, Redelegate(A, B, Amount(300)))
    street.call(E, Undelegate(A, Amount(50)))
    street.call(F, Withdraw(Amount(10)))
    view = street.ledger.view()
    assert stake_queries.delegations(view) == [(A, E, 50), (B, E, 300)]
    ways = stake_queries.on_the_way(view, street.rules)
    assert [(w.seat, w.shop, w.to, w.out, w.amount) for w in ways] == [
        (A, E, B, False, 300),
        (A, E, None, False, 50),
        (F, F, None, True, 10),
    ]
    assert [w.free_from for w in ways] == [UNBONDING + 1] * 3
