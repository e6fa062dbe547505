"""Module 2, stake: each shop's bond and what it covers (L-4.2).

The ledger never holds money: a bond is a number that the street's treasurers attest, here by
the genesis file. It bounds the points that a shop may owe.
"""

from typing import ClassVar, Final

from liandao_node.ledger.module_api import Context, Module
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis, Rules

NUMBER: Final = 2
BASIS_POINTS: Final = 10_000


class Bond(Canonical, frozen=True):
    amount: Amount


_bonds: Final = Table(NUMBER, 1, ("u16",), Bond)


class Bonds:
    """Service: what stands behind a shop's points."""

    def bond(self, view: View, shop: ShopId) -> Amount:
        bond = _bonds.get(view, shop)
        return bond.amount if bond is not None else Amount(0)

    def issue_limit(self, view: View, shop: ShopId, rules: Rules) -> Amount:
        """How many live points the shop may owe."""
        return Amount(self.bond(view, shop) * rules.issue_limit_bps // BASIS_POINTS)


class Stake(Module):
    name: ClassVar[str] = "stake"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    tables: ClassVar[tuple[KeySpace, ...]] = (_bonds,)

    def services(self) -> tuple[object, ...]:
        return (Bonds(),)

    def genesis(self, ctx: Context, genesis: Genesis) -> None:
        for shop in genesis.shops:
            _bonds.put(ctx.view, shop.shop, value=Bond(amount=shop.bond))

    def invariants(self, view: View) -> list[str]:
        return [f"bond of {key} is negative" for key, bond in _bonds.rows(view) if bond.amount < 0]
