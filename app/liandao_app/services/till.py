"""One register: connection, sale in work and taken sales together. Qt-free.

`run` ends when `close` was called: what is held is given back, and sales on their way get a
bounded time. What is still asked then lies in the outbox and is sent at the next start.
"""

import time
from pathlib import Path
from typing import Final

import trio
from liandao_node.types import Millis

from liandao_app.services.checkout import Checkout
from liandao_app.services.link import Changed, Connect, Link
from liandao_app.services.outbox import Outbox
from liandao_app.services.sales import Clock, Sales

CLOSING_S_MAX: Final = 1.5


def register_clock() -> Millis:
    """This computer's clock; only recorded and shown, never decided on (D-15)."""
    return Millis(time.time_ns() // 1_000_000)


def nothing_changed() -> None:
    """Nobody draws yet."""


class Till:
    """What a window, a script or a test drives."""

    def __init__(
        self, connect: Connect, data: Path, register: int, clock: Clock = register_clock
    ) -> None:
        self.register = register
        self.changed: Changed = nothing_changed
        """Set by whoever draws; called after every change."""
        self.link = Link(connect, self._notify)
        outbox = Outbox(data / "counter" / f"outbox-{register}.json")
        self.sales = Sales(self.link, outbox, register, self._notify, clock)
        self.checkout: Checkout | None = None
        """There while `run` runs."""
        self._closing = trio.Event()

    def close(self) -> None:
        """Asks `run` to end. Call it on trio's thread."""
        self._closing.set()

    async def run(self) -> None:
        """Works until `close`."""
        async with trio.open_nursery() as connection:
            connection.start_soon(self.link.run)
            async with trio.open_nursery() as work:
                self.checkout = Checkout(self.link, self.sales, work, self._notify)
                self.checkout.restore()
                self._notify()
                await self._closing.wait()
                self.checkout.clear()
                work.cancel_scope.deadline = trio.current_time() + CLOSING_S_MAX
            self.checkout = None
            self._notify()
            connection.cancel_scope.cancel()

    def _notify(self) -> None:
        self.changed()
