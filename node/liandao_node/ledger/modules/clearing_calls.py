"""What a shop may ask of clearing, and what treasurers sign (docs/ledger.md 12.1, 12.2)."""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import CallBody, Done, U32Field, U63Field
from liandao_node.ledger.modules.clearing_books import NUMBER
from liandao_node.ledger.modules.stake_calls import ShopField, SomeAmountField, TreasurerSignature
from liandao_node.types import Amount, ChainId, Millis, ShopId
from liandao_node.wire.codec import Canonical, encode
from liandao_node.wire.genesis import TREASURERS_MAX

PAYMENT_TAG: Final = b"liandao/payment/1"
ARREARS_TAG: Final = b"liandao/arrears/1"

Signatures = Annotated[list[TreasurerSignature], msgspec.Meta(max_length=TREASURERS_MAX)]
"""By rising position."""


class Said(Canonical, frozen=True):
    """What is known of a payment now."""

    amount: Amount
    due_ms: Millis
    settled: bool


class ArrearsLeft(Canonical, frozen=True):
    arrears: Amount
    """Of the shop in default, to everybody."""


class Notice(Canonical, frozen=True):
    payable: Amount
    """What the shop may still have to pay; its bond stays as long as it covers that."""


class HandedOver(Canonical, frozen=True):
    amount: Amount
    """Face value of the points, which the shop owes to the pool now."""


class Paid(CallBody, frozen=True):
    """The caller made a payment."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Said

    period: U32Field
    creditor: ShopField


class Received(CallBody, frozen=True):
    """The caller received a payment."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = Said

    period: U32Field
    debtor: ShopField


class Vouch(CallBody, frozen=True):
    """The treasurers know that a payment was made. Any member may bring their word."""

    kind: ClassVar[int] = NUMBER * 100 + 3
    answer: ClassVar[type[Canonical]] = Said

    period: U32Field
    debtor: ShopField
    creditor: ShopField
    signatures: Signatures


class ArrearsReceived(CallBody, frozen=True):
    """A shop in default paid to the caller what the caller had borne for it."""

    kind: ClassVar[int] = NUMBER * 100 + 4
    answer: ClassVar[type[Canonical]] = ArrearsLeft

    debtor: ShopField
    amount: SomeAmountField


class ArrearsVouched(CallBody, frozen=True):
    """A shop in default paid arrears to the treasurers. Any member may bring their word."""

    kind: ClassVar[int] = NUMBER * 100 + 5
    answer: ClassVar[type[Canonical]] = ArrearsLeft

    debtor: ShopField
    number: U63Field
    """1 for the first statement on a shop's arrears, then one more each."""
    amount: SomeAmountField
    signatures: Signatures


class Leave(CallBody, frozen=True):
    """The caller gives notice: no new points of it, its old ones run off."""

    kind: ClassVar[int] = NUMBER * 100 + 6
    answer: ClassVar[type[Canonical]] = Notice


class Stay(CallBody, frozen=True):
    """The caller takes its notice back."""

    kind: ClassVar[int] = NUMBER * 100 + 7
    answer: ClassVar[type[Canonical]] = Done


class HandOver(CallBody, frozen=True):
    """The caller owes the face value of its points to the pool, which answers for them."""

    kind: ClassVar[int] = NUMBER * 100 + 8
    answer: ClassVar[type[Canonical]] = HandedOver


class ClearingRefusal(IntEnum):
    PAYMENT_UNKNOWN = 1
    PAYMENT_SETTLED = 2
    PAYMENT_FAILED = 3
    PAYMENT_SAID = 4
    ARREARS_SHORT = 5
    ARREARS_OUT_OF_TURN = 6
    LEAVING_ALREADY = 7
    NOT_LEAVING = 8
    HANDED_OVER_ALREADY = 9
    HANDOVER_IN_DEFAULT = 10
    HANDOVER_UNCOVERED = 11
    HANDOVER_NOT_OFFERED = 12


def payment_preimage(chain: ChainId, period: int, debtor: ShopId, creditor: ShopId) -> bytes:
    """What treasurers sign of a payment (L-16.7): 32 bytes."""
    return tagged(PAYMENT_TAG, chain + encode((period, debtor, creditor)))


def arrears_preimage(chain: ChainId, debtor: ShopId, number: int, amount: Amount) -> bytes:
    """What treasurers sign of arrears that they took in (L-16.10): 32 bytes."""
    return tagged(ARREARS_TAG, chain + encode((debtor, number, amount)))
