"""Rules of points in a genesis file: what lies out of bounds is refused."""

import msgspec
import pytest
from liandao_node.errors import OperatorFault
from liandao_node.types import Amount
from liandao_node.wire.genesis import Rules, load_genesis
from support.ledger_street import make_genesis


@pytest.mark.parametrize(
    "rules",
    [
        Rules(vest_ms=-1),
        Rules(vest_ms=367 * 86_400_000),
        Rules(vest_over=Amount(-1)),
        Rules(returned_days=-1),
        Rules(returned_days=367),
        Rules(breakage_bps=-1),
        Rules(breakage_bps=10_001),
        Rules(manual_day_max=Amount(-1)),
    ],
)
def test_rules_of_points_out_of_bounds(rules: Rules) -> None:
    with pytest.raises(OperatorFault, match="GENESIS_BAD"):
        load_genesis(msgspec.json.encode(make_genesis(rules=rules)))


def test_rules_of_points_at_their_bounds() -> None:
    widest = Rules(
        vest_ms=366 * 86_400_000, returned_days=366, breakage_bps=10_000, manual_day_max=Amount(0)
    )
    genesis = make_genesis(rules=widest)
    assert load_genesis(msgspec.json.encode(genesis)) == genesis
