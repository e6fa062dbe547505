"""What shops may ask of coupons, what is answered, why it is refused (L-20, section 12).

Order of fields is the wire form: a change needs a new module version.
"""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import (
    AmountField,
    Bytes16Field,
    Bytes16OrEmptyField,
    CallBody,
    SignatureField,
    U32Field,
    U63Field,
)
from liandao_node.ledger.modules.coupon_terms import CouponTerms
from liandao_node.ledger.modules.stake_calls import ShopField
from liandao_node.limits import COUPONS_PER_ORDER_MAX, COUPONS_PER_SHEET
from liandao_node.types import Amount, ChainId, Millis, PublicKey, ShopId
from liandao_node.wire.codec import Canonical, encode

NUMBER: Final = 8
KIND: Final = NUMBER * 100
DIGEST_BYTES: Final = 16


class CouponsRefusal(IntEnum):
    CAMPAIGN_UNKNOWN = 1
    CAMPAIGN_KIND = 2
    CAMPAIGN_FOREIGN = 3
    CAMPAIGN_WAITS = 4
    CAMPAIGN_CLOSED = 5
    CAMPAIGNS_FULL = 6
    TERMS_UNCLEAR = 7
    DATES_BACKWARDS = 8
    PLACES_UNORDERED = 9
    BUDGET_UNCOVERED = 10
    SPONSOR_STOPPED = 11
    SPONSORED_BEFORE = 12
    COUPONS_PRINTED = 13
    COUPON_NOT_HERE = 14
    COUPON_NOT_NOW = 15
    COUPON_BILL_SMALL = 16
    COUPON_CARD_MISSING = 17
    COUPON_FALSE = 18
    COUPON_USED = 19
    COUPON_HELD = 20
    COUPON_CARD_CAP = 21
    COUPON_BUDGET = 22
    COUPON_HOLDS_FULL = 23
    COUPON_HOLD_KNOWN = 24
    COUPON_HOLD_UNKNOWN = 25
    COUPON_HOLD_EXPIRED = 26
    COUPON_HOLD_SPENT = 27
    COUPONS_NOT_TOGETHER = 28
    COUPON_BILL_OTHER = 29
    COUPON_ORDER_CARD = 30
    COUPONS_ON_ORDER = 31
    COUPONS_UNDONE = 32
    COUPON_ORDER_PAID = 33
    WALLET_FULL = 34
    REWARD_UNFIT = 35
    STAMPS_JOINED = 36
    STAMPS_NOT_JOINED = 37
    REFERRAL_TO_SELF = 38
    REFERRAL_NOT_OFFERED = 39
    REFERRAL_DAY = 40
    REFERRAL_TAKEN = 41
    REFERRAL_KNOWN = 42


class Offered(Canonical, frozen=True):
    campaign: int
    """Its number among the caller's, counted from 1."""
    is_open: bool
    """False while another sponsor has not agreed."""


class Offer(CallBody, frozen=True):
    """Publishes a campaign of coupons. It is never changed afterwards."""

    kind: ClassVar[int] = KIND + 1
    answer: ClassVar[type[Canonical]] = Offered

    terms: CouponTerms


class Sponsored(Canonical, frozen=True):
    reserved: Amount
    """Of the caller's issue limit, by all campaigns that it pays for."""


class Sponsor(CallBody, frozen=True):
    """The calling shop pays for another one's campaign, as its terms say."""

    kind: ClassVar[int] = KIND + 4
    answer: ClassVar[type[Canonical]] = Sponsored

    issuer: ShopField
    campaign: U32Field


class Closed(Canonical, frozen=True):
    spent: Amount
    held: Amount
    """In holds that are open still and will be honoured."""


class CloseCampaign(CallBody, frozen=True):
    """Ends a campaign before its time: by its issuer, or by who pays for it."""

    kind: ClassVar[int] = KIND + 5
    answer: ClassVar[type[Canonical]] = Closed

    issuer: ShopField
    campaign: U32Field


class Printed(Canonical, frozen=True):
    first: int
    """Serial of the first coupon that these digests are of."""
    printed: int
    """Coupons of the campaign so far."""


class PrintCoupons(CallBody, frozen=True):
    """Commits the caller to coupons on paper: each has a key of its own."""

    kind: ClassVar[int] = KIND + 6
    answer: ClassVar[type[Canonical]] = Printed

    campaign: U32Field
    digests: Annotated[list[Bytes16Field], msgspec.Meta(min_length=1, max_length=COUPONS_PER_SHEET)]
    """`coupon_digest` of each coupon's key, by serial."""


class CouponGiven(Canonical, frozen=True):
    unused: int
    """Coupons of this campaign that the card has now."""


class GiveCoupon(CallBody, frozen=True):
    """Gives a card one coupon of the caller's campaign."""

    kind: ClassVar[int] = KIND + 7
    answer: ClassVar[type[Canonical]] = CouponGiven

    campaign: U32Field
    card: Bytes16Field


class CouponHeld(Canonical, frozen=True):
    discount: Amount
    expires_ms: Millis


class HoldCoupon(CallBody, frozen=True):
    """Puts a coupon aside for a bill of this shop."""

    kind: ClassVar[int] = KIND + 8
    answer: ClassVar[type[Canonical]] = CouponHeld

    hold: Bytes16Field
    """Made by the asker; names the hold at this shop for ever."""
    issuer: ShopField
    campaign: U32Field
    card: Bytes16OrEmptyField
    serial: U32Field
    """Of a coupon on paper, else 0."""
    public_key: Annotated[bytes, msgspec.Meta(max_length=32)]
    """Of a coupon on paper, else empty."""
    signature: SignatureField
    """Over `coupon_preimage`, by the coupon's key or by the card's."""
    bill: AmountField
    """Before this coupon, after those that were held before it."""


class CouponsUsed(Canonical, frozen=True):
    discount: Amount
    """Of all of them."""


class UseCoupons(CallBody, frozen=True):
    """Held coupons were taken off a sale of this block, whose gross is the bill after them."""

    kind: ClassVar[int] = KIND + 9
    answer: ClassVar[type[Canonical]] = CouponsUsed

    holds: Annotated[
        list[Bytes16Field], msgspec.Meta(min_length=1, max_length=COUPONS_PER_ORDER_MAX)
    ]
    """In the order in which they were taken off."""
    register: U32Field
    number: U63Field


class CouponReleased(Canonical, frozen=True):
    discount: Amount


class ReleaseCoupon(CallBody, frozen=True):
    """Gives a hold of this shop back."""

    kind: ClassVar[int] = KIND + 10
    answer: ClassVar[type[Canonical]] = CouponReleased

    hold: Bytes16Field


class CouponsUndone(Canonical, frozen=True):
    discount: Amount


class UndoCoupons(CallBody, frozen=True):
    """Takes coupons back that had paid a whole bill: there is no money to refund."""

    kind: ClassVar[int] = KIND + 11
    answer: ClassVar[type[Canonical]] = CouponsUndone

    register: U32Field
    number: U63Field


def coupon_digest(key: PublicKey) -> bytes:
    """What a campaign commits to for a coupon with this public key: 16 bytes (L-20.5)."""
    return tagged(b"liandao/coupon/1", key)[:DIGEST_BYTES]


def coupon_preimage(
    chain: ChainId, shop: ShopId, hold: bytes, issuer: ShopId, campaign: int, bill: Amount
) -> bytes:
    """What the key of a coupon, or of a card, signs to let a shop put it aside (L-20.6)."""
    return tagged(b"liandao/coupon-hold/1", chain + encode((shop, hold, issuer, campaign, bill)))
