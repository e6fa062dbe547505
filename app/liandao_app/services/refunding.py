"""The refund in work: which order, how much of it, and what that would move. Qt-free.

Every method returns at once. What would move is the node's word and belongs to one amount: until
it is there for the amount that is typed, nothing can be confirmed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, TypeVar

import trio
from liandao_node.client import WHOLE, Node, OrderView, RefundPreview
from liandao_node.errors import LiandaoError, Unavailable
from liandao_node.types import Amount

from liandao_app.services.hold import ASK_AGAIN_S
from liandao_app.services.link import EXPECTED, Changed, Link
from liandao_app.services.refunds import Refund, Refunds

ORDERS_OFFERED: Final = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """No order is chosen: it is scanned, typed or picked."""

    error: LiandaoError | None = None
    """Why the last try found none."""


@dataclass(frozen=True, slots=True)
class LookingUp:
    """The node is asked for an order."""

    written: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """An order, and how much of it is to be given back."""

    order: OrderView
    gross: Amount
    preview: RefundPreview | None = None
    """For exactly this amount, once the node has said it."""
    error: LiandaoError | None = None

    @property
    def ready(self) -> bool:
        return self.preview is not None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It is on its way, or answered."""

    refund: Refund


Step: TypeAlias = Finding | LookingUp | Chosen | Confirmed


class Refunding:
    """One register's refund in work."""

    def __init__(
        self, link: Link, refunds: Refunds, register: int, nursery: trio.Nursery, changed: Changed
    ) -> None:
        self._link = link
        self._refunds = refunds
        self._register = register
        self._nursery = nursery
        self._changed = changed
        self.step: Step = Finding()
        self.orders: list[OrderView] | None = None
        """The register's newest, once the node has told them."""

    @property
    def connected(self) -> bool:
        return self._link.connected

    # --- which order ---

    def begin(self) -> None:
        """From the start, with the newest orders as they are now."""
        self._become(Finding())
        self._nursery.start_soon(self._list_orders)

    def find(self, written: str) -> None:
        """By a scan, by ``REGISTER-NUMBER``, or by the number alone for this register."""
        name = f"{self._register}-{written}" if written.isdigit() else written
        looking = LookingUp(name)
        self._become(looking)
        self._nursery.start_soon(self._look_up, looking)

    def pick(self, order: OrderView) -> None:
        """One of the list."""
        self._choose(order)

    # --- how much ---

    def set_gross(self, gross: Amount) -> None:
        """In minor units; more than is left counts as what is left."""
        if not isinstance(self.step, Chosen):
            return
        gross = Amount(min(gross, self.step.order.left))
        if gross != self.step.gross:
            self._ask_preview(replace(self.step, gross=gross, preview=None, error=None))

    # --- yes or no ---

    def confirm(self) -> Refund | None:
        """Has what was previewed given back; None while nothing can be confirmed."""
        if not isinstance(self.step, Chosen) or self.step.preview is None:
            return None
        refund = self._refunds.take(self.step.preview)
        self._become(Confirmed(refund))
        self._nursery.start_soon(self._refunds.book, refund)
        return refund

    def back(self) -> None:
        """To the choice of an order; what is confirmed goes on."""
        self.begin()

    def restore(self) -> None:
        """Books what an earlier run had confirmed."""
        for refund in self._refunds.restore():
            self._nursery.start_soon(self._refunds.book, refund)

    # --- inside ---

    def _choose(self, order: OrderView) -> None:
        waiting = self._refunds.waiting_for(order.order)
        if waiting is not None:
            self._become(Confirmed(waiting))
        else:
            self._ask_preview(Chosen(order, order.left))

    def _ask_preview(self, chosen: Chosen) -> None:
        self._become(chosen)
        if chosen.gross or not chosen.order.left:
            self._nursery.start_soon(self._preview, chosen)

    async def _preview(self, chosen: Chosen) -> None:
        name, gross = chosen.order.order, chosen.gross or WHOLE
        try:
            preview = await self._ask(
                lambda node: node.preview_refund(name, gross), lambda: self.step is chosen
            )
        except EXPECTED as error:
            found = replace(chosen, error=error)
        else:
            found = replace(chosen, order=preview.order, preview=preview)
        if self.step is chosen:
            self._become(found)

    async def _look_up(self, looking: LookingUp) -> None:
        try:
            told = await self._ask(
                lambda node: node.find_order(looking.written), lambda: self.step is looking
            )
        except EXPECTED as error:
            if self.step is looking:
                self._become(Finding(error))
        else:
            if self.step is looking:
                self._choose(told.order)

    async def _list_orders(self) -> None:
        try:
            told = await self._ask(
                lambda node: node.orders(self._register, ORDERS_OFFERED),
                lambda: isinstance(self.step, Finding),
            )
        except EXPECTED:
            return  # the list is a convenience: typing and scanning say what is wrong
        self.orders = told.orders
        self._changed()

    async def _ask(self, ask: Callable[[Node], Awaitable[T]], wanted: Callable[[], bool]) -> T:
        """The answer, as soon as the node is there and as long as anybody waits for it."""
        while True:
            node = await self._link.node()
            try:
                return await ask(node)
            except Unavailable:
                if not wanted():
                    raise
                await trio.sleep(ASK_AGAIN_S)

    def _become(self, step: Step) -> None:
        self.step = step
        self._changed()
