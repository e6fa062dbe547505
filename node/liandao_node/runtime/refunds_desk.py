"""The desk for refunds: says what one would move, and has it made (L-7.10 to L-7.12, R5).

The ledger decides; what is previewed here comes of the same arithmetic on the same state.
"""

from collections.abc import Sequence

import msgspec

from liandao_node.errors import Refused
from liandao_node.ledger import points_queries
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.points_books import Order
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.purse import Lot
from liandao_node.ledger.modules.refund_calls import (
    Deal,
    Refund,
    RefundDone,
    points_due_back,
    step,
)
from liandao_node.ledger.modules.refunds import deal_of
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.order_finder import OrderFinder
from liandao_node.runtime.references import reference_hash
from liandao_node.types import Amount, Millis
from liandao_node.wire.api_message import Certified
from liandao_node.wire.refunds import (
    WHOLE,
    OrderName,
    OrderRefunded,
    PreviewRefund,
    RefundOrder,
    RefundPreview,
)


class RefundsDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk
        self.orders = OrderFinder(desk)

    # --- what it would move ---

    def preview(self, request: PreviewRefund) -> RefundPreview:
        """Raises Refused as the refund itself would be: ``ORDER_UNKNOWN``, ``IMPORT_UNKNOWN``,
        ``REFUND_OVER_ORDER``, ``REFUND_NOTHING_LEFT``."""
        name, order = request.order, self.orders.order(request.order)
        left = _left(order)
        if request.gross > left or not left:
            raise _over(name, order)
        gross = left if request.gross == WHOLE else request.gross
        deal = deal_of(self._desk.view(), self._desk.shop, order)
        before, after = order.refunded, Amount(order.refunded + gross)
        moved = step(deal, before, after)
        taken = debt = Amount(0)
        if order.card and moved.unearned:
            taken = self._taken(order, _parts(order, deal, before, after), moved.unearned)
            debt = Amount(moved.unearned - taken)
        view = self.orders.view(name, order)
        return RefundPreview(view, gross, moved.cash, moved.points_back, taken, debt)

    def _taken(self, order: Order, parts: Sequence[Lot], unearned: Amount) -> Amount:
        """How many of the unearned points the card would still have after points came back."""
        view, shop, now_ms = self._desk.view(), self._desk.shop, self._desk.time_ms()
        card = self.orders.card(order)
        assert card is not None
        purse = points_queries.purse_at(view, card, now_ms)
        settled = Obligations().is_settled(view, order.period) if parts else False
        for part in parts:
            issuer = shop if settled else part.issuer
            # However old they are, points that come back live on for a while.
            expires_ms = Millis(max(part.expires_ms, now_ms + 1))
            back = msgspec.structs.replace(part, issuer=issuer, expires_ms=expires_ms)
            purse, _, _ = purses.grow(purse, back)
        purse, _ = purses.set_off(purse, now_ms)
        _, clawed = purses.take_back(purse, shop, unearned, now_ms, order.lot)
        return purses.total(clawed)

    # --- the refund ---

    async def refund(self, request: RefundOrder) -> OrderRefunded:
        """Has the refund made; it is kept here until the street has it. Asked again it is the
        same refund (R12).

        Raises Refused with which order it was and what is left of it; then nothing was moved.
        """
        name = request.order
        self.orders.order(name)
        known = self._made_before(request)
        if known is not None:
            return known
        try:
            done, certified = await self._desk.call(_call(request), RefundDone, keep=True)
        except Refused as refused:
            if refused.code == PointsRefusal.REFUND_KNOWN.name:
                known = self._made_before(request)
                assert known is not None
                return known
            order = self.orders.order(name)
            if refused.code == PointsRefusal.REFUND_OVER_ORDER.name:
                raise _over(name, order) from refused
            raise Refused(refused.code, order=name.written, left=_left(order)) from refused
        return OrderRefunded(
            refund=request.refund,
            order=self.orders.view(name, self.orders.order(name)),
            gross=request.gross,
            cash=done.cash,
            points_back=done.points_back,
            taken_back=done.clawed,
            debt=done.debt,
            certified=certified,
        )

    def _made_before(self, request: RefundOrder) -> OrderRefunded | None:
        """The answer that the first asking got, or would have got.

        Raises Refused ``REFUND_KNOWN`` if another sum was refunded under that name.
        """
        view, shop, now_ms = self._desk.view(), self._desk.shop, self._desk.time_ms()
        made = points_queries.refunded(view, shop, request.refund)
        if made is None:
            return None
        name, order = request.order, self.orders.order(request.order)
        if made.gross != request.gross:
            raise Refused("REFUND_KNOWN", order=name.written, left=_left(order))
        card = self.orders.card(order)
        owed = 0
        if card is not None:
            debts = points_queries.purse_at(view, card, now_ms).debts
            owed = sum(debt.amount for debt in debts if debt.shop == shop)
        debt = Amount(min(owed, made.unearned))
        return OrderRefunded(
            refund=request.refund,
            order=self.orders.view(name, order),
            gross=made.gross,
            cash=Amount(made.gross - made.points_back),
            points_back=made.points_back,
            taken_back=Amount(made.unearned - debt),
            debt=debt,
            certified=Certified(0, made.time_ms, 0),
        )


def _call(request: RefundOrder) -> Refund:
    name = request.order
    return Refund(
        refund=request.refund,
        register=name.register,
        number=name.number,
        source=name.source,
        reference_hash=reference_hash(name.reference) if name.source else b"",
        gross=request.gross,
        at_ms=request.at_ms,
    )


def _parts(order: Order, deal: Deal, before: Amount, after: Amount) -> list[Lot]:
    """The points that would go back: those used last first (L-7.10)."""
    back_before, back_after = points_due_back(deal, before), points_due_back(deal, after)
    _, later = purses.split(order.paid_with[::-1], Amount(back_before))
    return purses.split(later, Amount(back_after - back_before))[0]


def _left(order: Order) -> Amount:
    return Amount(order.gross - order.refunded)


def _over(name: OrderName, order: Order) -> Refused:
    left = _left(order)
    if not left:
        return Refused("REFUND_NOTHING_LEFT", order=name.written, gross=order.gross)
    return Refused("REFUND_OVER_ORDER", order=name.written, left=left)
