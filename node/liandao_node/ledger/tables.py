"""Typed tables over the state's bytes, so that a module never builds a key by hand (L-1.2).

A key is the module's number, the table's number and the parts of the key, each of a fixed
width, integers big-endian: the order of keys is the order of their parts.
"""

from collections.abc import Callable, Iterator
from functools import partial
from struct import Struct as Layout
from typing import Final, Generic, Literal, TypeAlias, TypeVar, cast

import msgspec

from liandao_node.errors import StorageFault
from liandao_node.ledger.state import View, all_rows
from liandao_node.wire.codec import encode

V = TypeVar("V")

KeyPart: TypeAlias = int | bytes
Width: TypeAlias = Literal["u16", "u32", "u64"] | int
"""An unsigned integer of that many bits, or bytes of exactly that length."""

_INTEGERS: Final = {"u16": "H", "u32": "I", "u64": "Q"}
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError)


class KeySpace:
    """The keys of one table.

    Widths of key parts are for the caller to hold: a call's fields are bounded by their type
    before any rule runs, so a part that does not fit is a defect of the module.
    """

    def __init__(self, module: int, number: int, key: tuple[Width, ...]) -> None:
        assert 0 <= module < 256
        assert 0 <= number < 255
        self.module = module
        self.number = number
        self.prefix: Final = bytes((module, number))
        self.end: Final = bytes((module, number + 1))
        shape = "".join(_INTEGERS[w] if isinstance(w, str) else f"{w}s" for w in key)
        self.integers: Final = tuple(_INTEGERS[w] for w in key if isinstance(w, str))
        self._layout = Layout(">2s" + shape)
        self.key: Final[Callable[..., bytes]] = _packer(self._layout, self.prefix, key)
        """Parts of a key, as many as the table has, to the key."""

    def parts(self, key: bytes) -> tuple[KeyPart, ...]:
        """The parts that `key` was made of."""
        return cast("tuple[KeyPart, ...]", self._layout.unpack(key)[1:])


def _packer(layout: Layout, prefix: bytes, key: tuple[Width, ...]) -> Callable[..., bytes]:
    """What makes a table's keys, chosen once: a sale builds a dozen of them."""
    # struct pads short bytes without a word, which would join two keys.
    lengths = [(at, width) for at, width in enumerate(key) if isinstance(width, int)]
    if not lengths:
        return partial(layout.pack, prefix)

    def of_bytes(part: bytes) -> bytes:
        assert len(part) == lengths[0][1]
        return prefix + part

    def mixed(*parts: KeyPart) -> bytes:
        for at, length in lengths:
            assert len(cast("bytes", parts[at])) == length
        return layout.pack(prefix, *parts)

    return of_bytes if len(key) == 1 else mixed


class Table(KeySpace, Generic[V]):
    """Records of one type under keys of one shape."""

    def __init__(self, module: int, number: int, key: tuple[Width, ...], value: type[V]) -> None:
        super().__init__(module, number, key)
        self._read: Callable[[bytes], V] = msgspec.msgpack.Decoder(value).decode

    def get(self, view: View, *parts: KeyPart) -> V | None:
        key = self.key(*parts)
        raw = view.get(key)
        if raw is None:
            return None
        kept = view.decoded(key, raw)
        if kept is not None:
            return cast("V", kept)
        value = self._decode(raw)
        view.remember(key, raw, value)
        return value

    def put(self, view: View, *parts: KeyPart, value: V) -> None:
        key = self.key(*parts)
        raw = encode(value)
        view.put(key, raw)
        view.remember(key, raw, value)

    def delete(self, view: View, *parts: KeyPart) -> None:
        view.delete(self.key(*parts))

    def has(self, view: View, *parts: KeyPart) -> bool:
        return view.get(self.key(*parts)) is not None

    def first(
        self, view: View, limit: int, before: tuple[KeyPart, ...] = ()
    ) -> list[tuple[tuple[KeyPart, ...], V]]:
        """At most ``limit`` records in the order of keys, only those with keys below ``before``.

        ``before`` is a whole key. No rule of a call may come here: it belongs to daily work.
        """
        end = self.key(*before) if before else self.end
        rows = view.scan(self.prefix, end, limit)
        return [(self.parts(key), self._decode(raw)) for key, raw in rows]

    def between(
        self, view: View, first: tuple[KeyPart, ...], end: tuple[KeyPart, ...], limit: int
    ) -> list[tuple[tuple[KeyPart, ...], V]]:
        """At most ``limit`` records from the whole key ``first`` on, below the whole key ``end``:
        for daily work that goes on where it was, and for what is bounded under one key."""
        rows = view.scan(self.key(*first), self.key(*end), limit)
        return [(self.parts(key), self._decode(raw)) for key, raw in rows]

    def rows(self, view: View) -> Iterator[tuple[tuple[KeyPart, ...], V]]:
        """Every record, for reports and checks: the simulator reads all tables at every block."""
        unpack, read = self._layout.unpack, self._read
        for key, raw in all_rows(view, self.prefix, self.end):
            try:
                row = unpack(key)[1:], read(raw)
            except _UNREADABLE as error:
                raise self._damaged(error) from error
            yield row

    def under(self, view: View, *parts: int) -> Iterator[tuple[tuple[KeyPart, ...], V]]:
        """Every record whose key begins with these integers. For tables whose size per prefix is
        bounded, and never for a call of daily life. Changes made meanwhile may be missed."""
        shape = "".join(self.integers[: len(parts)])
        first = Layout(">2s" + shape).pack(self.prefix, *parts)
        end = (int.from_bytes(first, "big") + 1).to_bytes(len(first), "big")
        for key, raw in all_rows(view, first, end):
            yield self.parts(key), self._decode(raw)

    def _decode(self, raw: bytes) -> V:
        try:
            return self._read(raw)
        except _UNREADABLE as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> StorageFault:
        """What a table put is what it reads: the disk holds something else now."""
        detail = f"table {self.prefix.hex()}: {error}"[:200]
        return StorageFault("DATABASE_DAMAGED", file="ledger.db", detail=detail)
