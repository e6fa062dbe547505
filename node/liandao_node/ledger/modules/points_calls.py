"""What shops may ask of the points module, what it answers, why it refuses (L-7, section 12).

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
    TimeField,
    U32Field,
    U63Field,
)
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, ChainId, Millis, ShopId
from liandao_node.wire.codec import Canonical, encode

NUMBER: Final = 4
_KIND: Final = NUMBER * 100

SourceField = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class PointsRefusal(IntEnum):
    POINTS_SHORT = 1
    HOLD_KNOWN = 2
    HOLD_UNKNOWN = 3
    HOLD_FOREIGN = 4
    HOLD_EXPIRED = 5
    HOLD_SPENT = 6
    HOLDS_FULL = 7
    CODE_CAP = 8
    ORDER_KNOWN = 9
    EXCLUDED_OVER_GROSS = 10
    CARD_MISSING = 11
    HOLD_MISSING = 12
    POINTS_OVER_HOLD = 13
    POINTS_OVER_SHARE = 14
    ORDER_UNKNOWN = 15
    REFUND_KNOWN = 16
    REFUND_OVER_ORDER = 17
    HOURS_BACKWARDS = 18
    GRANT_KNOWN = 19
    TWO_NAMES_NEEDED = 20
    MANUAL_CAP = 21
    ISSUE_LIMITED = 22
    CARD_HELD = 23
    PURSE_FULL = 24
    ORDER_HAS_CARD = 25
    CLAIM_KNOWN = 26
    CLAIM_UNKNOWN = 27
    CLAIM_MADE = 28
    CLAIM_LATE = 29
    CLAIM_EMPTY = 30
    CLAIM_SIGNATURE_BAD = 31


class Tender(IntEnum):
    """How the part of a bill that points did not pay was paid."""

    CASH = 1
    CARD = 2
    OTHER = 3


class HoldDone(Canonical, frozen=True):
    amount: Amount
    expires_ms: Millis


class Hold(CallBody, frozen=True):
    """Puts points of a card aside for this shop."""

    kind: ClassVar[int] = _KIND + 1
    answer: ClassVar[type[Canonical]] = HoldDone

    hold: Bytes16Field
    """Made by the asker; names the hold at this shop and card for ever."""
    card: Bytes16Field
    amount: Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
    present: bool
    """The card was shown and has signed; else only its code was typed."""
    card_signature: SignatureField
    """By the card's key over `hold_preimage`; empty on a typed code."""
    pin_signature: SignatureField = b""
    """By the PIN of a card that has one, over the same."""


class ReleaseDone(Canonical, frozen=True):
    amount: Amount


class Release(CallBody, frozen=True):
    """Gives a hold of this shop back."""

    kind: ClassVar[int] = _KIND + 2
    answer: ClassVar[type[Canonical]] = ReleaseDone

    hold: Bytes16Field
    card: Bytes16Field


class SaleDone(Canonical, frozen=True):
    points_used: Amount
    earned: Amount
    limited: bool
    """Points were due and none were given: a limit of L-7.5 stood against it."""
    balance: Amount
    """Free points of the card after the sale, 0 without a card."""
    pending: Amount
    """Points of the card that have not vested, these among them."""
    set_off: Amount
    """Of its points, what went into debts of the card to this shop."""


class Sale(CallBody, frozen=True):
    """An order at this shop: earns points, and takes held ones off the bill."""

    kind: ClassVar[int] = _KIND + 3
    answer: ClassVar[type[Canonical]] = SaleDone

    register: U32Field
    number: U63Field
    """Gapless per register; with shop and register the name of the order."""
    card: Bytes16OrEmptyField
    gross: AmountField
    excluded: AmountField
    """Part of the bill that earns nothing."""
    hold: Bytes16OrEmptyField
    points: AmountField
    tender: Tender
    at_ms: TimeField
    """The register's own clock: recorded in the entry, used by no rule."""


class ImportDone(Canonical, frozen=True):
    earned: Amount
    limited: bool
    balance: Amount
    pending: Amount
    set_off: Amount


class Import(CallBody, frozen=True):
    """An order of another till or an online shop, known under its own reference."""

    kind: ClassVar[int] = _KIND + 4
    answer: ClassVar[type[Canonical]] = ImportDone

    source: SourceField
    reference_hash: Bytes16Field
    """Of the order's id at its source, which stays in the shop."""
    card: Bytes16OrEmptyField
    gross: AmountField
    at_ms: TimeField
    online: bool
    """Nobody stood at the counter: earns by the rule for such orders."""


def hold_preimage(chain: ChainId, shop: ShopId, hold: bytes, amount: Amount) -> bytes:
    """What a card's key signs to let a shop put points aside: 32 bytes (L-7.1)."""
    return tagged(b"liandao/hold/1", chain + encode((shop, hold, amount)))
