"""Orders that were refunded after their period: what they brought is set off later (L-18.23).

Nobody is sent a bill. A shop's next shares are less by what its share of that period would have
been less, and so are a customer's next points. A linear part of the share is never less than what
a new division would have taken: what leaves a weight leaves the sum of weights, too.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules import pool_standing as standing
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.pool_books import DaySeen, Late, Line, OrderDays, Seen
from liandao_node.ledger.modules.pool_closing import tallies_of, visitors_of
from liandao_node.ledger.modules.pool_heads import HeadRates, amount_for
from liandao_node.ledger.modules.pool_weights import Part, Tally, head_units, weighed_of
from liandao_node.ledger.state import View
from liandao_node.limits import POOL_LATE_PER_BLOCK_MAX
from liandao_node.types import CardId, ShopId


def settle_late(ctx: Context) -> bool:
    """Deals with some of them, oldest first; True when none is left whose period is divided."""
    clock = books.clock_of(ctx.view)
    undivided = clock.over[0].period if clock.over else clock.period
    found = books.lates.first(ctx.view, POOL_LATE_PER_BLOCK_MAX, before=(undivided, 0))
    for (number, position), late in found:
        period = int(number)
        books.lates.delete(ctx.view, period, position)
        for card in dict.fromkeys((late.card, _current(ctx, late.card))):
            if _was_counted(ctx.view, period, replace(late, card=card)):
                _undo(ctx, period, replace(late, card=card))
                break
    return len(found) < POOL_LATE_PER_BLOCK_MAX


def _current(ctx: Context, card: CardId) -> CardId:
    return ctx.service(CardDirectory).current(ctx.view, card)


def _was_counted(view: View, period: int, late: Late) -> bool:
    row = books.seen.get(view, period, late.card, late.shop)
    gone = books.days_in(books.undone, view, period, late.card, late.shop).count(late.day)
    orders = next((one.orders for one in row.days if one.day == late.day), 0) if row else 0
    return orders > gone and books.divisions.has(view, period)


def _undo(ctx: Context, period: int, late: Late) -> None:
    view = ctx.view
    before = _parts(view, period, late.card)
    days = sorted([*books.days_in(books.undone, view, period, late.card, late.shop), late.day])
    books.undone.put(view, period, late.card, late.shop, value=OrderDays(days))
    after = _parts(view, period, late.card)
    _undo_at_shop(view, period, late.shop, before[late.shop], after.get(late.shop))
    division, tallies = books.divisions.get(view, period), tallies_of(view, period)
    assert division is not None
    lost = _head(before, tallies, division.rates) - _head(after, tallies, division.rates)
    if lost > 0:
        card = _current(ctx, late.card)
        owing = books.owing_of(books.cards_owing, view, card) + lost
        books.set_owing(books.cards_owing, view, card, owing)


def _undo_at_shop(view: View, period: int, shop: ShopId, before: Part, after: Part | None) -> None:
    row = books.undone_tallies.get(view, period, shop) or books.tallies.get(view, period, shop)
    line = books.lines.get(view, period, shop)
    assert line is not None, "a division has a line for each shop"
    tally, views = books.tally_of(row), visitors_of(view, period, shop)
    owed = _too_much(line, tally, views)
    tally.take(before)
    if after is not None:
        tally.add(after)
    books.undone_tallies.put(view, period, shop, value=books.row_of(tally))
    more = _too_much(line, tally, views) - owed
    owing = books.owing_of(books.shops_owing, view, shop)
    books.set_owing(books.shops_owing, view, shop, owing + more)


def _too_much(line: Line, tally: Tally, views: int) -> int:
    """What of a share is for weight that is gone, rounded up."""
    gone = line.weight - weighed_of(tally, views).weight
    return -(-line.share * gone // line.weight) if gone else 0


def _head(parts: dict[ShopId, Part], tallies: dict[ShopId, Tally], rates: HeadRates) -> int:
    return amount_for(head_units(parts, tallies), rates)


def _parts(view: View, period: int, card: CardId) -> dict[ShopId, Part]:
    """What a card gave to each shop, without what is undone by now."""
    rows = [
        (shop, _without(row, books.days_in(books.undone, view, period, card, shop)))
        for shop, row in books.seen_by(view, period, card)
    ]
    known = standing.known_from_traffic(view, card, period)
    founding = standing.is_founding(period, books.clock_of(view).first)
    return standing.parts_of_card(rows, known, founding=founding)


def _without(row: Seen, gone: Sequence[int]) -> Seen:
    days = [DaySeen(one.day, one.orders - gone.count(one.day), one.visits) for one in row.days]
    return Seen([one for one in days if one.orders or one.visits], row.known_day)
