"""What people do with cards beside buying: PINs, papers, blocks, moves, claims."""

from liandao_node.crypto.card_papers import ClaimSecret, RecoverySecret
from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger import card_queries
from liandao_node.ledger.card_queries import CardGuarded
from liandao_node.ledger.modules.card_calls import (
    CancelMove,
    Merge,
    Move,
    SetPin,
    SetRecovery,
    Unblock,
    word_preimage,
)
from liandao_node.ledger.modules.points_calls import Hold, hold_preimage
from liandao_node.ledger.modules.points_claims import Claim, OfferClaim, claim_preimage
from liandao_node.types import Amount, ShopId
from msgspec.structs import replace

from support.ledger_street import Street, hold_id


def pin_of(number: int) -> SigningKey:
    """The key of a PIN; how it is made of digits is `card_papers`' matter, and slow."""
    return SigningKey(b"pin " + number.to_bytes(28, "big"))


def paper(number: int) -> RecoverySecret:
    return RecoverySecret(b"home" + number.to_bytes(28, "big"))


def receipt(number: int) -> ClaimSecret:
    return ClaimSecret(b"claim" + number.to_bytes(10, "big"))


def guarded(street: Street, card: CardSecret) -> CardGuarded:
    return card_queries.guarded(street.ledger.view(), card.id)


def by(signer: SigningKey | None, preimage: bytes) -> bytes:
    return signer.sign(preimage) if signer is not None else b""


def _word(street: Street, kind: int, card: CardSecret, about: bytes) -> tuple[int, bytes]:
    number = guarded(street, card).next_number
    return number, word_preimage(street.chain_id, kind, card.id, number, about)


def set_pin(
    street: Street, card: CardSecret, new: SigningKey | None, old: SigningKey | None = None
) -> SetPin:
    key = new.public_key if new is not None else b""
    number, preimage = _word(street, SetPin.kind, card, key)
    return SetPin(
        card.id, number, key, by(card.key, preimage), by(old, preimage), by(new, preimage)
    )


def set_recovery(
    street: Street,
    card: CardSecret,
    new: RecoverySecret | None,
    old: RecoverySecret | None = None,
    pin: SigningKey | None = None,
) -> SetRecovery:
    key = new.key.public_key if new is not None else b""
    number, preimage = _word(street, SetRecovery.kind, card, key)
    return SetRecovery(
        card.id,
        number,
        key,
        by(card.key, preimage),
        by(pin, preimage),
        by(old.key if old else None, preimage),
        by(new.key if new else None, preimage),
    )


def unblock(street: Street, card: CardSecret, pin: SigningKey | None = None) -> Unblock:
    number, preimage = _word(street, Unblock.kind, card, b"")
    return Unblock(card.id, number, by(card.key, preimage), by(pin, preimage))


def move(
    street: Street, card: CardSecret, to: CardSecret, paper: RecoverySecret | None = None
) -> Move:
    number, preimage = _word(street, Move.kind, card, to.id)
    signature = by(paper.key if paper else None, preimage)
    return Move(card.id, number, to.id, signature, by(to.key, preimage))


def cancel(street: Street, card: CardSecret) -> CancelMove:
    number, preimage = _word(street, CancelMove.kind, card, b"")
    return CancelMove(card.id, number, by(card.key, preimage))


def merge(street: Street, card: CardSecret, to: CardSecret, pin: SigningKey | None = None) -> Merge:
    number, preimage = _word(street, Merge.kind, card, to.id)
    signature = by(card.key, preimage)
    return Merge(card.id, number, to.id, signature, by(pin, preimage), by(to.key, preimage))


def hold_with_pin(
    street: Street, shop: int, card: CardSecret, name: int, amount: int, pin: SigningKey
) -> Hold:
    preimage = hold_preimage(street.chain_id, ShopId(shop), hold_id(name), Amount(amount))
    return replace(street.hold(shop, card, name, amount), pin_signature=pin.sign(preimage))


def offer(number: int, secret: ClaimSecret, register: int = 1) -> OfferClaim:
    """A receipt for an order of the counter."""
    return OfferClaim(register, number, "", b"", secret.key.public_key)


def offer_of_import(reference: int, secret: ClaimSecret, source: str = "till") -> OfferClaim:
    return OfferClaim(0, 0, source, hold_id(reference), secret.key.public_key)


def claim(street: Street, card: CardSecret, secret: ClaimSecret) -> Claim:
    key = secret.key.public_key
    signature = secret.key.sign(claim_preimage(street.chain_id, key, card.id))
    return Claim(card.id, key, signature)
