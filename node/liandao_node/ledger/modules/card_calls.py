"""What shops may ask of the cards module, what it answers, why it refuses (L-5, section 12).

Order of fields is the wire form. `word_preimage` is what the keys of a card sign: the card itself,
its PIN and its recovery paper, each statement under the card's next number, so that none can be
used twice or in place of another.
"""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.crypto.cards import CardCode
from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import (
    Bytes16Field,
    Bytes32Field,
    CallBody,
    Done,
    SignatureField,
    U63Field,
)
from liandao_node.types import CardId, ChainId, Millis, ShopId
from liandao_node.wire.codec import Canonical, encode

NUMBER: Final = 3
_KIND: Final = NUMBER * 100

KeyOrNoneField = Annotated[bytes, msgspec.Meta(max_length=32)]
"""A public key, or empty to do without one; lengths between are keys that sign nothing."""


class CardsRefusal(IntEnum):
    CARD_UNKNOWN = 1
    CARD_KNOWN = 2
    CODE_TAKEN = 3
    CODE_WRONG = 4
    CARD_SIGNATURE_BAD = 5
    CARD_MOVED = 6
    CARD_BLOCKED = 7
    PIN_NEEDED = 8
    PIN_WRONG = 9
    RECOVERY_NEEDED = 10
    RECOVERY_WRONG = 11
    CARD_WORD_OUT_OF_TURN = 12
    CARD_KEY_NOT_PROVEN = 13
    BLOCKED_ALREADY = 14
    NOT_BLOCKED = 15
    BLOCKS_MANY = 16
    SAME_CARD = 17
    MOVE_WAITS = 18
    NO_MOVE_WAITS = 19
    MOVES_MANY = 20
    CARDS_JOINED_MANY = 21


class EnrolDone(Canonical, frozen=True):
    card: CardId


class Enrol(CallBody, frozen=True):
    """Makes a card known to the street."""

    kind: ClassVar[int] = _KIND + 1
    answer: ClassVar[type[Canonical]] = EnrolDone

    public_key: Bytes32Field
    code: Annotated[str, msgspec.Meta(max_length=8)]
    signature: SignatureField
    """By the card's key over `enrol_preimage`."""


class SetPin(CallBody, frozen=True):
    """Puts a PIN on a card, changes it, or takes it off."""

    kind: ClassVar[int] = _KIND + 2
    answer: ClassVar[type[Canonical]] = Done

    card: Bytes16Field
    number: U63Field
    key: KeyOrNoneField
    """Of the new PIN; empty for none."""
    card_signature: SignatureField
    """All signatures over `word_preimage` of the key."""
    pin_signature: SignatureField
    """By the PIN so far, empty if there was none."""
    key_signature: SignatureField
    """By the new PIN, empty for none."""


class SetRecovery(CallBody, frozen=True):
    """Gives a card a recovery paper, another one, or takes it off."""

    kind: ClassVar[int] = _KIND + 3
    answer: ClassVar[type[Canonical]] = Done

    card: Bytes16Field
    number: U63Field
    key: KeyOrNoneField
    card_signature: SignatureField
    """All signatures over `word_preimage` of the key."""
    pin_signature: SignatureField
    recovery_signature: SignatureField
    """By the paper so far, empty if there was none."""
    key_signature: SignatureField
    """By the new paper, empty for none."""


class BlockReason(IntEnum):
    """Why a customer wants a card blocked."""

    LOST = 1
    STOLEN = 2
    COPIED = 3
    OTHER = 4


class Block(CallBody, frozen=True):
    """Blocks a card at its owner's word: nobody has to show anything, so shops are counted."""

    kind: ClassVar[int] = _KIND + 4
    answer: ClassVar[type[Canonical]] = Done

    card: Bytes16Field
    reason: BlockReason


class Unblock(CallBody, frozen=True):
    """The card is there again."""

    kind: ClassVar[int] = _KIND + 5
    answer: ClassVar[type[Canonical]] = Done

    card: Bytes16Field
    number: U63Field
    card_signature: SignatureField
    """Both over `word_preimage` of nothing."""
    pin_signature: SignatureField


class MoveDone(Canonical, frozen=True):
    ready_ms: Millis
    """From when on `FinishMove` is taken; 0 if the move is done."""


class Move(CallBody, frozen=True):
    """Asks for all that a lost card has, for a new one."""

    kind: ClassVar[int] = _KIND + 6
    answer: ClassVar[type[Canonical]] = MoveDone

    card: Bytes16Field
    """The lost one."""
    number: U63Field
    """Of the lost card's statements."""
    to: Bytes16Field
    recovery_signature: SignatureField
    """By the lost card's paper over `word_preimage` of ``to``; empty without one."""
    to_signature: SignatureField
    """By the new card over the same."""


class MovedTo(Canonical, frozen=True):
    to: CardId


class FinishMove(CallBody, frozen=True):
    """The time of a move without a paper is up."""

    kind: ClassVar[int] = _KIND + 7
    answer: ClassVar[type[Canonical]] = MovedTo

    card: Bytes16Field
    """The lost one."""


class CancelMove(CallBody, frozen=True):
    """The card that somebody wants moved is there, and its owner does not want that."""

    kind: ClassVar[int] = _KIND + 8
    answer: ClassVar[type[Canonical]] = Done

    card: Bytes16Field
    number: U63Field
    card_signature: SignatureField
    """Over `word_preimage` of nothing."""


class Merge(CallBody, frozen=True):
    """Makes two cards of one person one; both are there."""

    kind: ClassVar[int] = _KIND + 9
    answer: ClassVar[type[Canonical]] = MovedTo

    card: Bytes16Field
    """The one that goes."""
    number: U63Field
    to: Bytes16Field
    card_signature: SignatureField
    """All signatures over `word_preimage` of ``to``."""
    pin_signature: SignatureField
    """Of the card that goes."""
    to_signature: SignatureField


def enrol_preimage(chain: ChainId, shop: ShopId, code: CardCode) -> bytes:
    """What a card's key signs to be enrolled at a shop: 32 bytes (L-5.5)."""
    return tagged(b"liandao/enrol/1", chain + encode((shop, code)))


def word_preimage(chain: ChainId, kind: int, card: bytes, number: int, about: bytes) -> bytes:
    """What is signed for a statement about a card: 32 bytes (L-5.8).

    ``kind`` is the call's; ``about`` the key or the other card that it names, or nothing.
    """
    return tagged(b"liandao/card-word/1", chain + encode((kind, card, number, about)))
