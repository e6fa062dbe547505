"""Events into batches, each a window of recording time (docs/traffic.md, L-11).

A batch covers what was recorded from its first to its last millisecond of street time, both
included; windows of one shop rise and never overlap, so that the ledger can refuse anything
that is written later. An event's own time stands in its leaf; how far it may lie from the
moment of recording is the grace. This module knows no clock: the time comes with each call.
"""

from collections import Counter
from dataclasses import dataclass, replace

from liandao_node.limits import TRAFFIC_BATCH_EVENTS_MAX, TRAFFIC_WINDOW_MS
from liandao_node.traffic.events import Judgement, Verdict, leaf_bytes
from liandao_node.types import Millis


@dataclass(frozen=True, slots=True)
class TrafficBatch:
    """What a shop commits to: the leaves in the order of recording, and their counts."""

    window_first_ms: Millis
    window_last_ms: Millis
    """Inclusive."""
    leaves: tuple[bytes, ...]
    counts: tuple[tuple[int, int, int], ...]
    """Class, verdict, number of events; rising by class, then verdict."""


def with_lateness(event: Judgement, recorded_ms: Millis, grace_ms: int | None) -> Judgement:
    """``event`` as LATE when it would count and its own time is further than ``grace_ms`` from
    ``recorded_ms``, before or after. None switches the rule off, for streets that replay
    history, as the demo does.
    """
    if grace_ms is None or event.verdict is not Verdict.COUNTED:
        return event
    if abs(recorded_ms - event.at_ms) <= grace_ms:
        return event
    return replace(event, verdict=Verdict.LATE)


class Batcher:
    """Gathers one shop's events and gives them out window by window."""

    def __init__(self, last_committed_ms: Millis) -> None:
        """``last_committed_ms``: end of the newest window that was given out ever, -1 when none."""
        self._last_ms = last_committed_ms
        self._first_ms: Millis | None = None
        """Of the open window; None while it is empty."""
        self._leaves: list[bytes] = []
        self._counts: Counter[tuple[int, int]] = Counter()

    @property
    def events(self) -> int:
        """In the open window."""
        return len(self._leaves)

    def due(self, now_ms: Millis) -> TrafficBatch | None:
        """The open window, when it is over at ``now_ms`` or full. Ask before each `record`."""
        if self._first_ms is None:
            return None
        end_ms = _window_end(self._first_ms)
        if now_ms > end_ms:
            return self._give_out(end_ms)
        return self.seal(now_ms) if len(self._leaves) >= TRAFFIC_BATCH_EVENTS_MAX else None

    def record(self, event: Judgement, now_ms: Millis) -> bytes:
        """Puts ``event`` into the open window; its leaf."""
        assert len(self._leaves) < TRAFFIC_BATCH_EVENTS_MAX, "a full window is due"
        if self._first_ms is None:
            # Street time may step back a little; windows never do.
            self._first_ms = Millis(max(now_ms, self._last_ms + 1))
        leaf = leaf_bytes(event)
        self._leaves.append(leaf)
        self._counts[event.cls.value, event.verdict.value] += 1
        return leaf

    def seal(self, now_ms: Millis) -> TrafficBatch | None:
        """The open window up to ``now_ms``, without waiting for its end. None when empty."""
        if self._first_ms is None:
            return None
        return self._give_out(Millis(max(now_ms, self._first_ms)))

    def _give_out(self, last_ms: Millis) -> TrafficBatch:
        assert self._first_ms is not None
        batch = TrafficBatch(
            self._first_ms,
            last_ms,
            tuple(self._leaves),
            tuple((*key, count) for key, count in sorted(self._counts.items())),
        )
        self._last_ms, self._first_ms = last_ms, None
        self._leaves = []
        self._counts = Counter()
        return batch


def _window_end(first_ms: Millis) -> Millis:
    return Millis((first_ms // TRAFFIC_WINDOW_MS + 1) * TRAFFIC_WINDOW_MS - 1)
