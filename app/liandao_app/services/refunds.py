"""Refunds that the cashier has confirmed: asked, then certified or refused (D-16).

A refund is on disk before it is sent, under a name of its own, and is asked for again until
there is an answer: an answer that was lost changes nothing, the refund is the same one. Money
is given back when it is certified and not before, so the street can be away without harm.
"""

import secrets
from collections import deque
from dataclasses import dataclass
from typing import Final

import trio
from liandao_node.client import OrderName, OrderRefunded, RefundOrder, RefundPreview
from liandao_node.errors import LiandaoError, StorageFault, Unavailable

from liandao_app.services.hold import ASK_AGAIN_S
from liandao_app.services.link import EXPECTED, Changed, Link
from liandao_app.services.outbox import Outbox, RefundSlip
from liandao_app.services.sales import Clock, Stage

NAME_BYTES: Final = 16
REFUNDS_SHOWN_MAX: Final = 20


@dataclass(eq=False, slots=True)
class Refund:
    """One confirmed refund."""

    slip: RefundSlip
    stage: Stage = Stage.ASKED
    done: OrderRefunded | None = None
    error: LiandaoError | None = None
    seen: bool = False
    """The cashier has read the answer."""


class Refunds:
    """The register's refunds, and what brings them to their answers."""

    def __init__(
        self, link: Link, outbox: Outbox[RefundSlip], changed: Changed, clock: Clock
    ) -> None:
        self._link = link
        self._outbox = outbox
        self._changed = changed
        self._clock = clock
        self._taken: deque[Refund] = deque(maxlen=REFUNDS_SHOWN_MAX)
        self._unread: dict[int, Refund] = {}
        """By key, oldest first: without an answer, or with one that nobody has read."""
        self.storage_trouble: LiandaoError | None = None

    @property
    def last(self) -> Refund | None:
        return self._taken[-1] if self._taken else None

    @property
    def attention(self) -> Refund | None:
        """The oldest one whose answer the cashier has to read."""
        self._let_go_of_read()
        answered = (one for one in self._unread.values() if one.stage is not Stage.ASKED)
        return next(answered, None)

    @property
    def waiting(self) -> int:
        """How many have no answer yet."""
        return sum(one.stage is Stage.ASKED for one in self._unread.values())

    def waiting_for(self, order: OrderName) -> Refund | None:
        """A refund of that order which has no answer yet."""
        for one in self._unread.values():
            if one.stage is Stage.ASKED and one.slip.order == order.written:
                return one
        return None

    def _let_go_of_read(self) -> None:
        for key, one in list(self._unread.items()):
            if one.stage is not Stage.ASKED and one.seen:
                del self._unread[key]

    def restore(self) -> list[Refund]:
        """Refunds that an earlier run had asked for; each is to be booked."""
        try:
            slips = self._outbox.load()
        except StorageFault as fault:
            self.storage_trouble = fault
            return []
        return [self._take_in(slip) for slip in slips]

    def take(self, preview: RefundPreview) -> Refund:
        """The cashier said yes to what was previewed; the caller has it booked."""
        name = preview.order.order
        slip = RefundSlip(
            key=self._outbox.next_key(),
            refund=secrets.token_bytes(NAME_BYTES),
            register=name.register,
            number=name.number,
            source=name.source,
            reference=name.reference,
            gross=preview.gross,
            cash=preview.cash,
            points_back=preview.points_back,
            at_ms=self._clock(),
        )
        self._outbox.remember(slip)
        return self._take_in(slip)

    def _take_in(self, slip: RefundSlip) -> Refund:
        refund = Refund(slip)
        self._taken.append(refund)
        self._unread[slip.key] = refund
        return refund

    async def book(self, refund: Refund) -> None:
        """Brings the refund to its certificate or its refusal."""
        await self._save()
        try:
            done = await self._insist(refund.slip)
        except EXPECTED as error:
            refund.error, refund.stage = error, Stage.REFUSED
        else:
            refund.done, refund.stage = done, Stage.CERTIFIED
        self._outbox.forget(refund.slip.key)
        self._changed()
        await self._save()

    async def _insist(self, slip: RefundSlip) -> OrderRefunded:
        name = OrderName(slip.register, slip.number, slip.source, slip.reference)
        request = RefundOrder(slip.refund, name, slip.gross, slip.at_ms)
        while True:
            node = await self._link.node()
            try:
                return await node.refund(request)
            except Unavailable:
                await trio.sleep(ASK_AGAIN_S)

    async def _save(self) -> None:
        try:
            await self._outbox.save()
        except StorageFault as fault:
            # It goes on without the safety net, and the cashier is told.
            self.storage_trouble = fault
            self._changed()
