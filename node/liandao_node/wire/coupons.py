"""Coupons, stamp cards, referrals and visits over the local API (docs/ledger.md sections 20, 18).

At a till a coupon is put aside for a bill, one after the other; the sale names what was put aside,
and its gross is what is left of the bill.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.limits import (
    AMOUNT_MAX,
    CAMPAIGN_PLACES_MAX,
    COUPONS_PRINTED_MAX,
)
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api_message import ApiMessage, Certified, NameField, ScanField
from liandao_node.wire.api_orders import OrderRef
from liandao_node.wire.earn_rules import HOURS_MAX, BpsField
from liandao_node.wire.notary import Party

MoneyField: TypeAlias = Annotated[Amount, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
SomeMoneyField: TypeAlias = Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
MomentField: TypeAlias = Annotated[Millis, msgspec.Meta(ge=0, le=2**53)]
CountField: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]
CapField: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
CampaignField: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
PlacesField: TypeAlias = Annotated[list[Party], msgspec.Meta(max_length=CAMPAIGN_PLACES_MAX)]
PrintedField: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=COUPONS_PRINTED_MAX)]


class CouponFor(StrEnum):
    """Who may bring a coupon of a campaign."""

    PAPER = "paper"
    CARD = "card"
    GIVEN = "given"


class CampaignSort(StrEnum):
    COUPONS = "coupons"
    STAMPS = "stamps"
    REBATE = "rebate"


class CampaignWord(StrEnum):
    """What a shop may say of a campaign that is published."""

    SPONSOR = "sponsor"
    CLOSE = "close"
    JOIN = "join"
    QUIT = "quit"


class CouponHours(ApiMessage, frozen=True):
    """When coupons are taken: between two minutes of the street's day."""

    weekdays: Annotated[int, msgspec.Meta(ge=1, le=127)]
    """Bit 0 is Monday."""
    from_minute: Annotated[int, msgspec.Meta(ge=0, le=1_439)]
    to_minute: Annotated[int, msgspec.Meta(ge=1, le=1_440)]


class OfferCoupons(ApiMessage, frozen=True, tag="offer_coupons"):
    """Publishes a campaign of coupons. It is never changed (L-20.2)."""

    form: CouponFor
    amount: MoneyField
    """Off the bill; 0 if it is a part of it."""
    bps: BpsField
    most: MoneyField
    """At most so much, when it is a part."""
    minimum: MoneyField
    from_ms: MomentField
    to_ms: MomentField
    hours: Annotated[list[CouponHours], msgspec.Meta(max_length=HOURS_MAX)]
    """None: always."""
    places: PlacesField
    """None: the whole street."""
    sponsor: Party
    """Who pays for what other shops take off."""
    budget: SomeMoneyField
    card_budget: MoneyField
    """0: no cap by card; so for ``card_uses``."""
    uses: CountField
    card_uses: CapField
    stackable: bool
    shown: bool


class OfferStampCard(ApiMessage, frozen=True, tag="offer_stamp_card"):
    """Publishes a stamp card (L-20.11)."""

    from_ms: MomentField
    to_ms: MomentField
    minimum: SomeMoneyField
    day_max: Annotated[int, msgspec.Meta(ge=1, le=100)]
    stamps: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    places: PlacesField
    reward: CampaignField
    """This shop's campaign of coupons that are given to cards."""


class SayCampaign(ApiMessage, frozen=True, tag="say_campaign"):
    word: CampaignWord
    issuer: Party
    campaign: CampaignField


class GetCampaigns(ApiMessage, frozen=True, tag="get_campaigns"):
    """Asks for what this shop made, pays for, or takes."""


class PrintPapers(ApiMessage, frozen=True, tag="print_papers"):
    """Commits this shop to coupons on paper, and asks for their texts."""

    campaign: CampaignField
    printing: NameField
    count: PrintedField
    again: bool
    """Only the texts of a printing whose answer was lost; nothing is committed."""


class GiveCardCoupon(ApiMessage, frozen=True, tag="give_card_coupon"):
    campaign: CampaignField
    presented: ScanField


class PutCouponAside(ApiMessage, frozen=True, tag="put_coupon_aside"):
    """For a bill of this shop. The same hold asked twice is one hold."""

    hold: NameField
    coupon: ScanField
    """``LD1:P:...``; empty for one of a card."""
    issuer: Party
    """These two for one of a card."""
    campaign: CampaignField
    presented: ScanField
    """The card or its eight digits; empty where the coupon needs none."""
    bill: MoneyField
    """Before this coupon, after those put aside before it."""


