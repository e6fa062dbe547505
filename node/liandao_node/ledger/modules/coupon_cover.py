"""What campaigns hold against a shop's issue limit, beside points and obligations (L-20.4).

A coupon is a promise as a point is, and often on paper already: it must not turn out at another
shop's till that its sponsor has given the room away since. So a budget is taken out of the limit
when the campaign opens, and what is left of it is free again when the campaign ends.
"""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import clearing_books
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.points_services import Promises
from liandao_node.ledger.modules.stake import BASIS_POINTS, Bonds
from liandao_node.ledger.state import View
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules


class CampaignPromises(Promises):
    """Tells points what they have to leave room for."""

    def promised(self, view: View, shop: ShopId) -> Amount:
        return books.cover_of(view, shop).reserved


def owing(view: View, shop: ShopId) -> Amount:
    """All that a shop's issue limit has to cover: points, payments, campaigns."""
    obligations = Obligations()
    total = obligations.payable(view, shop) + books.cover_of(view, shop).reserved
    if not obligations.is_handed_over(view, shop):
        total += PointsDesk().live(view, shop)
    return Amount(total)


def room(ctx: Context, shop: ShopId) -> int:
    """What the limit leaves; below 0 if refunds brought more back than it covers."""
    limit = ctx.service(Bonds).issue_limit(ctx.view, shop, ctx.rules)
    return limit - owing(ctx.view, shop)


def is_stopped(view: View, shop: ShopId) -> bool:
    """Whether nobody should take anything on this shop's word any more: it did not pay, or has
    handed its points over and is gone. One that gave notice still stands by its word."""
    conduct = clearing_books.conduct_of(view, shop)
    return bool(conduct.arrears or conduct.handed_over_ms)


def bond_in_use(view: View, shop: ShopId, rules: Rules) -> Amount:
    """The least own bond whose issue limit covers what campaigns reserved, and all beside it."""
    if rules.issue_limit_bps == 0 or not books.cover_of(view, shop).reserved:
        return Amount(0)
    return Amount(-(-owing(view, shop) * BASIS_POINTS // rules.issue_limit_bps))


def undo(ctx: Context, debtor: ShopId, creditor: ShopId, amount: Amount, period: int) -> bool:
    """Takes back what a debtor came to owe in a period; whether it could be taken back.

    Once the period is settled the creditor was paid, or its own debts were less: then it is the
    one who owes (L-20.9, L-20.16).
    """
    obligations = ctx.service(Obligations)
    if not obligations.is_settled(ctx.view, period):
        obligations.unowe(ctx.view, debtor, creditor, amount, for_points=False)
        return True
    obligations.owe(ctx.view, creditor, debtor, amount, for_points=False)
    cover = books.cover_of(ctx.view, creditor)
    more = replace(cover, owed_back=Amount(cover.owed_back + amount))
    books.covers.put(ctx.view, creditor, value=more)
    return False


def share(amount: int, before: int, after: int, gross: int) -> Amount:
    """The part of an amount that goes back with this refund of an order (L-20.9).

    By sums and not by steps: any way to the whole comes to the whole.
    """
    return Amount(amount * after // gross - amount * before // gross)
