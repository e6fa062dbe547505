"""A hash of a set of records that costs only what changed (D-8, L-9.3, ADR 0001).

Every record is expanded to a 4096-bit number; the hash is the sum of the numbers modulo
2**4096. Order does not matter, and a record leaves by subtraction. The caller keeps keys
unique, adds what is not there and removes what is: the sum itself cannot tell.
"""

from functools import lru_cache
from hashlib import sha256, shake_256
from typing import Final

ELEMENT_BYTES: Final = 512
MASK: Final = (1 << 8 * ELEMENT_BYTES) - 1
EMPTY: Final = 0

ELEMENTS_REMEMBERED: Final = 4_096
"""A record that leaves mostly came a few blocks ago: its number is still known. 4 MB."""

_ELEMENT_TAG: Final = b"liandao/record/1\0"
_DIGEST_TAG: Final = b"liandao/state/1\0"


@lru_cache(maxsize=ELEMENTS_REMEMBERED)
def element(key: bytes, value: bytes) -> int:
    """The number of a record: SHAKE256(tag, length of key as 4 bytes, key, value), big-endian."""
    # The key's length goes in so that no two records share an input.
    data = _ELEMENT_TAG + len(key).to_bytes(4, "big") + key + value
    return int.from_bytes(shake_256(data).digest(ELEMENT_BYTES), "big")


def add(accumulator: int, key: bytes, value: bytes) -> int:
    """The sum with the record in it: in [0, 2**4096)."""
    return (accumulator + element(key, value)) & MASK


def remove(accumulator: int, key: bytes, value: bytes) -> int:
    """The sum without the record, which must be in it."""
    return (accumulator - element(key, value)) & MASK


def digest(accumulator: int) -> bytes:
    """The sum in 32 bytes: SHA-256 over tag and the 512 bytes, big-endian."""
    return sha256(_DIGEST_TAG + accumulator.to_bytes(ELEMENT_BYTES, "big")).digest()
