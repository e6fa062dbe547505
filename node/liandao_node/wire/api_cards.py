"""Cards over the local API: found, enrolled, their points put aside and given back."""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api_message import ApiMessage, Certified, PinField


class LotView(ApiMessage, frozen=True):
    """Points of one issuer that expire together."""

    issuer: ShopId
    """Who owes them: a shop, or the street's pool."""
    amount: Amount
    expires_ms: Millis
    """First millisecond at which they are worth nothing."""
    vests_ms: Millis
    """First millisecond at which they may be used; 0 where they may."""


class DebtView(ApiMessage, frozen=True):
    """What a refund took back and the card no longer had: set off, never billed."""

    shop: ShopId
    amount: Amount


class BlockFor(StrEnum):
    """Why a customer wants a card blocked: a choice, so that nobody writes a name into a ledger."""

    LOST = "lost"
    STOLEN = "stolen"
    COPIED = "copied"
    OTHER = "other"


class GuardView(ApiMessage, frozen=True):
    """What stands between a card and what somebody wants with it (L-5.8 to L-5.15)."""

    has_pin: bool
    """Points are put aside only with the card and its PIN."""
    has_paper: bool
    blocked: BlockFor | None
    blocked_by: ShopId
    """Of a blocked card."""
    blocked_ms: Millis
    moved: bool
    """Its owner has another card, which has all that was this one's. Which, nobody is told:
    the old one may be in a thief's hand."""
    waiting_ready_ms: Millis
    """Somebody without its paper wants its points moved, from then on; 0 where nobody does."""
    waiting_by: ShopId


class CardView(ApiMessage, frozen=True):
    """A card as this node's committed state has it."""

    card: bytes
    """Card id, 16 bytes."""
    code: str
    """Eight digits, the last one a check digit."""
    available: Amount
    """Points that may be held now."""
    held: Amount
    next_expiry: Amount
    """Points that expire at ``next_expiry_ms``; 0 when none."""
    next_expiry_ms: Millis
    last_seen_ms: Millis
    """Ledger time of the card's last call, 0 when new."""
    present: bool
    """The card itself was shown (scanned), not only its code typed."""
    pending: Amount = Amount(0)
    """Points that may not be used yet."""
    lots: list[LotView] = msgspec.field(default_factory=list)
    """All free points by expiry, then those that may not be used yet by the day that frees them;
    what is held is in none (R7)."""
    debts: list[DebtView] = msgspec.field(default_factory=list)
    guard: GuardView | None = None
    """None for a plain card, which most are."""


class FindCard(ApiMessage, frozen=True, tag="find_card"):
    presented: str
    """A scan (``LD1:C:...``) or the typed eight digits."""


class EnrolCard(ApiMessage, frozen=True, tag="enrol_card"):
    presented: str
    """A scanned new card, or empty for one that the node makes."""


class HoldPoints(ApiMessage, frozen=True, tag="hold_points"):
    hold: bytes
    """16 bytes, made by the client: the same hold asked twice is one hold."""
    presented: str
    amount: Amount
    pin: PinField = ""
    """Of a card that has one; typed by the customer, kept nowhere."""


class ReleaseHold(ApiMessage, frozen=True, tag="release_hold"):
    hold: bytes
    card: bytes


class CardReply(ApiMessage, frozen=True, tag="card"):
    card: CardView | None
    """None: no card of this street has that code or key."""
    presented: str


class Enrolled(ApiMessage, frozen=True, tag="enrolled"):
    card: CardView
    payload: str
    """``LD1:C:...`` to print, when the node made the card; else empty."""
    certified: Certified


class Held(ApiMessage, frozen=True, tag="held"):
    hold: bytes
    amount: Amount
    expires_ms: Millis
    certified: Certified


class Released(ApiMessage, frozen=True, tag="released"):
    amount: Amount
    certified: Certified


CardsRequest: TypeAlias = FindCard | EnrolCard | HoldPoints | ReleaseHold
CardsReply: TypeAlias = CardReply | Enrolled | Held | Released
