"""Plugins and nodes for the tests of the plugin host."""

from collections.abc import Iterable, Iterator

from liandao_node.client import (
    HitIn,
    HitsDone,
    OrderIn,
    OrderOut,
    OrdersDone,
    RefundIn,
    RefundOut,
    RefundsDone,
)
from liandao_node.types import Amount
from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    Goods,
    HitSource,
    Line,
    Manifest,
    Option,
    OptionKind,
    Options,
    Order,
    Permission,
    ReceiptSource,
    Refund,
    Rejected,
    WebHit,
)


def manifest(
    identifier: str = "fake",
    offers: tuple[ExtensionPoint, ...] = (ExtensionPoint.RECEIPT_SOURCE,),
    permissions: frozenset[Permission] = frozenset(),
    api_version: tuple[int, int] = API_VERSION,
    options: tuple[Option, ...] = (Option("town", OptionKind.TEXT, "a town", default="Suzhou"),),
) -> Manifest:
    return Manifest(identifier, "Fake", "1", api_version, offers, permissions, options)


class ListSource:
    """A source of what it was given; remembers whether its generator was closed."""

    bytes_total = 100
    bytes_done = 40

    def __init__(self, items: Iterable[object], name: str = "fake") -> None:
        self.name = name
        self.closed = False
        self.taken = 0
        self._items = items

    def _generate(self) -> Iterator[object]:
        try:
            for item in self._items:
                if isinstance(item, Exception):
                    raise item
                self.taken += 1
                yield item
        finally:
            self.closed = True


class Receipts(ListSource):
    def __iter__(self) -> Iterator[Order | Refund | Rejected]:
        for item in self._generate():
            assert isinstance(item, Order | Refund | Rejected)
            yield item


class Hits(ListSource):
    def __iter__(self) -> Iterator[WebHit | Rejected]:
        for item in self._generate():
            assert isinstance(item, WebHit | Rejected)
            yield item


class FakePlugin:
    """Offers both kinds of source, whatever its manifest says."""

    def __init__(self, told: Manifest, fault: Exception | None = None) -> None:
        self.manifest = told
        self.towns: list[str] = []
        self._fault = fault

    def receipt_source(self, options: Options) -> ReceiptSource:
        self.towns.append(options.text("town"))
        if self._fault is not None:
            raise self._fault
        return Receipts([])

    def hit_source(self, options: Options) -> HitSource:
        self.towns.append(options.text("town"))
        return Hits([])


class FakeNode:
    """Takes orders, refunds and hits, and refuses what it is told to, by an order's reference.
    Each order earns 1 % of its sum, and a refund under a name happens once."""

    def __init__(
        self, refuse: dict[str, str] | None = None, refuse_refunds: dict[str, str] | None = None
    ) -> None:
        self.order_batches: list[list[OrderIn]] = []
        self.refund_batches: list[list[RefundIn]] = []
        self.refunded: dict[str, int] = {}
        """By reference of the order."""
        self._refunds: set[bytes] = set()
        self.hit_batches: list[list[HitIn]] = []
        self._refuse = refuse or {}
        self._refuse_refunds = refuse_refunds or {}

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone:
        self.order_batches.append(orders)
        out = [self._answer(order) for order in orders]
        return OrdersDone(orders=out[::-1], certified=None)

    async def submit_refunds(self, refunds: list[RefundIn]) -> RefundsDone:
        self.refund_batches.append(refunds)
        return RefundsDone([self._give_back(refund) for refund in refunds], None)

    def _give_back(self, refund: RefundIn) -> RefundOut:
        known = refund.refund in self._refunds
        self._refunds.add(refund.refund)
        codes, back = [], 0
        for part in refund.parts:
            code = "REFUND_KNOWN" if known else self._refuse_refunds.get(part.reference, "OK")
            codes.append(code)
            if code == "OK":
                back += part.gross
                self.refunded[part.reference] = self.refunded.get(part.reference, 0) + part.gross
        return RefundOut(refund.refund, codes, Amount(back // 100), Amount(0))

    async def submit_hits(self, hits: list[HitIn]) -> HitsDone:
        self.hit_batches.append(hits)
        bots = sum("bot" in hit.user_agent for hit in hits)
        return HitsDone(counted=len(hits) - bots, dropped=[("BOT_UA", bots)])

    def _answer(self, order: OrderIn) -> OrderOut:
        code = self._refuse.get(order.reference, "OK")
        earned = order.gross // 100 if code == "OK" else 0
        return OrderOut(reference=order.reference, code=code, earned=Amount(earned))


def order(reference: str, gross: int = 500, lines: int = 1) -> Order:
    at = tuple(Line("a.csv", number) for number in range(1, lines + 1))
    return Order("fake", reference, 1_000, gross, "c", at)


def bought(reference: str, customer: str, *goods: tuple[str, int, int]) -> Order:
    """Goods are article, pieces and what was paid for them."""
    sold = tuple(Goods(code, 1_000 * pieces, amount) for code, pieces, amount in goods)
    at = tuple(Line("a.csv", number) for number in range(1, len(sold) + 1))
    gross = sum(one.amount_minor for one in sold)
    return Order("fake", reference, 1_000, gross, customer, at, goods=sold)


def back(
    reference: str, customer: str = "", *goods: tuple[str, int], order: str = "", gross: int = 1
) -> Refund:
    """Goods are article and pieces, a row each; else one row names the order."""
    given = tuple(Goods(code, 1_000 * pieces, 1) for code, pieces in goods)
    at = tuple(Line("a.csv", 50 + number) for number in range(max(1, len(given))))
    return Refund("fake", reference, 2_000, gross, customer, at, order, given)


def hit(agent: str = "Mozilla") -> WebHit:
    return WebHit(1_000, "192.0.2.1", agent, "GET", "/", 200, "")


def rejected(number: int, reason: str = "ROW_TIME") -> Rejected:
    return Rejected(Line("a.csv", number), reason, "x")
