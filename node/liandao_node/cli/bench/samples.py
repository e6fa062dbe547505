"""Latencies of many transactions, and what is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds."""

    p50: float
    p99: float
    p999: float
    max: float


def quantile(ordered: Sequence[float], part: float) -> float:
    """The smallest sample that ``part`` of all do not exceed. ``ordered`` is not empty."""
    at = min(len(ordered) - 1, max(0, -int(-part * len(ordered) // 1) - 1))
    return ordered[at]


@dataclass(slots=True)
class Tally:
    """Transactions that were certified while somebody counted."""

    latencies_ns: list[int] = field(default_factory=list)
    commits_us: list[int] = field(default_factory=list)
    calls: int = 0

    def add(self, latency_ns: int, calls: int, commit_us: int) -> None:
        self.latencies_ns.append(latency_ns)
        self.commits_us.append(commit_us)
        self.calls += calls

    @property
    def transactions(self) -> int:
        return len(self.latencies_ns)

    def latency(self) -> Latency:
        """From request to answer."""
        return _latency([latency_ns / 1e6 for latency_ns in self.latencies_ns])

    def commit(self) -> Latency:
        """From submission to certificate, as the shops' nodes saw it."""
        return _latency([commit_us / 1e3 for commit_us in self.commits_us])


def _latency(samples_ms: Sequence[float]) -> Latency:
    """Zeroes when there are none."""
    ordered = sorted(samples_ms) or [0.0]
    p50, p99, p999 = (round(quantile(ordered, part), 2) for part in (0.5, 0.99, 0.999))
    return Latency(p50=p50, p99=p99, p999=p999, max=round(ordered[-1], 2))
