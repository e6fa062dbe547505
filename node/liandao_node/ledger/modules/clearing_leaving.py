"""Leaving in good order: notice, run-off, or the pool takes the points over (L-16.11)."""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_books import NEVER, Obligations
from liandao_node.ledger.modules.clearing_calls import ClearingRefusal, HandedOver, Notice
from liandao_node.ledger.modules.clearing_services import Issuance
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.stake import Bonds


def leave(ctx: Context) -> Notice:
    conduct = books.conduct_of(ctx.view, ctx.shop)
    if conduct.leaving_ms:
        raise refuse(ClearingRefusal.LEAVING_ALREADY)
    leaving = replace(conduct, leaving_ms=ctx.time_ms)
    books.conducts.put(ctx.view, ctx.shop, value=leaving)
    return Notice(Obligations().payable(ctx.view, ctx.shop))


def stay(ctx: Context) -> Done:
    conduct = books.conduct_of(ctx.view, ctx.shop)
    if not conduct.leaving_ms:
        raise refuse(ClearingRefusal.NOT_LEAVING)
    if conduct.handed_over_ms:
        raise refuse(ClearingRefusal.HANDED_OVER_ALREADY)
    books.conducts.put(ctx.view, ctx.shop, value=replace(conduct, leaving_ms=NEVER))
    return Done()


def hand_over(ctx: Context) -> HandedOver:
    """The pool answers for the caller's points from here on, the caller owes it their value."""
    conduct = books.conduct_of(ctx.view, ctx.shop)
    if not conduct.leaving_ms:
        raise refuse(ClearingRefusal.NOT_LEAVING)
    if conduct.handed_over_ms:
        raise refuse(ClearingRefusal.HANDED_OVER_ALREADY)
    if conduct.arrears:
        raise refuse(ClearingRefusal.HANDOVER_IN_DEFAULT, arrears=conduct.arrears)
    issuance = ctx.offered(Issuance)
    if issuance is None:
        raise refuse(ClearingRefusal.HANDOVER_NOT_OFFERED)
    obligations = Obligations()
    live = issuance.live(ctx.view, ctx.shop)
    bond = ctx.service(Bonds).bond(ctx.view, ctx.shop)
    if obligations.payable(ctx.view, ctx.shop) + live > bond:
        raise refuse(ClearingRefusal.HANDOVER_UNCOVERED, bond=bond)
    obligations.owe(ctx.view, ctx.shop, POOL, live)
    books.conducts.put(ctx.view, ctx.shop, value=replace(conduct, handed_over_ms=ctx.time_ms))
    return HandedOver(live)
