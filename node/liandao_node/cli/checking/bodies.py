"""Random bodies of calls, made from their msgspec types and bounds, and bodies that are none.

A call that names nothing that exists is refused and shows little, so values that were seen
before are used again: cards of the street, its shops, whatever earlier calls and answers held.
"""

import random
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import inspect

from liandao_node.cli.checking.findings import Fault, Finding
from liandao_node.ledger.module_api import CallBody

WORD_SIZES: Final = (2**15, 2**16, 2**31, 2**32, 2**53, 2**63)
"""Where machines and other languages have their limits."""
UNBOUNDED_MAX: Final = 2**63 - 1
LONG: Final = 40
"""As long as lists and texts become by chance; their bounds are tried, too."""
SEEN_MAX: Final = 200


def check_bounds(body: type[CallBody]) -> list[Finding]:
    """Fields that are not bounded, or of a type that no call may have."""
    return [
        Finding(fault, f"Field {where} of call {body.__name__} {words}.")
        for fault, where, words in _complaints(inspect.type_info(body), "")
    ]


def _complaints(kind: inspect.Type, where: str) -> Iterator[tuple[Fault, str, str]]:
    unbounded = Fault.UNBOUNDED, where
    match kind:
        case inspect.StructType(fields=fields):
            for one in fields:
                yield from _complaints(one.type, f"{where}.{one.name}".lstrip("."))
        case inspect.IntType():
            if (kind.ge is None and kind.gt is None) or (kind.le is None and kind.lt is None):
                yield *unbounded, "has no least or no greatest number"
        case inspect.BytesType() | inspect.StrType():
            if kind.max_length is None:
                yield *unbounded, "may have any length"
        case inspect.ListType() | inspect.VarTupleType():
            if kind.max_length is None:
                yield *unbounded, "may have any number of items"
            yield from _complaints(kind.item_type, f"{where}[]")
        case inspect.TupleType(item_types=items):
            for at, item in enumerate(items):
                yield from _complaints(item, f"{where}[{at}]")
        case inspect.BoolType() | inspect.EnumType() | inspect.LiteralType():
            pass
        case _:
            name = type(kind).__name__.removesuffix("Type").lower()
            yield Fault.FIELD, where, f"is of a type that has no one encoding ({name})"


class Bodies:
    """Makes bodies by chance, the same ones for the same seed."""

    def __init__(self, chance: random.Random, shops: int) -> None:
        self._chance = chance
        self._shops = shops
        self._seen: dict[int | str, list[object]] = {}

    def saw(self, value: object, name: str = "") -> None:
        """Values of calls and answers, to be used again."""
        if isinstance(value, msgspec.Struct):
            for field in value.__struct_fields__:
                self.saw(getattr(value, field), field)
        elif isinstance(value, list | tuple):
            for item in value:
                self.saw(item, name)
        elif isinstance(value, bytes):
            self._keep(len(value), value)
        elif isinstance(value, int | str) and not isinstance(value, bool):
            self._keep(name, value)

    def _keep(self, where: int | str, value: object) -> None:
        seen = self._seen.setdefault(where, [])
        seen.append(value)
        if len(seen) > SEEN_MAX:
            del seen[self._chance.randrange(SEEN_MAX)]

    def make(self, body: type[CallBody]) -> CallBody:
        """A body that is within all its bounds."""
        made = msgspec.convert(self._value(inspect.type_info(body), ""), body)
        self.saw(made)
        return made

    def malformed(self, good: bytes) -> bytes:
        """Bytes that are no body of that call, as a rule: cut, grown, or of other types."""
        chance = self._chance
        match chance.randrange(5):
            case 0:
                return good[: chance.randrange(len(good))]
            case 1:
                return good + b"\x00"
            case 2:
                return msgspec.msgpack.encode(["text", None, 1.5, {}])
            case 3:
                at = chance.randrange(len(good))
                return good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1 :]
            case _:
                return b""

    def _value(self, kind: inspect.Type, name: str) -> object:
        match kind:
            case inspect.StructType(fields=fields):
                return [self._value(one.type, one.name) for one in fields]
            case inspect.IntType():
                return self._integer(kind, name)
            case inspect.BytesType():
                return self._bytes(kind)
            case inspect.StrType():
                length = self._length(kind.min_length, kind.max_length)
                return "".join(self._chance.choices("aé茶\x00 9", k=length))
            case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
                return self._list(kind, item, name)
            case inspect.TupleType(item_types=items):
                return [self._value(item, name) for item in items]
            case inspect.EnumType(cls=members):
                return self._chance.choice([member.value for member in members])
            case inspect.LiteralType(values=values):
                return self._chance.choice(values)
            case _:
                return self._chance.random() < 0.5

    def _list(
        self, kind: inspect.ListType | inspect.VarTupleType, item: inspect.Type, name: str
    ) -> list[object]:
        """Few items more often than many, and rising as often as not: many rules want that."""
        length = self._length(kind.min_length, kind.max_length)
        if self._chance.random() < 0.6:
            length = min(length, max(kind.min_length or 0, self._chance.randrange(4)))
        items = [self._value(item, name) for _ in range(length)]
        integers = sorted({one for one in items if isinstance(one, int)})
        rising = len(integers) == len(items) and self._chance.random() < 0.5
        return list(integers) if rising else items

    def _integer(self, kind: inspect.IntType, name: str) -> int:
        low = kind.ge if kind.ge is not None else (kind.gt + 1 if kind.gt is not None else 0)
        high = kind.le if kind.le is not None else UNBOUNDED_MAX
        high = kind.lt - 1 if kind.lt is not None else high
        edges = [low, low + 1, high - 1, high]
        edges += [size + step for size in WORD_SIZES for step in (-1, 0, 1)]
        wanted = {
            0: lambda: self._chance.choice(edges),
            1: lambda: self._chance.randint(low, high),
            2: lambda: low + self._chance.randrange(10),
            3: lambda: self._chance.randrange(self._shops),
        }.get(self._chance.randrange(8), lambda: self._again(name, low))()
        found = wanted if isinstance(wanted, int) else low
        return min(max(found, low), high)

    def _again(self, where: int | str, otherwise: object) -> object:
        seen = self._seen.get(where)
        return self._chance.choice(seen) if seen else otherwise

    def _bytes(self, kind: inspect.BytesType) -> bytes:
        length = self._length(kind.min_length, kind.max_length)
        fresh = self._chance.randbytes(length)
        again = self._again(length, fresh)
        if isinstance(again, bytes) and self._chance.random() < 0.7:
            return again
        return bytes(length) if self._chance.random() < 0.2 else fresh

    def _length(self, least: int | None, most: int | None) -> int:
        low = least or 0
        high = LONG if most is None else most
        if self._chance.random() < 0.1:
            return min(high, 2_000)
        return self._chance.randint(low, min(high, max(low, LONG)))
