"""A module that gives points at will, as coupons, rebates and the pool do.

It stands in the pool's place: points of the pool are covered by cash, and it has none.
"""

from typing import ClassVar, Final

from liandao_node.ledger.module_api import Bytes16Field, CallBody, Context, Done, Module
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import Canonical

WITHOUT_POOL: Final = tuple(module for module in BUILTIN if module.name != "pool")


class GiveDone(Canonical, frozen=True):
    amount: Amount
    lot: int
    limited: bool


class Give(CallBody, frozen=True):
    """As coupons, rebates and the pool give."""

    kind: ClassVar[int] = 201 * 100 + 1
    answer: ClassVar[type[Canonical]] = GiveDone

    card: Bytes16Field
    issuer: ShopId
    amount: Amount
    origin: Origin
    vests_ms: Millis = Millis(0)


class Giver(Module):
    name: ClassVar[str] = "giver"
    number: ClassVar[int] = 201
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Give,)
    tables: ClassVar[tuple[KeySpace, ...]] = (Table(201, 1, ("u16",), Done),)
    needs: ClassVar[tuple[type, ...]] = (PointsDesk,)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        assert isinstance(call, Give)
        desk = ctx.service(PointsDesk)
        given = desk.give(
            ctx, call.issuer, CardId(call.card), call.amount, call.origin, call.vests_ms
        )
        return GiveDone(*given)

    def invariants(self, view: View) -> list[str]:
        assert view is not None
        return []
