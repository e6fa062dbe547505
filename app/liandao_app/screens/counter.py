"""The counter: one window, constant places, no modal in the way.

It draws the services' state, and hands keys and buttons to the `Cashier`; it decides nothing
itself. Changes are drawn together, once the event loop is free.
"""

from collections.abc import Callable
from typing import Final

from liandao_node.errors import Unavailable
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from liandao_app.i18n.language import Language
from liandao_app.i18n.phrases import Line, Mood, last_sale_line, sale_line
from liandao_app.i18n.wording import error_sentence
from liandao_app.screens.cashier import Cashier
from liandao_app.screens.places import Places
from liandao_app.screens.showing import Showing
from liandao_app.screens.visitor_view import draw_visitor
from liandao_app.services.draft import Draft, Tender
from liandao_app.services.light import ledger_view
from liandao_app.services.money import Money
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
        if self.showing.note is not None:
            return self.showing.note
        if self.showing.fresh and sales.last is not None:
            return sale_line(sales.last, money, connected=connected)
        trouble = sales.storage_trouble or self._till.link.trouble
        if trouble is not None and not isinstance(trouble, Unavailable):
            # A node that is merely not there yet shows in the top bar.
            return Line(error_sentence(trouble, money), Mood.WARN)
        return last_sale_line(sales.last, money, self._language.locale)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no field has used."""
        act = KEYS.get(event.key())
        if self._till.checkout is None:
            event.ignore()
        elif act is not None:
            act(self.cashier)
        elif len(event.text()) == 1 and event.text().isdigit():
            self.cashier.digit(event.text())
        else:
            event.ignore()

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
        places.strip.read_pressed.connect(cashier.escape)
