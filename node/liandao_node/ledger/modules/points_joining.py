"""The purses of two cards made one (L-7.21)."""

from msgspec import Struct
from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.card_services import CardFollower
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.points_purses import purse_of, take_in, with_debts_paid
from liandao_node.ledger.modules.purse import Purse, all_lots
from liandao_node.limits import LOTS_PER_CARD_MAX
from liandao_node.types import Amount, CardId


class CodeCount(Struct, frozen=True):
    """What was held on typed codes on a day."""

    day: int
    held: Amount


class PursesJoined(CardFollower):
    """Service: points go along when a card moves."""

    def moved(self, ctx: Context, old: CardId, new: CardId) -> None:
        """Adds the old card's purse to the new one's. Refuses ``CARD_HELD`` while points of the
        old one are held, ``PURSE_FULL`` if the lots of both are too many."""
        if not books.purses.has(ctx.view, old):
            return
        old_purse = purse_of(ctx, old)
        if old_purse.holds:
            # They name the old card, and a till may be about to take them.
            raise refuse(
                PointsRefusal.CARD_HELD, until_ms=max(h.expires_ms for h in old_purse.holds)
            )
        purse = purse_of(ctx, new)
        counted = _counted(old_purse, purse)
        purse = replace(purse, code_day=counted.day, code_held=counted.held)
        for lot in (*old_purse.lots, *old_purse.pending):
            purse, _ = take_in(ctx, purse, new, lot)
        if len(all_lots(purse)) > LOTS_PER_CARD_MAX:
            raise refuse(PointsRefusal.PURSE_FULL, most=LOTS_PER_CARD_MAX)
        for debt in old_purse.debts:
            purse = purses.owe(purse, debt.shop, debt.amount)
        purse, _ = with_debts_paid(ctx, purse)
        books.purses.put(ctx.view, new, value=purse)
        books.purses.delete(ctx.view, old)


def _counted(one: Purse, other: Purse) -> CodeCount:
    """Two cards made one have one day's cap, of which both counts are used (L-7.2)."""
    day = max(one.code_day, other.code_day)
    held = sum(purse.code_held for purse in (one, other) if purse.code_day == day)
    return CodeCount(day, Amount(held))
