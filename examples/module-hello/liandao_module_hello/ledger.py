"""Ten coffees, and the eleventh is free: stamps of one shop on the street's cards."""

from enum import IntEnum
from typing import ClassVar, Final

from liandao_node.ledger.module_api import (
    Bytes16Field,
    CallBody,
    Context,
    Module,
    refuse,
)
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Millis, ShopId
from liandao_node.wire.codec import Canonical

NUMBER: Final = 210
FULL: Final = 10
PAUSE_MS: Final = 5 * 60_000
"""One coffee, one stamp: not two for the same cup."""


class Stamps(Canonical, frozen=True):
    """What a card has at one shop; also the answer of both calls."""

    count: int
    """Stamps on the card now."""
    free: int
    """Coffees that were given for full cards, ever."""
    last_ms: Millis


class Stamp(CallBody, frozen=True):
    """A coffee was bought at the calling shop."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Stamps

    card: Bytes16Field


class FreeCoffee(CallBody, frozen=True):
    """A full card is taken in."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = Stamps

    card: Bytes16Field


class CafeRefusal(IntEnum):
    STAMPED_JUST_NOW = 1
    STAMPS_FULL = 2
    STAMPS_MISSING = 3


_stamps: Final = Table(NUMBER, 1, ("u16", 16), Stamps)
"""By shop and card."""


def stamps_of(view: View, shop: ShopId, card: bytes) -> Stamps:
    """For screens: what a card has at a shop."""
    return _stamps.get(view, shop, card) or Stamps(0, 0, Millis(0))


class CafeStamps(Module):
    name: ClassVar[str] = "cafe_stamps"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Stamp, FreeCoffee)
    refusals: ClassVar[type[IntEnum] | None] = CafeRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (_stamps,)
    needs: ClassVar[tuple[type, ...]] = (CardDirectory,)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        if not isinstance(call, Stamp | FreeCoffee):
            raise TypeError(call)  # nobody hands us another module's calls
        card = ctx.service(CardDirectory).require(ctx, call.card)  # refuses CARD_UNKNOWN
        before = stamps_of(ctx.view, ctx.shop, call.card)
        after = _stamped(ctx, before) if isinstance(call, Stamp) else _given(ctx, before)
        _stamps.put(ctx.view, ctx.shop, call.card, value=after)
        ctx.service(CardDirectory).saw(ctx, card)
        return after

    def invariants(self, view: View) -> list[str]:
        return [
            f"card {card!r} has {stamps.count} stamps at shop {shop!r}"
            for (shop, card), stamps in _stamps.rows(view)
            if not 0 <= stamps.count <= FULL
        ]


def _stamped(ctx: Context, before: Stamps) -> Stamps:
    if before.count == FULL:
        raise refuse(CafeRefusal.STAMPS_FULL)
    if before.last_ms and ctx.time_ms < before.last_ms + PAUSE_MS:
        raise refuse(CafeRefusal.STAMPED_JUST_NOW, last_ms=before.last_ms)
    return Stamps(before.count + 1, before.free, ctx.time_ms)


def _given(ctx: Context, before: Stamps) -> Stamps:
    if before.count < FULL:
        raise refuse(CafeRefusal.STAMPS_MISSING, missing=FULL - before.count)
    return Stamps(0, before.free + 1, ctx.time_ms)


module: Final = CafeStamps()
"""What the entry point names."""
