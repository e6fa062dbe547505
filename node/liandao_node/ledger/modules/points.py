"""Module 4, points: earn, hold, capture, release, refund, expiry (L-6, L-7).

One point is one minor unit off a bill at any shop, owed by the shop that issued it. This file
joins the parts; each of them says what it does.
"""

from enum import IntEnum
from typing import ClassVar

from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import CallBody, Context, Done, Module
from liandao_node.ledger.modules import (
    earn_rules,
    points_claims,
    points_giving,
    points_holds,
    points_orders,
    refunds,
)
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.earn_rule_calls import SetEarnRule
from liandao_node.ledger.modules.points_audit import broken_promises
from liandao_node.ledger.modules.points_calls import (
    NUMBER,
    Hold,
    Import,
    PointsRefusal,
    Release,
    Sale,
)
from liandao_node.ledger.modules.points_claims import Claim, OfferClaim
from liandao_node.ledger.modules.points_giving import Grant, PointsDesk
from liandao_node.ledger.modules.points_joining import PursesJoined
from liandao_node.ledger.modules.points_purses import purse_of
from liandao_node.ledger.modules.refund_calls import Refund
from liandao_node.ledger.modules.stake import BASIS_POINTS, Bonds
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.limits import SWEEP_CARDS_PER_BLOCK_MAX
from liandao_node.types import Amount, CardId, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Rules


class Points(Module):
    name: ClassVar[str] = "points"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (
        Hold,
        Release,
        Sale,
        Import,
        Refund,
        SetEarnRule,
        Grant,
        OfferClaim,
        Claim,
    )
    refusals: ClassVar[type[IntEnum] | None] = PointsRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (
        *books.TABLES,
        *earn_rules.TABLES,
        *refunds.TABLES,
        *points_giving.TABLES,
        *points_claims.TABLES,
    )
    needs: ClassVar[tuple[type, ...]] = (CardDirectory, Bonds, Obligations)
    daily: ClassVar[bool] = True

    def services(self) -> tuple[object, ...]:
        return (PointsDesk(), PursesJoined())

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Sale():
                return points_orders.sale(ctx, call)
            case Hold():
                return points_holds.hold(ctx, call)
            case Release():
                return points_holds.release(ctx, call)
            case Import():
                return points_orders.take_in_order(ctx, call)
            case Refund():
                return refunds.refund(ctx, call)
            case SetEarnRule():
                return earn_rules.set_earn_rule(ctx, call)
            case Grant():
                return points_giving.grant(ctx, call)
            case OfferClaim():
                return points_claims.offer_claim(ctx, call)
            case Claim():
                return points_claims.claim(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def bond_in_use(self, view: View, shop: ShopId, rules: Rules) -> Amount:
        """The least own bond whose issue limit covers what the shop owes (L-4.4)."""
        obligations = Obligations()
        owing = obligations.payable(view, shop)
        if not obligations.is_handed_over(view, shop):
            owing = Amount(owing + books.book_of(view, shop).live)
        if rules.issue_limit_bps == 0:
            return Amount(0)
        return Amount(-(-owing * BASIS_POINTS // rules.issue_limit_bps))

    def on_day(self, ctx: Context) -> bool:
        """Takes expired points off the books, some cards per block (L-6.5), and forgets claims
        whose time is up (L-7.20)."""
        forgotten = points_claims.forget(ctx)
        return self._sweep(ctx) and forgotten

    def _sweep(self, ctx: Context) -> bool:
        cards = books.due.first(
            ctx.view, SWEEP_CARDS_PER_BLOCK_MAX, before=(ctx.time_ms + 1, bytes(16))
        )
        for (expires_ms, card), _ in cards:
            assert isinstance(card, bytes)
            books.due.delete(ctx.view, expires_ms, card)
            if not books.purses.has(ctx.view, card):
                continue  # its points are another card's now, which has entries of its own
            purse = purse_of(ctx, CardId(card))
            books.purses.put(ctx.view, card, value=purse)
            # Lots that wait in an open hold are looked at again when it has ended.
            for hold in purse.holds:
                if any(lot.expires_ms <= ctx.time_ms for lot in hold.lots):
                    books.due.put(ctx.view, hold.expires_ms, card, value=Done())
        return len(cards) < SWEEP_CARDS_PER_BLOCK_MAX

    def invariants(self, view: View) -> list[str]:
        return broken_promises(view) + points_claims.broken_promises(view)
