"""Module 3, cards: which cards the street knows (L-5).

A card is a pseudonym: a public key and eight digits. Whose it is, no node knows. A card is
enrolled by proof that its secret was there; what it owns is the points module's matter.
"""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.crypto.cards import CARD_ID_BYTES, CardCode, card_code, card_id, is_card_code
from liandao_node.crypto.digest import tagged
from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import (
    Bytes32Field,
    CallBody,
    Context,
    Module,
    SignatureField,
    refuse,
)
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import CardId, ChainId, Millis, PublicKey, ShopId, Signature
from liandao_node.wire.codec import Canonical, encode

NUMBER: Final = 3


class CardsRefusal(IntEnum):
    CARD_UNKNOWN = 1
    CARD_KNOWN = 2
    CODE_TAKEN = 3
    CODE_WRONG = 4
    CARD_SIGNATURE_BAD = 5


class EnrolDone(Canonical, frozen=True):
    card: CardId


class Enrol(CallBody, frozen=True):
    """Makes a card known to the street."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = EnrolDone

    public_key: Bytes32Field
    code: Annotated[str, msgspec.Meta(max_length=8)]
    signature: SignatureField
    """By the card's key over `enrol_preimage`."""


class Card(Canonical, frozen=True):
    """A card as the street knows it."""

    public_key: PublicKey
    code: CardCode
    shop: ShopId
    """Where it was enrolled."""
    enrolled_ms: Millis
    last_seen_ms: Millis
    """Ledger time of the last applied call that named the card."""


class CodeOwner(Canonical, frozen=True):
    card: CardId


_cards: Final = Table(NUMBER, 1, (CARD_ID_BYTES,), Card)
_codes: Final = Table(NUMBER, 2, ("u32",), CodeOwner)


def enrol_preimage(chain: ChainId, shop: ShopId, code: CardCode) -> bytes:
    """What a card's key signs to be enrolled at a shop: 32 bytes (L-5.5)."""
    return tagged(b"liandao/enrol/1", chain + encode((shop, code)))


class CardDirectory:
    """Service: look a card up, prove its presence, note that it was seen."""

    def find(self, view: View, card: bytes) -> Card | None:
        """The card with this id; bytes that are no id find nothing."""
        return _cards.get(view, card) if len(card) == CARD_ID_BYTES else None

    def find_code(self, view: View, code: CardCode) -> CardId | None:
        owner = _codes.get(view, int(code)) if is_card_code(code) else None
        return owner.card if owner is not None else None

    def require(self, ctx: Context, card: bytes) -> Card:
        """The card, or Refused ``CARD_UNKNOWN``."""
        found = self.find(ctx.view, card)
        if found is None:
            raise refuse(CardsRefusal.CARD_UNKNOWN)
        return found

    def require_signature(self, ctx: Context, card: Card, preimage: bytes, by: bytes) -> None:
        """Refuses with ``CARD_SIGNATURE_BAD`` what the card's key did not sign."""
        if not ctx.verify(card.public_key, preimage, Signature(by)):
            raise refuse(CardsRefusal.CARD_SIGNATURE_BAD)

    def saw(self, ctx: Context, card: Card) -> None:
        """Notes that an applied call of now names the card (L-5.7)."""
        if card.last_seen_ms != ctx.time_ms:
            seen = Card(card.public_key, card.code, card.shop, card.enrolled_ms, ctx.time_ms)
            _cards.put(ctx.view, card_id(card.public_key), value=seen)


class Cards(Module):
    name: ClassVar[str] = "cards"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Enrol,)
    refusals: ClassVar[type[IntEnum] | None] = CardsRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (_cards, _codes)

    def services(self) -> tuple[object, ...]:
        return (CardDirectory(),)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Enrol():
                return _enrol(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def invariants(self, view: View) -> list[str]:
        broken = []
        codes = {int(code): owner.card for (code,), owner in _codes.rows(view)}
        for (card,), record in _cards.rows(view):
            if card != card_id(record.public_key):
                broken.append(f"card {card!r} has another key's id")
            if codes.pop(int(record.code), None) != card:
                broken.append(f"code {record.code} does not lead to its card")
        return broken + [f"code {code} leads to no card" for code in codes]


def _enrol(ctx: Context, call: Enrol) -> EnrolDone:
    """Enrols a card (L-5.5, L-5.6)."""
    key = PublicKey(call.public_key)
    card, code = card_id(key), CardCode(call.code)
    if code != card_code(card):
        raise refuse(CardsRefusal.CODE_WRONG)
    if _cards.has(ctx.view, card):
        raise refuse(CardsRefusal.CARD_KNOWN)
    if _codes.has(ctx.view, int(code)):
        raise refuse(CardsRefusal.CODE_TAKEN, code=code)
    record = Card(key, code, ctx.shop, enrolled_ms=ctx.time_ms, last_seen_ms=ctx.time_ms)
    preimage = enrol_preimage(ctx.chain_id, ctx.shop, code)
    CardDirectory().require_signature(ctx, record, preimage, call.signature)
    _cards.put(ctx.view, card, value=record)
    _codes.put(ctx.view, int(code), value=CodeOwner(card))
    return EnrolDone(card)
