"""Calls of referrals between shops (L-20.14, L-20.15). Order of fields is the wire form."""

from typing import Annotated, ClassVar

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import Bytes16Field, CallBody, SignatureField, U32Field
from liandao_node.ledger.modules.coupon_calls import KIND
from liandao_node.ledger.modules.earn_rule_calls import BpsField
from liandao_node.ledger.modules.stake_calls import ShopField, SomeAmountField
from liandao_node.types import ChainId, Millis, ShopId
from liandao_node.wire.codec import Canonical, encode

REFERRAL_DAYS_MAX = 92
FRESH_DAYS_MAX = 366


class CommissionTerms(Canonical, frozen=True):
    """What a shop pays to another one that sends it a customer. Every cap is stated."""

    bps: BpsField
    """Of what was paid; 0: none are taken."""
    days: Annotated[int, msgspec.Meta(ge=1, le=REFERRAL_DAYS_MAX)]
    """A referral holds so long."""
    fresh_days: Annotated[int, msgspec.Meta(ge=0, le=FRESH_DAYS_MAX)]
    """A card that bought here in so many days is nobody's to send."""
    order_max: SomeAmountField
    card_max: SomeAmountField
    """For one card's orders, in one clearing period."""
    day_max: SomeAmountField
    """For all, in one day."""
    period_max: SomeAmountField
    """For all, in one clearing period."""
    total_max: SomeAmountField
    """For all referrals that these terms hold for, ever."""


class CommissionSet(Canonical, frozen=True):
    version: int
    from_ms: Millis
    """Beginning of the clearing period with which they take effect."""


class SetCommission(CallBody, frozen=True):
    """Publishes what this shop will pay for customers that others send."""

    kind: ClassVar[int] = KIND + 14
    answer: ClassVar[type[Canonical]] = CommissionSet

    terms: CommissionTerms


class Referred(Canonical, frozen=True):
    until_ms: Millis
    version: int
    """Of the terms that hold for it, whatever is published later."""


class Refer(CallBody, frozen=True):
    """The calling shop sends the owner of a card, who is there, to another one."""

    kind: ClassVar[int] = KIND + 15
    answer: ClassVar[type[Canonical]] = Referred

    card: Bytes16Field
    to: ShopField
    day: U32Field
    """The street's day on which the card was there."""
    signature: SignatureField
    """By the card's key over `refer_preimage`."""


def refer_preimage(chain: ChainId, shop: ShopId, to: ShopId, day: int) -> bytes:
    """What a card's key signs to be sent to another shop: 32 bytes (L-20.15)."""
    return tagged(b"liandao/refer/1", chain + encode((shop, to, day)))
