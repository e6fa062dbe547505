"""The canonical form: msgpack arrays of integers, bytes, text and lists (D-5, P-2.1).

msgspec's encoder is canonical for array-like Structs of these types; its decoder is lenient
(it takes over-long integers and headers), so `decode_canonical` encodes again and compares.
No float, map, set or default stands in anything that is signed or hashed.
"""

from typing import Final, Generic, TypeVar

import msgspec

from liandao_node.errors import InputFault

T = TypeVar("T")

NUMBER_MAX: Final = 2**62
"""Of a view, a height, an epoch, a time (P-2.5): far beyond use, and nothing that is added to
it leaves 64 bits."""

_encoder = msgspec.msgpack.Encoder()


class Canonical(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Base of everything that is hashed, signed or sent between nodes."""


def encode(value: object) -> bytes:
    """The one encoding of ``value``."""
    return _encoder.encode(value)


class Decoder(Generic[T]):
    """Decodes one type strictly: bytes that are not its canonical form are refused."""

    __slots__ = ("_decode",)

    def __init__(self, type_: type[T] | object) -> None:
        self._decode = msgspec.msgpack.Decoder(type_).decode

    def __call__(self, data: bytes) -> T:
        """The value of ``data``.

        Raises InputFault ``MALFORMED`` for bytes that are not of the type, and
        ``NOT_CANONICAL`` for bytes that are not its one encoding. Who sent them is for the
        caller to say.
        """
        try:
            value = self._decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputFault("MALFORMED", detail=str(error)[:200]) from error
        if _encoder.encode(value) != data:
            raise InputFault("NOT_CANONICAL")
        return value  # type: ignore[no-any-return]


def decode_optional(decode: Decoder[T], data: bytes) -> T | None:
    """The value of ``data``; None for empty bytes, which stand for nothing."""
    return decode(data) if data else None
