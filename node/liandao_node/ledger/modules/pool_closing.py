"""A period's division, a bounded piece of it in each block (L-18.19 to L-18.22).

Where it stands is a record like all others: a node that was restored from a snapshot goes on in
the middle, with the same numbers.
"""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.calendar import pool_period_of
from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules import pool_giving, pool_heads
from liandao_node.ledger.modules import pool_standing as standing
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_books import obligations as owed_rows
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.pool_books import (
    ABOVE_ALL_SHOPS,
    NO_CARD,
    Clock,
    Closing,
    Division,
    Frozen,
    Head,
    Line,
    Seen,
    Stage,
)
from liandao_node.ledger.modules.pool_division import Terms, divide_shops, parts_of
from liandao_node.ledger.modules.pool_till import free
from liandao_node.ledger.modules.pool_weights import Tally, head_units, weighed_of
from liandao_node.ledger.state import View
from liandao_node.limits import POOL_ROWS_PER_BLOCK_MAX
from liandao_node.types import Amount, CardId, ShopId

TERMS: Final = Terms()
BEGUN: Final = Closing(
    Stage.GATHER, NO_CARD, [], pool_heads.NOTHING, 0, Amount(0), Amount(0), Amount(0)
)


def turn_if_due(ctx: Context) -> None:
    """Ends the running period once ledger time is in a later one (L-18.19)."""
    clock = books.clock_of(ctx.view)
    period = pool_period_of(ctx.time_ms, ctx.utc_offset_minutes)
    if period > clock.period:
        over = [*clock.over, Frozen(clock.period, ctx.parent, ctx.height)]
        books.clocks.put(ctx.view, value=Clock(period, clock.first, over))


def go_on(ctx: Context) -> bool:
    """A piece of the oldest division that is not done; True when there was none."""
    clock = books.clock_of(ctx.view)
    if not clock.over:
        return True
    frozen, *rest = clock.over
    closing = books.closings.get(ctx.view) or BEGUN
    after = _STAGES[closing.stage](ctx, frozen, closing)
    if after is not None:
        books.closings.put(ctx.view, value=after)
        return False
    books.closings.delete(ctx.view)
    books.clocks.put(ctx.view, value=replace(clock, over=rest))
    return False


def _gather(ctx: Context, frozen: Frozen, closing: Closing) -> Closing:
    """Sums up what some cards gave to each shop, and notes where they are known."""
    tallies: dict[ShopId, Tally] = {}
    first = books.clock_of(ctx.view).first
    founding = standing.is_founding(frozen.period, first)
    cards = _cards_after(ctx.view, frozen.period, closing.cursor)
    for card, rows in cards.items():
        days = standing.later(standing.kept(ctx.view, card), rows)
        standing.keep(ctx.view, card, days, frozen.period)
        shops = standing.standing_at(days, frozen.period)
        for shop, part in standing.parts_of_card(rows, shops, founding=founding).items():
            if shop not in tallies:
                tallies[shop] = _tally(ctx.view, frozen.period, shop)
            tallies[shop].add(part)
    for shop, tally in tallies.items():
        books.tallies.put(ctx.view, frozen.period, shop, value=books.row_of(tally))
    return _moved_on(closing, cards, Stage.HEADS)


def _count_heads(ctx: Context, frozen: Frozen, closing: Closing) -> Closing:
    """Notes what some customers' parts are divided by: all shops' weights are known now."""
    tallies = tallies_of(ctx.view, frozen.period)
    founding = standing.is_founding(frozen.period, books.clock_of(ctx.view).first)
    heads = dict(closing.heads)
    cards = _cards_after(ctx.view, frozen.period, closing.cursor)
    for card, rows in cards.items():
        shops = standing.standing_at(standing.kept(ctx.view, card), frozen.period)
        parts = standing.parts_of_card(rows, shops, founding=founding)
        units = head_units(parts, tallies)
        if units:
            books.heads.put(ctx.view, card, value=Head(units))
            heads[units] = heads.get(units, 0) + 1
    counted = replace(closing, heads=[(units, heads[units]) for units in sorted(heads)])
    return _moved_on(counted, cards, Stage.DIVIDE)


