"""The desk for sales: what the counter sells, and what other tills and web shops sold."""

from collections.abc import Sequence

from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.digest import tagged
from liandao_node.errors import InputFault, Refused
from liandao_node.ledger import queries
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules.points_books import Order
from liandao_node.ledger.modules.points_calls import Import, ImportDone, Sale, SaleDone, Tender
from liandao_node.ledger.state import View
from liandao_node.limits import ORDERS_PER_REQUEST_MAX
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.traffic_desk import TrafficDesk
from liandao_node.types import Amount, CardId
from liandao_node.wire.api import (
    CARD,
    CASH,
    OTHER,
    Certified,
    OrderIn,
    OrderOut,
    OrdersDone,
    Sell,
    Sold,
    SubmitOrders,
)
from liandao_node.wire.codec import encode
from liandao_node.wire.transactions import Entry

TENDERS = {CASH: Tender.CASH, CARD: Tender.CARD, OTHER: Tender.OTHER}
CUSTOMER_TAG = b"liandao/customer/1"
CUSTOMER_TRIES = 8


class SalesDesk:
    """See the module. ``secret`` (32 bytes) makes cards for customers of other tills."""

    def __init__(
        self, desk: LedgerDesk, cards: CardsDesk, traffic: TrafficDesk, secret: bytes
    ) -> None:
        self._desk = desk
        self._cards = cards
        self._traffic = traffic
        self._secret = secret

    # --- the counter ---

    async def sell(self, request: Sell) -> Sold:
        """Records a sale; it is durable here before anything else can happen to it (D-12).

        The same order asked again gets the answer of the first (R11, R12). Raises Refused
        with the ledger's reason; then the order stands nowhere.
        """
        tender = TENDERS.get(request.tender)
        if tender is None:
            raise InputFault("TENDER_UNKNOWN", tender=request.tender[:40])
        sale = Sale(
            register=request.order.register,
            number=request.order.number,
            card=request.card,
            gross=request.gross,
            excluded=request.excluded,
            hold=request.hold,
            points=request.points,
            tender=tender,
            at_ms=request.at_ms,
        )
        try:
            done, certified = await self._desk.call(sale, SaleDone, keep=True)
        except Refused as refused:
            if refused.code != "ORDER_KNOWN":
                raise
            sold = self._sold_before(request, sale)
            await self._traffic.sold(request)  # the first asking may have died before it
            return sold
        await self._traffic.sold(request)
        return Sold(
            order=request.order,
            points_used=done.points_used,
            earned=done.earned,
            limited=done.limited,
            balance=done.balance,
            certified=certified,
        )

    def _sold_before(self, request: Sell, sale: Sale) -> Sold:
        """The answer that the first asking got, if it was the same sale."""
        view = self._desk.view()
        order = queries.order(view, self._desk.shop, sale.register, sale.number)
        if order is None or not _same(order, sale):
            raise Refused("ORDER_KNOWN", register=sale.register, number=sale.number)
        balance = Amount(0)
        if sale.card:
            card = CardId(sale.card)
            balance = queries.account_at(view, card, self._desk.time_ms()).available
        return Sold(
            order=request.order,
            points_used=order.points,
            earned=order.earned,
            limited=False,
            balance=balance,
            certified=Certified(0, order.time_ms, 0),
        )

    # --- other tills ---

    async def submit_orders(self, request: SubmitOrders) -> OrdersDone:
        """Orders of another till, under one signature; each with its own answer."""
        if len(request.orders) > ORDERS_PER_REQUEST_MAX:
            raise InputFault("TOO_MANY_ORDERS", limit=ORDERS_PER_REQUEST_MAX)
        if not request.orders:
            return OrdersDone([], None)
        bodies, places = self._calls(request.orders)
        outcome = await self._desk.order(bodies, keep=True)
        answers: list[OrderOut] = []
        taken: list[OrderIn] = []
        for order, place in zip(request.orders, places, strict=True):
            entry = outcome.entries[place]
            code, earned = self._imported(order, entry)
            if code in ("OK", "ORDER_KNOWN"):
                taken.append(order)  # known ones too: a kill may have come before this
            answers.append(OrderOut(order.reference, code, earned))
        await self._traffic.imported(taken)
        return OrdersDone(answers, outcome.certified)

    def _imported(self, order: OrderIn, entry: Entry) -> tuple[str, Amount]:
        """What became of an order, and its points: those of the first time if it is known."""
        code = self._desk.code_of(entry)
        if entry.code == 0:
            return code, self._desk.answer(entry, ImportDone).earned
        known = queries.imported_order(
            self._desk.view(), self._desk.shop, order.source, reference_hash(order.reference)
        )
        return code, known.earned if code == "ORDER_KNOWN" and known is not None else Amount(0)

    def _calls(self, orders: Sequence[OrderIn]) -> tuple[list[CallBody], list[int]]:
        """The calls of an import, and where each order's own call stands among them."""
        view = self._desk.view()
        bodies: list[CallBody] = []
        places: list[int] = []
        enrolling: dict[str, CardSecret] = {}
        for order in orders:
            card = b""
            if order.customer:
                name = f"{order.source}\0{order.customer}"
                secret = enrolling.get(name) or self._customer_card(view, name, enrolling)
                card = secret.id
                if name not in enrolling and queries.card(view, secret.id) is None:
                    enrolling[name] = secret
                    bodies.append(self._cards.enrolment(secret))
            places.append(len(bodies))
            bodies.append(_import(order, card))
        return bodies, places

    def _customer_card(self, view: View, name: str, enrolling: dict[str, CardSecret]) -> CardSecret:
        """The card that this shop keeps for a customer of another till.

        It is derived, not stored: the shop's secret and the customer's name there give the
        same card again. Where eight digits are taken the next try has others.
        """
        codes = {secret.code for secret in enrolling.values()}
        for attempt in range(CUSTOMER_TRIES):
            seed = tagged(CUSTOMER_TAG, self._secret + encode((name, attempt)))
            secret = CardSecret(seed)
            if queries.card(view, secret.id) is not None:
                return secret
            if secret.code not in codes and queries.card_by_code(view, secret.code) is None:
                return secret
        raise Refused("CODE_TAKEN")


def _import(order: OrderIn, card: bytes) -> Import:
    return Import(
        source=order.source,
        reference_hash=reference_hash(order.reference),
        card=card,
        gross=order.gross,
        at_ms=order.at_ms,
        online=order.online,
    )


def reference_hash(reference: str) -> bytes:
    """16 bytes for the id that an order has at its source: the id itself stays in the shop."""
    return tagged(b"liandao/reference/1", reference.encode())[:16]


def _same(order: Order, sale: Sale) -> bool:
    return (order.card, order.gross, order.excluded, order.points, order.tender) == (
        sale.card,
        sale.gross,
        sale.excluded,
        sale.points,
        sale.tender,
    )
