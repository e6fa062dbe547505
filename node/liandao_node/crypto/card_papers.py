"""What belongs to a card and is not on it: PIN, recovery paper, the claim code of a receipt.

Each of them is an Ed25519 key that the street knows the public half of, so that nobody ever sends
a secret to the ledger (L-5.8, L-5.10, L-7.16).

What a PIN is worth: it stops whoever finds or photographs a card. Its key is derived from the
digits *and* the card's seed, by a function made slow on purpose, so the public key alone tells
nothing about the digits. Who has the card *and* a copy of the ledger can try all of them: 10 000
PINs of four digits take some tens of minutes on one computer, six digits days. And whoever runs
the till at which it is typed has seen it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import nacl.pwhash

from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.crockford import payload_of, plain_text, secret_in
from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import InputFault

PIN_DIGITS_MIN: Final = 4
PIN_DIGITS_MAX: Final = 8
CLAIM_SECRET_BYTES: Final = 15
"""24 symbols: few enough to type, too many to try."""
RECOVERY_PREFIX: Final = "LD1:H:"
CLAIM_PREFIX: Final = "LD1:B:"

_PIN_OPS: Final = 3
_PIN_MEMORY_BYTES: Final = 64 * 1024 * 1024
"""Of Argon2id: about a fifth of a second on a shop's computer. A change needs a new tag."""


def pin_key(card: CardSecret, pin: str) -> SigningKey:
    """The key that signs when the card and its PIN are there (L-5.8). Slow, and takes 64 MiB: for
    a worker thread.

    Raises InputFault ``PIN_FORM`` for anything but 4 to 8 digits.
    """
    digits = plain_text(pin)
    if not PIN_DIGITS_MIN <= len(digits) <= PIN_DIGITS_MAX or not _is_digits(digits):
        raise InputFault("PIN_FORM", least=PIN_DIGITS_MIN, most=PIN_DIGITS_MAX)
    salt = tagged(b"liandao/pin/1", card.seed)[: nacl.pwhash.argon2id.SALTBYTES]
    seed = nacl.pwhash.argon2id.kdf(
        SEED_BYTES, digits.encode(), salt, opslimit=_PIN_OPS, memlimit=_PIN_MEMORY_BYTES
    )
    return SigningKey(seed)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


@dataclass(frozen=True)
class RecoverySecret:
    """What stands on the paper that a customer keeps at home: it moves a lost card's points."""

    seed: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("a recovery seed has 32 bytes")

    @cached_property
    def key(self) -> SigningKey:
        return SigningKey(self.seed)

    @property
    def payload(self) -> str:
        return payload_of(RECOVERY_PREFIX, self.seed)

    def __repr__(self) -> str:
        return "RecoverySecret(...)"


@dataclass(frozen=True)
class ClaimSecret:
    """What stands on the receipt of somebody without a card: it claims the points of that order."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != CLAIM_SECRET_BYTES:
            raise ValueError("a claim secret has 15 bytes")

    @cached_property
    def key(self) -> SigningKey:
        return SigningKey(tagged(b"liandao/claim-seed/1", self.secret))

    @property
    def payload(self) -> str:
        return payload_of(CLAIM_PREFIX, self.secret)

    def __repr__(self) -> str:
        return "ClaimSecret(...)"


Paper: TypeAlias = RecoverySecret | ClaimSecret


def read_paper(text: str) -> Paper:
    """What was scanned or typed from a paper (L-5.4).

    Raises InputFault ``SCAN_NOT_OURS`` for what is neither; ``CARD_PAYLOAD_BAD`` (``why``),
    ``CARD_PAYLOAD_CHECK``.
    """
    plain = plain_text(text)
    if plain.startswith(RECOVERY_PREFIX):
        return RecoverySecret(secret_in(plain, RECOVERY_PREFIX, SEED_BYTES))
    if plain.startswith(CLAIM_PREFIX):
        return ClaimSecret(secret_in(plain, CLAIM_PREFIX, CLAIM_SECRET_BYTES))
    raise InputFault("SCAN_NOT_OURS")
