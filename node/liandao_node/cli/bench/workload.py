"""What the shops of a measured street ask: requests of the local API, as counters make them.

Each `once` is one signed transaction, from the request to its certificate.

* `Counter`: one transaction a request. Of ten, five sales earn points on a card, three are
  without a card, one puts points aside (the card signs, the node signs), and one is the sale
  that takes them.
* `Till`: another till's orders in batches of `ORDERS_PER_REQUEST_MAX` under one signature;
  every second order is a known customer's and earns points.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Final, NamedTuple, Protocol

from liandao_node.client import CASH, NodeClient, OrderIn, OrderRef, Sell
from liandao_node.errors import BugFound
from liandao_node.limits import ORDERS_PER_REQUEST_MAX
from liandao_node.types import Amount, Millis

GROSS: Final = Amount(10_000)
NOTHING: Final = Amount(0)
POINTS: Final = Amount(1)
TURNS: Final = "EEENEHPENN"
"""Earn, no card, hold, pay with points."""
CUSTOMERS_PER_TILL: Final = 50


class Done(NamedTuple):
    """A certified transaction."""

    calls: int
    """All applied."""
    commit_us: int
    """From submission to certificate, as the shop's node saw it."""


class Worker(Protocol):
    """Somebody who always has one request open."""

    async def prepare(self) -> None:
        """What must be on the ledger before anything is measured."""

    async def once(self) -> Done:
        """One transaction."""


@dataclass(slots=True)
class Counter:
    """A register whose customers come one after the other. Receipt numbers are its own count:
    a real one has the node reserve each (R13), beside the sale and without the ledger."""

    node: NodeClient
    register: int
    number: int = 0
    payload: str = ""
    card: bytes = b""
    hold: bytes = b""
    turn: int = 0

    async def prepare(self) -> None:
        enrolled = await self.node.enrol("")
        self.payload, self.card = enrolled.payload, enrolled.card.card
        await self._sell(self.card)  # points to pay with

    async def once(self) -> Done:
        kind = TURNS[self.turn % len(TURNS)]
        self.turn += 1
        if kind == "H":
            self.hold = token_bytes(16)
            held = await self.node.hold(self.hold, self.payload, POINTS)
            return Done(1, held.certified.commit_us)
        if kind == "P":
            return await self._sell(self.card, self.hold, POINTS)
        return await self._sell(self.card if kind == "E" else b"")

    async def _sell(self, card: bytes, hold: bytes = b"", points: Amount = NOTHING) -> Done:
        self.number += 1
        order = OrderRef(self.register, self.number)
        sale = Sell(order, card, GROSS, NOTHING, hold, points, CASH, Millis(0))
        sold = await self.node.sell(sale)
        if sold.points_used != points or (card and not sold.earned):
            raise BugFound("BENCH_SALE", used=sold.points_used, earned=sold.earned)
        return Done(1, sold.certified.commit_us)


@dataclass(slots=True)
class Till:
    """Another till's orders."""

    node: NodeClient
    name: str
    number: int = 0
    _customers: Sequence[str] = field(default_factory=tuple)

    async def prepare(self) -> None:
        self._customers = [f"{self.name}-{at}" for at in range(CUSTOMERS_PER_TILL)]
        await self.once()

    async def once(self) -> Done:
        done = await self.node.submit_orders([self._next() for _ in range(ORDERS_PER_REQUEST_MAX)])
        refused = [order.code for order in done.orders if order.code != "OK"]
        if refused:
            raise BugFound("BENCH_ORDER", code=refused[0], count=len(refused))
        assert done.certified is not None
        return Done(len(done.orders), done.certified.commit_us)

    def _next(self) -> OrderIn:
        self.number += 1
        even = self.number % 2 == 0
        customer = self._customers[self.number // 2 % CUSTOMERS_PER_TILL] if even else ""
        return OrderIn("bench", f"{self.name}-{self.number}", Millis(0), GROSS, customer)
