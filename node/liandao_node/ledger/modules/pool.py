"""Module 9, pool: money that others put in, divided each month by verified traffic (L-18).

Sponsors, advertisers and the association pay for what brings people into the street. Half of it
goes to the shops and most of the rest to their customers, by what shops know of each other's
customers. This file joins the parts; each of them says what it does.
"""

from enum import IntEnum
from typing import ClassVar

from liandao_node.errors import BugFound
from liandao_node.ledger.calendar import pool_period_of
from liandao_node.ledger.module_api import CallBody, Context, Module
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules import pool_closing
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.pool_audit import audit
from liandao_node.ledger.modules.pool_books import NO_CARD, Clock
from liandao_node.ledger.modules.pool_calls import NUMBER, Deposit, PoolRefusal, Visit
from liandao_node.ledger.modules.pool_late import settle_late
from liandao_node.ledger.modules.pool_till import PoolTill, deposit
from liandao_node.ledger.modules.pool_traffic import PoolTraffic, visit
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.limits import POOL_PERIODS_KEPT, POOL_ROWS_PER_BLOCK_MAX
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis


class Pool(Module):
    name: ClassVar[str] = "pool"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Deposit, Visit)
    refusals: ClassVar[type[IntEnum] | None] = PoolRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = books.TABLES
    needs: ClassVar[tuple[type, ...]] = (
        Members,
        TreasurersWord,
        CardDirectory,
        Obligations,
        PointsDesk,
    )
    daily: ClassVar[bool] = True

    def services(self) -> tuple[object, ...]:
        return (PoolTill(), PoolTraffic())

    def genesis(self, ctx: Context, genesis: Genesis) -> None:  # noqa: ARG002
        period = pool_period_of(ctx.time_ms, ctx.utc_offset_minutes)
        books.clocks.put(ctx.view, value=Clock(period, period, []))

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Deposit():
                return deposit(ctx, call)
            case Visit():
                return visit(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def on_day(self, ctx: Context) -> bool:
        """The turn of a period first: traffic of the day that begins is of the new one. What is
        to be set off is known before shares are made."""
        pool_closing.turn_if_due(ctx)
        settled = settle_late(ctx)
        divided = settled and pool_closing.go_on(ctx)
        return _drop_old(ctx) and divided

    def invariants(self, view: View) -> list[str]:
        return audit(view)


def _drop_old(ctx: Context) -> bool:
    """Drops traffic of periods that nobody explains any more, some per block (L-18.24)."""
    view, left = ctx.view, POOL_ROWS_PER_BLOCK_MAX
    kept_from = max(0, books.clock_of(view).period - POOL_PERIODS_KEPT)
    for by_card in (books.seen, books.undone, books.uncounted):
        rows = by_card.first(view, left, before=(kept_from, NO_CARD, 0))
        for key, _ in rows:
            by_card.delete(view, *key)
        left -= len(rows)
    for by_shop in (books.views, books.tallies, books.undone_tallies):
        of_shops = by_shop.first(view, left, before=(kept_from, 0))
        for key, _ in of_shops:
            by_shop.delete(view, *key)
        left -= len(of_shops)
    return left > 0
