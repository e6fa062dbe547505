"""Members and bonds come from the genesis file."""

import pytest
from liandao_node.ledger import queries
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.types import ShopId
from liandao_node.wire.genesis import Rules
from support.ledger_street import Street, make_genesis, shop_key


@pytest.mark.rule("L-4.1")
def test_the_founders_are_the_members() -> None:
    view = Street(make_genesis(4)).ledger.view()
    members = queries.members(view)
    assert list(members) == [0, 1, 2, 3]
    assert members[ShopId(2)].name == "Shop 2"
    assert members[ShopId(2)].node_key == shop_key(2).public_key
    assert members[ShopId(2)].owner_key == shop_key(1_002).public_key
    assert Members().find(view, ShopId(4)) is None


@pytest.mark.rule("L-4.2")
@pytest.mark.parametrize(
    ("bond", "bps", "limit"),
    [(1_000, 10_000, 1_000), (1_000, 15_000, 1_500), (999, 5_000, 499), (0, 10_000, 0)],
)
def test_a_bond_covers_its_share(bond: int, bps: int, limit: int) -> None:
    rules = Rules(issue_limit_bps=bps)
    view = Street(make_genesis(2, bond=bond, rules=rules)).ledger.view()
    assert queries.bond_of(view, ShopId(1)) == bond
    assert Bonds().issue_limit(view, ShopId(1), rules) == limit
    assert Bonds().issue_limit(view, ShopId(9), rules) == 0
