"""Finds orders of this shop: by receipt number, by a receipt's QR text, or the newest ones."""

import re
from typing import Final

import msgspec

from liandao_node.errors import InputFault, Refused
from liandao_node.ledger import queries
from liandao_node.ledger.modules.card_directory import CardDirectory
from liandao_node.ledger.modules.points_books import Order, as_order, orders
from liandao_node.ledger.modules.points_calls import Sale
from liandao_node.proofs.compact import PREFIX, from_text
from liandao_node.proofs.document import Document, EntryFields
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.references import reference_hash, unknown_order
from liandao_node.runtime.sales_desk import TENDERS
from liandao_node.types import CardId, ShopId
from liandao_node.wire.api_orders import OTHER
from liandao_node.wire.codec import Decoder
from liandao_node.wire.refunds import (
    FindOrder,
    GetOrders,
    OrderName,
    OrdersTold,
    OrderTold,
    OrderView,
)

REGISTER_MAX: Final = 2**32 - 1
NUMBER_MAX: Final = 2**63 - 1
NUMBERS_PER_ORDER: Final = 4
"""How many receipt numbers are looked at for each order that is asked for: a refused sale leaves
its number unused."""
_WRITTEN: Final = re.compile(r"([0-9]{1,10})\s*[-/]\s*([0-9]{1,19})")
_TENDER_WORDS: Final = {tender: word for word, tender in TENDERS.items()}
_decode_sale: Final[Decoder[Sale]] = Decoder(Sale)
_decode_entry: Final = msgspec.msgpack.Decoder(EntryFields)


class OrderFinder:
    """See the module."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    def find(self, request: FindOrder) -> OrderTold:
        """Raises InputFault ``ORDER_UNREADABLE``, Refused ``ORDER_OTHER_STREET``,
        ``ORDER_ELSEWHERE`` or ``ORDER_UNKNOWN``."""
        name = self._name_in(request.written)
        return OrderTold(self.view(name, self.order(name)))

    def newest(self, request: GetOrders) -> OrdersTold:
        """A register's newest orders, newest first."""
        view, shop = self._desk.view(), self._desk.shop
        last = self._last_number(request.register)
        found: list[OrderView] = []
        for number in range(last, max(0, last - request.count * NUMBERS_PER_ORDER), -1):
            order = queries.order(view, shop, request.register, number)
            if order is not None:
                found.append(self.view(OrderName(request.register, number), order))
            if len(found) == request.count:
                break
        return OrdersTold(found, self._desk.time_ms())

    def _last_number(self, register: int) -> int:
        """Of a register, 0 when it sold nothing: whether there is one from n on falls from yes to
        no once, however many gaps lie between."""
        view, shop = self._desk.view(), self._desk.shop
        end = (shop, register, NUMBER_MAX)
        low, high = 0, NUMBER_MAX - 1
        while low < high:
            middle = (low + high + 1) // 2
            if orders.between(view, (shop, register, middle), end, 1):
                low = middle
            else:
                high = middle - 1
        return low

    def _name_in(self, written: str) -> OrderName:
        text = written.strip()
        found = _WRITTEN.fullmatch(text.removeprefix(PREFIX))
        if found is not None:
            register, number = int(found[1]), int(found[2])
            if register > REGISTER_MAX or number > NUMBER_MAX:
                raise Refused("ORDER_UNKNOWN", register=register, number=number)
            return OrderName(register, number)
        if not text.startswith(PREFIX):
            raise InputFault("ORDER_UNREADABLE")
        return self._name_in_receipt(text)

    def _name_in_receipt(self, text: str) -> OrderName:
        """The order that a receipt's QR code speaks of. Nothing of it is believed but the name."""
        receipt = self._receipt(text)
        try:
            shop, _, _, kind, body, _, _ = _decode_entry.decode(bytes.fromhex(receipt.entry))
            sale = _decode_sale(body) if kind == Sale.kind else None
        except (msgspec.DecodeError, InputFault, ValueError) as error:
            raise InputFault("ORDER_UNREADABLE") from error
        if sale is None:
            raise InputFault("ORDER_UNREADABLE")
        if shop != self._desk.shop:
            member = queries.members(self._desk.view()).get(ShopId(shop))
            raise Refused("ORDER_ELSEWHERE", shop=member.name if member is not None else shop)
        return OrderName(sale.register, sale.number)

    def _receipt(self, text: str) -> Document:
        # The last character may be a space, which a scanner's reader takes for the end.
        for attempt in (text, f"{text} "):
            try:
                return from_text(attempt, self._desk.chain)
            except InputFault as fault:
                if fault.code == "RECEIPT_OTHER_STREET":
                    raise Refused("ORDER_OTHER_STREET") from fault
        raise InputFault("ORDER_UNREADABLE")

    def order(self, name: OrderName) -> Order:
        """Raises Refused ``ORDER_UNKNOWN`` or ``IMPORT_UNKNOWN``."""
        view, shop = self._desk.view(), self._desk.shop
        if name.source:
            imported = queries.imported_order(
                view, shop, name.source, reference_hash(name.reference)
            )
            if imported is None:
                raise unknown_order(name)
            return as_order(imported)
        order = queries.order(view, shop, name.register, name.number)
        if order is None:
            raise unknown_order(name)
        return order

    def view(self, name: OrderName, order: Order) -> OrderView:
        """As the local API tells it."""
        card = self.card(order)
        record = queries.card(self._desk.view(), card) if card is not None else None
        return OrderView(
            order=name,
            time_ms=order.time_ms,
            code=record.code if record is not None else "",
            gross=order.gross,
            points=order.points,
            earned=order.earned,
            refunded=order.refunded,
            tender=OTHER if name.source else _TENDER_WORDS[order.tender],
        )

    def card(self, order: Order) -> CardId | None:
        """The card that has what the order's card had (L-5.15)."""
        if not order.card:
            return None
        return CardDirectory().current(self._desk.view(), CardId(order.card))
