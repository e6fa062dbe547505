"""The desk for sales: what the counter sells, and what other tills and web shops sold."""

from collections.abc import Sequence

from msgspec.structs import replace

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
from liandao_node.runtime.claims_desk import ClaimsDesk
from liandao_node.runtime.coupons_desk import CouponsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.references import reference_hash
from liandao_node.runtime.traffic_desk import TrafficDesk
from liandao_node.types import Amount, CardId, Millis
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
from liandao_node.wire.refunds import OrderName
from liandao_node.wire.transactions import Entry

TENDERS = {CASH: Tender.CASH, CARD: Tender.CARD, OTHER: Tender.OTHER}
CUSTOMER_TAG = b"liandao/customer/1"
CUSTOMER_TRIES = 8


class SalesDesk:
    """See the module. ``secret`` (32 bytes) makes cards for customers of other tills."""

    def __init__(
        self,
        desk: LedgerDesk,
        cards: CardsDesk,
        claims: ClaimsDesk,
        coupons: CouponsDesk,
        traffic: TrafficDesk,
        secret: bytes,
    ) -> None:
        self._desk = desk
        self._cards = cards
        self._claims = claims
        self._coupons = coupons
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
        outcome = await self._desk.order(self._with_extras(request, sale), keep=True)
        entry = outcome.entries[0]
        if self._desk.code_of(entry) == "ORDER_KNOWN":
            sold = self._sold_before(request, sale)
        else:
            self._desk.raise_refusal(entry)
            done = self._desk.answer(entry, SaleDone)
            sold = Sold(
                order=request.order,
                points_used=done.points_used,
                earned=done.earned,
                limited=done.limited,
                balance=done.balance,
                certified=outcome.certified,
            )
        await self._traffic.sold(request)  # of a known order, too: the first asking may have died
        return self._told(request, sold, outcome.entries)

    def _with_extras(self, request: Sell, sale: Sale) -> list[CallBody]:
        """The sale, its coupons and its claim, in one transaction: coupons are taken off in the
        block of the sale (L-20.8)."""
        bodies: list[CallBody] = [sale]
        if request.coupons:
            order = queries.order(self._desk.view(), self._desk.shop, sale.register, sale.number)
            # Of what is under way nothing is refused here: it may come to stand all the same.
            if order is None and not self._desk.is_under_way(sale):
                self._coupons.check(request)
            bodies.append(self._coupons.use(request))
        if request.claim and not request.card:
            bodies.append(self._claims.offer(_name(request)))
        return bodies

    def _told(self, request: Sell, sold: Sold, entries: Sequence[Entry]) -> Sold:
        """With what became of coupons and claim; asked again it is what became of the first."""
        off = self._coupons.taken_off(request.order)
        refused = ""
        if request.coupons and not off:
            refused = self._desk.code_of(entries[1])
        offered = self._claims.offered(_name(request)) if request.claim else None
        return replace(
            sold,
            coupons_off=off,
            coupons_refused=refused,
            claim=offered.payload if offered is not None else "",
            claim_until_ms=offered.until_ms if offered is not None else Millis(0),
        )

    def _sold_before(self, request: Sell, sale: Sale) -> Sold:
        """The answer that the first asking got, if it was the same sale."""
        view = self._desk.view()
        order = queries.order(view, self._desk.shop, sale.register, sale.number)
        if order is not None and not sale.card and self._claims.has_code(_name(request)):
            # Whoever claimed it came later: the sale itself was nobody's.
            order = replace(order, card=b"", earned=Amount(0))
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


def _name(request: Sell) -> OrderName:
    return OrderName(request.order.register, request.order.number)


def _same(order: Order, sale: Sale) -> bool:
    return (order.card, order.gross, order.excluded, order.points, order.tender) == (
        sale.card,
        sale.gross,
        sale.excluded,
        sale.points,
        sale.tender,
    )
