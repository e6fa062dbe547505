"""What the cashier's keys, buttons and scans do at the counter.

Each act goes to the checkout at once and is drawn; none of them waits. ``Enter`` says yes to
what the screen offers, ``Esc`` says no, and neither ever loses a typed amount.
"""

from collections.abc import Callable
from typing import TypeAlias

from liandao_node.types import Amount
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QPushButton

from liandao_app.devices.payload import (
    CardScanned,
    Command,
    CommandScanned,
    ForAnotherScreen,
    ReceiptScanned,
    read_payload,
)
from liandao_app.i18n.phrases import Line, Mood
from liandao_app.screens.places import Places
from liandao_app.screens.showing import Showing
from liandao_app.screens.visitor_view import enrollable, is_message, new_card_shown
from liandao_app.services.checkout import Answer, Checkout
from liandao_app.services.draft import Tender
from liandao_app.services.hold import HoldState
from liandao_app.services.money import Entry
from liandao_app.services.sales import Sale, Stage
from liandao_app.services.till import Till
from liandao_app.widgets.code_field import CodeField
from liandao_app.widgets.money_field import MoneyField

translate = QCoreApplication.translate
Draw: TypeAlias = Callable[[], None]
PAYLOAD_CHARS_SHOWN = 24
TENDERS = {
    Command.CASH: Tender.CASH,
    Command.CARD: Tender.CARD,
    Command.OTHER: Tender.OTHER,
}


