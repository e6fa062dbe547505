"""The counter: one window, constant places, no modal in the way.

It draws the services' state, and hands keys and buttons to the `Cashier`; it decides nothing
itself. Changes are drawn together, once the event loop is free.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol, TypeVar

from liandao_node.errors import Unavailable
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from liandao_app.devices.payload import ReceiptScanned, read_payload
from liandao_app.i18n.language import Language
from liandao_app.i18n.phrases import Line, Mood, last_sale_line, sale_line
from liandao_app.i18n.refund_phrases import refund_line
from liandao_app.i18n.wording import error_sentence
from liandao_app.screens.cashier import Cashier
from liandao_app.screens.giving_clerk import GivingClerk
from liandao_app.screens.giving_page import draw_giving
from liandao_app.screens.places import Places
from liandao_app.screens.refund_clerk import RefundClerk
from liandao_app.screens.refund_view import draw_refund
from liandao_app.screens.showing import Page, Showing
from liandao_app.screens.visitor_view import draw_visitor
from liandao_app.services.draft import Draft, Tender
from liandao_app.services.light import ledger_view
from liandao_app.services.money import Money
from liandao_app.services.refunding import Confirmed
from liandao_app.services.refunds import Refund
from liandao_app.services.till import Till
from liandao_app.theme.tokens import Palette

NO_MONEY: Final = Money("", 2)
KEYS: Final[dict[int, Callable[[Cashier], None]]] = {
    Qt.Key.Key_F2: Cashier.open_typing,
    Qt.Key.Key_F3: Cashier.go_to_points,
    Qt.Key.Key_F4: Cashier.choose_max,
    Qt.Key.Key_F5: lambda cashier: cashier.take(Tender.CASH),
    Qt.Key.Key_F6: lambda cashier: cashier.take(Tender.CARD),
    Qt.Key.Key_F7: lambda cashier: cashier.take(Tender.OTHER),
    Qt.Key.Key_Escape: Cashier.escape,
    Qt.Key.Key_Delete: Cashier.clear,
    Qt.Key.Key_Return: Cashier.enter,
    Qt.Key.Key_Enter: Cashier.enter,
    Qt.Key.Key_Backspace: Cashier.back,
}
REFUND_KEYS: Final[dict[int, Callable[[RefundClerk], None]]] = {
    Qt.Key.Key_F4: RefundClerk.take_all,
    Qt.Key.Key_F5: RefundClerk.confirm,
    Qt.Key.Key_F11: RefundClerk.close,
    Qt.Key.Key_Escape: RefundClerk.escape,
    Qt.Key.Key_Delete: RefundClerk.clear,
    Qt.Key.Key_Return: RefundClerk.enter,
    Qt.Key.Key_Enter: RefundClerk.enter,
    Qt.Key.Key_Backspace: RefundClerk.back,
    Qt.Key.Key_Up: RefundClerk.arrow,
    Qt.Key.Key_Down: RefundClerk.arrow,
}
GIVING_KEYS: Final[dict[int, Callable[[GivingClerk], None]]] = {
    Qt.Key.Key_F5: GivingClerk.give,
    Qt.Key.Key_F12: GivingClerk.close,
    Qt.Key.Key_Escape: GivingClerk.close,
    Qt.Key.Key_Return: GivingClerk.enter,
    Qt.Key.Key_Enter: GivingClerk.enter,
    Qt.Key.Key_Backspace: GivingClerk.back,
}


class CounterScreen(QWidget):
    """The cashier's screen of one till."""

    def __init__(self, till: Till, palette: Palette, language: Language) -> None:
        super().__init__()
        self.setObjectName("counter")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._till = till
        self._language = language
        self.showing = Showing()
        self.places = Places(self, palette)
        self.cashier = Cashier(till, self.places, self.showing, self.draw)
        self.clerk = RefundClerk(
            till, self.places.refund, self.showing, self.draw, self.places.amount.field.setFocus
        )
        self.giver = GivingClerk(
            till, self.places.giving, self.showing, self.draw, self.places.amount.field.setFocus
        )
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.draw)
        till.changed = self._soon.start
        self._wire()
        self.retranslate(language)

    def retranslate(self, language: Language) -> None:
        """All words anew; the translation itself is already installed."""
        self._language = language
        self.places.retranslate()
        self.places.bar.show_language(language)
        self.draw()

    def draw(self) -> None:
        """Shows everything as it is now."""
        link, sales, places = self._till.link, self._till.sales, self.places
        checkout, welcome = self._till.checkout, link.welcome
        draft = checkout.draft if checkout is not None else Draft()
        self._open_or_shut(running=checkout is not None)
        money = Money(welcome.currency, welcome.exponent) if welcome is not None else NO_MONEY
        names = (welcome.shop_name, welcome.street) if welcome is not None else ("", "")
        places.bar.show_place(*names, self._till.register)
        places.bar.show_ledger(ledger_view(link.summary))
        # The sale that the strip shows as asked need not be counted above as well.
        places.bar.show_unsent(sales.waiting - int(self.showing.fresh and sales.waiting > 0))
        places.amount.show_money(money)
        places.keypad.allow_point(money.exponent > 0)
        places.bill.show_draft(draft, money)
        places.points.show_draft(draft, money)
        places.tenders.allow(draft.gross > 0)
        locale = self._language.locale
        draw_visitor(places.customer, draft, self.showing, money, locale, welcome)
        places.show_page(self.showing.page)
        if self._till.refunding is not None and self.showing.page is Page.REFUND:
            draw_refund(places.refund, self._till.refunding, money, locale, welcome)
            self.clerk.follow()
        if self._till.giving is not None and self.showing.page is Page.GIVING:
            draw_giving(places.giving, self._till.giving, money)
            self.giver.follow()
        places.strip.show_line(self._line(money))

    def _open_or_shut(self, *, running: bool) -> None:
        """Before the till runs, and while it ends, nothing can be pressed."""
        if running != self.isEnabled():
            self.setEnabled(running)
            if running:
                self.places.amount.field.setFocus()

    def _line(self, money: Money) -> Line:
        sales, connected = self._till.sales, self._till.link.connected
        if sales.attention is not None:
            return sale_line(sales.attention, money, connected=connected)
        refund = self._till.refunds.attention or self._refund_on_its_way()
        if refund is not None:
            line = refund_line(refund, money, connected=connected)
            # The open page has a key of its own for it.
            return replace(line, close="") if refund is self._refund_on_its_way() else line
        if self.showing.note is not None:
            return self.showing.note
        if self.showing.fresh and sales.last is not None:
            return sale_line(sales.last, money, connected=connected)
        trouble = self._till.storage_trouble or self._till.link.trouble
        if trouble is not None and not isinstance(trouble, Unavailable):
            # A node that is merely not there yet shows in the top bar.
            return Line(error_sentence(trouble, money), Mood.WARN)
        return last_sale_line(sales.last, money, self._language.locale)

    def _refund_on_its_way(self) -> Refund | None:
        """That of the open page: another one does not hide the sale that was just taken."""
        refunding = self._till.refunding
        if refunding is None or self.showing.page is not Page.REFUND:
            return None
        return refunding.step.refund if isinstance(refunding.step, Confirmed) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no field has used."""
        if self._till.checkout is None or not self._act(event):
            event.ignore()

    def _act(self, event: QKeyEvent) -> bool:
        """Whether the key means something on the open page."""
        if self.showing.page is Page.REFUND:
            return _strike(event, REFUND_KEYS, self.clerk)
        if self.showing.page is Page.GIVING:
            return _strike(event, GIVING_KEYS, self.giver)
        if event.key() == Qt.Key.Key_F11:
            self.clerk.open()
        elif event.key() == Qt.Key.Key_F12:
            self.giver.open()
        else:
            return _strike(event, KEYS, self.cashier)
        return True

    def snapshot(self) -> Callable[[], None]:
        """Remembers the fields of all pages; what it returns puts them back."""
        places = (self.cashier.snapshot(), self.clerk.snapshot(), self.giver.snapshot())

        def restore() -> None:
            for put_back in places:
                put_back()

        return restore

    def scanned(self, payload: str) -> None:
        """A code: a receipt opens the refund, all else is for the page that is open."""
        if self._till.checkout is None:
            return
        what = read_payload(payload)
        if isinstance(what, ReceiptScanned):
            self.clerk.scanned(what.written)
        elif self.showing.page is Page.SALE:
            self.cashier.scanned(payload)
        else:
            self.clerk.scanned_other()

    def _wire(self) -> None:
        places, cashier = self.places, self.cashier
        places.amount.field.edited.connect(cashier.gross_edited)
        places.amount.clear_pressed.connect(cashier.clear)
        places.bill.given_edited.connect(lambda _: cashier.given_edited())
        places.points.number_edited.connect(cashier.points_edited)
        places.points.field.left.connect(self._soon.start)
        places.points.max_pressed.connect(cashier.choose_max)
        places.points.none_pressed.connect(cashier.choose_none)
        places.points.wait_pressed.connect(cashier.wait_for_points)
        places.tenders.pressed.connect(cashier.take)
        places.keypad.typed.connect(cashier.digit)
        places.keypad.back_pressed.connect(cashier.back)
        places.keypad.enter_pressed.connect(cashier.enter)
        places.customer.type_pressed.connect(cashier.open_typing)
        places.customer.typing.field.complete.connect(cashier.code_typed)
        places.customer.new_pressed.connect(cashier.make_card)
        places.customer.enrol_pressed.connect(cashier.enrol)
        places.customer.dismissed.connect(cashier.remove_customer)
        places.customer.kept.connect(cashier.hand_over)
        places.strip.without_points_pressed.connect(cashier.decide_without_points)
        places.strip.read_pressed.connect(self._read)
        places.amount.refund_pressed.connect(self.clerk.open)
        places.customer.give_pressed.connect(self.giver.open)
        self._wire_refund()
        self._wire_giving()

    def _wire_refund(self) -> None:
        page, clerk = self.places.refund, self.clerk
        page.orders.field.complete.connect(clerk.number_typed)
        page.orders.find_pressed.connect(clerk.find)
        page.orders.close_pressed.connect(clerk.close)
        page.orders.list.picked.connect(clerk.picked)
        page.amount.field.edited.connect(clerk.amount_edited)
        page.amount.all_pressed.connect(clerk.take_all)
        page.amount.other_pressed.connect(clerk.escape)
        page.amount.keypad.typed.connect(clerk.digit)
        page.amount.keypad.back_pressed.connect(clerk.back)
        page.amount.keypad.enter_pressed.connect(clerk.enter)
        page.card.confirm_pressed.connect(clerk.confirm)
        page.card.done_pressed.connect(clerk.done)

    def _wire_giving(self) -> None:
        page, giver = self.places.giving, self.giver
        page.amount.field.edited.connect(lambda _: giver.edited())
        page.amount.close_pressed.connect(giver.close)
        page.amount.keypad.typed.connect(giver.digit)
        page.amount.keypad.back_pressed.connect(giver.back)
        page.amount.keypad.enter_pressed.connect(giver.enter)
        page.card.form.changed.connect(self._soon.start)
        page.card.confirm_pressed.connect(giver.give)
        page.card.done_pressed.connect(giver.close)

    def _read(self) -> None:
        """The strip's message was read."""
        if self.showing.page is Page.REFUND and self._till.sales.attention is None:
            self.clerk.done()
        else:
            self.cashier.escape()


class Clerk(Protocol):
    """Whoever takes a page's digits."""

    def digit(self, char: str) -> None: ...


C = TypeVar("C", bound=Clerk)


def _strike(event: QKeyEvent, keys: Mapping[int, Callable[[C], None]], clerk: C) -> bool:
    """Whether the key or the digit was of use."""
    act, text = keys.get(event.key()), event.text()
    if act is not None:
        act(clerk)
        return True
    if len(text) == 1 and text.isdigit():
        clerk.digit(text)
        return True
    return False
