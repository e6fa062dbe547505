"""Verified traffic as it is told: orders, visits, visitors of pages (L-18.15 to L-18.18).

Everything counts on the day on which the ledger takes it in. What a shop tells later counts
later, so nobody adds to a period that is over.
"""

from functools import lru_cache

from msgspec.structs import replace

from liandao_node.ledger.calendar import (
    day_of,
    day_start_ms,
    pool_period_of,
    pool_period_start_ms,
)
from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import points_books
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.card_services import CardFollower
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.points_books import Order, as_order
from liandao_node.ledger.modules.points_services import (
    ClaimTold,
    OrderFollower,
    OrderName,
    OrderTold,
    RefundTold,
)
from liandao_node.ledger.modules.pool_books import NEVER_PAID, DaySeen, Late, OrderDays, Seen, Views
from liandao_node.ledger.modules.pool_calls import PoolRefusal, Visit, VisitDone, visit_preimage
from liandao_node.ledger.modules.pool_standing import known_days
from liandao_node.ledger.modules.traffic_services import BatchFollower, BatchTold
from liandao_node.limits import POOL_PERIODS_KEPT
from liandao_node.types import CardId, ShopId

NOT_SEEN = Seen([], NEVER_PAID)


class PoolTraffic(OrderFollower, BatchFollower, CardFollower):
    """Service: hears of what shops and cards do."""

    def ordered(self, ctx: Context, told: OrderTold) -> None:
        """A paid order of a card counts (L-18.15)."""
        if told.card and told.paid > 0:
            _add(ctx, ctx.shop, CardId(told.card), orders=1)

    def claimed(self, ctx: Context, told: ClaimTold) -> None:
        """So does one that was claimed later, on its own day, if its period still runs."""
        if told.order.paid <= 0 or told.refunded == told.order.gross:
            return
        day = day_of(told.ordered_ms, ctx.utc_offset_minutes)
        card, period = CardId(told.order.card), _period_of_day(day)
        if period != _today(ctx)[1]:
            _note_uncounted(ctx, period, card, told.shop, day)
        else:
            before = books.seen.get(ctx.view, period, card, told.shop) or NOT_SEEN
            seen = _both(before, Seen([DaySeen(day, 1, 0)], NEVER_PAID))
            books.seen.put(ctx.view, period, card, told.shop, value=seen)

    def refunded(self, ctx: Context, told: RefundTold) -> None:
        """An order of which nothing is left never counted (L-18.16)."""
        if not told.card or told.after != told.gross:
            return
        order = _order(ctx, told.name)
        if order is None or order.gross - order.points - order.excluded <= 0:
            return
        day = day_of(order.time_ms, ctx.utc_offset_minutes)
        running, period = _today(ctx)[1], _period_of_day(day)
        card = ctx.service(CardDirectory).current(ctx.view, CardId(told.card))
        if period == running:
            _take_out(ctx, card, day)
        elif period >= running - POOL_PERIODS_KEPT and not _was_uncounted(
            ctx, period, CardId(order.card), day
        ):
            late = Late(ctx.shop, CardId(order.card), day)
            books.lates.put(ctx.view, period, ctx.position, value=late)

    def committed(self, ctx: Context, told: BatchTold) -> None:
        """Visitors of a window count if the window lies in the running period (L-18.17)."""
        _, period = _today(ctx)
        offset = ctx.utc_offset_minutes
        first_ms = pool_period_start_ms(period, offset)
        end_ms = pool_period_start_ms(period + 1, offset)
        if told.visitors and first_ms <= told.window_first_ms <= told.window_last_ms < end_ms:
            before = books.views.get(ctx.view, period, ctx.shop)
            visitors = told.visitors + (before.visitors if before is not None else 0)
            books.views.put(ctx.view, period, ctx.shop, value=Views(visitors))

    def moved(self, ctx: Context, old: CardId, new: CardId) -> None:
        """What the old card did in the running period the new one did; where it bought before
        counts for its standing. Periods that are over stay as they are (L-18.18)."""
        _, period = _today(ctx)
        rows = dict(books.seen_by(ctx.view, period, old))
        paid = known_days(ctx.view, old, books.clock_of(ctx.view))
        for shop in sorted({*rows, *paid}):
            row = rows.get(shop, NOT_SEEN)
            row = replace(row, known_day=max(row.known_day, paid.get(shop, NEVER_PAID)))
            there = books.seen.get(ctx.view, period, new, shop) or NOT_SEEN
            books.seen.put(ctx.view, period, new, shop, value=_both(there, row))
        for shop in rows:
            books.seen.delete(ctx.view, period, old, shop)
        owing = books.owing_of(books.cards_owing, ctx.view, old)
        if owing:
            books.set_owing(books.cards_owing, ctx.view, old, 0)
            owing_now = books.owing_of(books.cards_owing, ctx.view, new) + owing
            books.set_owing(books.cards_owing, ctx.view, new, owing_now)


