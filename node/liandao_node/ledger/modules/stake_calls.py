"""What a shop may ask of stake, and what its treasurers sign (docs/ledger.md 12.1, 12.2)."""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import Bytes32Field, CallBody, U63Field
from liandao_node.ledger.modules.stake_books import NUMBER
from liandao_node.limits import AMOUNT_MAX, CALL_BODY_BYTES_MAX
from liandao_node.types import Amount, ChainId, Epoch, PublicKey, ShopId
from liandao_node.wire.codec import Canonical, encode
from liandao_node.wire.genesis import TREASURERS_MAX

BOND_TAG: Final = b"liandao/bond/1"

ShopField = Annotated[ShopId, msgspec.Meta(ge=0, le=2**16 - 1)]
SomeAmountField = Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
SignatureBytes = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
PositionField = Annotated[int, msgspec.Meta(ge=0, lt=TREASURERS_MAX)]


class Direction(IntEnum):
    """Of money, as the treasurers see it."""

    DEPOSIT = 1
    PAYOUT = 2


class TreasurerSignature(Canonical, frozen=True):
    position: PositionField
    """In the genesis file's list."""
    signature: SignatureBytes


class StakeMoved(Canonical, frozen=True):
    """The answer of a call that moves stake."""

    own: Amount
    """The shop's own bond now."""
    liable_until: Epoch
    """Last epoch in which the stake that moved may be slashed for the seat that it left; where
    it comes back to somebody, it does so in the next one."""


class Attested(Canonical, frozen=True):
    attested: Amount


class Punished(Canonical, frozen=True):
    shop: ShopId
    key: PublicKey
    slashed: Amount
    banned_until: Epoch
    for_ever: bool
    """Not the first key that the shop lost so."""


class Released(Canonical, frozen=True):
    epoch: Epoch
    """First epoch in which it may have a seat again, if it is elected."""


class Attest(CallBody, frozen=True):
    """The treasurers have taken in or paid out a deposit. Any member may bring their word."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Attested

    shop: ShopField
    number: U63Field
    """1 for the first statement about a shop, then one more each."""
    direction: Direction
    amount: SomeAmountField
    signatures: Annotated[list[TreasurerSignature], msgspec.Meta(max_length=TREASURERS_MAX)]
    """By rising position."""


class Withdraw(CallBody, frozen=True):
    """Takes a part of the own bond out of the street."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = StakeMoved

    amount: SomeAmountField


class Delegate(CallBody, frozen=True):
    """Puts a part of the own bond behind another candidate."""

    kind: ClassVar[int] = NUMBER * 100 + 3
    answer: ClassVar[type[Canonical]] = StakeMoved

    seat: ShopField
    amount: SomeAmountField


class Undelegate(CallBody, frozen=True):
    """Takes delegated stake back."""

    kind: ClassVar[int] = NUMBER * 100 + 4
    answer: ClassVar[type[Canonical]] = StakeMoved

    seat: ShopField
    amount: SomeAmountField


class Redelegate(CallBody, frozen=True):
    """Moves delegated stake from one candidate to another."""

    kind: ClassVar[int] = NUMBER * 100 + 5
    answer: ClassVar[type[Canonical]] = StakeMoved

    seat: ShopField
    to: ShopField
    amount: SomeAmountField


class Accuse(CallBody, frozen=True):
    """Proof that a seat signed two statements that no honest seat signs both."""

    kind: ClassVar[int] = NUMBER * 100 + 6
    answer: ClassVar[type[Canonical]] = Punished

    evidence: Annotated[bytes, msgspec.Meta(max_length=CALL_BODY_BYTES_MAX)]
    """Canonical encoding of `wire.evidence.Evidence`."""


class Unjail(CallBody, frozen=True):
    """A seat that was away is back, and has the chain up to this block."""

    kind: ClassVar[int] = NUMBER * 100 + 7
    answer: ClassVar[type[Canonical]] = Released

    height: U63Field
    block: Bytes32Field


class StakeRefusal(IntEnum):
    CANDIDATE_UNKNOWN = 1
    STATEMENT_OUT_OF_TURN = 2
    TREASURERS_TOO_FEW = 3
    BOND_TOO_LARGE = 4
    BOND_SHORT = 5
    BOND_IN_USE = 6
    DELEGATION_TO_SELF = 7
    DELEGATION_SHORT = 8
    MOVED_LATELY = 9
    MOVES_FULL = 10
    PAYOUT_SHORT = 11
    EVIDENCE_BAD = 12
    EVIDENCE_OLD = 13
    EVIDENCE_KNOWN = 14
    NOT_JAILED = 15
    JAIL_LASTS = 16
    MILESTONE_UNKNOWN = 17


def bond_preimage(
    chain: ChainId, shop: ShopId, number: int, direction: Direction, amount: Amount
) -> bytes:
    """What a treasurer signs (L-4.5): 32 bytes."""
    return tagged(BOND_TAG, chain + encode((shop, number, direction, amount)))
