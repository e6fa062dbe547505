"""The customers' part becomes points of the pool, card after card (L-18.21)."""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.pool_books import Closing, Frozen, Stage
from liandao_node.ledger.modules.pool_division import tie_of
from liandao_node.ledger.modules.pool_heads import amount_for, is_drawn
from liandao_node.ledger.modules.purse import Origin
from liandao_node.limits import POOL_CARDS_PER_BLOCK_MAX
from liandao_node.types import Amount, CardId


def give(ctx: Context, frozen: Frozen, closing: Closing) -> Closing:
    """Gives some customers what their units are worth; who may be drawn waits."""
    found = books.heads.first(ctx.view, POOL_CARDS_PER_BLOCK_MAX)
    for (name,), head in found:
        assert isinstance(name, bytes)
        card = CardId(name)
        books.heads.delete(ctx.view, card)
        if is_drawn(head.units, closing.rates):
            books.draws.put(ctx.view, tie_of(frozen.seed, card), card, value=head)
        closing = _give(ctx, closing, card, amount_for(head.units, closing.rates))
    done = len(found) < POOL_CARDS_PER_BLOCK_MAX
    return replace(closing, stage=Stage.DRAW) if done else closing


def draw(ctx: Context, frozen: Frozen, closing: Closing) -> Closing | None:
    """Gives the last units in the order of the draw, then says what was given in all."""
    found = books.draws.first(ctx.view, POOL_CARDS_PER_BLOCK_MAX)
    for (tie, name), _ in found:
        assert isinstance(name, bytes)
        books.draws.delete(ctx.view, tie, name)
        if closing.drawn < closing.rates.drawn:
            closing = _give(ctx, closing, CardId(name), Amount(1))
            closing = replace(closing, drawn=closing.drawn + 1)
    if len(found) == POOL_CARDS_PER_BLOCK_MAX:
        return closing
    division = books.divisions.get(ctx.view, frozen.period)
    assert division is not None, "shares come before points"
    done = replace(
        division,
        given=closing.given,
        limited=closing.limited,
        withheld=closing.withheld,
        is_done=True,
    )
    books.divisions.put(ctx.view, frozen.period, value=done)
    return None


def _give(ctx: Context, closing: Closing, card: CardId, amount: Amount) -> Closing:
    """Points of the pool for a card, or for the one that has what was the card's."""
    if not amount:
        return closing
    card = ctx.service(CardDirectory).current(ctx.view, card)
    owing = books.owing_of(books.cards_owing, ctx.view, card)
    withheld = min(owing, amount)
    if withheld:
        books.set_owing(books.cards_owing, ctx.view, card, owing - withheld)
    due = Amount(amount - withheld)
    given = Amount(0)
    if due:
        given = ctx.service(PointsDesk).give(ctx, POOL, card, due, Origin.POOL).amount
        till = books.till_of(ctx.view)
        more = replace(till, to_customers=Amount(till.to_customers + given))
        books.till_table.put(ctx.view, value=more)
    return replace(
        closing,
        given=Amount(closing.given + amount),
        limited=Amount(closing.limited + due - given),
        withheld=Amount(closing.withheld + withheld),
    )
