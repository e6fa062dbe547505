"""Module 2, stake: bonds, delegation, the committees and what becomes of liars and absentees.

The ledger never holds money: a bond is a number that the street's treasurers attest. It elects
(section 13 of docs/ledger.md), and it covers the points that a shop may owe (L-4.2). This file
joins the parts, which know each other through `stake_books` alone.
"""

from enum import IntEnum
from typing import ClassVar

from msgspec.structs import replace

from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import CallBody, Context, Module
from liandao_node.ledger.modules import attendance, epochs, stake_evidence, stake_moves
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.stake_audit import audit
from liandao_node.ledger.modules.stake_books import BASIS_POINTS, NO_BOND, NUMBER, Treasurers
from liandao_node.ledger.modules.stake_calls import (
    Accuse,
    Attest,
    Delegate,
    Redelegate,
    StakeRefusal,
    Undelegate,
    Unjail,
    Withdraw,
)
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.types import Amount, PublicKey, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis, Rules

__all__ = ["BASIS_POINTS", "Bonds", "Stake"]


class Bonds:
    """Service: what stands behind a shop's points."""

    def bond(self, view: View, shop: ShopId) -> Amount:
        """Its own bond: not what it delegated, what leaves, or what was slashed (L-4.2)."""
        return books.bond_of(view, shop).own

    def issue_limit(self, view: View, shop: ShopId, rules: Rules) -> Amount:
        """How many live points the shop may owe."""
        return Amount(self.bond(view, shop) * rules.issue_limit_bps // BASIS_POINTS)

    def take(self, view: View, shop: ShopId, amount: Amount) -> Amount:
        """Takes up to an amount of the own bond for the street's pool, as a punishment would
        (L-4.9); what it took. For payments that the shop did not make."""
        return stake_evidence.take_own(view, shop, amount)


class Stake(Module):
    name: ClassVar[str] = "stake"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 3
    calls: ClassVar[tuple[type[CallBody], ...]] = (
        Attest,
        Withdraw,
        Delegate,
        Undelegate,
        Redelegate,
        Accuse,
        Unjail,
    )
    refusals: ClassVar[type[IntEnum] | None] = StakeRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = books.TABLES
    may_begin_later: ClassVar[bool] = False
    needs: ClassVar[tuple[type, ...]] = (Members,)
    each_block: ClassVar[bool] = True

    def services(self) -> tuple[object, ...]:
        return (Bonds(), TreasurersWord(), epochs.Committees())

    def genesis(self, ctx: Context, genesis: Genesis) -> None:
        for shop in genesis.shops:
            bond = replace(NO_BOND, attested=shop.bond, own=shop.bond)
            books.bonds.put(ctx.view, shop.shop, value=bond)
        keys = [PublicKey(bytes.fromhex(key)) for key in genesis.treasurers]
        if keys:
            books.treasurers.put(ctx.view, value=Treasurers(keys, genesis.treasurer_quorum))
        epochs.begin(ctx.view, genesis)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Attest():
                return stake_moves.attest(ctx, call)
            case Withdraw():
                return stake_moves.withdraw(ctx, call)
            case Delegate():
                return stake_moves.delegate(ctx, call)
            case Undelegate():
                return stake_moves.undelegate(ctx, call)
            case Redelegate():
                return stake_moves.redelegate(ctx, call)
            case Accuse():
                return stake_evidence.accuse(ctx, call)
            case Unjail():
                return attendance.unjail(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def on_block(self, ctx: Context) -> None:
        """Attendance, and the end of an epoch (L-13.6 to L-13.8)."""
        term = books.term_of(ctx.view)
        epochs.note_first_block(ctx, term)
        attendance.count(ctx)
        attendance.note_milestone(ctx)
        if epochs.ends_epoch(ctx, term):
            epochs.turn(ctx, term)

    def invariants(self, view: View) -> list[str]:
        return audit(view)
