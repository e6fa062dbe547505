"""What a campaign of coupons promises, and what it takes off a bill (L-20.2, L-20.7).

Terms are fixed when they are published; nothing here knows a record. Order of fields is the wire
form.
"""

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Annotated, Final

import msgspec

from liandao_node.ledger.calendar import MINUTE_MS, day_of, day_start_ms
from liandao_node.ledger.module_api import AmountField, TimeField, U32Field
from liandao_node.ledger.modules.earn_rule_calls import HOURS_MAX, BpsField
from liandao_node.ledger.modules.stake_books import BASIS_POINTS
from liandao_node.ledger.modules.stake_calls import ShopField, SomeAmountField
from liandao_node.limits import CAMPAIGN_PLACES_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical

_MONDAY: Final = 3
"""1970-01-01 was a Thursday: day 3 before a Monday's."""

PlacesField = Annotated[list[ShopField], msgspec.Meta(max_length=CAMPAIGN_PLACES_MAX)]
"""Shops by rising number; none of them: the whole street."""
CountField = Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]


class CouponForm(IntEnum):
    """Who may bring a coupon of a campaign."""

    PAPER = 1
    """Whoever has a printed one, whose secret proves it."""
    CARD = 2
    """Every card of the street."""
    GIVEN = 3
    """Cards that the issuer gave one to, by hand or for a full stamp card."""


class OpenHours(Canonical, frozen=True):
    """When coupons are taken: between two minutes of the street's day."""

    weekdays: Annotated[int, msgspec.Meta(ge=1, le=127)]
    """Bit 0 is Monday."""
    from_minute: Annotated[int, msgspec.Meta(ge=0, le=1_439)]
    to_minute: Annotated[int, msgspec.Meta(ge=1, le=1_440)]
    """The first minute that is not part of it."""


class CouponTerms(Canonical, frozen=True):
    form: CouponForm
    amount: AmountField
    """Off the bill; 0 if it is a part of the bill."""
    bps: BpsField
    """Of the bill; 0 if it is an amount."""
    most: AmountField
    """At most so much of it, when it is a part."""
    minimum: AmountField
    """A smaller bill gets nothing."""
    from_ms: TimeField
    to_ms: TimeField
    """First moment at which none is taken any more."""
    hours: Annotated[list[OpenHours], msgspec.Meta(max_length=HOURS_MAX)]
    """None of them: always."""
    places: PlacesField
    sponsor: ShopField
    """Who pays for what other shops take off their bills."""
    budget: SomeAmountField
    """Of all that is taken off."""
    card_budget: AmountField
    """The same by card; 0 for no cap."""
    uses: CountField
    """In all."""
    card_uses: U32Field
    """By card; 0 for no cap."""
    stackable: bool
    """Another campaign's coupon may stand on the same bill."""
    shown: bool
    """The card must be there and sign; else its eight digits will do."""

    @property
    def needs_card(self) -> bool:
        return self.form != CouponForm.PAPER or self.card_uses > 0 or self.card_budget > 0

    @property
    def is_only_at_home(self) -> bool:
        """Nobody but the sponsor takes them, so that nobody is owed anything for them."""
        return self.places == [self.sponsor]


def is_clear(terms: CouponTerms) -> bool:
    """Whether they say one thing: an amount, or a part of the bill up to a cap."""
    if terms.shown and terms.form == CouponForm.PAPER:
        return False
    if terms.amount:
        return terms.bps == 0 and terms.most == 0
    return terms.bps > 0 and terms.most > 0


def discount(terms: CouponTerms, bill: Amount) -> Amount:
    """What a coupon takes off a bill that is large enough: never more than the bill."""
    part = min(bill * terms.bps // BASIS_POINTS, terms.most) if terms.bps else terms.amount
    return Amount(min(bill, part))


def covers(places: Sequence[ShopId], shop: ShopId) -> bool:
    return not places or shop in places


def is_rising(places: Sequence[ShopId]) -> bool:
    return all(one < other for one, other in pairwise(places))


def is_open_at(hours: Sequence[OpenHours], time_ms: Millis, utc_offset_minutes: int) -> bool:
    if not hours:
        return True
    day = day_of(time_ms, utc_offset_minutes)
    minute = (time_ms - day_start_ms(day, utc_offset_minutes)) // MINUTE_MS
    weekday = 1 << (day + _MONDAY) % 7
    return any(
        one.weekdays & weekday and one.from_minute <= minute < one.to_minute for one in hours
    )
