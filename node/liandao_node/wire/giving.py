"""Points given by hand over the local API: two people of the shop answer for them (L-7.13)."""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, Millis
from liandao_node.wire.api_message import ApiMessage, Certified, NameField, PinField

CardField: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
GivenField: TypeAlias = Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
PersonField: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]


class GivingReason(StrEnum):
    """A choice, so that nobody writes a customer's name into a ledger."""

    GOODWILL = "goodwill"
    COMPLAINT = "complaint"
    CORRECTION = "correction"
    PROMOTION = "promotion"
    OTHER = "other"


class GetGiving(ApiMessage, frozen=True, tag="get_giving"):
    """Asks what may still be given by hand today, and who may approve it."""


class GivePoints(ApiMessage, frozen=True, tag="give_points"):
    grant: NameField
    card: CardField
    amount: GivenField
    asked_by: PersonField
    """Whoever is at the till. Names stay in the shop: the ledger gets pseudonyms."""
    approved_by: PersonField
    """One of those who may approve (R21)."""
    pin: PinField
    """Of who approves. Not kept."""
    reason: GivingReason
    at_ms: Millis


class GivingTold(ApiMessage, frozen=True, tag="giving_told"):
    day_max: Amount
    left_today: Amount
    staff: list[str]
    approvers: list[str]
    """Those of them who have a PIN."""


class PointsGiven(ApiMessage, frozen=True, tag="points_given"):
    """The gift is final."""

    grant: NameField
    amount: Amount
    balance: Amount
    left_today: Amount
    certified: Certified


GivingRequest: TypeAlias = GetGiving | GivePoints
GivingReply: TypeAlias = GivingTold | PointsGiven
