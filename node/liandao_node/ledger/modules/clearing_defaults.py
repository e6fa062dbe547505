"""Payments that were not made: who bears them, and how a shop pays up (L-16.9, L-16.10).

The creditor gets what it was promised, in the next netting, less its part of what neither the
debtor's bond nor the pool's reserve covers. That part all creditors of the period bear in
proportion: whom the netting happened to match with the debtor must not matter.
"""

from collections import Counter
from typing import NamedTuple

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_books import NOTHING, Borne, Payment, carry_more
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsLeft,
    ArrearsReceived,
    ArrearsVouched,
    ClearingRefusal,
    arrears_preimage,
)
from liandao_node.ledger.modules.clearing_payments import close
from liandao_node.ledger.modules.clearing_services import Reserve
from liandao_node.ledger.modules.netting import apportion
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.ledger.state import View
from liandao_node.limits import DEFAULTS_PER_BLOCK_MAX
from liandao_node.types import Amount, ShopId


class Restored(NamedTuple):
    """What arrears that were paid make good."""

    bearers: dict[ShopId, int]
    reserve: int


def fail_overdue(ctx: Context) -> bool:
    """Deals with payments that are due, some per block; True when none is left (L-16.9)."""
    found = books.dues.first(ctx.view, DEFAULTS_PER_BLOCK_MAX, before=(ctx.time_ms + 1, 0, 0, 0))
    for (_, period, debtor, creditor), _ in found:
        key = (int(period), ShopId(int(debtor)), ShopId(int(creditor)))
        payment = books.payments.get(ctx.view, *key)
        assert payment is not None, "what is due is known"
        _fail(ctx, key, payment)
    return len(found) < DEFAULTS_PER_BLOCK_MAX


def _fail(ctx: Context, key: tuple[int, ShopId, ShopId], payment: Payment) -> None:
    """The waterfall: bond, reserve, creditors."""
    period, debtor, creditor = key
    from_bond = ctx.service(Bonds).take(ctx.view, debtor, payment.amount)
    rest = Amount(payment.amount - from_bond)
    carry_more(ctx.view, POOL, -from_bond)  # before the reserve looks at what the pool owes
    reserve = ctx.offered(Reserve)
    drawn = NOTHING
    if reserve is not None and rest and creditor != POOL:  # it would cover itself
        drawn = reserve.draw(ctx.view, rest)
    cut = Amount(rest - drawn)
    failed = replace(
        payment, failed_ms=ctx.time_ms, from_bond=from_bond, from_reserve=drawn, cut=cut
    )
    close(ctx, key, failed)
    carry_more(ctx.view, creditor, payment.amount)
    carry_more(ctx.view, POOL, -drawn)
    for bearer, share in _bearers(ctx.view, period, cut).items():
        position = books.position_of(ctx.view, bearer)
        bearing = replace(
            position, carry=position.carry - share, borne=Amount(position.borne + share)
        )
        books.positions.put(ctx.view, bearer, value=bearing)
        _bear(ctx.view, debtor, bearer, share)
    conduct = books.conduct_of(ctx.view, debtor)
    conduct = replace(
        conduct,
        defaults=conduct.defaults + 1,
        to_reserve=Amount(conduct.to_reserve + drawn),
        to_bearers=Amount(conduct.to_bearers + cut),
    )
    books.conducts.put(ctx.view, debtor, value=conduct)


def _bearers(view: View, period: int, cut: Amount) -> dict[ShopId, int]:
    """A cut by creditors, in proportion to what the period promised them."""
    promised: Counter[ShopId] = Counter()
    for (_, _, creditor), payment in books.payments.under(view, period):
        promised[ShopId(int(creditor))] += payment.amount
    return apportion(cut, promised)


def _bear(view: View, debtor: ShopId, bearer: ShopId, change: int) -> None:
    """Changes what a party bore for a shop in default and has not got back."""
    before = books.cuts.get(view, debtor, bearer)
    after = (before.amount if before is not None else 0) + change
    assert after >= 0
    if after:
        books.cuts.put(view, debtor, bearer, value=Borne(Amount(after)))
    elif before is not None:
        books.cuts.delete(view, debtor, bearer)


