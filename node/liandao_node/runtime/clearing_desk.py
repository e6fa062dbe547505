"""The desk for clearing: statements of a period, and this shop's words about payments (L-16)."""

from liandao_node.errors import Unavailable
from liandao_node.ledger import clearing_queries as queries
from liandao_node.ledger.calendar import period_start_ms
from liandao_node.ledger.clearing_queries import Deed, PaymentTold, Statement
from liandao_node.ledger.module_api import Done
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsLeft,
    ArrearsReceived,
    HandedOver,
    HandOver,
    Leave,
    Notice,
    Paid,
    Received,
    Said,
    Stay,
)
from liandao_node.ledger.modules.clearing_services import Issuance
from liandao_node.ledger.state import View
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.clearing import (
    RUNNING,
    ClearingDone,
    ClearingTold,
    ClearingWord,
    DeedView,
    GetClearing,
    PaymentView,
    PointsView,
    SayClearing,
    StatementView,
)


class ClearingDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk, utc_offset_minutes: int) -> None:
        self._desk = desk
        self._offset = utc_offset_minutes

    def told(self, request: GetClearing) -> ClearingTold:
        """Raises Unavailable ``CLEARING_NONE`` where the street has no clearing."""
        view = self._desk.view()
        if not queries.has_clearing(view):
            raise Unavailable("CLEARING_NONE")
        running = queries.running(view)
        period = running if request.period == RUNNING else request.period
        now_ms = self._desk.time_ms()
        made = queries.statements(view, period, self._desk.offered(Issuance))
        return ClearingTold(
            me=self._desk.shop,
            period=period,
            running=running,
            begins_ms=period_start_ms(period, self._offset),
            ends_ms=period_start_ms(period + 1, self._offset),
            height=self._desk.height,
            utc_offset_minutes=self._offset,
            statements=[_view(view, one, now_ms) for one in made],
        )

    async def say(self, request: SayClearing) -> ClearingDone:
        """Raises Refused as the ledger does."""
        match request.word:
            case ClearingWord.PAID:
                return await self._say_payment(Paid(request.period, request.party))
            case ClearingWord.RECEIVED:
                return await self._say_payment(Received(request.period, request.party))
            case ClearingWord.ARREARS:
                arrears = ArrearsReceived(request.party, request.amount)
                left, certified = await self._desk.call(arrears, ArrearsLeft)
                return ClearingDone(certified.height, left.arrears, settled=not left.arrears)
            case ClearingWord.LEAVE:
                notice, certified = await self._desk.call(Leave(), Notice)
                return ClearingDone(certified.height, notice.payable, settled=False)
            case ClearingWord.STAY:
                _, certified = await self._desk.call(Stay(), Done)
                return ClearingDone(certified.height, Amount(0), settled=False)
            case ClearingWord.HAND_OVER:
                handed, certified = await self._desk.call(HandOver(), HandedOver)
                return ClearingDone(certified.height, handed.amount, settled=False)

    async def _say_payment(self, call: Paid | Received) -> ClearingDone:
        said, certified = await self._desk.call(call, Said)
        return ClearingDone(certified.height, said.amount, said.settled)


def _view(view: View, one: Statement, now_ms: Millis) -> StatementView:
    conduct = queries.conduct(view, one.party)
    return StatementView(
        party=one.party,
        name=one.name,
        points=_points(one),
        redeemed_elsewhere=one.redeemed_elsewhere,
        redeemed_of_others=one.redeemed_of_others,
        owes=[_deed(deed) for deed in one.owes],
        claims=[_deed(deed) for deed in one.claims],
        net=one.net,
        carry=one.carry,
        payments=[_payment(told, one.party, now_ms) for told in one.payments],
        payable=Obligations().payable(view, one.party),
        arrears=conduct.arrears,
        defaults=conduct.defaults,
        leaving=conduct.leaving_ms > 0,
        handed_over=conduct.handed_over_ms > 0,
    )


def _points(one: Statement) -> PointsView | None:
    counts, here = one.points, one.redeemed_own
    if counts is None or here is None:
        return None
    return PointsView(counts.issued, counts.returned, here, counts.expired, counts.clawed)


def _deed(deed: Deed) -> DeedView:
    return DeedView(deed.party, deed.amount, deed.points)


def _payment(told: PaymentTold, party: ShopId, now_ms: Millis) -> PaymentView:
    payment = told.payment
    return PaymentView(
        debtor=told.debtor,
        creditor=told.creditor,
        amount=payment.amount,
        due_ms=payment.due_ms,
        paid_ms=payment.paid_ms,
        received_ms=payment.received_ms,
        failed_ms=payment.failed_ms,
        from_bond=payment.from_bond,
        from_reserve=payment.from_reserve,
        cut=payment.cut,
        reminder=queries.reminder(told, party, now_ms),
    )
