"""Modules that follow orders hear whose an order was, once somebody claims it."""

from typing import ClassVar, Final

import pytest
from liandao_node.ledger.module_api import Context, Module
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.points_services import (
    ClaimTold,
    OrderFollower,
    OrderName,
    OrderTold,
    RefundTold,
)
from liandao_node.ledger.state import View
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support import refunding
from support.card_street import claim, merge, offer, receipt
from support.ledger_street import Street, make_genesis, sale

RULES: Final = Rules(earn_bps=1_000, share_bps_max=10_000)
_told: list[object] = []


class Listener(OrderFollower):
    def ordered(self, ctx: Context, told: OrderTold) -> None:  # noqa: ARG002
        _told.append(told)

    def refunded(self, ctx: Context, told: RefundTold) -> None:  # noqa: ARG002
        _told.append(told)

    def claimed(self, ctx: Context, told: ClaimTold) -> None:  # noqa: ARG002
        _told.append(told)


class Deaf(Listener):
    claimed = OrderFollower.claimed


class Ear(Module):
    name: ClassVar[str] = "ear"
    number: ClassVar[int] = 203
    version: ClassVar[int] = 1

    def services(self) -> tuple[object, ...]:
        return (Listener(), Deaf())

    def invariants(self, view: View) -> list[str]:
        assert view is not None
        return []


@pytest.mark.rule("L-7.19")
def test_who_follows_orders_is_told_whose_it_was() -> None:
    modules = (*BUILTIN, Ear())
    street = Street(make_genesis(rules=RULES, modules=modules), modules)
    card, new = street.enrol(1), street.enrol(2)
    for call in (
        sale(1, 1_000, excluded=100),
        offer(1, receipt(1)),
        refunding.refund(1, 1, 200),
    ):
        assert street.call(0, call).code == "OK"
    ordered_ms = street.history[-3].header.time_ms
    _told.clear()
    assert street.call(2, claim(street, card, receipt(1))).code == "OK"
    order = OrderTold(OrderName(1, 1), card.id, Amount(1_000), Amount(0), Amount(900), online=False)
    assert _told == [ClaimTold(ShopId(0), order, ordered_ms, Amount(200))]
    _told.clear()
    assert street.call(0, merge(street, card, new)).code == "OK"
    assert street.call(0, refunding.refund(1, 2, 300)).code == "OK"
    refunded = RefundTold(OrderName(1, 1), new.id, Amount(1_000), Amount(200), Amount(500))
    assert _told == [refunded, refunded], "with the card that has the points now"
