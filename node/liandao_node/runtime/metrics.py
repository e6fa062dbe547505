"""The node's figures for Prometheus, under the names that the field uses for consensus.

Almost all are read when somebody asks for the page; only two histograms are fed as blocks
come, at 1.4 us each. Every node has a registry of its own, so that several run in one process.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from liandao_node import __version__
from liandao_node.runtime.driver import Driver
from liandao_node.runtime.participation import Mark
from liandao_node.types import Millis
from liandao_node.wire.blocks import Header
from liandao_node.wire.protocol import CHANNEL
from liandao_node.wire.roll import Roll

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_INTERVALS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_COMMITS_S: Final = (0.002, 0.004, 0.008, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics(Collector):
    """One node's registry. ``pending`` counts own transactions without a certificate."""

    def __init__(
        self,
        *,
        roll: Callable[[], Roll],
        driver: Driver,
        pending: Callable[[], int],
        faults: Counter[str],
        data_dir: Path,
    ) -> None:
        self._roll = roll
        self._driver = driver
        self._pending = pending
        self._faults = faults
        self._data_dir = data_dir
        self._registry = CollectorRegistry()
        self._last_block_ms: Millis | None = None
        self._intervals = Histogram(
            "liandao_consensus_block_interval_seconds",
            "Ledger time between a block and the one before it",
            buckets=_INTERVALS_S,
            registry=self._registry,
        )
        self._commits = Histogram(
            "liandao_consensus_commit_seconds",
            "From the submission of an own transaction to its commit certificate",
            buckets=_COMMITS_S,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    # --- fed while the node works ---

    def on_block(self, header: Header) -> None:
        before, self._last_block_ms = self._last_block_ms, header.time_ms
        if before is not None:
            self._intervals.observe((header.time_ms - before) / 1_000)

    def on_certified(self, commit_us: int) -> None:
        self._commits.observe(commit_us / 1_000_000)

    # --- read when asked ---

    def page(self) -> bytes:
        """The exposition in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        roll = self._roll()
        yield InfoMetricFamily(
            "liandao_build",
            "What runs here",
            {"version": __version__, "protocol": str(CHANNEL), "shop": str(roll.me)},
        )
        yield from self._consensus(roll)
        yield from self._seats(roll)
        yield from self._work()
        yield from self._disk()

    def _consensus(self, roll: Roll) -> Iterator[Metric]:
        seated = [seat for seat in roll.seats if seat.seated]
        replica = self._driver.replica
        for name, text, value in (
            ("height", "Height of the last final block", roll.height),
            ("epoch", "Epoch of the committee in office", roll.epoch),
            ("protocol", "Protocol of the street in this epoch", roll.protocol),
            ("view", "View that this seat has promised", roll.view),
            ("active", "Whether that view is active here", int(roll.active)),
            ("committee_size", "Seats of the committee", len(seated)),
            ("quorum", "Seats that must agree", roll.quorum),
            ("voting_seats", "Seats that vote, as far as this node knows", roll.voting),
            ("missing_seats", "Seats of the committee that do not", len(seated) - roll.voting),
            ("quorum_margin", "Voting seats that may fail before all stops", roll.margin),
            ("is_voting", "Whether this node votes", int(replica.voting)),
            ("outdated", "Whether that protocol is beyond this program", int(replica.outdated)),
            ("last_block_age_seconds", "Street time since the last block", roll.block_ms / 1_000),
        ):
            yield GaugeMetricFamily(f"liandao_consensus_{name}", text, value)
        changes = CounterMetricFamily(
            "liandao_consensus_view_changes", "Views left, by reason", labels=["reason"]
        )
        for reason, count in roll.view_changes:
            changes.add_metric([reason], count)
        yield changes
        calls = self._driver.ledger.tip.calls
        yield CounterMetricFamily("liandao_ledger_calls", "Calls in all blocks", calls)

    def _seats(self, roll: Roll) -> Iterator[Metric]:
        up = GaugeMetricFamily("liandao_p2p_peer_up", "Connected shops", labels=["shop"])
        missed = GaugeMetricFamily(
            "liandao_consensus_seat_missed_blocks",
            "Of the last blocks those without a sign of the seat",
            labels=["shop"],
        )
        late = CounterMetricFamily(
            "liandao_consensus_late_votes",
            "Votes that came when their block was final already",
            labels=["shop"],
        )
        twins = GaugeMetricFamily(
            "liandao_p2p_two_sessions",
            "Shops of which two computers were met with one key",
            labels=["shop"],
        )
        connected = self._connected()
        for seat in roll.seats:
            label = [str(seat.shop)]
            if seat.shop != roll.me:
                up.add_metric(label, int(seat.shop in connected))
            no_vote = sum(mark == Mark.MISSING for mark in seat.marks)
            missed.add_metric(label, no_vote)
            late.add_metric(label, seat.late_votes)
            twins.add_metric(label, int(seat.two_sessions))
        yield from (up, missed, late, twins)
        yield GaugeMetricFamily("liandao_p2p_peers", "Connected shops", len(connected))

    def _connected(self) -> set[int]:
        return {shop for shop, peer in self._driver.replica.peers.items() if peer.up} | {
            shop for shop, peer in self._driver.replica.followers.items() if peer.up
        }

    def _work(self) -> Iterator[Metric]:
        driver = self._driver
        yield GaugeMetricFamily(
            "liandao_mempool_size", "Transactions that wait to be ordered", len(driver.mempool)
        )
        yield GaugeMetricFamily(
            "liandao_own_pending", "Own transactions without a certificate", self._pending()
        )
        yield GaugeMetricFamily(
            "liandao_clock_skew_seconds",
            "This computer's clock minus street time",
            driver.clock.skew_ms / 1_000,
        )
        faults = CounterMetricFamily("liandao_faults", "Counted errors", labels=["code"])
        for code, count in sorted(self._faults.items()):
            faults.add_metric([code], count)
        yield faults

    def _disk(self) -> Iterator[Metric]:
        sizes = GaugeMetricFamily(
            "liandao_store_bytes", "Size of a database with its log", labels=["file"]
        )
        for path in sorted(self._data_dir.glob("*.db")):
            size = 0
            for part in (path, path.with_name(path.name + "-wal")):
                with suppress(OSError):
                    size += part.stat().st_size
            sizes.add_metric([path.name], size)
        yield sizes
        with suppress(OSError):
            free = shutil.disk_usage(self._data_dir).free
            yield GaugeMetricFamily("liandao_disk_free_bytes", "Room left beside the data", free)
