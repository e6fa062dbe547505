"""Sales that the cashier has taken: asked at once, then certified or refused (D-16).

Taking one never waits (D-12). Booking it goes on in the background: on disk first, then
its points' hold, its receipt number, and the ledger, again and again while nobody answers.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeVar

import msgspec
import trio
from liandao_node.client import Node, OrderRef, Sell, Sold
from liandao_node.errors import LiandaoError, Refused, StorageFault, Unavailable
from liandao_node.types import Amount, Millis

from liandao_app.services.draft import Draft, Tender
from liandao_app.services.hold import ASK_AGAIN_S, Hold, HoldState
from liandao_app.services.link import EXPECTED, Changed, Link
from liandao_app.services.outbox import Outbox, Slip

SALES_SHOWN_MAX: Final = 50
SALES_ASKED_MAX: Final = 16
"""Sent and not answered at one time; the others wait in the outbox."""

ORDER_KNOWN: Final = "ORDER_KNOWN"
"""The refusal of a receipt number that another sale has."""

Clock = Callable[[], Millis]
T = TypeVar("T")


class Stage(Enum):
    """The counter's three states, never mixed."""

    ASKED = "asked"
    CERTIFIED = "certified"
    REFUSED = "refused"


@dataclass(eq=False, slots=True)
class Sale:
    """One taken sale."""

    slip: Slip
    hold: Hold | None
    asked_at: float
    """On trio's clock, like ``answered_at``: for the time from key to certificate."""
    stage: Stage = Stage.ASKED
    sold: Sold | None = None
    error: LiandaoError | None = None
    answered_at: float = 0.0
    seen: bool = False
    """The cashier has read the refusal."""
    points_dropped: Amount = field(default=Amount(0))
    """Points that the cashier gave up on after the sale was taken: money still to ask for."""

    @property
    def points_slow(self) -> bool:
        """Its points are not confirmed in time: the cashier is asked what to do."""
        return (
            self.stage is Stage.ASKED
            and self.slip.points > 0
            and self.hold is not None
            and self.hold.state is HoldState.SLOW
        )


