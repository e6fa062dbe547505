"""Module 1, membership: the shops of the street and their keys (L-4.1).

In this version the genesis file alone makes members; there is no call.
"""

from typing import ClassVar, Final

from liandao_node.ledger.module_api import Context, Module
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import PublicKey, Seq, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis

NUMBER: Final = 1


class Member(Canonical, frozen=True):
    name: str
    node_key: PublicKey
    """Hot: votes and signs transactions."""
    owner_key: PublicKey
    """Cold: may replace the other."""
    since: Seq
    """Height at which the shop joined; 0 for the founders."""


_members: Final = Table(NUMBER, 1, ("u16",), Member)


class Members:
    """Service: who is a member."""

    def find(self, view: View, shop: ShopId) -> Member | None:
        return _members.get(view, shop)

    def all(self, view: View) -> dict[ShopId, Member]:
        """Every member by number, in order."""
        return {ShopId(int(number)): member for (number,), member in _members.rows(view)}


class Membership(Module):
    name: ClassVar[str] = "membership"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    tables: ClassVar[tuple[KeySpace, ...]] = (_members,)

    def services(self) -> tuple[object, ...]:
        return (Members(),)

    def genesis(self, ctx: Context, genesis: Genesis) -> None:
        for shop in genesis.shops:
            member = Member(
                name=shop.name,
                node_key=shop.public_key,
                owner_key=PublicKey(bytes.fromhex(shop.owner_key)),
                since=ctx.height,
            )
            _members.put(ctx.view, shop.shop, value=member)

    def invariants(self, view: View) -> list[str]:
        keys = [member.node_key for _, member in _members.rows(view)]
        return [] if len(set(keys)) == len(keys) else ["two members share a node key"]
