"""By what this shop's orders earn, over the local API (L-7.8, L-7.9)."""

from typing import Annotated, TypeAlias

import msgspec

from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, Millis
from liandao_node.wire.api_message import ApiMessage

HOURS_MAX = 16

BpsField: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
SumField: TypeAlias = Annotated[Amount, msgspec.Meta(ge=0, le=AMOUNT_MAX)]


class EarnHours(ApiMessage, frozen=True):
    """Another rate on some days of the week, between two minutes of the street's day."""

    weekdays: Annotated[int, msgspec.Meta(ge=1, le=127)]
    """Bit 0 is Monday."""
    from_minute: Annotated[int, msgspec.Meta(ge=0, le=1_439)]
    to_minute: Annotated[int, msgspec.Meta(ge=1, le=1_440)]
    """The first minute that is not part of it."""
    bps: BpsField


class EarnRuleTerms(ApiMessage, frozen=True):
    bps: BpsField
    """Of what was paid."""
    per_visit: SumField
    """Besides, once per card and day, for an order at a counter."""
    per_online: SumField
    """Besides, for an order online."""
    minimum: SumField
    """An order for which less was paid earns nothing."""
    card_day_max: SumField
    """Most that one card earns on one day; 0 for no cap."""
    hours: Annotated[list[EarnHours], msgspec.Meta(max_length=HOURS_MAX)]
    """The first that fits counts."""


class GetEarnRule(ApiMessage, frozen=True, tag="get_earn_rule"):
    """Asks for the rule in force and the one that comes."""


class PublishEarnRule(ApiMessage, frozen=True, tag="publish_earn_rule"):
    """In force with the next clearing period. The terms that are coming already, asked for
    again, are not published a second time (R12)."""

    terms: EarnRuleTerms


class EarnRuleView(ApiMessage, frozen=True):
    version: int
    """0: the street's rate, and nothing besides."""
    from_ms: Millis
    """Since when, or from when; 0 for the street's."""
    terms: EarnRuleTerms


class EarnRuleTold(ApiMessage, frozen=True, tag="earn_rule_told"):
    now: EarnRuleView
    coming: EarnRuleView | None
    next_period_ms: Millis
    """When a rule that is published now takes effect."""
    utc_offset_minutes: int


class EarnRulePublished(ApiMessage, frozen=True, tag="earn_rule_published"):
    version: int
    from_ms: Millis


EarnRulesRequest: TypeAlias = GetEarnRule | PublishEarnRule
EarnRulesReply: TypeAlias = EarnRuleTold | EarnRulePublished
