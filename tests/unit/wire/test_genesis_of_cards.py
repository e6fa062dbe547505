"""Rules of cards in a genesis file: what lies out of bounds is refused."""

import msgspec
import pytest
from liandao_node.errors import OperatorFault
from liandao_node.wire.genesis import Rules, load_genesis
from support.ledger_street import make_genesis


@pytest.mark.parametrize(
    "rules",
    [
        Rules(claim_days=-1),
        Rules(claim_days=367),
        Rules(move_wait_days=-1),
        Rules(move_wait_days=367),
        Rules(blocks_day_max=-1),
        Rules(blocks_day_max=10_001),
        Rules(moves_day_max=-1),
        Rules(moves_day_max=10_001),
    ],
)
def test_rules_of_cards_out_of_bounds(rules: Rules) -> None:
    with pytest.raises(OperatorFault, match="GENESIS_BAD"):
        load_genesis(msgspec.json.encode(make_genesis(rules=rules)))


@pytest.mark.parametrize(("days", "most"), [(0, 0), (366, 10_000)])
def test_rules_of_cards_at_their_bounds(days: int, most: int) -> None:
    rules = Rules(claim_days=days, move_wait_days=days, blocks_day_max=most, moves_day_max=most)
    genesis = make_genesis(rules=rules)
    assert load_genesis(msgspec.json.encode(genesis)) == genesis
