"""A street in memory behind the `Node` protocol, for tests of the counter.

It keeps the rules that the counter can see: a hold takes points aside once, a sale captures
it once, an order is one sale however often it is asked for. A test can make any request slow
(`stop`, `go`), have it refused (`refuse`), or take the node away (`leave`, `come_back`).
"""

from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import trio
from liandao_node.client import (
    CardReply,
    CardView,
    Certified,
    Enrolled,
    Held,
    HitIn,
    HitsDone,
    Node,
    OrderIn,
    OrderRef,
    OrdersDone,
    RefundIn,
    RefundsDone,
    Released,
    Sealed,
    SeatView,
    Sell,
    Sold,
    Summary,
    Welcome,
)
from liandao_node.errors import LiandaoError, Refused, Unavailable
from liandao_node.types import Amount, Millis, ShopId

from support.fake_points import FakePoints, PastOrders

HOLD_MS = 120_000
T0 = 1_795_000_000_000
"""Street time of the fake: 18 November 2026."""
YEAR_END = 1_798_732_800_000
"""1 January 2027 in UTC+8: lots expire when 31 December has passed."""

WELCOME = Welcome(
    street="Lantern Street",
    chain_id=bytes(32),
    shop=ShopId(0),
    shop_name="Bakery Li 李记面包",
    currency="CNY",
    exponent=2,
    utc_offset_minutes=480,
    version="0.1.0",
)
SUMMARY = Summary(
    height=128,
    tip=bytes(32),
    state_root=bytes(32),
    time_ms=Millis(T0),
    clock_skew_ms=0,
    view=0,
    leader=ShopId(0),
    active=True,
    quorum=3,
    seats=[
        SeatView(ShopId(n), name, connected=True, height=128, view=0)
        for n, name in enumerate(("Bakery Li", "Books Sato", "Tea Chen", "Flowers Ito"))
    ],
    share_bps_max=5_000,
    earn_bps=300,
    pending=0,
    calls=640,
    points_issued=Amount(90_000),
    points_redeemed=Amount(20_000),
    points_expired=Amount(0),
    points_outstanding=Amount(70_000),
    view_changes=0,
    last_view_change="",
    faults=[],
)


def scan_of(number: int) -> str:
    """A card's payload, well-formed enough for the counter: it never looks inside."""
    return f"LD1:C:{number:053d}"


def card_of(number: int, points: int) -> CardView:
    return CardView(
        card=number.to_bytes(16, "big"),
        code=f"{40_170_000 + number:08d}",
        available=Amount(points),
        held=Amount(0),
        next_expiry=Amount(min(points, 320)),
        next_expiry_ms=Millis(YEAR_END if points else 0),
        last_seen_ms=Millis(T0 - 6 * 86_400_000),
        present=True,
    )


@dataclass
class FakeStreet(PastOrders):
    """The node and what lies behind it."""

    welcome: Welcome = WELCOME
    summary: Summary = SUMMARY
    scans: dict[str, bytes] = field(default_factory=dict)
    holds: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    captured: set[bytes] = field(default_factory=set)
    sold: dict[OrderRef, Sold] = field(default_factory=dict)
    requests: list[Sell] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    orders: Counter[int] = field(default_factory=Counter)
    tickets: dict[int, bytes] = field(default_factory=dict)
    up: bool = True
    lose_answers: set[str] = field(default_factory=set)
    """Requests that are carried out, and whose connection then breaks."""

    def __post_init__(self) -> None:
        self._gates: dict[str, trio.Event] = {}
        self._refusals: defaultdict[str, deque[LiandaoError]] = defaultdict(deque)
        self._connections: set[trio.CancelScope] = set()
        self._news = trio.Event()

    # --- what a test does ---

    def add_card(self, number: int, points: int) -> str:
        """A card of the street; its payload."""
        card = card_of(number, points)
        self.cards[card.card] = card
        self.scans[scan_of(number)] = card.card
        return scan_of(number)

    def card(self, number: int) -> CardView:
        return self.cards[number.to_bytes(16, "big")]

    def stop(self, request: str) -> None:
        """``request`` is not answered until `go`."""
        self._gates[request] = trio.Event()

    def go(self, request: str) -> None:
        self._gates.pop(request).set()

    def refuse(self, request: str, error: LiandaoError) -> None:
        """The next such request fails."""
        self._refusals[request].append(error)

    def leave(self) -> None:
        """The node is gone: connections break, new ones are not taken."""
        self.up = False
        for scope in tuple(self._connections):
            scope.cancel()

    def come_back(self) -> None:
        self.up = True

    def tell(self, summary: Summary) -> None:
        """Pushes a new summary."""
        self.summary = summary
        news, self._news = self._news, trio.Event()
        news.set()

    def next_news(self) -> trio.Event:
        return self._news

    # --- what the counter sees ---

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Node]:
        if not self.up:
            raise Unavailable("NODE_NOT_RUNNING", path="/nowhere")
        yield FakeNode(self)

    @asynccontextmanager
    async def request(self, name: str) -> AsyncIterator[None]:
        """Around each request: slow, refused, broken as the test wants."""
        self.asked[name] += 1
        if not self.up:
            raise Unavailable("NODE_GONE")
        with trio.CancelScope() as scope:
            self._connections.add(scope)
            try:
                await trio.lowlevel.checkpoint()
                if name in self._gates:
                    await self._gates[name].wait()
                if self._refusals[name]:
                    raise self._refusals[name].popleft()
                yield
                if name in self.lose_answers:
                    self.lose_answers.discard(name)
                    raise Unavailable("NODE_GONE")
            finally:
                self._connections.discard(scope)
        if scope.cancelled_caught:
            raise Unavailable("NODE_GONE")

    def certified(self) -> Certified:
        """One more block, with what was asked in it."""
        self.tell(msgspec.structs.replace(self.summary, height=self.summary.height + 1))
        return Certified(self.summary.height, self.summary.time_ms, 8_000)

    def find(self, presented: str) -> CardView | None:
        if presented in self.scans:
            return self.cards[self.scans[presented]]
        for card in self.cards.values():
            if card.code == presented:
                return msgspec.structs.replace(card, present=False)
        return None

    def move(self, card: bytes, available: int, held: int) -> None:
        """Points of a card go from free to held or back, or leave."""
        old = self.cards[card]
        self.cards[card] = msgspec.structs.replace(
            old, available=Amount(old.available + available), held=Amount(old.held + held)
        )


