"""The customers of the demo: real purchases, replayed at the counters of the street.

The first N customers of the data get a card. Their orders are served at a counter, through
the same requests that the window makes: find the card, hold points, sell. They visit one shop
after the other, so points given here are taken there. Everybody else's orders come in as an
import of another till does.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

import trio

from liandao_node.cli.demo.line import Line
from liandao_node.client import (
    CASH,
    NodeClient,
    OrderIn,
    OrderName,
    OrderOut,
    OrderRef,
    OrderRefunded,
    OrdersDone,
    RefundIn,
    RefundOrder,
    RefundOut,
    RefundPart,
    RefundsDone,
    Sell,
)
from liandao_node.errors import Refused
from liandao_node.types import Amount

REGISTER = 7
"""The replay's own register at each shop; the window has register 1."""
SPEND_FROM = 100
"""Points from which a customer thinks of using them."""


@dataclass
class Customer:
    """One card and where its owner has been."""

    payload: str
    card: bytes
    visits: int = 0


@dataclass
class Tally:
    """What the tills were told."""

    commit_us: list[int] = field(default_factory=list)
    earned: int = 0
    redeemed: int = 0
    orders_with_card: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    sold: list[tuple[int, OrderRef]] = field(default_factory=list)
    """Shop and receipt number of the sales at counters."""


