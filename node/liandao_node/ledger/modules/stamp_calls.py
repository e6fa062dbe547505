"""Calls of stamp cards (L-20.11, L-20.12). Order of fields is the wire form."""

from typing import Annotated, ClassVar

import msgspec

from liandao_node.ledger.module_api import CallBody, Done, TimeField, U32Field
from liandao_node.ledger.modules.coupon_calls import KIND, Offered
from liandao_node.ledger.modules.coupon_terms import PlacesField
from liandao_node.ledger.modules.stake_calls import ShopField, SomeAmountField
from liandao_node.wire.codec import Canonical

STAMPS_MAX = 1_000
STAMPS_PER_DAY_MAX = 100


class StampTerms(Canonical, frozen=True):
    """A stamp for an order, a coupon for a full card."""

    from_ms: TimeField
    to_ms: TimeField
    minimum: SomeAmountField
    """An order for which less was paid brings no stamp."""
    day_max: Annotated[int, msgspec.Meta(ge=1, le=STAMPS_PER_DAY_MAX)]
    """Of one card, at all shops that take part."""
    stamps: Annotated[int, msgspec.Meta(ge=1, le=STAMPS_MAX)]
    """That make a full card."""
    places: PlacesField
    """Shops that may take part; none of them: every shop of the street."""
    reward: U32Field
    """The issuer's campaign of coupons that are given to cards."""


class OfferStamps(CallBody, frozen=True):
    """Publishes a stamp card. The caller takes part at once, if it is among the places."""

    kind: ClassVar[int] = KIND + 2
    answer: ClassVar[type[Canonical]] = Offered

    terms: StampTerms


class JoinStamps(CallBody, frozen=True):
    """The calling shop's orders bring stamps of this card, too."""

    kind: ClassVar[int] = KIND + 12
    answer: ClassVar[type[Canonical]] = Done

    issuer: ShopField
    campaign: U32Field


class QuitStamps(CallBody, frozen=True):
    """They no longer do."""

    kind: ClassVar[int] = KIND + 13
    answer: ClassVar[type[Canonical]] = Done

    issuer: ShopField
    campaign: U32Field
