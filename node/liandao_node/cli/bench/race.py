"""Two shops want one thing at the same instant: the cases of ``liandao bench race``.

A round has a card with exactly `POINTS` points and a coupon on paper. The sale that earns the
points is asked through two connections of its shop at once: it has to stay one order. Then tills
of two shops put all points aside at once, then the coupon, and both sell with what they put aside.
One has to get it, the other a refusal that says why, and its customer pays in full.

What everybody was told is added up here (`Told`); race_books.py asks all nodes for the same.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from secrets import token_bytes
from typing import Final, Protocol

import msgspec
import trio

from liandao_node.cli.bench.street import BenchStreet
from liandao_node.client import CASH, Node, NodeClient, OrderRef, Sell, Sold
from liandao_node.errors import Refused
from liandao_node.limits import COUPONS_PRINTED_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.coupons import CouponFor, OfferCoupons, PrintPapers, PutCouponAside

LANES: Final = 4
"""Rounds that go on beside each other, so that a block decides several."""
BILL: Final = Amount(10_000)
POINTS: Final = Amount(200)
"""What a bill earns by the rules of a new street, all of which the card then spends."""
DISCOUNT: Final = Amount(100)
NOTHING: Final = Amount(0)
DAY_MS: Final = 86_400_000

Step = Callable[[], Awaitable[str]]
"""Somebody's try: empty when it went well, else the code of the refusal."""


class Contest(msgspec.Struct, kw_only=True):
    """Races of one kind, and who won them."""

    name: str
    expects: tuple[str, str]
    """How the loser is refused: what it wants to put aside, and what it then wants to take."""
    rounds: int = 0
    exactly_one: int = 0
    both: int = 0
    none: int = 0
    paid_in_full: int = 0
    """Losers whose customers paid without it."""
    refusals: dict[str, int] = msgspec.field(default_factory=dict)
    raced: dict[int, int] = msgspec.field(default_factory=dict)
    """Rounds by shop."""
    won: dict[int, int] = msgspec.field(default_factory=dict)
    asked_first_won: int = 0
    """By whose request left this process first, by some microseconds."""
    leader_raced: int = 0
    leader_won: int = 0

    @property
    def right(self) -> bool:
        refused = dict.fromkeys(self.expects, self.rounds)
        return self.exactly_one == self.paid_in_full == self.rounds and self.refusals == refused


class Twice(msgspec.Struct, kw_only=True):
    """Orders that were asked through two connections of one shop at once."""

    rounds: int = 0
    one: int = 0
    two: int = 0
    """The card earned more than once."""
    none: int = 0
    answers_differ: int = 0

    @property
    def right(self) -> bool:
        return self.one == self.rounds and not self.answers_differ


@dataclass(slots=True)
class Told:
    """What the street answered: its books have to say the same."""

    issued: int = 0
    redeemed: int = 0
    coupons: int = 0
    coupons_off: int = 0
    cards: dict[str, int] = field(default_factory=dict)
    """Free points by what is scanned."""

    def sold(self, sold: Sold, presented: str = "") -> Sold:
        self.issued += sold.earned
        self.redeemed += sold.points_used
        self.coupons += sold.coupons_off > 0
        self.coupons_off += sold.coupons_off
        if presented:
            self.cards[presented] += sold.earned - sold.points_used
        return sold


class Till(Protocol):
    """One of two that want the same."""

    @property
    def shop(self) -> int: ...

    async def put_aside(self) -> str: ...

    async def take(self) -> str:
        """Sells with what was put aside, or tries to."""

    async def pay_in_full(self) -> None: ...


@dataclass(slots=True)
class PointsTill:
    """Takes all points of a card off a bill."""

    node: NodeClient
    shop: int
    order: OrderRef
    presented: str
    card: bytes
    told: Told
    hold: bytes = field(default_factory=lambda: token_bytes(16))

    async def put_aside(self) -> str:
        return await refusal_of(self.node.hold(self.hold, self.presented, POINTS))

    async def take(self) -> str:
        sale = _sale(self.order, card=self.card, hold=self.hold, points=POINTS)
        try:
            sold = self.told.sold(await self.node.sell(sale), self.presented)
        except Refused as refused:
            return refused.code
        return "" if sold.points_used == POINTS else "POINTS_NOT_TAKEN"

    async def pay_in_full(self) -> None:
        """Under the same number: an order that was refused stands nowhere."""
        self.told.sold(await self.node.sell(_sale(self.order, card=self.card)), self.presented)


@dataclass(slots=True)
class CouponTill:
    """Takes a coupon on paper off a bill."""

    node: NodeClient
    shop: int
    order: OrderRef
    coupon: str
    told: Told
    hold: bytes = field(default_factory=lambda: token_bytes(16))

    async def put_aside(self) -> str:
        aside = PutCouponAside(self.hold, self.coupon, ShopId(0), 0, "", BILL)
        return await refusal_of(self.node.put_coupon_aside(aside))

    async def take(self) -> str:
        sale = _sale(self.order, gross=Amount(BILL - DISCOUNT), coupons=[self.hold])
        try:
            sold = self.told.sold(await self.node.sell(sale))
        except Refused as refused:
            return refused.code
        return sold.coupons_refused or ("" if sold.coupons_off else "COUPON_NOT_TAKEN")

    async def pay_in_full(self) -> None:
        """Under a number of its own: a sale stands even where its coupons are refused."""
        order = OrderRef(self.order.register, self.order.number + 1)
        self.told.sold(await self.node.sell(_sale(order)))


async def refusal_of(request: Awaitable[object]) -> str:
    try:
        await request
    except Refused as refused:
        return refused.code
    return ""


