"""I5: no shop owes more than its bond allows (docs/ledger.md section 14).

Reads over modules: points, what clearing has shops pay, and what campaigns reserved. For checks
only, never for a rule.
"""

from msgspec.structs import replace

from liandao_node.ledger import rulebook
from liandao_node.ledger.modules import coupon_books, points_books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.coupon_cover import owing
from liandao_node.ledger.modules.parties import POOL, name_of
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.ledger.modules.stake_books import bond_of
from liandao_node.ledger.state import View
from liandao_node.types import ShopId
from liandao_node.wire.genesis import Rules


def over_limits(view: View, rules: Rules) -> list[str]:
    """What no shop may owe, given rules that were in force all along; in words for developers.

    Points that refunds gave back stand beyond the limit: they were covered when they were first
    issued, and a shop cannot refuse a refund. So do what it bore of others' defaults, and what
    a refund after the turn of a period has it pay back to a sponsor. A bond that was slashed
    covers what it can, and points that were handed over are the pool's.
    """
    broken, obligations = [], Obligations()
    booked = {int(issuer) for (issuer,), _ in points_books.books.rows(view)}
    promising = {int(shop) for (shop,), _ in coupon_books.covers.rows(view)}
    for number in sorted(booked | promising):
        shop = ShopId(number)
        if shop == POOL or bond_of(view, shop).slashed:
            continue
        beyond = points_books.book_of(view, shop).returned + obligations.borne(view, shop)
        beyond += coupon_books.cover_of(view, shop).owed_back
        if owing(view, shop) > Bonds().issue_limit(view, shop, rules) + beyond:
            broken.append(f"I5: {name_of(shop)} owes more than its limit")
    return broken


def widest(view: View, rules: Rules) -> Rules:
    """``rules`` with the highest issue limit that the street ever had: what a vote lowered since
    takes nothing back."""
    limits = [rules.issue_limit_bps]
    for _, edition in rulebook.editions.rows(view):
        limits.append(rulebook.rules_of(edition).issue_limit_bps)
    return replace(rules, issue_limit_bps=max(limits))