def visit(ctx: Context, call: Visit) -> VisitDone:
    """Somebody showed a card (L-18.15)."""
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    day, period = _today(ctx)
    if call.day != day:
        raise refuse(PoolRefusal.VISIT_OTHER_DAY, day=day)
    row = books.seen.get(ctx.view, period, call.card, ctx.shop)
    if row is not None and row.days and row.days[-1].day == day and row.days[-1].visits:
        raise refuse(PoolRefusal.VISIT_KNOWN)
    preimage = visit_preimage(ctx.chain_id, ctx.shop, call.day)
    directory.require_signature(ctx, card, preimage, call.signature)
    seen = _add(ctx, ctx.shop, CardId(call.card), visits=1)
    directory.saw(ctx, card)
    return VisitDone(sum(one.visits for one in seen.days))


def _add(ctx: Context, shop: ShopId, card: CardId, *, orders: int = 0, visits: int = 0) -> Seen:
    """One record, read and written: a sale pays for it."""
    day, period = _today(ctx)
    row = books.seen.get(ctx.view, period, card, shop) or NOT_SEEN
    days, last = row.days, row.days[-1] if row.days else None
    if last is not None and last.day == day:
        days, orders, visits = days[:-1], last.orders + orders, last.visits + visits
    seen = Seen([*days, DaySeen(day, orders, visits)], row.known_day)
    books.seen.put(ctx.view, period, card, shop, value=seen)
    return seen


def _take_out(ctx: Context, card: CardId, day: int) -> None:
    _, period = _today(ctx)
    row = books.seen.get(ctx.view, period, card, ctx.shop)
    if row is None:
        return  # of a time before the street had a pool
    days = [
        replace(one, orders=one.orders - 1) if one.day == day and one.orders else one
        for one in row.days
    ]
    days = [one for one in days if one.orders or one.visits]
    if days or row.known_day != NEVER_PAID:
        books.seen.put(ctx.view, period, card, ctx.shop, value=Seen(days, row.known_day))
    else:
        books.seen.delete(ctx.view, period, card, ctx.shop)


def _note_uncounted(ctx: Context, period: int, card: CardId, shop: ShopId, day: int) -> None:
    days = sorted([*books.days_in(books.uncounted, ctx.view, period, card, shop), day])
    books.uncounted.put(ctx.view, period, card, shop, value=OrderDays(days))


def _was_uncounted(ctx: Context, period: int, card: CardId, day: int) -> bool:
    """Whether one of the card's orders of that day never counted; from now on it is gone."""
    days = list(books.days_in(books.uncounted, ctx.view, period, card, ctx.shop))
    if day not in days:
        return False
    days.remove(day)
    if days:
        books.uncounted.put(ctx.view, period, card, ctx.shop, value=OrderDays(days))
    else:
        books.uncounted.delete(ctx.view, period, card, ctx.shop)
    return True


def _both(one: Seen, other: Seen) -> Seen:
    days: dict[int, DaySeen] = {}
    for seen in (*one.days, *other.days):
        before = days.get(seen.day, DaySeen(seen.day, 0, 0))
        orders, visits = before.orders + seen.orders, before.visits + seen.visits
        days[seen.day] = DaySeen(seen.day, orders, visits)
    return Seen([days[day] for day in sorted(days)], max(one.known_day, other.known_day))


def _order(ctx: Context, name: OrderName) -> Order | None:
    if not name.imported:
        return points_books.orders.get(ctx.view, ctx.shop, name.register, name.number)
    found = points_books.imports.get(ctx.view, ctx.shop, name.imported)
    return as_order(found) if found is not None else None


def _today(ctx: Context) -> tuple[int, int]:
    """The street's day and the pool's period. The daily work has turned the clock before any
    call of a new month, so this is the clock's period, without reading it."""
    day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    return day, _period_of_day(day)


@lru_cache(maxsize=64)
def _period_of_day(day: int) -> int:
    return pool_period_of(day_start_ms(day, 0), 0)
