"""A customer's card: a 32-byte secret and the faces that it shows (L-5.1 to L-5.4).

The secret is an Ed25519 seed. Printed as QR it reads ``LD1:C:`` and 53 symbols: the seed in
Crockford's base32 with his check symbol. Below it stand eight digits that a cashier can type;
they name the card and prove nothing. What people do to such texts on the way (lower case,
spaces, hyphens, full-width digits of an input method, O for 0) is undone before reading.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NewType, TypeAlias

from liandao_node.crypto.crockford import payload_of, plain_text, secret_in
from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import InputFault
from liandao_node.types import CardId, PublicKey

CardCode = NewType("CardCode", str)
"""Eight digits, the last one a Damm check digit."""

CARD_ID_BYTES: Final = 16
CODE_DIGITS: Final = 8
PAYLOAD_PREFIX: Final = "LD1:C:"

_FAMILY: Final = "LD1:"

# The quasigroup of order 10 from H. M. Damm's thesis (2004): it finds every wrong digit and
# every swap of neighbours.
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def card_id(key: PublicKey) -> CardId:
    """Id of the card with this public key: 16 bytes (L-5.1)."""
    return CardId(tagged(b"liandao/card/1", key)[:CARD_ID_BYTES])


def card_code(card: CardId) -> CardCode:
    """The eight digits of a card: seven derived from its id, one to check them (L-5.2)."""
    number = int.from_bytes(tagged(b"liandao/code/1", card)[:8], "big") % 10 ** (CODE_DIGITS - 1)
    digits = f"{number:0{CODE_DIGITS - 1}d}"
    return CardCode(digits + str(damm(digits)))


def damm(digits: str) -> int:
    """Damm check digit; 0 for digits that end with their right check digit."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def is_card_code(text: str) -> bool:
    """Whether ``text`` is a code in its one form: eight ASCII digits that check."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit() and damm(text) == 0


@dataclass(frozen=True)
class CardSecret:
    """What a card carries. Whoever has it may spend the card's points."""

    seed: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("a card's seed has 32 bytes")

    @cached_property
    def key(self) -> SigningKey:
        return SigningKey(self.seed)

    @cached_property
    def id(self) -> CardId:
        return card_id(self.key.public_key)

    @property
    def code(self) -> CardCode:
        return card_code(self.id)

    @property
    def payload(self) -> str:
        """Text of the QR code (L-5.3)."""
        return payload_of(PAYLOAD_PREFIX, self.seed)

    def __repr__(self) -> str:
        """Names the card and keeps the secret out of logs."""
        return f"CardSecret({self.code})"


Presented: TypeAlias = CardSecret | CardCode
"""A scanned card, or the digits that somebody typed."""


def read_presented(text: str) -> Presented:
    """What was scanned or typed at the counter (L-5.4).

    Raises InputFault: ``SCAN_EMPTY``; ``SCAN_OTHER_KIND`` for a text of ours that is no card
    (``kind`` is its letter); ``SCAN_NOT_OURS``; for a card ``CARD_PAYLOAD_BAD`` (``why``) or
    ``CARD_PAYLOAD_CHECK``; for digits ``CARD_CODE_LENGTH`` or ``CARD_CODE_BAD``.
    """
    plain = plain_text(text)
    if not plain:
        raise InputFault("SCAN_EMPTY")
    if plain.startswith(PAYLOAD_PREFIX):
        return CardSecret(secret_in(plain, PAYLOAD_PREFIX, SEED_BYTES))
    if plain.startswith(_FAMILY):
        raise InputFault("SCAN_OTHER_KIND", kind=plain[len(_FAMILY) : len(_FAMILY) + 1])
    if plain.isascii() and plain.isdigit():
        return _code(plain)
    raise InputFault("SCAN_NOT_OURS")


def _code(digits: str) -> CardCode:
    if len(digits) != CODE_DIGITS:
        raise InputFault("CARD_CODE_LENGTH", digits=len(digits), expected=CODE_DIGITS)
    if damm(digits) != 0:
        raise InputFault("CARD_CODE_BAD")
    return CardCode(digits)
