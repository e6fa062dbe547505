"""Module 5, traffic: roots over what shops saw, so that nobody can alter it later (L-10).

The events stay at the shop; a batch commits to them by a Merkle root and says how many there
were of which class, counted or dropped for which reason. Class and verdict are numbers here:
what they mean, and who is a robot, the traffic package knows. Traffic makes no points.
"""

from enum import IntEnum
from itertools import pairwise
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import (
    Bytes32Field,
    CallBody,
    Context,
    Module,
    TimeField,
    refuse,
)
from liandao_node.ledger.modules.traffic_services import BatchTold, tell_committed
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import (
    CLOCK_SKEW_MS_MAX,
    TRAFFIC_BATCH_EVENTS_MAX,
    TRAFFIC_COUNTS_PER_BATCH_MAX,
)
from liandao_node.types import Millis, ShopId
from liandao_node.wire.codec import Canonical

NUMBER: Final = 5
COUNTED: Final = 0
"""The verdict of an event that counts; every other one says why it was dropped."""
PAGE_VIEW: Final = 3
"""The class of events whose visitors are counted."""

NumberField = Annotated[int, msgspec.Meta(ge=0, le=255)]
CountField = Annotated[int, msgspec.Meta(ge=1, le=TRAFFIC_BATCH_EVENTS_MAX)]


class TrafficRefusal(IntEnum):
    WINDOW_BACKWARDS = 1
    WINDOW_OVERLAPS = 2
    WINDOW_IN_FUTURE = 3
    COUNTS_UNORDERED = 4
    COUNTS_TOO_MANY = 5
    VISITORS_TOO_MANY = 6


class Count(Canonical, frozen=True):
    event_class: NumberField
    verdict: NumberField
    count: CountField


class BatchDone(Canonical, frozen=True):
    events: int


class Batch(CallBody, frozen=True):
    """One shop's events of one window of time."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = BatchDone

    window_first_ms: TimeField
    window_last_ms: TimeField
    """Inclusive."""
    root: Bytes32Field
    """RFC 6962 root over the events."""
    counts: Annotated[
        list[Count], msgspec.Meta(min_length=1, max_length=TRAFFIC_COUNTS_PER_BATCH_MAX)
    ]
    """Rising by class, then verdict."""
    visitors: Annotated[int, msgspec.Meta(ge=0, le=TRAFFIC_BATCH_EVENTS_MAX)] = 0
    """Unique visitors of pages whom no earlier window of the same day counted."""


class CommittedBatch(Canonical, frozen=True):
    window_last_ms: Millis
    root: bytes
    events: int
    time_ms: Millis
    """Ledger time at which it was committed."""


class ShopTraffic(Canonical, frozen=True):
    """A shop's sums since its first batch."""

    batches: int
    window_last_ms: Millis
    """End of the newest window: the next one begins above it."""
    totals: list[tuple[int, int, int]]
    """Class, verdict, events; rising."""


_batches: Final = Table(NUMBER, 1, ("u16", "u64"), CommittedBatch)
"""By shop and first millisecond of the window."""
_shops: Final = Table(NUMBER, 2, ("u16",), ShopTraffic)


def traffic_of(view: View, shop: ShopId) -> ShopTraffic | None:
    """Sums of a shop; None when it never committed a batch."""
    return _shops.get(view, shop)


def batch_of(view: View, shop: ShopId, window_first_ms: Millis) -> CommittedBatch | None:
    return _batches.get(view, shop, window_first_ms)


class Traffic(Module):
    name: ClassVar[str] = "traffic"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Batch,)
    refusals: ClassVar[type[IntEnum] | None] = TrafficRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (_batches, _shops)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Batch():
                return _commit(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def invariants(self, view: View) -> list[str]:
        events: dict[int, int] = {}
        ends: dict[int, int] = {}
        broken = []
        for (shop, first_ms), batch in _batches.rows(view):
            number = int(shop)
            if int(first_ms) <= ends.get(number, -1) or batch.window_last_ms < int(first_ms):
                broken.append(f"windows of shop {number} overlap at {first_ms!r}")
            ends[number] = batch.window_last_ms
            events[number] = events.get(number, 0) + batch.events
        for (shop,), record in _shops.rows(view):
            number = int(shop)
            if sum(count for *_, count in record.totals) != events.pop(number, 0):
                broken.append(f"sums of shop {number} are not those of its batches")
        return broken + [f"batches of shop {number} are in no sum" for number in events]


def _commit(ctx: Context, call: Batch) -> BatchDone:
    """Takes a batch in (L-10.1, L-10.2, L-10.3, L-10.4)."""
    if call.window_last_ms < call.window_first_ms:
        raise refuse(TrafficRefusal.WINDOW_BACKWARDS)
    if call.window_last_ms > ctx.time_ms + CLOCK_SKEW_MS_MAX:
        raise refuse(TrafficRefusal.WINDOW_IN_FUTURE, time_ms=ctx.time_ms)
    before = _shops.get(ctx.view, ctx.shop)
    if before is not None and call.window_first_ms <= before.window_last_ms:
        raise refuse(TrafficRefusal.WINDOW_OVERLAPS, window_last_ms=before.window_last_ms)
    if any(
        (a.event_class, a.verdict) >= (b.event_class, b.verdict) for a, b in pairwise(call.counts)
    ):
        raise refuse(TrafficRefusal.COUNTS_UNORDERED)
    events = sum(count.count for count in call.counts)
    if events > TRAFFIC_BATCH_EVENTS_MAX:
        raise refuse(TrafficRefusal.COUNTS_TOO_MANY, events=events)
    if call.visitors > _views(call):
        raise refuse(TrafficRefusal.VISITORS_TOO_MANY, views=_views(call))
    batch = CommittedBatch(call.window_last_ms, call.root, events, ctx.time_ms)
    _batches.put(ctx.view, ctx.shop, call.window_first_ms, value=batch)
    sums = {(c, v): count for c, v, count in before.totals} if before is not None else {}
    for count in call.counts:
        name = (count.event_class, count.verdict)
        sums[name] = sums.get(name, 0) + count.count
    totals = [(c, v, sums[c, v]) for c, v in sorted(sums)]
    batches = before.batches + 1 if before is not None else 1
    _shops.put(ctx.view, ctx.shop, value=ShopTraffic(batches, call.window_last_ms, totals))
    told = BatchTold(call.window_first_ms, call.window_last_ms, call.visitors)
    tell_committed(ctx, told)
    return BatchDone(events)


def _views(call: Batch) -> int:
    """Page views that count: each visitor has at least one."""
    return sum(
        one.count for one in call.counts if (one.event_class, one.verdict) == (PAGE_VIEW, COUNTED)
    )
