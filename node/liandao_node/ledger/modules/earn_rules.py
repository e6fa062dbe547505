"""By what a shop's orders earn: versions of its rule, published a period ahead (L-7.8, L-7.9).

A rule is never changed: a new version takes effect with the next clearing period, and an order
keeps the terms that it earned by. What an order earns is a function of what was paid for it, so
that a refund can say what it would have earned had it been smaller.
"""

from typing import Final

from msgspec import Struct

from liandao_node.crypto.cards import CARD_ID_BYTES
from liandao_node.ledger.calendar import (
    MINUTE_MS,
    day_of,
    day_start_ms,
    period_of,
    period_start_ms,
)
from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules.earn_rule_calls import EarnTerms, SetEarnRule, SetEarnRuleDone
from liandao_node.ledger.modules.points_books import Terms
from liandao_node.ledger.modules.points_calls import NUMBER, PointsRefusal
from liandao_node.ledger.modules.stake_books import BASIS_POINTS
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import Canonical

STREET_RULE: Final = 0
"""In place of a version: the street's `earn_bps`, and nothing besides."""
_MONDAY: Final = 3
"""1970-01-01 was a Thursday: day 3 before a Monday's."""


class EarnRule(Canonical, frozen=True):
    """A version as it was published."""

    terms: EarnTerms
    from_period: int
    """The clearing period from which it was to be in force."""
    set_ms: Millis


class Versions(Canonical, frozen=True):
    """Which version of a shop's rule is in force."""

    newest: int
    now: int
    next: int
    """In force from `next_period` on; the newest one."""
    next_period: int

    def at(self, period: int) -> int:
        return self.next if period >= self.next_period else self.now


class CardDay(Canonical, frozen=True):
    """What a card had of a shop on its last day there, kept only for rules that ask."""

    day: int
    earned: Amount
    visits: int


versions: Final = Table(NUMBER, 8, ("u16",), Versions)
rules: Final = Table(NUMBER, 9, ("u16", "u32"), EarnRule)
"""By shop and version, from 1."""
card_days: Final = Table(NUMBER, 10, (CARD_ID_BYTES, "u16"), CardDay)
"""By card and shop."""

TABLES: Final[tuple[KeySpace, ...]] = (versions, rules, card_days)


class Due(Struct, frozen=True):
    """What an order is due, before limits."""

    amount: Amount
    terms: Terms
    counted: bool
    """`count` is to be told when the points were given."""


def set_earn_rule(ctx: Context, call: SetEarnRule) -> SetEarnRuleDone:
    """Publishes a rule for the next period (L-7.9)."""
    if any(hours.from_minute >= hours.to_minute for hours in call.terms.hours):
        raise refuse(PointsRefusal.HOURS_BACKWARDS)
    period = period_of(ctx.time_ms, ctx.utc_offset_minutes)
    before = versions.get(ctx.view, ctx.shop) or Versions(0, STREET_RULE, STREET_RULE, 0)
    version = before.newest + 1
    rule = EarnRule(call.terms, period + 1, ctx.time_ms)
    rules.put(ctx.view, ctx.shop, version, value=rule)
    after = Versions(version, before.at(period), version, period + 1)
    versions.put(ctx.view, ctx.shop, value=after)
    return SetEarnRuleDone(version, period_start_ms(period + 1, ctx.utc_offset_minutes))


def rule_at(view: View, shop: ShopId, time_ms: Millis, utc_offset_minutes: int) -> int:
    """Version of the rule that a shop's orders of that moment earn by, 0 for the street's."""
    found = versions.get(view, shop)
    if found is None:
        return STREET_RULE
    return found.at(period_of(time_ms, utc_offset_minutes))


def terms_of(view: View, shop: ShopId, version: int) -> EarnTerms | None:
    """The terms of a version, None for the street's."""
    rule = rules.get(view, shop, version) if version != STREET_RULE else None
    return rule.terms if rule is not None else None


def terms_now(ctx: Context, *, online: bool) -> Terms:
    """By what an order of the calling shop earns that is paid now, whoever paid it (L-7.8)."""
    published = versions.get(ctx.view, ctx.shop)
    if published is None:
        return Terms(STREET_RULE, ctx.rules.earn_bps, Amount(0))
    version = published.at(period_of(ctx.time_ms, ctx.utc_offset_minutes))
    own = terms_of(ctx.view, ctx.shop, version)
    if own is None:
        return Terms(STREET_RULE, ctx.rules.earn_bps, Amount(0))
    bps = rate_at(own, ctx.time_ms, ctx.utc_offset_minutes)
    return Terms(version, bps, own.per_online if online else own.per_visit)


def due_for(
    ctx: Context, shop: ShopId, card: CardId, paid: int, terms: Terms, *, online: bool
) -> Due:
    """What an order of a shop earns for a card by terms of its (L-7.8); visits and caps are those
    of the card's day there."""
    own = terms_of(ctx.view, shop, terms.rule)
    if own is None:
        return Due(earned_for(paid, terms, minimum=0), terms, counted=False)
    counted = bool(own.per_visit or own.card_day_max)
    today = _card_day(ctx, card, shop) if counted else None
    if today is not None and today.visits and not online:
        terms = Terms(terms.rule, terms.bps, Amount(0))
    amount = earned_for(paid, terms, own.minimum)
    if own.card_day_max and today is not None:
        amount = Amount(min(amount, max(0, own.card_day_max - today.earned)))
    return Due(amount, terms, counted)


def count(ctx: Context, shop: ShopId, card: CardId, amount: Amount, *, online: bool) -> None:
    """Notes what an order of a shop earned, for the caps of the card's day there."""
    today = _card_day(ctx, card, shop)
    earned = Amount(today.earned + amount)
    value = CardDay(today.day, earned, today.visits + (not online))
    card_days.put(ctx.view, card, shop, value=value)


def earned_for(paid: int, terms: Terms, minimum: int) -> Amount:
    """Points for what was paid: never more for less (L-7.8)."""
    if paid < max(1, minimum):
        return Amount(0)
    return Amount(paid * terms.bps // BASIS_POINTS + terms.flat)


def rate_at(terms: EarnTerms, time_ms: Millis, utc_offset_minutes: int) -> int:
    """The rate of the first hours that the moment lies in, else the usual one."""
    if not terms.hours:
        return terms.bps
    day = day_of(time_ms, utc_offset_minutes)
    minute = (time_ms - day_start_ms(day, utc_offset_minutes)) // MINUTE_MS
    weekday = 1 << (day + _MONDAY) % 7
    for hours in terms.hours:
        if hours.weekdays & weekday and hours.from_minute <= minute < hours.to_minute:
            return hours.bps
    return terms.bps


def _card_day(ctx: Context, card: CardId, shop: ShopId) -> CardDay:
    day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    before = card_days.get(ctx.view, card, shop)
    if before is None or before.day != day:
        return CardDay(day, Amount(0), 0)
    return before
