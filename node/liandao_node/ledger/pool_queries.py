"""What people ask of the pool: its money, the running month, a division and whether it is true.

Nothing here writes. Everything is asked of a `View`, most often `Ledger.view()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules import stake_books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.pool_books import Division, Line, Till
from liandao_node.ledger.modules.pool_division import Explained
from liandao_node.ledger.modules.pool_recount import (
    Difference,
    can_be_explained,
    differences,
    recount,
    traffic_of_period,
)
from liandao_node.ledger.modules.pool_till import cash_of, free, promised
from liandao_node.ledger.modules.pool_weights import Weighed, weigh
from liandao_node.ledger.state import View
from liandao_node.types import Amount, ShopId

__all__ = [
    "Difference",
    "Explanation",
    "PoolNow",
    "divided",
    "explanation",
    "has_pool",
    "names",
    "now",
    "till",
]


@dataclass(frozen=True, slots=True)
class PoolNow:
    """The pool at a height."""

    till: Till
    slashed: Amount
    """Bonds that were taken, part of the cash."""
    cash: Amount
    live: Amount
    """The pool's points that customers have."""
    payable: Amount
    """The most that it may have to pay by now."""
    promised: Amount
    """Both, and points that shops handed over."""
    free: Amount
    """What the next division would divide."""
    period: int
    """The running one."""
    waiting: list[int]
    """Periods that are over and not divided yet."""
    weights: Mapping[ShopId, Weighed]
    """Of the running period so far."""
    customers: int
    """Who would get something."""
    to_be_withheld: Mapping[ShopId, Amount]
    """From shops' next shares, for orders refunded after their period."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A division as it was booked and as the traffic gives it."""

    period: int
    booked: Division
    lines: Mapping[ShopId, Line]
    told: Explained
    differences: list[Difference]


def has_pool(view: View) -> bool:
    """Whether the street has the module at all."""
    return books.clocks.has(view)


def names(view: View) -> dict[ShopId, str]:
    return {shop: member.name for shop, member in Members().all(view).items()}


def till(view: View) -> Till:
    return books.till_of(view)


def now(view: View) -> PoolNow:
    """Weighs the running period anew: for people, not for every block."""
    clock = books.clock_of(view)
    weights = weigh(traffic_of_period(view, clock.period))
    taken = stake_books.pool.get(view)
    return PoolNow(
        till=books.till_of(view),
        slashed=taken.slashed if taken is not None else Amount(0),
        cash=cash_of(view),
        live=PointsDesk().live(view, POOL),
        payable=Obligations().payable(view, POOL),
        promised=promised(view),
        free=free(view),
        period=clock.period,
        waiting=[over.period for over in clock.over],
        weights=weights.shops,
        customers=len(weights.customers),
        to_be_withheld={
            ShopId(int(shop)): owing.amount for (shop,), owing in books.shops_owing.rows(view)
        },
    )


def divided(view: View) -> list[int]:
    """Periods that were divided, oldest first."""
    return [int(period) for (period,), _ in books.divisions.rows(view)]


def explanation(view: View, period: int) -> Explanation | None:
    """A period's division, made again. None if it was never divided, or its traffic is gone."""
    booked = books.divisions.get(view, period)
    if booked is None or not can_be_explained(view, period):
        return None
    told = recount(view, period, booked)
    lines = {ShopId(int(shop)): line for (_, shop), line in books.lines.under(view, period)}
    return Explanation(period, booked, lines, told, differences(view, period, booked, told))