class Sales:
    """The register's taken sales, and the tasks that book them."""

    def __init__(
        self, link: Link, outbox: Outbox[Slip], register: int, changed: Changed, clock: Clock
    ) -> None:
        self._link = link
        self._outbox = outbox
        self._register = register
        self._changed = changed
        self._clock = clock
        self._numbering = trio.Lock()
        self._places = trio.CapacityLimiter(SALES_ASKED_MAX)
        self._taken: deque[Sale] = deque(maxlen=SALES_SHOWN_MAX)
        """The latest ones, to be looked at."""
        self._unsettled: dict[int, Sale] = {}
        """By key, oldest first: those without a certificate that the cashier has not let go.
        However long the street is away, none of them falls out of sight."""
        self.storage_trouble: LiandaoError | None = None

    @property
    def last(self) -> Sale | None:
        """The latest one."""
        return self._taken[-1] if self._taken else None

    @property
    def taken(self) -> list[Sale]:
        """The latest ones, oldest first."""
        return list(self._taken)

    @property
    def attention(self) -> Sale | None:
        """The oldest one that the cashier has to decide on."""
        self._let_go_of_settled()
        for sale in self._unsettled.values():
            if sale.stage is Stage.REFUSED or sale.points_slow:
                return sale
        return None

    @property
    def waiting(self) -> int:
        """How many have no certificate yet."""
        self._let_go_of_settled()
        return sum(sale.stage is Stage.ASKED for sale in self._unsettled.values())

    def _let_go_of_settled(self) -> None:
        for key, sale in list(self._unsettled.items()):
            if sale.stage is Stage.CERTIFIED or (sale.stage is Stage.REFUSED and sale.seen):
                del self._unsettled[key]

    def restore(self) -> list[Sale]:
        """Sales that an earlier run had taken; each is to be booked."""
        try:
            slips = self._outbox.load()
        except StorageFault as fault:
            self.storage_trouble = fault
            return []
        sales = [Sale(slip, None, trio.current_time()) for slip in slips]
        self._taken.extend(sales)
        self._unsettled.update({sale.slip.key: sale for sale in sales})
        return sales

    def take(self, draft: Draft, tender: Tender, given: Amount) -> Sale:
        """Takes the sale of a draft; the caller has it booked."""
        customer, points = draft.customer, draft.points
        slip = Slip(
            key=self._outbox.next_key(),
            gross=draft.gross,
            points=points,
            tender=tender.value,
            given=given,
            card=customer.card.card if customer else b"",
            code=customer.card.code if customer else "",
            hold=draft.hold.id if points and draft.hold else b"",
            at_ms=self._clock(),
            order=0,
        )
        sale = Sale(slip, draft.hold if points else None, trio.current_time())
        self._outbox.remember(slip)
        self._taken.append(sale)
        self._unsettled[slip.key] = sale
        return sale

    def drop_points(self, sale: Sale) -> None:
        """The cashier does not wait for the points of a taken sale any longer."""
        if sale.hold is None or not sale.hold.pending:
            return
        sale.points_dropped = sale.slip.points
        self._write(sale, points=Amount(0), hold=b"")
        sale.hold.let_go()

    def ask_without_points(self, sale: Sale) -> None:
        """A refused sale, asked again without its points; the caller has it booked."""
        assert sale.stage is Stage.REFUSED
        sale.points_dropped = sale.slip.points
        # A refused sale stands nowhere, so its number is free, unless that was the reason.
        taken = sale.error is not None and sale.error.code == ORDER_KNOWN
        number, at_ms = (0, self._clock()) if taken else (sale.slip.order, sale.slip.at_ms)
        sale.hold, sale.error, sale.stage = None, None, Stage.ASKED
        self._unsettled[sale.slip.key] = sale
        self._write(sale, points=Amount(0), hold=b"", order=number, at_ms=at_ms)

    async def book(self, sale: Sale) -> None:
        """Brings the sale to its certificate or its refusal."""
        await self._save()
        try:
            if sale.hold is not None:
                await self._points_held(sale, sale.hold)
            async with self._places:
                sold = await self._send(sale)
        except EXPECTED as error:
            sale.error, sale.stage = error, Stage.REFUSED
            if sale.hold is not None:
                sale.hold.let_go()
        else:
            sale.sold, sale.stage = sold, Stage.CERTIFIED
            if sale.hold is not None:
                sale.hold.captured()
        sale.answered_at = trio.current_time()
        self._outbox.forget(sale.slip.key)
        self._changed()
        await self._save()

    async def _points_held(self, sale: Sale, hold: Hold) -> None:
        await hold.settled.wait()
        if sale.slip.points and hold.state is not HoldState.GRANTED:
            raise hold.error or Refused("HOLD_LAPSED")

    async def _send(self, sale: Sale) -> Sold:
        await self._number(sale)
        return await self._insist(lambda node: node.sell(self._request(sale.slip)))

    async def _number(self, sale: Sale) -> None:
        """Gives the sale its receipt number.

        One at a time, and under a name: an answer that is lost with the node is asked for
        again and leaves no gap in the numbers.
        """
        async with self._numbering:
            if sale.slip.order == 0:
                ticket = b"%d %d" % (sale.slip.key, sale.slip.at_ms)
                order = await self._insist(lambda node: node.next_order(self._register, ticket))
                self._write(sale, order=order.number)
                await self._save()

    async def _insist(self, ask: Callable[[Node], Awaitable[T]]) -> T:
        """Asks until there is an answer: what is asked twice here happens once."""
        while True:
            node = await self._link.node()
            try:
                return await ask(node)
            except Unavailable:
                await trio.sleep(ASK_AGAIN_S)

    def _request(self, slip: Slip) -> Sell:
        return Sell(
            order=OrderRef(self._register, slip.order),
            card=slip.card,
            gross=slip.gross,
            excluded=Amount(0),
            hold=slip.hold,
            points=slip.points,
            tender=slip.tender,
            at_ms=slip.at_ms,
        )

    def _write(self, sale: Sale, **changes: int | bytes) -> None:
        sale.slip = msgspec.structs.replace(sale.slip, **changes)
        self._outbox.remember(sale.slip)

    async def _save(self) -> None:
        try:
            await self._outbox.save()
        except StorageFault as fault:
            # The sale goes on without the safety net, and the cashier is told.
            self.storage_trouble = fault
            self._changed()
