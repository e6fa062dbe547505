"""Secrets as people's scanners and fingers pass them on: Crockford's base32 with his check symbol.

A text is a prefix that names its kind, then the bytes as one big-endian number, then the number
mod 37. What happens to such texts on the way (lower case, spaces, hyphens, full-width letters of
an input method, O for 0) is undone before reading (L-5.3, L-5.4).
"""

from typing import Final
from unicodedata import normalize

from liandao_node.errors import InputFault

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SYMBOLS: Final = SYMBOLS + "*~$=U"
_TEXT_CHARS_MAX: Final = 256
_MISREAD: Final = str.maketrans("ILO", "110")
_GAPS: Final = str.maketrans("", "", " -\t\r\n")


def plain_text(text: str) -> str:
    """What was scanned or typed, without what people and input methods do to it (L-5.4).

    Raises InputFault ``SCAN_NOT_OURS`` for what is longer than anything of ours.
    """
    if len(text) > _TEXT_CHARS_MAX:
        raise InputFault("SCAN_NOT_OURS")
    return normalize("NFKC", text).translate(_GAPS).upper()


def payload_of(prefix: str, secret: bytes) -> str:
    """The text for a QR code: prefix, symbols, check symbol."""
    number = int.from_bytes(secret, "big")
    shifts = range(5 * (_symbols_for(len(secret)) - 1), -1, -5)
    symbols = "".join(SYMBOLS[number >> shift & 31] for shift in shifts)
    return prefix + symbols + CHECK_SYMBOLS[number % 37]


def secret_in(plain: str, prefix: str, size_bytes: int) -> bytes:
    """The secret in a plain text that begins with that prefix.

    Raises InputFault ``CARD_PAYLOAD_BAD`` (``why``: length, symbol, range) or
    ``CARD_PAYLOAD_CHECK``.
    """
    body = plain[len(prefix) :].translate(_MISREAD)
    if len(body) != _symbols_for(size_bytes) + 1:
        raise InputFault("CARD_PAYLOAD_BAD", why="length", symbols=len(body))
    number = 0
    for at, symbol in enumerate(body[:-1]):
        value = SYMBOLS.find(symbol)
        if value < 0:
            raise InputFault("CARD_PAYLOAD_BAD", why="symbol", position=at)
        number = number << 5 | value
    if CHECK_SYMBOLS.find(body[-1]) != number % 37:
        raise InputFault("CARD_PAYLOAD_CHECK")
    if number >> 8 * size_bytes:
        raise InputFault("CARD_PAYLOAD_BAD", why="range")
    return number.to_bytes(size_bytes, "big")


def _symbols_for(size_bytes: int) -> int:
    return -(-8 * size_bytes // 5)
