"""The call that publishes a shop's earn rule (L-7.8, L-7.9). Order of fields is the wire form."""

from typing import Annotated, ClassVar

import msgspec

from liandao_node.ledger.module_api import AmountField, CallBody
from liandao_node.ledger.modules.points_calls import NUMBER
from liandao_node.types import Millis
from liandao_node.wire.codec import Canonical

BpsField = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
HOURS_MAX = 16


class Hours(Canonical, frozen=True):
    """Another rate on some days of the week, between two minutes of the street's day."""

    weekdays: Annotated[int, msgspec.Meta(ge=1, le=127)]
    """Bit 0 is Monday."""
    from_minute: Annotated[int, msgspec.Meta(ge=0, le=1_439)]
    to_minute: Annotated[int, msgspec.Meta(ge=1, le=1_440)]
    """The first minute that is not part of it."""
    bps: BpsField


class EarnTerms(Canonical, frozen=True):
    """What a shop gives for an order with a card."""

    bps: BpsField
    """Of what was paid."""
    per_visit: AmountField
    """Besides, once per card and day, for an order at a counter."""
    per_online: AmountField
    """Besides, for an order online."""
    minimum: AmountField
    """An order for which less was paid earns nothing."""
    card_day_max: AmountField
    """Most that one card earns on one day; 0 for no cap."""
    hours: Annotated[list[Hours], msgspec.Meta(max_length=HOURS_MAX)]
    """The first that fits counts."""


class SetEarnRuleDone(Canonical, frozen=True):
    version: int
    from_ms: Millis
    """Beginning of the clearing period with which it takes effect."""


class SetEarnRule(CallBody, frozen=True):
    """Publishes by what this shop's orders will earn."""

    kind: ClassVar[int] = NUMBER * 100 + 6
    answer: ClassVar[type[Canonical]] = SetEarnRuleDone

    terms: EarnTerms
