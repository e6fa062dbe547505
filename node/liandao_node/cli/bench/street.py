"""A street of node processes to be measured, with connections to their local APIs."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liandao_node.cli.bench.meters import cpu_ns
from liandao_node.cli.bench.workload import Counter, Till
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.client import NodeClient, connect
from liandao_node.errors import BugFound

SETTLE_S_MAX: Final = 30
LINES: Final = 4
"""Connections of each shop: one allows API_REQUESTS_PER_CLIENT_MAX requests at a time."""


@contextmanager
def fresh_directory(parent: Path | None) -> Iterator[Path]:
    """Emptied away at the end. ``parent`` decides which disk is measured."""
    # Short: a Unix socket's path has 107 bytes.
    root = Path(tempfile.mkdtemp(prefix="ld-", dir=parent))
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@dataclass(slots=True)
class Usage:
    """CPU time of nodes and of this process since a moment."""

    pids: list[int]
    began_ns: int
    nodes_ns: int
    own_ns: int

    @classmethod
    def begin(cls, pids: list[int]) -> "Usage":
        return cls(pids, time.perf_counter_ns(), cpu_ns(pids), time.process_time_ns())

    def until_now(self) -> tuple[float, float, float]:
        """Seconds gone by; CPU microseconds of all nodes; of this process."""
        return (
            (time.perf_counter_ns() - self.began_ns) / 1e9,
            (cpu_ns(self.pids) - self.nodes_ns) / 1e3,
            (time.process_time_ns() - self.own_ns) / 1e3,
        )


class BenchStreet:
    """A running fleet, its connections and the workers on them."""

    def __init__(self, fleet: Fleet, lines: list[list[NodeClient]]) -> None:
        """``lines``: connections by shop."""
        self.fleet = fleet
        self._lines = lines
        self._registers = 0

    @property
    def seats(self) -> int:
        return len(self.fleet.dirs)

    @property
    def pids(self) -> list[int]:
        return self.fleet.pids

    def lines(self, shop: int) -> list[NodeClient]:
        """Connections to a shop's node."""
        return self._lines[shop]

    def counters(self, count: int) -> list[Counter]:
        """Registers, dealt out to all shops and their connections."""
        return [self.counter(self._line(at)) for at in range(count)]

    def counter(self, node: NodeClient) -> Counter:
        self._registers += 1
        return Counter(node, self._registers)

    def tills(self, count: int) -> list[Till]:
        first, self._registers = self._registers, self._registers + count
        return [Till(self._line(at), f"till-{first + at}") for at in range(count)]

    def _line(self, at: int) -> NodeClient:
        lines = self._lines[at % self.seats]
        return lines[at // self.seats % len(lines)]

    async def calls(self) -> int:
        """Calls in all blocks, once all nodes stand at one tip.

        Raises BugFound ``BENCH_DIVERGED`` where they do not come to one.
        """
        summaries = await self.fleet.settled(SETTLE_S_MAX)
        if len({(summary.tip, summary.state_root) for summary in summaries}) != 1:
            raise BugFound("BENCH_DIVERGED", nodes=len(summaries))
        return summaries[0].calls

    async def height(self) -> int:
        """Of the first node's tip."""
        return (await self.fleet.settled(1))[0].height


@asynccontextmanager
async def bench_street(root: Path, seats: int) -> AsyncIterator[BenchStreet]:
    """Founds a street of ``seats`` in ``root``, runs it, and ends it."""
    fleet = Fleet(root, seats)
    fleet.found("Bench street")
    try:
        for shop in range(seats):
            fleet.start(shop)
        await fleet.wait_active(range(seats))
        async with AsyncExitStack() as stack:
            lines = [
                [
                    await stack.enter_async_context(connect(data_dir, client="bench"))
                    for _ in range(LINES)
                ]
                for data_dir in fleet.dirs
            ]
            yield BenchStreet(fleet, lines)
    finally:
        fleet.stop()
