"""A street of real node processes for tests: started, killed with -9, started again."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import trio
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.line import Line
from liandao_node.client import CASH, NodeClient, OrderRef, Sell, Sold, Summary
from liandao_node.types import Amount, Millis
from liandao_node.wire.genesis import Rules

T = TypeVar("T")

WAIT_S_MAX = 150
"""For what must come by itself. Only a failure waits so long."""


@contextmanager
def founded(shops: int, rules: Rules | None = None) -> Iterator[Fleet]:
    """A street with its directories and no process yet. Ends what was started in it."""
    root = Path(tempfile.mkdtemp(prefix="ld-"))  # short: a Unix socket's path has 107 bytes
    fleet = Fleet(root, shops)
    try:
        fleet.found("Test street", rules)
        yield fleet
    finally:
        fleet.stop()
        shutil.rmtree(root, ignore_errors=True)


@asynccontextmanager
async def running(shops: int) -> AsyncIterator[tuple[Fleet, list[Line]]]:
    """A street whose nodes agree, with a line to each of them."""
    with founded(shops) as fleet:
        for shop in range(shops):
            fleet.start(shop)
        await fleet.wait_active(range(shops))
        async with trio.open_nursery() as nursery:
            lines = [Line(data_dir, "test") for data_dir in fleet.dirs]
            for line in lines:
                nursery.start_soon(line.run)
            yield fleet, lines
            nursery.cancel_scope.cancel()


async def soon(what: Callable[[], Awaitable[T | None]]) -> T:
    """The first answer that is one; fails loudly instead of hanging."""
    with trio.fail_after(WAIT_S_MAX):
        while True:
            found = await what()
            if found is not None:
                return found
            await trio.sleep(0.02)


async def sell(
    line: Line,
    order: OrderRef,
    card: bytes,
    gross: int,
    hold: bytes = b"",
    points: int = 0,
) -> Sold:
    request = Sell(order, card, Amount(gross), Amount(0), hold, Amount(points), CASH, Millis(0))

    async def ask(node: NodeClient) -> Sold:
        return await node.sell(request)

    with trio.fail_after(WAIT_S_MAX):
        return await line.ask(ask)


def books(summaries: list[Summary]) -> tuple[int, int, int, int]:
    """Issued, redeemed, expired, outstanding; all nodes must say the same."""
    found = {
        (s.points_issued, s.points_redeemed, s.points_expired, s.points_outstanding)
        for s in summaries
    }
    assert len(found) == 1, "the nodes' books differ"
    return found.pop()


@asynccontextmanager
async def one_line(data_dir: Path) -> AsyncIterator[Line]:
    """A line to one node."""
    async with trio.open_nursery() as nursery:
        line = Line(data_dir, "test")
        nursery.start_soon(line.run)
        yield line
        nursery.cancel_scope.cancel()
