"""The pool's money: what came in, what it is for, what is free to be divided (L-18.11 to L-18.14).

The treasurers hold it and the ledger counts it. Nothing leaves the pool but by a payment of
clearing, so nobody who put money in can take it out again.
"""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules import stake_books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_services import Reserve
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.pool_books import Till
from liandao_node.ledger.modules.pool_calls import (
    Deposit,
    Deposited,
    PoolRefusal,
    Source,
    deposit_preimage,
)
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.ledger.state import View
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, ShopId


def deposit(ctx: Context, call: Deposit) -> Deposited:
    """Takes the treasurers' word that money came in (L-18.11)."""
    till = books.till_of(ctx.view)
    if call.number != till.deposits + 1:
        raise refuse(PoolRefusal.DEPOSIT_OUT_OF_TURN, next=till.deposits + 1)
    if call.amount > AMOUNT_MAX - put_in(till):
        raise refuse(PoolRefusal.DEPOSITS_TOO_LARGE)
    preimage = deposit_preimage(ctx.chain_id, call.source, call.number, call.amount, call.purpose)
    ctx.service(TreasurersWord).require(ctx, preimage, call.signatures)
    books.till_table.put(ctx.view, value=_with(till, call.source, call.amount))
    made = books.Deposited(call.source, call.amount, call.purpose, ctx.time_ms)
    books.deposits.put(ctx.view, call.number, value=made)
    return Deposited(cash_of(ctx.view))


def _with(till: Till, source: Source, amount: Amount) -> Till:
    till = replace(till, deposits=till.deposits + 1)
    match source:
        case Source.SPONSOR:
            return replace(till, sponsors=Amount(till.sponsors + amount))
        case Source.ADVERTISER:
            return replace(till, advertisers=Amount(till.advertisers + amount))
        case Source.ASSOCIATION:
            return replace(till, association=Amount(till.association + amount))
        case Source.OTHER:
            return replace(till, others=Amount(till.others + amount))


def put_in(till: Till) -> int:
    """All that depositors ever gave."""
    return till.sponsors + till.advertisers + till.association + till.others


def cash_of(view: View) -> Amount:
    """What the treasurers hold for the pool: bonds that were taken are the pool's (L-4.9)."""
    till = books.till_of(view)
    taken = stake_books.pool.get(view)
    slashed = taken.slashed if taken is not None else 0
    return Amount(put_in(till) + till.came_in - till.went_out + slashed)


def promised(view: View) -> Amount:
    """What the cash has to cover: points of the pool, those that shops handed over, and what
    the pool may have to pay."""
    desk, obligations = PointsDesk(), Obligations()
    handed = sum(desk.live(view, shop) for shop in handed_over(view))
    return Amount(desk.live(view, POOL) + handed + obligations.payable(view, POOL))


def handed_over(view: View) -> list[ShopId]:
    """Shops whose points the pool answers for."""
    obligations = Obligations()
    return [shop for shop in Members().all(view) if obligations.is_handed_over(view, shop)]


def free(view: View) -> Amount:
    """What may be divided: the cash, less the reserve, less what is promised (L-18.13).

    What shops owe the pool is not cash before it was paid, also for points that they handed over.
    """
    left = cash_of(view) - books.till_of(view).reserve - promised(view)
    return Amount(max(0, left))


class PoolTill(Reserve):
    """Service: the pool's money for clearing (L-18.12)."""

    def draw(self, view: View, wanted: Amount) -> Amount:
        """Never more than the cash that nothing else is promised of."""
        till = books.till_of(view)
        uncommitted = max(0, cash_of(view) - promised(view))
        drawn = min(wanted, till.reserve, uncommitted)
        _book(view, till, reserve=-drawn)
        return Amount(drawn)

    def give_back(self, view: View, amount: Amount) -> None:
        _book(view, books.till_of(view), reserve=amount)

    def came_in(self, view: View, amount: Amount) -> None:
        till = books.till_of(view)
        books.till_table.put(view, value=replace(till, came_in=Amount(till.came_in + amount)))

    def went_out(self, view: View, amount: Amount) -> None:
        till = books.till_of(view)
        books.till_table.put(view, value=replace(till, went_out=Amount(till.went_out + amount)))


def _book(view: View, till: Till, *, reserve: int) -> None:
    """Moves between the reserve and what was drawn from it."""
    moved = replace(
        till, reserve=Amount(till.reserve + reserve), drawn=Amount(till.drawn - reserve)
    )
    books.till_table.put(view, value=moved)
