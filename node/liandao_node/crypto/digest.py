"""SHA-256 with a domain tag, so that no two kinds of thing share a digest.

SHA-256 and not BLAKE2b: measured equal for short input and faster for long on machines with
SHA instructions, and every phone and language that checks a receipt has it.
"""

from hashlib import sha256
from typing import Final

DIGEST_BYTES: Final = 32


def tagged(tag: bytes, data: bytes) -> bytes:
    """SHA-256 of ``tag`` + NUL + ``data``: 32 bytes. ``tag`` holds no NUL."""
    return sha256(tag + b"\0" + data).digest()
