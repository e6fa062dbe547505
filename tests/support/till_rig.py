"""A till without a window, on a street in memory and a clock that a test moves."""

import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import trio
from liandao_app.services.checkout import Checkout
from liandao_app.services.sales import Sale
from liandao_app.services.till import Till
from liandao_node.types import Millis

from support.fake_node import FakeStreet

HANG_S = 90.0
AT_MS = Millis(1_795_000_123_456)


@asynccontextmanager
async def open_till(
    street: FakeStreet, data: Path, *, connected: bool = True
) -> AsyncIterator[Till]:
    """A running till; it is closed in an orderly way at the end."""
    times = itertools.count(AT_MS)
    till = Till(street.connect, data, register=1, clock=lambda: Millis(next(times)))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(till.run)
        await until(lambda: till.checkout is not None)
        if connected:
            await until(lambda: till.link.connected)
        yield till
        till.close()


def checkout_of(till: Till) -> Checkout:
    assert till.checkout is not None
    return till.checkout


def last_of(till: Till) -> Sale:
    assert till.sales.last is not None
    return till.sales.last


async def until(holds: Callable[[], bool]) -> None:
    """Lets tasks run until ``holds``. Real time only guards against a hang: work in threads
    takes some, and the test's clock stands still meanwhile."""
    give_up = time.monotonic() + HANG_S
    while not holds():
        assert time.monotonic() < give_up, "what the test waits for does not happen"
        await trio.lowlevel.checkpoint()


async def settle() -> None:
    """Every task that can run has run."""
    await trio.testing.wait_all_tasks_blocked()
