"""A shop's node as its users see it.

Every method but `summaries` asks once and waits for the answer. Each may raise

* ``Refused``, ``InputFault``, ``OperatorFault``, ``StorageFault`` as the node found it:
  nothing was changed;
* ``Unavailable`` when the node cannot now, or is gone (``NODE_GONE``): then what was asked may
  or may not have happened, and asking again with the same hold or order is safe.

A cancelled call gives up waiting; what the node has taken by then takes its course.
"""

from collections.abc import AsyncIterator
from typing import Protocol

from liandao_node.types import Amount
from liandao_node.wire.api import (
    CardReply,
    Enrolled,
    Held,
    HitIn,
    HitsDone,
    OrderIn,
    OrderRef,
    OrdersDone,
    Released,
    Sealed,
    Sell,
    Sold,
    Summary,
    Welcome,
)
from liandao_node.wire.giving import GivePoints, GivingTold, PointsGiven
from liandao_node.wire.refunds import (
    OrderName,
    OrderRefunded,
    OrdersTold,
    OrderTold,
    RefundIn,
    RefundOrder,
    RefundPreview,
    RefundsDone,
)


class Node(Protocol):
    """What `NodeClient` does over a socket and a fake does in a test."""

    @property
    def welcome(self) -> Welcome:
        """Street and shop, as told on connecting."""

    async def status(self) -> Summary: ...

    async def find_card(self, presented: str) -> CardReply:
        """``presented`` is a scan or eight typed digits."""

    async def enrol(self, presented: str) -> Enrolled:
        """``presented`` is a scanned new card, or empty for one that the node makes."""

    async def hold(self, hold: bytes, presented: str, amount: Amount) -> Held:
        """``hold``: 16 bytes of the caller's; asked twice it is one hold."""

    async def release(self, hold: bytes, card: bytes) -> Released: ...

    async def sell(self, request: Sell) -> Sold: ...

    async def next_order(self, register: int, ticket: bytes = b"") -> OrderRef:
        """``ticket``: the caller's name for one sale; asked again it gets the same number."""

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone:
        """At most ORDERS_PER_REQUEST_MAX of them."""

    async def submit_refunds(self, refunds: list[RefundIn]) -> RefundsDone:
        """Of another till; with at most REFUND_PARTS_PER_REQUEST_MAX parts in all."""

    async def submit_hits(self, hits: list[HitIn]) -> HitsDone:
        """At most HITS_PER_REQUEST_MAX of them."""

    async def seal_traffic(self) -> Sealed: ...

    async def receipt(self, order: OrderRef) -> str:
        """The receipt file, JSON."""

    async def find_order(self, written: str) -> OrderTold:
        """By ``REGISTER-NUMBER`` or a receipt's QR text."""

    async def orders(self, register: int, count: int) -> OrdersTold:
        """A register's newest orders; at most ORDERS_TOLD_MAX of them."""

    async def preview_refund(self, order: OrderName, gross: Amount) -> RefundPreview:
        """What it would move; ``gross`` 0 is all that is left. Changes nothing."""

    async def refund(self, request: RefundOrder) -> OrderRefunded:
        """Final on return; asked twice under one name it is one refund."""

    async def giving(self) -> GivingTold:
        """What may still be given by hand today, and who may approve it."""

    async def give_points(self, request: GivePoints) -> PointsGiven:
        """Final on return; asked twice under one name it is one gift."""

    def summaries(self) -> AsyncIterator[Summary]:
        """The summary now, and again after changes; a slow reader gets the latest only."""