class FakeNode(FakePoints):
    """One connection to a `FakeStreet`."""

    def __init__(self, street: FakeStreet) -> None:
        super().__init__(street)
        self._street = street

    @property
    def welcome(self) -> Welcome:
        return self._street.welcome

    async def status(self) -> Summary:
        async with self._street.request("status"):
            pass
        return self._street.summary

    async def find_card(self, presented: str) -> CardReply:
        async with self._street.request("find_card"):
            pass
        return CardReply(self._street.find(presented), presented)

    async def enrol(self, presented: str) -> Enrolled:
        street = self._street
        async with street.request("enrol"):
            pass
        number = len(street.cards) + 900
        payload = presented or scan_of(number)
        card = msgspec.structs.replace(card_of(number, 0), last_seen_ms=Millis(0))
        street.cards[card.card] = card
        street.scans[payload] = card.card
        return Enrolled(card, "" if presented else payload, street.certified())

    async def hold(self, hold: bytes, presented: str, amount: Amount) -> Held:
        street = self._street
        async with street.request("hold"):
            card = street.find(presented)
            assert card is not None, "the counter holds points of cards that were found"
            if hold not in street.holds:
                if amount > card.available:
                    raise Refused("HOLD_TOO_MUCH", available=card.available, asked=amount)
                street.holds[hold] = (card.card, amount)
                street.move(card.card, -amount, amount)
        certified = street.certified()
        return Held(hold, amount, Millis(certified.time_ms + HOLD_MS), certified)

    async def release(self, hold: bytes, card: bytes) -> Released:
        street = self._street
        async with street.request("release"):
            if hold not in street.holds:
                raise Refused("HOLD_UNKNOWN")
            owner, amount = street.holds.pop(hold)
            assert owner == card, "a hold is given back to its card"
            street.move(card, amount, -amount)
        return Released(Amount(amount), street.certified())

    async def sell(self, request: Sell) -> Sold:
        street = self._street
        street.requests.append(request)
        async with street.request("sell"):
            if request.order not in street.sold:
                street.sold[request.order] = self._sold(request)
        return street.sold[request.order]

    def _sold(self, request: Sell) -> Sold:
        street = self._street
        earned, balance = 0, 0
        if request.hold:
            if request.hold not in street.holds:
                raise Refused("HOLD_UNKNOWN")
            card, amount = street.holds.pop(request.hold)
            assert request.points <= amount, "no more points than were held"
            street.move(card, amount - request.points, -amount)
        else:
            assert request.points == 0, "points without a hold"
        if request.card:
            earned = (request.gross - request.points) * street.summary.earn_bps // 10_000
            street.move(request.card, earned, 0)
            balance = street.cards[request.card].available
        return Sold(
            request.order,
            request.points,
            Amount(earned),
            limited=False,
            balance=Amount(balance),
            certified=street.certified(),
        )

    async def next_order(self, register: int, ticket: bytes = b"") -> OrderRef:
        street = self._street
        async with street.request("next_order"):
            if not ticket or street.tickets.get(register) != ticket:
                street.orders[register] += 1
                street.tickets[register] = ticket
        return OrderRef(register, street.orders[register])

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone:
        raise NotImplementedError("the counter imports nothing")

    async def submit_refunds(self, refunds: list[RefundIn]) -> RefundsDone:
        raise NotImplementedError("the counter imports nothing")

    async def submit_hits(self, hits: list[HitIn]) -> HitsDone:
        raise NotImplementedError("the counter imports nothing")

    async def seal_traffic(self) -> Sealed:
        raise NotImplementedError("the counter imports nothing")

    async def receipt(self, order: OrderRef) -> str:
        raise NotImplementedError("the counter prints no receipt yet")

    async def summaries(self) -> AsyncIterator[Summary]:
        while True:
            news = self._street.next_news()
            async with self._street.request("summaries"):
                await news.wait()
            yield self._street.summary
