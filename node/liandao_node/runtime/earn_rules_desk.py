"""The desk for earn rules: what this shop's orders earn by, now and soon (L-7.8, L-7.9)."""

from liandao_node.ledger import points_queries
from liandao_node.ledger.calendar import period_of, period_start_ms
from liandao_node.ledger.modules.earn_rule_calls import (
    EarnTerms,
    Hours,
    SetEarnRule,
    SetEarnRuleDone,
)
from liandao_node.ledger.modules.earn_rules import STREET_RULE, EarnRule
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.types import Amount, Millis
from liandao_node.wire.earn_rules import (
    EarnHours,
    EarnRulePublished,
    EarnRuleTerms,
    EarnRuleTold,
    EarnRuleView,
    PublishEarnRule,
)

NOTHING = Amount(0)


class EarnRulesDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk, utc_offset_minutes: int) -> None:
        self._desk = desk
        self._offset = utc_offset_minutes

    def told(self) -> EarnRuleTold:
        """The rule in force, and the one that takes its place with the next period, if any."""
        return EarnRuleTold(
            now=self._in_force(),
            coming=self._coming(),
            next_period_ms=self._next_period_ms(),
            utc_offset_minutes=self._offset,
        )

    async def publish(self, request: PublishEarnRule) -> EarnRulePublished:
        """Raises Refused as the ledger does. What comes already is not published again."""
        coming = self._coming()
        if coming is not None and coming.terms == request.terms:
            return EarnRulePublished(coming.version, coming.from_ms)
        done, _ = await self._desk.call(SetEarnRule(_terms(request.terms)), SetEarnRuleDone)
        return EarnRulePublished(done.version, done.from_ms)

    def _in_force(self) -> EarnRuleView:
        view, shop, now_ms = self._desk.view(), self._desk.shop, self._desk.time_ms()
        rule = points_queries.earn_rule(view, shop, now_ms, self._offset)
        for version, one in points_queries.earn_rules_of(view, shop):
            if rule == one:
                return self._view(version, one)
        bps = self._desk.rules().earn_bps
        terms = EarnRuleTerms(bps, NOTHING, NOTHING, NOTHING, NOTHING, [])
        return EarnRuleView(STREET_RULE, Millis(0), terms)

    def _coming(self) -> EarnRuleView | None:
        """The newest version that is not in force yet."""
        period = period_of(self._desk.time_ms(), self._offset)
        later = [
            (version, rule)
            for version, rule in points_queries.earn_rules_of(self._desk.view(), self._desk.shop)
            if rule.from_period > period
        ]
        return self._view(*later[-1]) if later else None

    def _view(self, version: int, rule: EarnRule) -> EarnRuleView:
        terms, from_ms = rule.terms, period_start_ms(rule.from_period, self._offset)
        hours = [EarnHours(h.weekdays, h.from_minute, h.to_minute, h.bps) for h in terms.hours]
        shown = EarnRuleTerms(
            terms.bps, terms.per_visit, terms.per_online, terms.minimum, terms.card_day_max, hours
        )
        return EarnRuleView(version, from_ms, shown)

    def _next_period_ms(self) -> Millis:
        return period_start_ms(period_of(self._desk.time_ms(), self._offset) + 1, self._offset)


def _terms(terms: EarnRuleTerms) -> EarnTerms:
    hours = [Hours(h.weekdays, h.from_minute, h.to_minute, h.bps) for h in terms.hours]
    return EarnTerms(
        terms.bps, terms.per_visit, terms.per_online, terms.minimum, terms.card_day_max, hours
    )
