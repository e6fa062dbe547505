"""The turn of a period: obligations become payments (L-16.5, L-16.6).

It happens whole in the first block of a later period: its size is that of the street's list of
shops, and a rule that ran on half-netted positions would see money that is not there.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from liandao_node.ledger.calendar import period_of
from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing_books import NOTHING, Clock
from liandao_node.ledger.modules.clearing_defaults import restore
from liandao_node.ledger.modules.clearing_payments import demand
from liandao_node.ledger.modules.clearing_services import Issuance, Reserve
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.netting import match, set_aside
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.state import View
from liandao_node.limits import CLEARING_PERIODS_KEPT, CLEARING_ROWS_DROPPED_PER_BLOCK_MAX
from liandao_node.types import Amount, ShopId


def turn_if_due(ctx: Context) -> None:
    """Closes the running period once ledger time is in a later one (L-16.5)."""
    clock = books.clock_of(ctx.view)
    period = period_of(ctx.time_ms, ctx.utc_offset_minutes)
    if period > clock.period:
        _turn(ctx, clock.period)
        books.clocks.put(ctx.view, value=Clock(period))


def drop_old(ctx: Context) -> bool:
    """Drops obligations and counts that no statement shows any more, some per block (L-16.13)."""
    view, left = ctx.view, CLEARING_ROWS_DROPPED_PER_BLOCK_MAX
    kept_from = max(0, books.clock_of(view).period - CLEARING_PERIODS_KEPT)
    for key, _ in (old := books.obligations.first(view, left, before=(kept_from, 0, 0))):
        books.obligations.delete(view, *key)
    left -= len(old)
    for key, _ in (older := books.counts.first(view, left, before=(kept_from, 0))):
        books.counts.delete(view, *key)
    return len(older) < left


def _turn(ctx: Context, period: int) -> None:
    _count_points(ctx, period)
    nets = nets_of(ctx.view)
    _set_off_arrears(ctx, nets)
    leaving = frozenset(shop for shop in nets if books.conduct_of(ctx.view, shop).leaving_ms)
    transfers, carries = set_aside(match(nets), ctx.rules.payment_min, leaving)
    for party in nets:
        position = books.position_of(ctx.view, party)
        carry = carries.get(party, 0)
        begun = replace(position, owes=NOTHING, claims=NOTHING, carry=carry)
        books.positions.put(ctx.view, party, value=begun)
    for transfer in transfers:
        demand(ctx, period, transfer)


def nets_of(view: View) -> dict[ShopId, int]:
    """What netting would bring every party now: above zero it is owed (L-16.5)."""
    return {
        ShopId(int(party)): position.claims - position.owes + position.carry
        for (party,), position in books.positions.rows(view)
    }


def _set_off_arrears(ctx: Context, nets: dict[ShopId, int]) -> None:
    """Who is in default is not paid before its arrears are (L-16.10)."""
    for shop in sorted(nets):
        amount = min(nets[shop], books.conduct_of(ctx.view, shop).arrears)
        if amount <= 0:
            continue
        restored = restore(ctx.view, shop, amount)
        nets[shop] -= amount
        _add(nets, restored.bearers)
        _add(nets, {POOL: restored.reserve})
        reserve = ctx.offered(Reserve)
        if reserve is not None:
            reserve.give_back(ctx.view, Amount(restored.reserve))


def _add(nets: dict[ShopId, int], amounts: Mapping[ShopId, int]) -> None:
    for party, amount in amounts.items():
        if amount:
            nets[party] = nets.get(party, 0) + amount


def _count_points(ctx: Context, period: int) -> None:
    """Notes the shops' books of points as the period leaves them (L-16.12)."""
    issuance = ctx.offered(Issuance)
    if issuance is None:
        return
    for shop in Members().all(ctx.view):
        books.counts.put(ctx.view, period, shop, value=issuance.counts(ctx.view, shop))