class Street:
    """An order feed that serves some customers at counters and imports the others."""

    def __init__(
        self, lines: Sequence[Line], share_bps_max: int, customers_max: int, pause_s: float
    ) -> None:
        self._lines = lines
        self._share_bps_max = share_bps_max
        self._customers_max = customers_max
        self._pause_s = pause_s
        self._customers: dict[str, Customer] = {}
        self._sold: dict[str, tuple[int, OrderRef]] = {}
        """Shop and receipt number of what was sold at counters, by reference."""
        self.tally = Tally()

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone:
        """Implements the feed of `liandao_plugins.host`, as does the next: each order gets its
        answer."""
        answers: list[OrderOut] = []
        at_counter: list[list[tuple[OrderIn, Customer]]] = [[] for _ in self._lines]
        at_till: list[list[OrderIn]] = [[] for _ in self._lines]
        for order in orders:
            customer = await self._customer(order)
            if customer is None:
                at_till[_pick(order.reference, len(self._lines))].append(order)
            else:
                shop = (_pick(order.customer, len(self._lines)) + customer.visits) % len(
                    self._lines
                )
                customer.visits += 1
                at_counter[shop].append((order, customer))
        # One till's export after the other, then the counters side by side: as on a street,
        # where exports come at night and customers do not wait for them.
        for shop, orders_there in enumerate(at_till):
            await self._import(shop, orders_there, answers)
        async with trio.open_nursery() as nursery:
            for shop, visits in enumerate(at_counter):
                nursery.start_soon(self._serve_all, shop, visits, answers)
        return OrdersDone(answers, None)

    async def submit_refunds(self, refunds: list[RefundIn]) -> RefundsDone:
        """Each at the shop that has the order."""
        return RefundsDone([await self._give_back(one) for one in refunds], None)

    async def _give_back(self, refund: RefundIn) -> RefundOut:
        codes: list[str] = []
        taken_back = debt = 0
        for number, part in enumerate(refund.parts):
            name = sha256(refund.refund + number.to_bytes(2, "big")).digest()[:16]
            try:
                shop, order = self._where(refund.source, part)
                request = RefundOrder(name, order, part.gross, refund.at_ms)
                done = await self._lines[shop].ask(partial(_refund, request))
            except Refused as refused:
                self.tally.refused[refused.code] += 1
                codes.append(refused.code)
                continue
            codes.append("OK")
            taken_back, debt = taken_back + done.taken_back, debt + done.debt
        return RefundOut(refund.refund, codes, Amount(taken_back), Amount(debt))

    def _where(self, source: str, part: RefundPart) -> tuple[int, OrderName]:
        """The shop that took an order, and its name there."""
        if part.reference in self._sold:
            shop, ref = self._sold[part.reference]
            return shop, OrderName(ref.register, ref.number)
        name = OrderName(0, 0, source, part.reference)
        return _pick(part.reference, len(self._lines)), name

    async def _customer(self, order: OrderIn) -> Customer | None:
        """The card of a customer; a new one gets a card while there are cards left."""
        if not order.customer:
            return None
        known = self._customers.get(order.customer)
        if known is None and len(self._customers) < self._customers_max:
            line = self._lines[_pick(order.customer, len(self._lines))]
            enrolled = await line.ask(lambda node: node.enrol(""))
            self.tally.commit_us.append(enrolled.certified.commit_us)
            known = Customer(enrolled.payload, enrolled.card.card)
            self._customers[order.customer] = known
        return known

    # --- at a counter ---

    async def _serve_all(
        self, shop: int, visits: Sequence[tuple[OrderIn, Customer]], answers: list[OrderOut]
    ) -> None:
        for order, customer in visits:
            answers.append(await self._serve(shop, order, customer))
            await trio.sleep(self._pause_s)

    async def _serve(self, shop: int, order: OrderIn, customer: Customer) -> OrderOut:
        line, tally = self._lines[shop], self.tally
        hold, points = await self._hold(line, order, customer)
        ticket = secrets.token_bytes(16)
        ref = await line.ask(lambda node: node.next_order(REGISTER, ticket))
        request = Sell(
            order=ref,
            card=customer.card,
            gross=order.gross,
            excluded=Amount(0),
            hold=hold,
            points=points,
            tender=CASH,
            at_ms=order.at_ms,
        )
        try:
            sold = await line.ask(lambda node: node.sell(request))
        except Refused as refused:
            tally.refused[refused.code] += 1
            return OrderOut(order.reference, refused.code, Amount(0))
        if sold.certified.commit_us:
            tally.commit_us.append(sold.certified.commit_us)
        tally.earned += sold.earned
        tally.redeemed += sold.points_used
        tally.orders_with_card += 1
        tally.sold.append((shop, ref))
        self._sold[order.reference] = shop, ref
        return OrderOut(order.reference, "OK", sold.earned)

    async def _hold(self, line: Line, order: OrderIn, customer: Customer) -> tuple[bytes, Amount]:
        """Points for this bill: often none, at times the most, at times a part of it."""
        mood = sha256(order.reference.encode()).digest()[0] % 3
        found = await line.ask(lambda node: node.find_card(customer.payload))
        available = 0 if found.card is None else found.card.available
        most = min(available, order.gross * self._share_bps_max // 10_000)
        if most < SPEND_FROM or mood == 0:
            return b"", Amount(0)
        points = Amount(most if mood == 1 else most // 2)
        name = secrets.token_bytes(16)
        try:
            held = await line.ask(lambda node: node.hold(name, customer.payload, points))
        except Refused as refused:
            # Another shop was quicker with this customer's points: a sale without them.
            self.tally.refused[refused.code] += 1
            return b"", Amount(0)
        if held.certified.commit_us:
            self.tally.commit_us.append(held.certified.commit_us)
        return name, points

    # --- at another till ---

    async def _import(self, shop: int, orders: list[OrderIn], answers: list[OrderOut]) -> None:
        if not orders:
            return
        done = await self._lines[shop].ask(partial(_submit, orders))
        if done.certified is not None:
            self.tally.commit_us.append(done.certified.commit_us)
        for answer in done.orders:
            self.tally.earned += answer.earned
            # Known already: a request that was asked twice, because its node was killed.
            code = "OK" if answer.code == "ORDER_KNOWN" else answer.code
            answers.append(OrderOut(answer.reference, code, answer.earned))


async def _refund(request: RefundOrder, node: NodeClient) -> OrderRefunded:
    return await node.refund(request)


async def _submit(orders: list[OrderIn], node: NodeClient) -> OrdersDone:
    return await node.submit_orders(orders)


def _pick(name: str, among: int) -> int:
    """A place for a name, the same in every run."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % among
