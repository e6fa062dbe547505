"""What a shop may ask of the pool, and what treasurers and cards sign (docs/ledger.md 12.1)."""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import Bytes16Field, CallBody, SignatureField, U63Field
from liandao_node.ledger.modules.clearing_calls import Signatures
from liandao_node.ledger.modules.stake_calls import SomeAmountField
from liandao_node.types import Amount, ChainId, ShopId
from liandao_node.wire.codec import Canonical, encode

NUMBER: Final = 9
DEPOSIT_TAG: Final = b"liandao/pool-deposit/1"
VISIT_TAG: Final = b"liandao/visit/1"
PURPOSE_CHARS_MAX: Final = 80
DAY_MAX: Final = 10**6
"""Days since 1970 that a call can name: the year 4707."""


class Source(IntEnum):
    """Who put money into the pool."""

    SPONSOR = 1
    ADVERTISER = 2
    ASSOCIATION = 3
    OTHER = 4


class Deposited(Canonical, frozen=True):
    cash: Amount
    """Of the pool, all that came in and was not paid out."""


class VisitDone(Canonical, frozen=True):
    visits: int
    """Of the card at this shop in the running period, this one counted."""


class Deposit(CallBody, frozen=True):
    """The treasurers took money in for the pool. Any member may bring their word."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Deposited

    source: Source
    number: U63Field
    """1 for the pool's first deposit, then one more each."""
    amount: SomeAmountField
    purpose: Annotated[str, msgspec.Meta(min_length=1, max_length=PURPOSE_CHARS_MAX)]
    """For people: what the depositor gives it for."""
    signatures: Signatures


class Visit(CallBody, frozen=True):
    """The bearer of a card was at the calling shop today."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = VisitDone

    card: Bytes16Field
    day: Annotated[int, msgspec.Meta(ge=0, le=DAY_MAX)]
    """The street's day, counted from 1970-01-01."""
    signature: SignatureField
    """By the card's key over `visit_preimage`."""


class PoolRefusal(IntEnum):
    DEPOSIT_OUT_OF_TURN = 1
    DEPOSITS_TOO_LARGE = 2
    VISIT_OTHER_DAY = 3
    VISIT_KNOWN = 4


def deposit_preimage(
    chain: ChainId, source: Source, number: int, amount: Amount, purpose: str
) -> bytes:
    """What treasurers sign of a deposit (L-18.11): 32 bytes."""
    return tagged(DEPOSIT_TAG, chain + encode((source, number, amount, purpose)))


def visit_preimage(chain: ChainId, shop: ShopId, day: int) -> bytes:
    """What a card's key signs where its bearer is (L-18.15): 32 bytes."""
    return tagged(VISIT_TAG, chain + encode((shop, day)))
