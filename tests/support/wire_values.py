"""Values of any wire type, made from its annotations: for decoders' seeds and mutations."""

import struct
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from random import Random
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec

NUMBERS: Final = (0, 1, 2, 7, 127, 128, 255, 256, 2**16, 2**32, 2**53, 2**62)
LENGTHS: Final = (0, 1, 16, 31, 32)
TEXTS: Final = ("", "x", "LD1:C:", "小麵", "00000000")

NONE_OF_OURS: Final[tuple[object, ...]] = (
    0.5,
    float("nan"),
    -0.0,
    True,
    {},
    {1: 2, "a": []},
    msgspec.msgpack.Ext(5, b"abc"),
    datetime.fromisoformat("2026-11-22T10:00:00+00:00"),
)
"""What MessagePack can say and nothing canonical does (P-2.1)."""


def value_of(kind: Any, chance: Random) -> object:
    """A value that a field of ``kind`` may hold, within the bounds that it names."""
    kind = getattr(kind, "__supertype__", kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        value = value_of(arguments[0], chance)
        if isinstance(value, list):
            at_least = max(bound.min_length or 0 for bound in arguments[1:])
            item = get_args(arguments[0])[0]
            value += [value_of(item, chance) for _ in range(at_least - len(value))]
        return _within(value, arguments[1:])
    if origin in (Union, UnionType):
        return value_of(chance.choice(arguments), chance)
    if origin is list:
        return [value_of(arguments[0], chance) for _ in range(chance.choice((0, 1, 3)))]
    if origin is tuple:
        return tuple(value_of(part, chance) for part in arguments)
    if kind is NoneType:
        return None
    if kind is int:
        return chance.choice(NUMBERS)
    if kind is bytes:
        return bytes([chance.randrange(256)]) * chance.choice(LENGTHS)
    if kind is str:
        return chance.choice(TEXTS)
    if kind is bool:
        return chance.choice((True, False))
    assert isinstance(kind, type), kind
    if issubclass(kind, Enum):
        return chance.choice(list(kind))
    assert issubclass(kind, msgspec.Struct), kind
    hints = get_type_hints(kind, include_extras=True)
    return kind(*(value_of(hints[name], chance) for name in kind.__struct_fields__))


def _within(value: object, bounds: tuple[object, ...]) -> object:
    for bound in bounds:
        assert isinstance(bound, msgspec.Meta)
        if isinstance(value, int):
            value = _between(value, bound)
        elif isinstance(value, bytes | str | list):
            value = value[: bound.max_length]
        if isinstance(value, bytes):
            value = value.ljust(bound.min_length or 0, b"\x07")
        if isinstance(value, str):
            value = value.ljust(bound.min_length or 0, "0")
    return value


def _between(value: int, bound: msgspec.Meta) -> int:
    lows = [low + more for low, more in ((bound.ge, 0), (bound.gt, 1)) if isinstance(low, int)]
    highs = [high - less for high, less in ((bound.le, 0), (bound.lt, 1)) if isinstance(high, int)]
    return min([max([value, *lows]), *highs])


def members_of(union: Any) -> Iterator[Any]:
    """The types of a union, also of a nested one; the type itself where it is none."""
    if get_origin(union) in (Union, UnionType):
        for member in get_args(union):
            yield from members_of(member)
    else:
        yield union


def mutated(raw: bytes, chance: Random) -> bytes:
    """``raw`` with one to three of the things that a liar does to bytes."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + chance.randint(1, 8)]
            case 2:
                data[at:at] = chance.choice(NASTY)
            case 3 if data:
                data[at % len(data) : at % len(data) + 1] = chance.choice(NASTY)
            case 4:
                data[at:at] = data[max(0, at - 9) : at]
            case _:
                data += bytes(chance.randint(1, 3))
    return bytes(data)


NASTY: Final = (
    b"\xc1",  # means nothing
    b"\xc0",
    b"\xcf" + b"\xff" * 8,  # 2^64 - 1
    b"\xcf\x80" + bytes(7),  # 2^63
    b"\xcf\x40" + bytes(6) + b"\x01",  # 2^62 + 1
    b"\xd3\x80" + bytes(7),  # -2^63
    b"\xcc\x01",
    b"\xd0\x01",
    b"\xcb" + struct.pack(">d", float("nan")),
    b"\xca" + bytes(4),
    b"\x80",
    b"\x81\x01\x01",
    b"\xdf\xff\xff\xff\xff",  # maps, lists, bytes and texts of 4 billion
    b"\xdd\xff\xff\xff\xff",
    b"\xdd\x7f\xff\xff\xff",
    b"\xdc\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xdb\xff\xff\xff\xff",
    b"\xc6\x00\x00\x00\x00",  # nothing, said at length
    b"\xd4\x05\x00",
    b"\xd6\xff" + bytes(4),
    b"\xa2\xff\xfe",  # no UTF-8
    b"\xa3\xed\xa0\x80",  # half a surrogate pair
    b"\x91" * 300,
    b"\x91" * 5_000,
)
"""Tokens of MessagePack that a careless reader trips over."""