def _divide(ctx: Context, frozen: Frozen, closing: Closing) -> Closing:
    """All shares in one block: the shops' are booked, the customers' are known (L-18.20)."""
    cash = free(ctx.view)
    parts = parts_of(cash, TERMS)
    weights = {
        shop: weighed_of(tally, visitors_of(ctx.view, frozen.period, shop))
        for shop, tally in tallies_of(ctx.view, frozen.period).items()
    }
    skin = skin_of(ctx.view, frozen.period)
    claims, shares = divide_shops(parts.shops, weights, skin, frozen.seed, TERMS)
    for shop, weighed in weights.items():
        share = shares.by[shop]
        line = Line(
            weighed.units,
            weighed.weight,
            list(weighed.drops),
            Amount(claims[shop].cap),
            share.amount,
            share.remainder,
            _withhold(ctx.view, shop, share.amount),
        )
        books.lines.put(ctx.view, frozen.period, shop, value=line)
        credit = Amount(line.share - line.withheld)
        obligations = ctx.service(Obligations)
        obligations.owe(ctx.view, POOL, shop, credit, for_points=False)
    shared = Amount(sum(share.amount for share in shares.by.values()))
    heads = dict(closing.heads)
    rates = pool_heads.rates(parts.customers, heads, TERMS.head_cap)
    division = Division(
        seed=frozen.seed,
        height=frozen.height,
        time_ms=ctx.time_ms,
        cash=cash,
        reserve=parts.reserve,
        shops_part=parts.shops,
        customers_part=parts.customers,
        remainder_of=shares.of,
        shared=shared,
        given=Amount(0),
        limited=Amount(0),
        withheld=Amount(0),
        customers_weight=sum(units * count for units, count in closing.heads),
        rates=rates,
        is_done=False,
    )
    books.divisions.put(ctx.view, frozen.period, value=division)
    _book(ctx.view, parts.reserve, shared)
    return replace(closing, stage=Stage.GIVE, rates=rates)


def _book(view: View, reserve: Amount, shared: Amount) -> None:
    till = books.till_of(view)
    set_aside = replace(
        till, reserve=Amount(till.reserve + reserve), to_shops=Amount(till.to_shops + shared)
    )
    books.till_table.put(view, value=set_aside)


def _withhold(view: View, shop: ShopId, share: Amount) -> Amount:
    """What a share loses to earlier ones that were too large (L-18.23)."""
    owing = books.owing_of(books.shops_owing, view, shop)
    withheld = Amount(min(owing, share))
    if withheld:
        books.set_owing(books.shops_owing, view, shop, owing - withheld)
    return withheld


def skin_of(view: View, period: int) -> dict[ShopId, Amount]:
    """Points of a shop that others redeemed and those of others that it redeemed, in the two
    clearing periods of a pool's period (L-18.8). Points of the pool cost no shop anything."""
    skin: dict[ShopId, Amount] = {}
    for half in (2 * period, 2 * period + 1):
        for (_, debtor, creditor), owed in owed_rows.under(view, half):
            if POOL not in (debtor, creditor):
                for shop in (ShopId(int(debtor)), ShopId(int(creditor))):
                    skin[shop] = Amount(skin.get(shop, 0) + owed.points)
    return skin


def tallies_of(view: View, period: int) -> dict[ShopId, Tally]:
    """Of all members, by number."""
    return {shop: _tally(view, period, shop) for shop in sorted(Members().all(view))}


def visitors_of(view: View, period: int, shop: ShopId) -> int:
    found = books.views.get(view, period, shop)
    return found.visitors if found is not None else 0


def _tally(view: View, period: int, shop: ShopId) -> Tally:
    return books.tally_of(books.tallies.get(view, period, shop))


def _cards_after(
    view: View, period: int, cursor: CardId
) -> dict[CardId, list[tuple[ShopId, Seen]]]:
    """Some cards' traffic, each card's whole; none when all are done."""
    first = (period, cursor, ABOVE_ALL_SHOPS if cursor != NO_CARD else 0)
    rows = books.seen.between(view, first, (period + 1, NO_CARD, 0), POOL_ROWS_PER_BLOCK_MAX)
    cards: dict[CardId, list[tuple[ShopId, Seen]]] = {}
    for card, of_card in groupby(rows, key=lambda row: row[0][1]):
        assert isinstance(card, bytes)
        cards[CardId(card)] = [(ShopId(int(shop)), row) for (*_, shop), row in of_card]
    if len(rows) == POOL_ROWS_PER_BLOCK_MAX:
        cards.popitem()  # its other records lie behind the last one
    return cards


def _moved_on(closing: Closing, cards: Mapping[CardId, object], following: Stage) -> Closing:
    if cards:
        return replace(closing, cursor=next(reversed(dict(cards))))
    return replace(closing, stage=following, cursor=NO_CARD)


_Step = Callable[[Context, Frozen, Closing], Closing | None]
_STAGES: Final[dict[Stage, _Step]] = {
    Stage.GATHER: _gather,
    Stage.HEADS: _count_heads,
    Stage.DIVIDE: _divide,
    Stage.GIVE: pool_giving.give,
    Stage.DRAW: pool_giving.draw,
}