def say_arrears_received(ctx: Context, call: ArrearsReceived) -> ArrearsLeft:
    """A bearer's word on its own part; without treasurers the debtor's on the pool's part."""
    for_pool = call.debtor == ctx.shop and not ctx.service(TreasurersWord).exists(ctx.view)
    bearer = POOL if for_pool else ctx.shop
    borne = books.cuts.get(ctx.view, call.debtor, bearer)
    of_bearer = borne.amount if borne is not None else NOTHING
    of_reserve = books.conduct_of(ctx.view, call.debtor).to_reserve if for_pool else NOTHING
    if call.amount > of_bearer + of_reserve:
        raise refuse(ClearingRefusal.ARREARS_SHORT, arrears=of_bearer + of_reserve)
    of_bearer = min(of_bearer, call.amount)
    restored = Restored({bearer: of_bearer}, call.amount - of_bearer)
    _lessen(ctx.view, call.debtor, restored)
    if for_pool:
        _tell_reserve(ctx, restored.reserve, call.amount)
    return ArrearsLeft(books.conduct_of(ctx.view, call.debtor).arrears)


def vouch_arrears(ctx: Context, call: ArrearsVouched) -> ArrearsLeft:
    """The treasurers took arrears in for everybody: the pool passes on what others bore."""
    conduct = books.conduct_of(ctx.view, call.debtor)
    if call.number != conduct.statements + 1:
        raise refuse(ClearingRefusal.ARREARS_OUT_OF_TURN, next=conduct.statements + 1)
    if call.amount > conduct.arrears:
        raise refuse(ClearingRefusal.ARREARS_SHORT, arrears=conduct.arrears)
    preimage = arrears_preimage(ctx.chain_id, call.debtor, call.number, call.amount)
    ctx.service(TreasurersWord).require(ctx, preimage, call.signatures)
    books.conducts.put(ctx.view, call.debtor, value=replace(conduct, statements=call.number))
    restored = restore(ctx.view, call.debtor, call.amount)
    for bearer, share in restored.bearers.items():
        carry_more(ctx.view, bearer, share)
        carry_more(ctx.view, POOL, -share)
    _tell_reserve(ctx, restored.reserve, call.amount)
    return ArrearsLeft(books.conduct_of(ctx.view, call.debtor).arrears)


def restore(view: View, debtor: ShopId, amount: int) -> Restored:
    """Takes an amount off a shop's arrears: first what others bore, in proportion, then the
    reserve. Whoever calls sees to it that they get it."""
    conduct = books.conduct_of(view, debtor)
    of_bearers = min(amount, conduct.to_bearers)
    borne = {ShopId(int(key[1])): owed.amount for key, owed in books.cuts.under(view, debtor)}
    shares = apportion(of_bearers, borne) if of_bearers else {}
    restored = Restored(shares, amount - of_bearers)
    _lessen(view, debtor, restored)
    return restored


def _lessen(view: View, debtor: ShopId, restored: Restored) -> None:
    for bearer, share in restored.bearers.items():
        _bear(view, debtor, bearer, -share)
    conduct = books.conduct_of(view, debtor)
    to_bearers = Amount(conduct.to_bearers - sum(restored.bearers.values()))
    to_reserve = Amount(conduct.to_reserve - restored.reserve)
    assert min(to_bearers, to_reserve) >= 0
    less = replace(conduct, to_bearers=to_bearers, to_reserve=to_reserve)
    books.conducts.put(view, debtor, value=less)


def _tell_reserve(ctx: Context, given_back: int, came_in: Amount) -> None:
    reserve = ctx.offered(Reserve)
    if reserve is not None:
        reserve.give_back(ctx.view, Amount(given_back))
        reserve.came_in(ctx.view, came_in)