class GiveCouponBack(ApiMessage, frozen=True, tag="give_coupon_back"):
    hold: NameField


class UndoOrderCoupons(ApiMessage, frozen=True, tag="undo_order_coupons"):
    """Of an order that coupons paid whole: there is no money to refund."""

    order: OrderRef


class GetWallet(ApiMessage, frozen=True, tag="get_wallet"):
    """Asks what a card may have here now."""

    presented: ScanField
    bill: MoneyField


class PublishCommission(ApiMessage, frozen=True, tag="publish_commission"):
    """What this shop will pay for customers whom others send (L-20.14)."""

    bps: BpsField
    days: Annotated[int, msgspec.Meta(ge=1, le=92)]
    fresh_days: Annotated[int, msgspec.Meta(ge=0, le=366)]
    order_max: SomeMoneyField
    card_max: SomeMoneyField
    day_max: SomeMoneyField
    period_max: SomeMoneyField
    total_max: SomeMoneyField


class ReferCustomer(ApiMessage, frozen=True, tag="refer_customer"):
    presented: ScanField
    """The card itself."""
    to: Party


class CountVisit(ApiMessage, frozen=True, tag="count_visit"):
    """The card was here today (L-18.15)."""

    presented: ScanField


class CampaignOffered(ApiMessage, frozen=True, tag="campaign_offered"):
    campaign: int
    is_open: bool
    """False while its sponsor has not agreed."""
    certified: Certified


class CampaignSaid(ApiMessage, frozen=True, tag="campaign_said"):
    amount: Amount
    """Reserved of this shop's issue limit, or spent when it was closed; 0 for stamps."""
    held: Amount
    """In holds that are honoured still."""
    certified: Certified


class CampaignView(ApiMessage, frozen=True):
    issuer: ShopId
    number: int
    sort: CampaignSort
    sponsor: ShopId
    is_open: bool
    from_ms: Millis
    to_ms: Millis
    budget: Amount
    """0 for a stamp card: what it costs is its reward's."""
    spent: Amount
    held: Amount
    uses: int
    made: int
    """Printed, or given to cards."""


class CampaignsTold(ApiMessage, frozen=True, tag="campaigns_told"):
    campaigns: list[CampaignView]


class PapersPrinted(ApiMessage, frozen=True, tag="papers_printed"):
    first: int
    """Serial of the first one."""
    papers: list[str]
    """``LD1:P:...``, by serial. Whoever has one may use the coupon."""


class CardCouponGiven(ApiMessage, frozen=True, tag="card_coupon_given"):
    unused: int
    """Coupons of this campaign that the card has now."""


class CouponAside(ApiMessage, frozen=True, tag="coupon_aside"):
    hold: NameField
    issuer: ShopId
    campaign: int
    discount: Amount
    bill: Amount
    """What is left of it."""
    expires_ms: Millis


class CouponsBack(ApiMessage, frozen=True, tag="coupons_back"):
    discount: Amount


class WalletCoupon(ApiMessage, frozen=True):
    issuer: ShopId
    campaign: int
    discount: Amount
    left: int
    """So many more for this card; 0 where nothing caps them."""


class WalletStamps(ApiMessage, frozen=True):
    issuer: ShopId
    campaign: int
    count: int
    stamps: int
    """That make a full card."""


class WalletTold(ApiMessage, frozen=True, tag="wallet_told"):
    coupons: list[WalletCoupon]
    """Those that take most off first."""
    stamps: list[WalletStamps]


class CommissionPublished(ApiMessage, frozen=True, tag="commission_published"):
    version: int
    from_ms: Millis


class CustomerReferred(ApiMessage, frozen=True, tag="customer_referred"):
    until_ms: Millis


class VisitCounted(ApiMessage, frozen=True, tag="visit_counted"):
    visits: int
    """Of the card at this shop in the running month."""


CouponsRequest: TypeAlias = (
    OfferCoupons
    | OfferStampCard
    | SayCampaign
    | GetCampaigns
    | PrintPapers
    | GiveCardCoupon
    | PutCouponAside
    | GiveCouponBack
    | UndoOrderCoupons
    | GetWallet
    | PublishCommission
    | ReferCustomer
    | CountVisit
)
CouponsReply: TypeAlias = (
    CampaignOffered
    | CampaignSaid
    | CampaignsTold
    | PapersPrinted
    | CardCouponGiven
    | CouponAside
    | CouponsBack
    | WalletTold
    | CommissionPublished
    | CustomerReferred
    | VisitCounted
)
