"""One register: connection, sale in work and taken sales together. Qt-free.

`run` ends when `close` was called: what is held is given back, and sales on their way get a
bounded time. What is still asked then lies in the outbox and is sent at the next start.
"""

import time
from pathlib import Path
from typing import Final

import trio
from liandao_node.errors import LiandaoError
from liandao_node.types import Millis

from liandao_app.services.checkout import Checkout
from liandao_app.services.giving import Giving
from liandao_app.services.link import Changed, Connect, Link
from liandao_app.services.outbox import Outbox, RefundSlip, Slip
from liandao_app.services.refunding import Refunding
from liandao_app.services.refunds import Refunds
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
        folder = data / "counter"
        outbox = Outbox(folder / f"outbox-{register}.json", Slip)
        self.sales = Sales(self.link, outbox, register, self._notify, clock)
        refunds = Outbox(folder / f"refunds-{register}.json", RefundSlip)
        self._clock = clock
        self.refunds = Refunds(self.link, refunds, self._notify, clock)
        self.checkout: Checkout | None = None
        """There while `run` runs, like the next."""
        self.refunding: Refunding | None = None
        self.giving: Giving | None = None
        self._closing = trio.Event()

    @property
    def storage_trouble(self) -> LiandaoError | None:
        """Why what was taken may not be on the disk."""
        return self.sales.storage_trouble or self.refunds.storage_trouble

    def forget_storage_trouble(self) -> None:
        """The cashier has read it."""
        self.sales.storage_trouble = self.refunds.storage_trouble = None

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
                self.refunding = Refunding(
                    self.link, self.refunds, self.register, work, self._notify
                )
                self.refunding.restore()
                self.giving = Giving(self.link, work, self._notify, self._clock)
                self._notify()
                await self._closing.wait()
                self.checkout.clear()
                work.cancel_scope.deadline = trio.current_time() + CLOSING_S_MAX
            self.checkout = self.refunding = self.giving = None
            self._notify()
            connection.cancel_scope.cancel()

    def _notify(self) -> None:
        if self.checkout is not None:
            self.checkout.follow_rules()
        self.changed()
