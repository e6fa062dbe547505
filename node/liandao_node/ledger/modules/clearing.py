"""Module 7, clearing: what parties owe each other, and how that is paid (L-16).

Points of one shop that are redeemed at another, the pool's share of expired ones, sponsors'
coupons: each makes an obligation. Twice a month they are set off against each other into a few
payments, which shops make outside the ledger and tell it of. This file joins the parts.
"""

from enum import IntEnum
from typing import ClassVar

from liandao_node.errors import BugFound
from liandao_node.ledger.calendar import period_of
from liandao_node.ledger.module_api import CallBody, Context, Module
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules import (
    clearing_defaults,
    clearing_leaving,
    clearing_payments,
    clearing_turn,
)
from liandao_node.ledger.modules.clearing_audit import audit
from liandao_node.ledger.modules.clearing_books import NUMBER, Clock, Obligations
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsReceived,
    ArrearsVouched,
    ClearingRefusal,
    HandOver,
    Leave,
    Paid,
    Received,
    Stay,
    Vouch,
)
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.stake import BASIS_POINTS, Bonds
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis, Rules


class Clearing(Module):
    name: ClassVar[str] = "clearing"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (
        Paid,
        Received,
        Vouch,
        ArrearsReceived,
        ArrearsVouched,
        Leave,
        Stay,
        HandOver,
    )
    refusals: ClassVar[type[IntEnum] | None] = ClearingRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = books.TABLES
    needs: ClassVar[tuple[type, ...]] = (Members, Bonds, TreasurersWord)
    daily: ClassVar[bool] = True

    def services(self) -> tuple[object, ...]:
        return (Obligations(),)

    def genesis(self, ctx: Context, genesis: Genesis) -> None:  # noqa: ARG002
        period = period_of(ctx.time_ms, ctx.utc_offset_minutes)
        books.clocks.put(ctx.view, value=Clock(period))

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Paid():
                return clearing_payments.say_paid(ctx, call)
            case Received():
                return clearing_payments.say_received(ctx, call)
            case Vouch():
                return clearing_payments.vouch(ctx, call)
            case ArrearsReceived():
                return clearing_defaults.say_arrears_received(ctx, call)
            case ArrearsVouched():
                return clearing_defaults.vouch_arrears(ctx, call)
            case Leave():
                return clearing_leaving.leave(ctx)
            case Stay():
                return clearing_leaving.stay(ctx)
            case HandOver():
                return clearing_leaving.hand_over(ctx)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def on_day(self, ctx: Context) -> bool:
        """The turn of a period first: obligations of the day that begins are of the new one."""
        clearing_turn.turn_if_due(ctx)
        failed = clearing_defaults.fail_overdue(ctx)
        return clearing_turn.drop_old(ctx) and failed

    def bond_in_use(self, view: View, shop: ShopId, rules: Rules) -> Amount:
        """The least own bond that covers what the shop may have to pay (L-16.4)."""
        obligations = Obligations()
        payable = obligations.payable(view, shop)
        # Nothing grows any more on points that were handed over: what is owed is owed in full.
        if rules.issue_limit_bps == 0 or obligations.is_handed_over(view, shop):
            return payable
        return Amount(-(-payable * BASIS_POINTS // rules.issue_limit_bps))

    def invariants(self, view: View) -> list[str]:
        return audit(view)
