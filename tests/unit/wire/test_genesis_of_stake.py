"""What a genesis file says of committees, stake and treasurers is bounded."""

import msgspec
import pytest
from liandao_node.errors import OperatorFault
from liandao_node.types import Amount
from liandao_node.wire.genesis import Genesis, Rules, first_committee, load_genesis
from msgspec.structs import replace
from support.stake_street import stake_genesis, treasurer


def _load(genesis: Genesis) -> Genesis:
    return load_genesis(msgspec.json.encode(genesis))


def test_a_good_one_is_read_as_it_was_written() -> None:
    genesis = stake_genesis([5, 4, 3, 2, 1])
    assert _load(genesis) == genesis


@pytest.mark.parametrize(
    "rules",
    [
        Rules(committee_seats=3),
        Rules(committee_seats=20),
        Rules(epoch_blocks=0),
        Rules(unbonding_epochs=0),
        Rules(ban_epochs=0),
        Rules(jail_epochs=10**10),
        Rules(cap_multiple=0),
        Rules(attendance_blocks_min=0),
        Rules(self_bond_min=Amount(-1)),
        Rules(slash_bps=10_001),
        Rules(slash_bps=-1),
        Rules(payment_min=Amount(-1)),
        Rules(payment_days=0),
        Rules(payment_days=367),
    ],
)
def test_rules_out_of_bounds_are_refused(rules: Rules) -> None:
    with pytest.raises(OperatorFault, match="GENESIS_BAD"):
        _load(stake_genesis([1] * 4, rules))


@pytest.mark.parametrize(("treasurers", "quorum"), [(3, 0), (3, 4), (0, 1), (3, -1), (17, 9)])
def test_treasurers_and_their_quorum_fit_together(treasurers: int, quorum: int) -> None:
    with pytest.raises(OperatorFault, match="GENESIS_BAD"):
        _load(stake_genesis([1] * 4, treasurers=treasurers, quorum=quorum))


@pytest.mark.parametrize("key", ["", "zz", "11", treasurer(0).public_key.hex().upper()])
def test_a_treasurer_has_one_key_of_its_own(key: str) -> None:
    genesis = stake_genesis([1] * 4)
    keys = [*genesis.treasurers, key]
    with pytest.raises(OperatorFault, match="GENESIS_BAD"):
        _load(replace(genesis, treasurers=keys))


@pytest.mark.parametrize(("most", "seats"), [(4, 4), (6, 4), (7, 7), (19, 7)])
def test_the_first_committee_keeps_the_bound_on_seats(most: int, seats: int) -> None:
    genesis = stake_genesis([1] * 8, Rules(committee_seats=most))
    assert len(first_committee(genesis).seats) == seats
