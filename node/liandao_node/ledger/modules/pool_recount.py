"""A division made again from the traffic that the state keeps, and held against what was booked.

It goes by another way than the ledger, which saw a few cards at a time: all of them at once, by
`pool_division.explain`. So whoever has the state can check every unit (L-18.24).
"""

from typing import NamedTuple

from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules import pool_standing as standing
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.pool_books import Division, Line
from liandao_node.ledger.modules.pool_closing import TERMS, skin_of
from liandao_node.ledger.modules.pool_division import Explained, ShopLine, explain
from liandao_node.ledger.modules.pool_weights import Day, Period
from liandao_node.ledger.state import View
from liandao_node.limits import POOL_PERIODS_KEPT
from liandao_node.types import Amount, CardId, ShopId


class Difference(NamedTuple):
    """One number that was booked otherwise than it should have been."""

    what: str
    shop: int
    """-1 for the whole street."""
    booked: int
    recomputed: int


def can_be_explained(view: View, period: int) -> bool:
    """Whether the state still has all the traffic that a period's weights depend on."""
    running = books.clock_of(view).period
    return period - standing.PERIODS_BACK >= running - POOL_PERIODS_KEPT


def traffic_of_period(view: View, period: int) -> Period:
    """What a period is divided by, as far as it was told."""
    days: list[Day] = []
    paid: dict[CardId, dict[ShopId, int]] = {}
    for one in range(period - standing.PERIODS_BACK, period + 1):
        for (_, name, shop_number), row in books.seen.under(view, one):
            assert isinstance(name, bytes)
            card, shop = CardId(name), ShopId(int(shop_number))
            standing.later(paid.setdefault(card, {}), [(shop, row)])
            if one == period:
                days += [Day(card, shop, seen.day, seen.orders, seen.visits) for seen in row.days]
    return Period(
        shops=frozenset(Members().all(view)),
        days=tuple(days),
        paid_at={card: standing.standing_at(found, period) for card, found in paid.items()},
        visitor_days={
            ShopId(int(shop)): row.visitors for (_, shop), row in books.views.under(view, period)
        },
        founding=standing.is_founding(period, books.clock_of(view).first),
    )


def recount(view: View, period: int, division: Division) -> Explained:
    """The division of the cash that was there, made anew."""
    traffic, skin = traffic_of_period(view, period), skin_of(view, period)
    return explain(division.cash, traffic, skin, division.seed, TERMS)


def differences(
    view: View, period: int, division: Division, told: Explained | None = None
) -> list[Difference]:
    """What was booked otherwise than the traffic says; none when all is well."""
    told = told or recount(view, period, division)
    found = [
        Difference("reserve", -1, division.reserve, told.reserve),
        Difference("shops_part", -1, division.shops_part, told.shops_part),
        Difference("customers_part", -1, division.customers_part, told.customers_part),
        Difference("remainder_of", -1, division.remainder_of, told.remainder_of),
        Difference("customers_weight", -1, division.customers_weight, told.customers_weight),
    ]
    for line in told.lines:
        found += _of_shop(line, books.lines.get(view, period, line.shop))
    if division.is_done:
        given = Amount(sum(told.customers.values()))
        found.append(Difference("given", -1, division.given, given))
        found.append(Difference("carry", -1, division.carry, told.carry))
    return [one for one in found if one.booked != one.recomputed]


def _of_shop(told: ShopLine, booked: Line | None) -> list[Difference]:
    if booked is None:
        return [Difference("line", told.shop, 0, 1)]
    found = [
        Difference("units", told.shop, booked.units, told.units),
        Difference("weight", told.shop, booked.weight, told.weight),
        Difference("cap", told.shop, booked.cap, told.cap),
        Difference("share", told.shop, booked.share, told.share),
        Difference("remainder", told.shop, booked.remainder, told.remainder),
    ]
    drops, told_drops = dict(booked.drops), dict(told.drops)
    for drop in {**drops, **told_drops}:
        amounts = drops.get(drop, 0), told_drops.get(drop, 0)
        found.append(Difference(drop.value, told.shop, *amounts))
    return found
