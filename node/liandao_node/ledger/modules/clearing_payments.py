"""Payments: who said what of them, and when they are settled (L-16.7, L-16.8).

Money moves outside the ledger. Whoever would lose by a false word is believed: the creditor that
it received, the treasurers for the pool. A debtor's own word wins time and no more.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.calendar import DAY_MS
from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_books import NEVER, NOTHING, Payment
from liandao_node.ledger.modules.clearing_calls import (
    ClearingRefusal,
    Paid,
    Received,
    Said,
    Vouch,
    payment_preimage,
)
from liandao_node.ledger.modules.clearing_services import Reserve
from liandao_node.ledger.modules.netting import Transfer
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.types import Amount, Millis, ShopId

_UNSAID: Final = (NEVER, NEVER, NEVER, NOTHING, NOTHING, NOTHING)


def demand(ctx: Context, period: int, transfer: Transfer) -> None:
    """A payment that a period's netting asks for (L-16.6)."""
    debtor, creditor, amount = transfer
    due_ms = _some_days_ahead(ctx)
    payment = Payment(Amount(amount), due_ms, *_UNSAID)
    books.payments.put(ctx.view, period, debtor, creditor, value=payment)
    position = books.position_of(ctx.view, debtor)
    owing = replace(position, unpaid=Amount(position.unpaid + amount))
    books.positions.put(ctx.view, debtor, value=owing)
    if debtor != POOL:  # the pool has no bond to take from: its cash covers it
        books.dues.put(ctx.view, due_ms, period, debtor, creditor, value=Done())


def say_paid(ctx: Context, call: Paid) -> Said:
    payment = _open(ctx, call.period, ctx.shop, call.creditor)
    if payment.paid_ms:
        raise refuse(ClearingRefusal.PAYMENT_SAID)
    key = (call.period, ctx.shop, call.creditor)
    if call.creditor == POOL and not ctx.service(TreasurersWord).exists(ctx.view):
        return _settle(ctx, key, replace(payment, paid_ms=ctx.time_ms))
    return _note_paid(ctx, key, payment)


def say_received(ctx: Context, call: Received) -> Said:
    payment = _open(ctx, call.period, call.debtor, ctx.shop)
    return _settle(ctx, (call.period, call.debtor, ctx.shop), payment)


def vouch(ctx: Context, call: Vouch) -> Said:
    """The treasurers' word: for the pool's side, and in place of a creditor that is silent."""
    payment = _open(ctx, call.period, call.debtor, call.creditor)
    key = (call.period, call.debtor, call.creditor)
    if call.debtor == POOL and payment.paid_ms:
        raise refuse(ClearingRefusal.PAYMENT_SAID)
    preimage = payment_preimage(ctx.chain_id, *key)
    ctx.service(TreasurersWord).require(ctx, preimage, call.signatures)
    if call.debtor == POOL:
        return _note_paid(ctx, key, payment)
    return _settle(ctx, key, payment)


def close(ctx: Context, key: tuple[int, ShopId, ShopId], payment: Payment) -> None:
    """A payment that is no longer open leaves its debtor's sums and the list of dues."""
    period, debtor, creditor = key
    assert not payment.is_open
    books.payments.put(ctx.view, *key, value=payment)
    position = books.position_of(ctx.view, debtor)
    less = replace(position, unpaid=Amount(position.unpaid - payment.amount))
    books.positions.put(ctx.view, debtor, value=less)
    if debtor != POOL:
        books.dues.delete(ctx.view, payment.due_ms, period, debtor, creditor)


def _open(ctx: Context, period: int, debtor: ShopId, creditor: ShopId) -> Payment:
    """A payment of which there is still something to say."""
    payment = books.payments.get(ctx.view, period, debtor, creditor)
    if payment is None:
        raise refuse(ClearingRefusal.PAYMENT_UNKNOWN, period=period)
    if payment.received_ms:
        raise refuse(ClearingRefusal.PAYMENT_SETTLED)
    if payment.failed_ms:
        raise refuse(ClearingRefusal.PAYMENT_FAILED, arrears=_arrears(ctx, debtor))
    return payment


def _arrears(ctx: Context, shop: ShopId) -> Amount:
    return books.conduct_of(ctx.view, shop).arrears


def _note_paid(ctx: Context, key: tuple[int, ShopId, ShopId], payment: Payment) -> Said:
    """The other side has as long again to look at its account (L-16.8)."""
    period, debtor, creditor = key
    due_ms = max(payment.due_ms, _some_days_ahead(ctx))
    paid = replace(payment, paid_ms=ctx.time_ms, due_ms=due_ms)
    books.payments.put(ctx.view, *key, value=paid)
    if debtor != POOL:
        books.dues.delete(ctx.view, payment.due_ms, period, debtor, creditor)
        books.dues.put(ctx.view, due_ms, period, debtor, creditor, value=Done())
    return Said(paid.amount, due_ms, settled=False)


def _settle(ctx: Context, key: tuple[int, ShopId, ShopId], payment: Payment) -> Said:
    _, debtor, creditor = key
    settled = replace(payment, received_ms=ctx.time_ms)
    close(ctx, key, settled)
    reserve = ctx.offered(Reserve)
    if reserve is not None and creditor == POOL:
        reserve.came_in(ctx.view, payment.amount)
    if reserve is not None and debtor == POOL:
        reserve.went_out(ctx.view, payment.amount)
    return Said(settled.amount, settled.due_ms, settled=True)


def _some_days_ahead(ctx: Context) -> Millis:
    return Millis(ctx.time_ms + ctx.rules.payment_days * DAY_MS)