class Cashier:
    """The acts. ``draw`` shows what came of them."""

    def __init__(self, till: Till, places: Places, showing: Showing, draw: Draw) -> None:
        self._till = till
        self._places = places
        self._showing = showing
        self._draw = draw
        self._amount = places.amount.field
        self._points = places.points.field
        self._given = places.bill.given
        self._code = places.customer.typing.field

    @property
    def _checkout(self) -> Checkout:
        checkout = self._till.checkout
        assert checkout is not None, "keys are read while the till runs"
        return checkout

    # --- digits ---

    def digit(self, char: str) -> None:
        """From the pad, or typed while no field has the focus: then it is the amount."""
        field = self._field()
        field.setFocus()
        field.press(char)

    def back(self) -> None:
        self._field().back()

    def gross_edited(self, amount: int) -> None:
        self._showing.acted()
        self._checkout.set_gross(Amount(amount))
        self._draw()

    def points_edited(self, amount: int) -> None:
        self._showing.acted()
        self._checkout.choose(Amount(amount))
        self._draw()

    def given_edited(self) -> None:
        self._showing.acted()
        self._draw()

    def clear(self) -> None:
        """Nothing of this sale; points go back to the card."""
        self._showing.acted()
        self._checkout.clear()
        self._empty_fields()
        self._draw()

    # --- Enter and Esc ---

    def enter(self) -> None:
        """Yes to what is offered, else on to the next field."""
        focus = QApplication.focusWidget()
        draft, sale = self._checkout.draft, self._till.sales.attention
        if isinstance(focus, QPushButton):
            focus.click()
        elif isinstance(focus, CodeField):
            focus.finish()
        elif sale is not None and sale.slip.points and draft.gross == 0:
            self._without_points(sale)
        elif draft.hold is not None and draft.hold.state is HoldState.SLOW:
            self.choose_none()
        elif enrollable(draft.visitor):
            self.enrol()
        elif new_card_shown(draft.visitor, self._showing):
            self.hand_over()
        else:
            going_on = self._given if focus is self._amount else self._amount
            going_on.setFocus()

    def escape(self) -> None:
        """No: closes what is open, puts a message away, or uses no points."""
        draft, sale = self._checkout.draft, self._till.sales.attention
        refund = self._till.refunds.attention
        self._showing.acted()
        if self._showing.typing:
            self.close_typing()
        elif sale is not None and sale.stage is Stage.REFUSED:
            sale.seen = True
        elif refund is not None:
            refund.seen = True
        elif self._till.storage_trouble is not None:
            self._till.forget_storage_trouble()
        elif is_message(draft.visitor):
            self._checkout.forget_customer()
        elif draft.customer is not None:
            self._checkout.choose_none()
            self._amount.setFocus()
        self._draw()

    # --- customer ---

    def open_typing(self) -> None:
        """The field for a card's digits (F2); from there, F2 again makes a new card."""
        if self._showing.typing:
            self.make_card()
            return
        self._showing.acted()
        self._showing.typing = True
        self._code.put("")
        self._draw()
        self._code.setFocus()

    def close_typing(self) -> None:
        if self._showing.typing:
            self._showing.typing = False
            self._amount.setFocus()

    def code_typed(self, code: str) -> None:
        self._present(code)
        self._draw()

    def remove_customer(self) -> None:
        """The card, the message or the open field goes."""
        self._showing.acted()
        if self._showing.typing:
            self.close_typing()
        else:
            self._checkout.forget_customer()
        self._draw()

    def enrol(self) -> None:
        """The scanned card that the street does not know becomes one of its cards."""
        visitor = self._checkout.draft.visitor
        if enrollable(visitor):
            self._showing.acted()
            self._checkout.enrol(visitor.presented)
            self._amount.setFocus()

    def make_card(self) -> None:
        """A new card, made by the node."""
        self._showing.acted()
        self.close_typing()
        self._checkout.enrol("")

    def hand_over(self) -> None:
        """The customer has the picture of her new card."""
        customer = self._checkout.draft.customer
        if customer is not None:
            self._showing.handed_over = customer.payload
            self._amount.setFocus()
            self._draw()

    # --- points ---

    def go_to_points(self) -> None:
        if self._points.isEnabled():
            self._points.setFocus()

    def choose_max(self) -> None:
        if self._checkout.draft.customer is not None:
            self._showing.acted()
            self._checkout.choose_max()
            self._amount.setFocus()

    def choose_none(self) -> None:
        if self._checkout.draft.customer is not None:
            self._showing.acted()
            self._checkout.choose_none()
            self._amount.setFocus()

    def wait_for_points(self) -> None:
        self._showing.acted()
        self._checkout.wait_for_points()

    def decide_without_points(self) -> None:
        """For the taken sale that the strip shows."""
        sale = self._till.sales.attention
        if sale is not None and sale.slip.points:
            self._without_points(sale)

    # --- the end of the sale ---

    def take(self, tender: Tender) -> None:
        """Taken at once, whatever the network does (D-12)."""
        answer = self._checkout.take(tender, self._given.amount)
        if answer is Answer.NO_AMOUNT:
            # Most likely the key pressed twice: the strip stays as it is.
            return
        self._showing.acted()
        if answer is Answer.CASH_SHORT:
            self._remark(translate("Counter", "The cash given is less than what is to pay."))
        else:
            self._showing.fresh = True
            self._empty_fields()
        self._draw()

    # --- scanner ---

    def scanned(self, payload: str) -> None:
        """A code, whatever has the focus."""
        what = read_payload(payload)
        self._showing.acted()
        if isinstance(what, CardScanned):
            self._present(what.presented)
        elif isinstance(what, CommandScanned):
            self._obey(what.command)
        elif isinstance(what, ForAnotherScreen | ReceiptScanned):
            self._remark(
                translate("Counter", "This code is not for the counter. Nothing was changed.")
            )
        else:
            words = translate("Counter", "Not a card of this street: {code}. Nothing was changed.")
            self._remark(words.format(code=what.payload[:PAYLOAD_CHARS_SHOWN]))
        self._draw()

    def snapshot(self) -> Callable[[], None]:
        """Remembers the fields; what it returns puts them back."""
        fields = (self._amount, self._points, self._given)
        entries = [field.entry for field in fields]
        digits = self._code.digits

        def restore() -> None:
            for field, entry in zip(fields, entries, strict=True):
                if field.entry != entry:
                    field.put(entry)
            self._code.put(digits)

        return restore

    # --- inside ---

    def _present(self, presented: str) -> None:
        self.close_typing()
        self._checkout.present(presented)

    def _obey(self, command: Command) -> None:
        if command is Command.MAX:
            self.choose_max()
        elif command is Command.NONE:
            self.choose_none()
        else:
            self.take(TENDERS[command])

    def _without_points(self, sale: Sale) -> None:
        self._checkout.drop_points(sale)
        self._showing.fresh = sale is self._till.sales.last
        self._draw()

    def _remark(self, words: str) -> None:
        self._showing.note = Line(words, Mood.WARN)
        QApplication.beep()

    def _field(self) -> MoneyField | CodeField:
        focus = QApplication.focusWidget()
        if isinstance(focus, MoneyField | CodeField):
            return focus
        return self._amount

    def _empty_fields(self) -> None:
        for field in (self._amount, self._points, self._given):
            field.show_amount(0)
        self._amount.put(Entry())
        self._showing.typing = False
        self._amount.setFocus()
