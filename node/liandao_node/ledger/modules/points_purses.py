"""A card's purse within a call: as it is now, with points taken in and out (L-6.4, L-7.5).

What changes hands here is booked here: the callers know orders, holds and reasons.
"""

from msgspec import Struct

from liandao_node.ledger.calendar import DAY_MS, day_of, day_start_ms, month_end_ms
from liandao_node.ledger.module_api import Context, Done
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.cards import Card, CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_services import Promises
from liandao_node.ledger.modules.purse import EMPTY_PURSE, NO_LOT, VESTED, Lot, Origin, Purse
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.types import Amount, CardId, Millis, ShopId


class Gift(Struct, frozen=True):
    """A purse after points were due to it."""

    purse: Purse
    amount: Amount
    """0 if a limit stood against it."""
    lot: int
    set_off: Amount
    """Of the amount, what went into debts of the card."""


def purse_of(ctx: Context, card: CardId) -> Purse:
    """The card's purse as it is now; what left it is booked (L-6.4)."""
    return settled(ctx, books.purses.get(ctx.view, card) or EMPTY_PURSE)


def settled(ctx: Context, purse: Purse) -> Purse:
    """That purse as it is now; what left it is booked."""
    purse, expired, clawed = purses.settle(purse, ctx.time_ms)
    if expired:
        books.expire(ctx, expired)
    if clawed:
        books.claw(ctx.view, clawed)
    return purse


def keep(ctx: Context, directory: CardDirectory, card: Card, card_id: CardId, purse: Purse) -> None:
    books.purses.put(ctx.view, card_id, value=purse)
    directory.saw(ctx, card)


def with_debts_paid(ctx: Context, purse: Purse) -> tuple[Purse, Amount]:
    """The purse after new points met its debts, and what they took; booked (L-7.12)."""
    if not purse.debts:
        return purse, Amount(0)
    purse, clawed = purses.set_off(purse, ctx.time_ms)
    books.claw(ctx.view, clawed)
    return purse, purses.total(clawed)


def whole_day(ctx: Context, time_ms: int) -> Millis:
    """That moment or the beginning of the street's next day: one lot a day, not one a sale."""
    day = day_of(Millis(time_ms - 1), ctx.utc_offset_minutes) + 1
    return day_start_ms(day, ctx.utc_offset_minutes)


def vesting_of(ctx: Context, paid: int, ordered_ms: Millis) -> Millis:
    """When points of an order of that moment may be used: after the return window of a dear
    one, else `VESTED` (L-7.5)."""
    dear = ctx.rules.vest_ms and paid > ctx.rules.vest_over
    return whole_day(ctx, ordered_ms + ctx.rules.vest_ms) if dear else VESTED


def usual_expiry(ctx: Context, usable_ms: Millis) -> Millis:
    """The month end that many months after they may be used (L-7.5)."""
    return month_end_ms(usable_ms, ctx.rules.expiry_months, ctx.utc_offset_minutes)


def returned_expiry(ctx: Context) -> Millis:
    """The least life of points that a refund gives back, to the end of a day (L-7.10)."""
    return whole_day(ctx, ctx.time_ms + ctx.rules.returned_days * DAY_MS)


def may_issue(ctx: Context, issuer: ShopId, amount: int) -> bool:
    """Whether the bond covers so many more points; the pool's are covered by its cash (L-7.5)."""
    if issuer == POOL:
        return True
    obligations = ctx.service(Obligations)
    limit = ctx.service(Bonds).issue_limit(ctx.view, issuer, ctx.rules)
    owing = books.book_of(ctx.view, issuer).live + obligations.payable(ctx.view, issuer)
    for others in ctx.all_offered(Promises):
        owing += others.promised(ctx.view, issuer)
    return owing + amount <= limit and obligations.may_issue(ctx.view, issuer)


def take_in(ctx: Context, purse: Purse, card: CardId, lot: Lot) -> tuple[Purse, int]:
    """The purse with those points and the id of their lot; when it expires is noted."""
    purse, joined, began = purses.grow(purse, lot)
    if began:
        books.due.put(ctx.view, joined.expires_ms, card, value=Done())
    return purse, joined.id


def give(
    ctx: Context,
    purse: Purse,
    card: CardId,
    issuer: ShopId,
    amount: Amount,
    origin: Origin,
    vests_ms: Millis = VESTED,
    expires_ms: Millis | None = None,
) -> Gift:
    """New points of an issuer, unless a limit stands against them (L-7.5)."""
    if amount == 0:
        return Gift(purse, amount, NO_LOT, amount)
    if expires_ms is None:
        expires_ms = usual_expiry(ctx, vests_ms or ctx.time_ms)
    lot = Lot(expires_ms, lot_id(ctx), issuer, amount, vests_ms, origin)
    if not may_issue(ctx, issuer, amount) or not purses.has_room(purse, lot):
        return Gift(purse, Amount(0), NO_LOT, Amount(0))
    purse, where = take_in(ctx, purse, card, lot)
    if origin == Origin.SALE:
        books.issue(ctx.view, issuer, amount)
    else:
        books.issue_without_order(ctx.view, issuer, origin, amount)
    purse, set_off = with_debts_paid(ctx, purse)
    return Gift(purse, amount, where, set_off)


def lot_id(ctx: Context) -> int:
    """Of a lot that begins now. Daily work has no position and takes that of the block's first
    call: a lot is named by issuer, expiry and origin, its id only says which is older (L-6.2)."""
    return max(ctx.position, ctx.height << 16)
