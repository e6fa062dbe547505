"""One hold of points through its whole life (D-12): asked, perhaps slow, granted, ended.

A hold belongs to the sale in work and goes on to the asked sale. Whoever owns it may let it
go at any time, also before the answer came; `live` then gives the points back. Its id is
made here, so asking twice is one hold.
"""

import secrets
from enum import Enum
from typing import Final

import trio
from liandao_node.client import Held, Node
from liandao_node.errors import LiandaoError, Unavailable
from liandao_node.types import Amount

from liandao_app.services.link import EXPECTED, Changed, Link

HOLD_ID_BYTES: Final = 16
LATE_AFTER_S: Final = 0.4
"""Until then nothing is said: nearly every answer is there before."""
SLOW_AFTER_S: Final = 2.0
"""Then the cashier is asked whether to wait."""
ASK_AGAIN_S: Final = 0.5
EXPIRY_MARGIN_S: Final = 10.0
"""A hold that close to its end is not captured any more."""


class HoldState(Enum):
    ASKED = "asked"
    SLOW = "slow"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Granted, and not used in time: the points are free again."""


class Hold:
    """Points of one card, set aside for one sale."""

    def __init__(
        self,
        presented: str,
        card: bytes,
        amount: Amount,
        changed: Changed,
        after: "Hold | None" = None,
    ) -> None:
        """``after`` is let go first: its points are needed for this one."""
        self.id = secrets.token_bytes(HOLD_ID_BYTES)
        self.presented = presented
        self.card = card
        self.amount = amount
        self.state = HoldState.ASKED
        self.error: LiandaoError | None = None
        self.late = False
        self.settled = trio.Event()
        """Answered, or let go: nobody has to wait for the answer any longer."""
        self.over = trio.Event()
        """The end of `live`: what could be given back was given back."""
        self._changed = changed
        self._after = after
        self._wanted = True
        self._captured = False
        self._ended = trio.Event()

    @property
    def pending(self) -> bool:
        return self.state in {HoldState.ASKED, HoldState.SLOW}

    def covers(self, points: int) -> bool:
        """Whether the hold, granted or still asked for, is large enough."""
        return (self.pending or self.state is HoldState.GRANTED) and self.amount >= points

    def let_go(self) -> None:
        """The owner does not want it: the points go back as soon as can be."""
        self._wanted = False
        self._ended.set()
        self.settled.set()

    def captured(self) -> None:
        """A certified sale used it: nothing is left to give back."""
        self._captured = True
        self._ended.set()

    def wait_on(self) -> None:
        """The cashier was asked and waits: ask again later."""
        if self.state is HoldState.SLOW:
            self._become(HoldState.ASKED)

    async def live(self, link: Link) -> None:
        """Asks, waits for the owner, and gives back what was not used."""
        try:
            if self._after is not None:
                await self._after.over.wait()
            held = await self._ask(link)
            self.settled.set()
            if held is not None:
                await self._until_over(link, held)
        finally:
            self.over.set()

    async def _until_over(self, link: Link, held: Held) -> None:
        summary = link.summary
        # A hold asked for twice is answered without the time of its block.
        now_ms = held.certified.time_ms or (summary.time_ms if summary is not None else 0)
        lifetime_ms = held.expires_ms - now_ms
        with trio.move_on_after(max(0.0, lifetime_ms / 1_000 - EXPIRY_MARGIN_S)):
            await self._ended.wait()
        if not self._ended.is_set():
            self._become(HoldState.LAPSED)
        elif not self._captured:
            await self._give_back(link)

    async def _ask(self, link: Link) -> Held | None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._turn_slow)
            held = await self._until_answered(link)
            # Only the slow mark is left in there.
            nursery.cancel_scope.cancel()
        return held

    async def _turn_slow(self) -> None:
        await trio.sleep(LATE_AFTER_S)
        self.late = True
        self._changed()
        await trio.sleep(SLOW_AFTER_S - LATE_AFTER_S)
        while True:
            self._become(HoldState.SLOW)
            await trio.sleep(SLOW_AFTER_S)

    async def _until_answered(self, link: Link) -> Held | None:
        while True:
            node = await link.node()
            if not self._wanted:
                # If it was granted after all, it ends by ledger time.
                return None
            try:
                held = await node.hold(self.id, self.presented, self.amount)
            except Unavailable:
                await trio.sleep(ASK_AGAIN_S)
            except EXPECTED as error:
                self.error = error
                self._become(HoldState.REFUSED)
                return None
            else:
                self.amount = held.amount
                self._become(HoldState.GRANTED)
                return held

    async def _give_back(self, link: Link) -> None:
        node: Node = await link.node()
        try:
            await node.release(self.id, self.card)
        except EXPECTED:
            # It ends by ledger time anyway, and nothing of the customer's is lost.
            return

    def _become(self, state: HoldState) -> None:
        self.state = state
        self._changed()
