"""Past orders and points by hand of the street in memory (`support.fake_node`).

The sums of a refund follow the cumulative formula, so that parts of one add up as the ledger's do.
"""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import msgspec
from liandao_node.client import (
    CardView,
    Certified,
    GivePoints,
    GivingTold,
    OrderName,
    OrderRefunded,
    OrdersTold,
    OrderTold,
    OrderView,
    PointsGiven,
    RefundOrder,
    RefundPreview,
)
from liandao_node.errors import InputFault, Refused
from liandao_node.types import Amount, Millis

FIRST_MS = 1_795_000_000_000
GIVING = GivingTold(Amount(5_000), Amount(4_250), ["Sato 佐藤", "Wang Li 王丽"], ["Wang Li 王丽"])
PIN = "4711"


@dataclass
class PastOrders(ABC):
    """What a street knows of them."""

    cards: dict[bytes, CardView] = field(default_factory=dict)
    past: dict[OrderName, OrderView] = field(default_factory=dict)
    """Orders that can be refunded, oldest first."""
    refunds: dict[bytes, OrderRefunded] = field(default_factory=dict)
    given: dict[bytes, PointsGiven] = field(default_factory=dict)
    gifts: list[GivePoints] = field(default_factory=list)
    giving: GivingTold = GIVING

    @abstractmethod
    def request(self, name: str) -> AbstractAsyncContextManager[None]: ...

    @abstractmethod
    def certified(self) -> Certified: ...

    @abstractmethod
    def move(self, card: bytes, available: int, held: int) -> None: ...

    def add_order(
        self, number: int, gross: int, points: int = 0, earned: int = 0, card: int = 0
    ) -> OrderView:
        """A sale of register 1 that was certified before."""
        name = OrderName(1, number)
        code = f"{40_170_000 + card:08d}" if card else ""
        view = OrderView(
            order=name,
            time_ms=Millis(FIRST_MS + number * 60_000),
            code=code,
            gross=Amount(gross),
            points=Amount(points),
            earned=Amount(earned),
            refunded=Amount(0),
            tender="cash",
        )
        self.past[name] = view
        return view

    def order(self, name: OrderName) -> OrderView:
        if name not in self.past:
            raise Refused("ORDER_UNKNOWN", register=name.register, number=name.number)
        return self.past[name]

    def previewed(self, name: OrderName, gross: int) -> RefundPreview:
        """By the cumulative formula; points of an order are taken back in proportion."""
        order = self.order(name)
        if not order.left:
            raise Refused("REFUND_NOTHING_LEFT", order=name.written, gross=order.gross)
        if gross > order.left:
            raise Refused("REFUND_OVER_ORDER", order=name.written, left=order.left)
        gross = gross or order.left
        after = order.refunded + gross
        back = order.points * after // order.gross - order.points * order.refunded // order.gross
        unearned = (
            order.earned * after // order.gross - order.earned * order.refunded // order.gross
        )
        card = next((c for c in self.cards.values() if c.code == order.code), None)
        taken = min(unearned, card.available if card is not None else 0)
        return RefundPreview(
            order,
            Amount(gross),
            Amount(gross - back),
            Amount(back),
            Amount(taken),
            Amount(unearned - taken),
        )


class FakePoints:
    """The part of a connection that asks for them."""

    def __init__(self, street: PastOrders) -> None:
        self._points = street

    async def find_order(self, written: str) -> OrderTold:
        async with self._points.request("find_order"):
            pass
        register, _, number = written.removeprefix("LD1:R:").partition("-")
        if not (register.isdigit() and number.isdigit()):
            raise InputFault("ORDER_UNREADABLE")
        return OrderTold(self._points.order(OrderName(int(register), int(number))))

    async def orders(self, register: int, count: int) -> OrdersTold:
        async with self._points.request("orders"):
            pass
        newest = [o for o in self._points.past.values() if o.order.register == register]
        return OrdersTold(newest[::-1][:count], Millis(FIRST_MS))

    async def preview_refund(self, order: OrderName, gross: Amount) -> RefundPreview:
        async with self._points.request("preview_refund"):
            pass
        return self._points.previewed(order, gross)

    async def refund(self, request: RefundOrder) -> OrderRefunded:
        street = self._points
        async with street.request("refund"):
            if request.refund not in street.refunds:
                told = street.previewed(request.order, request.gross)
                refunded = Amount(told.order.refunded + told.gross)
                after = msgspec.structs.replace(told.order, refunded=refunded)
                street.past[request.order] = after
                street.refunds[request.refund] = OrderRefunded(
                    request.refund,
                    after,
                    told.gross,
                    told.cash,
                    told.points_back,
                    told.taken_back,
                    told.debt,
                    street.certified(),
                )
        return street.refunds[request.refund]

    async def giving(self) -> GivingTold:
        async with self._points.request("giving"):
            pass
        return self._points.giving

    async def give_points(self, request: GivePoints) -> PointsGiven:
        street = self._points
        street.gifts.append(request)
        async with street.request("give_points"):
            if request.grant not in street.given:
                if request.asked_by == request.approved_by:
                    raise Refused("TWO_NAMES_NEEDED")
                if request.pin != PIN:
                    raise InputFault("APPROVER_PIN_WRONG", name=request.approved_by, tries=4)
                if request.amount > street.giving.left_today:
                    raise Refused("MANUAL_CAP", left=street.giving.left_today)
                left = Amount(street.giving.left_today - request.amount)
                street.giving = msgspec.structs.replace(street.giving, left_today=left)
                street.move(request.card, request.amount, 0)
                street.given[request.grant] = PointsGiven(
                    request.grant,
                    request.amount,
                    street.cards[request.card].available,
                    left,
                    street.certified(),
                )
        return street.given[request.grant]
