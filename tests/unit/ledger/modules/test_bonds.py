"""Deposits, withdrawals and what a bond is for."""

from collections.abc import Callable

import pytest
from liandao_node.ledger.modules.stake_calls import (
    Attest,
    Attested,
    Delegate,
    Direction,
    StakeMoved,
    TreasurerSignature,
    Withdraw,
)
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, Epoch
from liandao_node.wire.genesis import Rules
from msgspec.structs import replace
from support.ledger_street import Street, make_genesis, sale
from support.stake_street import RULES, UNBONDING, StakeStreet, treasurer


@pytest.fixture
def street() -> StakeStreet:
    return StakeStreet([1_000, 2_000, 3_000, 4_000])


@pytest.mark.rule("L-4.3")
def test_the_founders_bond_is_attested_and_their_own(street: StakeStreet) -> None:
    bond = street.bond(1)
    assert (bond.attested, bond.own) == (2_000, 2_000)
    assert bond.incoming == bond.delegated == bond.leaving == bond.slashed == 0


@pytest.mark.rule("L-4.5")
def test_a_deposit_waits_for_the_end_of_the_epoch(street: StakeStreet) -> None:
    assert street.call(2, street.statement(1, 500)).answer == Attested(Amount(2_500))
    assert (street.bond(1).own, street.bond(1).incoming) == (2_000, 500)
    street.turn()
    assert (street.bond(1).own, street.bond(1).incoming) == (2_500, 0)


@pytest.mark.rule("L-4.5")
def test_a_statement_counts_once_and_in_its_turn(street: StakeStreet) -> None:
    first = street.statement(1, 500)
    assert street.call(0, street.statement(1, 500, number=2)).code == "STATEMENT_OUT_OF_TURN"
    assert street.call(0, first).code == "OK"
    assert street.call(3, first).code == "STATEMENT_OUT_OF_TURN"
    assert street.bond(1).attested == 2_500


@pytest.mark.rule("L-4.5")
@pytest.mark.parametrize("signers", [(), (0,), (1, 0), (0, 0), (2, 2, 2)])
def test_a_quorum_of_different_treasurers_signs(
    street: StakeStreet, signers: tuple[int, ...]
) -> None:
    call = street.statement(1, 500, signers=signers)
    assert street.call(0, call).code == "TREASURERS_TOO_FEW"


def _forged(call: Attest) -> Attest:
    return replace(call, amount=Amount(call.amount + 1))


def _turned(call: Attest) -> Attest:
    return replace(call, direction=Direction.PAYOUT)


def _of_a_stranger(call: Attest) -> Attest:
    signed = TreasurerSignature(3, treasurer(3).sign(b"anything"))
    return replace(call, signatures=[call.signatures[0], signed])


def _one_bad_more(call: Attest) -> Attest:
    signed = TreasurerSignature(2, b"x" * 64)
    return replace(call, signatures=[*call.signatures, signed])


@pytest.mark.rule("L-4.5")
@pytest.mark.parametrize("change", [_forged, _turned, _of_a_stranger, _one_bad_more])
def test_what_the_treasurers_did_not_sign_is_not_their_word(
    street: StakeStreet, change: Callable[[Attest], Attest]
) -> None:
    assert street.call(0, change(street.statement(1, 500))).code == "TREASURERS_TOO_FEW"


@pytest.mark.rule("L-4.5")
def test_treasurers_of_another_street_are_nobody_here(street: StakeStreet) -> None:
    other = StakeStreet([1_000, 2_000, 3_000, 4_001])
    assert street.call(0, other.statement(1, 500)).code == "TREASURERS_TOO_FEW"


@pytest.mark.rule("L-4.5")
def test_a_street_without_treasurers_takes_no_statement(street: StakeStreet) -> None:
    bare = Street(make_genesis(4))
    assert bare.call(0, street.statement(1, 500, signers=())).code == "TREASURERS_TOO_FEW"


@pytest.mark.rule("L-4.5")
def test_a_deposit_has_a_shop_and_a_bound(street: StakeStreet) -> None:
    assert street.call(0, street.statement(9, 1)).code == "CANDIDATE_UNKNOWN"
    assert street.call(0, street.statement(1, AMOUNT_MAX)).code == "BOND_TOO_LARGE"
    assert street.call(0, street.statement(1, 0)).code == "CALL_MALFORMED"


@pytest.mark.rule("L-4.6")
@pytest.mark.rule("L-4.7")
def test_bond_leaves_slowly_and_is_paid_out_once(street: StakeStreet) -> None:
    answer = street.call(1, Withdraw(Amount(600))).answer
    assert answer == StakeMoved(Amount(1_400), Epoch(UNBONDING))
    street.turn(UNBONDING)
    assert (street.bond(1).own, street.bond(1).leaving) == (1_400, 600)
    early = street.call(0, street.statement(1, 600, Direction.PAYOUT))
    assert early.code == "PAYOUT_SHORT"
    street.turn()
    assert (street.bond(1).leaving, street.bond(1).withdrawable) == (0, 600)
    assert street.bond(1).moves == 0
    assert street.call(0, street.statement(1, 601, Direction.PAYOUT)).code == "PAYOUT_SHORT"
    assert street.call(0, street.statement(1, 600, Direction.PAYOUT)).code == "OK"
    assert (street.bond(1).attested, street.bond(1).withdrawable) == (1_400, 0)


@pytest.mark.rule("L-4.4")
def test_nobody_moves_more_than_the_own_bond(street: StakeStreet) -> None:
    assert street.call(1, Withdraw(Amount(2_001))).code == "BOND_SHORT"
    assert street.call(1, Withdraw(Amount(2_000))).code == "OK"
    assert street.call(1, Withdraw(Amount(1))).code == "BOND_SHORT"


@pytest.mark.rule("L-4.2")
@pytest.mark.rule("L-4.4")
@pytest.mark.parametrize(("bps", "in_use"), [(10_000, 200), (5_000, 400), (30_000, 67)])
def test_bond_that_covers_points_stays(bps: int, in_use: int) -> None:
    """200 points are owed; so much of the bond stands for them."""
    rules = replace(RULES, issue_limit_bps=bps, earn_bps=200)
    street = StakeStreet([1_000, 1_000, 1_000, 1_000], rules)
    card = street.enrol(1)
    street.call(1, sale(1, 10_000, card))
    over = Amount(1_000 - in_use + 1)
    assert street.call(1, Withdraw(over)).code == "BOND_IN_USE"
    assert street.call(1, Delegate(street.ledger.committee().seats[0].shop, over)).code == (
        "BOND_IN_USE"
    )
    assert street.call(1, Withdraw(Amount(1_000 - in_use))).code == "OK"
    answer = street.call(1, sale(2, 10_000, card)).answer
    assert getattr(answer, "limited", None) is True
    assert street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-4.2")
def test_only_the_own_bond_covers_points(street: StakeStreet) -> None:
    card = street.enrol(1)
    street.call(1, Delegate(street.ledger.committee().seats[0].shop, Amount(1_950)))
    answer = street.call(1, sale(1, 10_000, card)).answer
    assert getattr(answer, "limited", None) is True
    assert getattr(street.call(0, sale(1, 10_000, card)).answer, "limited", None) is False


def test_the_usual_rules_leave_old_streets_as_they_were() -> None:
    rules = Rules()
    assert (rules.epoch_blocks, rules.committee_seats, rules.slash_bps) == (4_096, 19, 500)