def _sale(
    order: OrderRef,
    *,
    gross: Amount = BILL,
    card: bytes = b"",
    hold: bytes = b"",
    points: Amount = NOTHING,
    coupons: Sequence[bytes] = (),
) -> Sell:
    return Sell(order, card, gross, NOTHING, hold, points, CASH, Millis(0), list(coupons))


# --- one race ---


async def together(steps: Sequence[Step]) -> tuple[list[str], int]:
    """What came of each, all begun in one turn of the event loop; and which of them began."""
    found = [""] * len(steps)
    began: list[int] = []

    async def one(at: int) -> None:
        began.append(at)
        found[at] = await steps[at]()

    async with trio.open_nursery() as nursery:
        for at in range(len(steps)):
            nursery.start_soon(one, at)
    return found, began[0]


async def race(tally: Contest, tills: Sequence[Till], leader: int) -> None:
    """Both put it aside at once, then both take it at once, whatever they were told before."""
    asides, first = await together([till.put_aside for till in tills])
    takings, _ = await together([till.take for till in tills])
    winners = [till.shop for till, code in zip(tills, takings, strict=True) if not code]
    tally.rounds += 1
    tally.exactly_one += len(winners) == 1
    tally.both += len(winners) > 1
    tally.none += not winners
    for code in filter(None, [*asides, *takings]):
        tally.refusals[code] = tally.refusals.get(code, 0) + 1
    for till in tills:
        tally.raced[till.shop] = tally.raced.get(till.shop, 0) + 1
        tally.won[till.shop] = tally.won.get(till.shop, 0) + (winners == [till.shop])
    tally.asked_first_won += winners == [tills[first].shop]
    tally.leader_raced += any(till.shop == leader for till in tills)
    tally.leader_won += winners == [leader]
    for till, code in zip(tills, takings, strict=True):
        if code:
            await till.pay_in_full()
            tally.paid_in_full += 1


async def ask_twice(
    tally: Twice, told: Told, lines: Sequence[Node], sale: Sell, presented: str
) -> None:
    """The same order through several connections at once, for a card without points."""
    answers: list[Sold] = []

    async def ask(node: Node) -> None:
        answers.append(await node.sell(sale))

    async with trio.open_nursery() as nursery:
        for node in lines:
            nursery.start_soon(ask, node)
    told.sold(answers[0], presented)
    found = (await lines[0].find_card(presented)).card
    assert found is not None, "the card has just bought"
    tally.rounds += 1
    tally.one += found.available == answers[0].earned == POINTS
    tally.two += found.available > POINTS
    tally.none += found.available < POINTS
    said = {(sold.order, sold.points_used, sold.earned, sold.balance) for sold in answers}
    tally.answers_differ += len(said) > 1


# --- all of them ---


class Races:
    """Rounds on a street, `LANES` at a time."""

    def __init__(self, street: BenchStreet) -> None:
        self.points = Contest(name="points", expects=("POINTS_SHORT", "HOLD_UNKNOWN"))
        self.coupons = Contest(name="coupons", expects=("COUPON_HELD", "COUPON_HOLD_UNKNOWN"))
        self.orders = Twice()
        self.told = Told()
        self._street = street
        self._pairs = list(permutations(range(street.seats), 2))
        self._papers: list[str] = []

    async def run(self, rounds: int, on_round: Callable[[int], None]) -> None:
        """``on_round`` hears how many are done."""
        await self._print(rounds)
        numbers = iter(range(rounds))

        async def lane(at: int) -> None:
            for number in numbers:
                await self._round(at, number)
                on_round(self.points.rounds)

        async with trio.open_nursery() as nursery:
            for at in range(min(LANES, rounds)):
                nursery.start_soon(lane, at)

    async def _print(self, rounds: int) -> None:
        """Coupons of the first shop, good in the whole street."""
        node = self._line(0, 0)
        until_ms = Millis((await node.status()).time_ms + DAY_MS)
        terms = OfferCoupons(
            form=CouponFor.PAPER,
            amount=DISCOUNT,
            bps=0,
            most=NOTHING,
            minimum=NOTHING,
            from_ms=Millis(0),
            to_ms=until_ms,
            hours=[],
            places=[],
            sponsor=ShopId(0),
            budget=Amount(DISCOUNT * rounds),
            card_budget=NOTHING,
            uses=rounds,
            card_uses=0,
            stackable=False,
            shown=False,
        )
        campaign = (await node.offer_campaign(terms)).campaign
        while (left := rounds - len(self._papers)) > 0:
            some = min(left, COUPONS_PRINTED_MAX)
            printing = PrintPapers(campaign, token_bytes(16), some, again=False)
            self._papers += (await node.print_papers(printing)).papers

    async def _round(self, lane: int, number: int) -> None:
        shops = self._pairs[number % len(self._pairs)]
        nodes = [self._line(shop, lane) for shop in shops]
        orders = [OrderRef(lane + 1, 4 * number + at) for at in range(3)]
        leader = (await nodes[0].status()).leader
        enrolled = await nodes[0].enrol("")
        self.told.cards[enrolled.payload] = 0
        card = enrolled.card.card
        lines = [nodes[0], self._line(shops[0], lane + 1)]
        earning = _sale(orders[0], card=card)
        await ask_twice(self.orders, self.told, lines, earning, enrolled.payload)
        of_points = [
            PointsTill(node, shop, orders[1], enrolled.payload, card, self.told)
            for node, shop in zip(nodes, shops, strict=True)
        ]
        await race(self.points, of_points, leader)
        of_coupon = [
            CouponTill(node, shop, orders[2], self._papers[number], self.told)
            for node, shop in zip(nodes, shops, strict=True)
        ]
        await race(self.coupons, of_coupon, leader)

    def _line(self, shop: int, lane: int) -> NodeClient:
        lines = self._street.lines(shop)
        return lines[lane % len(lines)]
