"""What screens and reports ask of refunds, earn rules and points given by hand; nothing writes."""

from collections.abc import Iterator

from liandao_node.ledger.modules import earn_rules
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.earn_rules import EarnRule
from liandao_node.ledger.modules.points_giving import Granted, HandDay, grants, hand_days
from liandao_node.ledger.modules.purse import EMPTY_PURSE, Purse, settle
from liandao_node.ledger.modules.refunds import Refunded, refunds
from liandao_node.ledger.state import View
from liandao_node.types import CardId, Millis, ShopId

__all__ = [
    "earn_rule",
    "earn_rules_of",
    "granted",
    "grants_of",
    "hand_day",
    "purse_at",
    "refunded",
]


def purse_at(view: View, card: CardId, time_ms: Millis) -> Purse:
    """The card's lots, holds and debts at ``time_ms``; an unknown card has none."""
    return settle(books.purses.get(view, card) or EMPTY_PURSE, time_ms).purse


def refunded(view: View, shop: ShopId, refund: bytes) -> Refunded | None:
    """The refund of that id, if the ledger has it."""
    return refunds.get(view, shop, refund)


def earn_rule(
    view: View, shop: ShopId, time_ms: Millis, utc_offset_minutes: int
) -> EarnRule | None:
    """The rule that a shop's orders of that moment earn by; None for the street's."""
    version = earn_rules.rule_at(view, shop, time_ms, utc_offset_minutes)
    return earn_rules.rules.get(view, shop, version)


def earn_rules_of(view: View, shop: ShopId) -> Iterator[tuple[int, EarnRule]]:
    """Every version that a shop published, the oldest first."""
    for (_, version), rule in earn_rules.rules.under(view, shop):
        yield int(version), rule


def granted(view: View, shop: ShopId, grant: bytes) -> Granted | None:
    return grants.get(view, shop, grant)


def grants_of(view: View, shop: ShopId) -> Iterator[Granted]:
    """Points that a shop's staff gave by hand."""
    for _, grant in grants.under(view, shop):
        yield grant


def hand_day(view: View, shop: ShopId) -> HandDay | None:
    """What a shop gave by hand on the last day on which it did."""
    return hand_days.get(view, shop)
