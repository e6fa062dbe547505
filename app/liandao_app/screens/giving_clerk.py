"""What keys and buttons do while points are given by hand.

``Enter`` goes from field to field, up to the key that asks for the points; ``F5`` is that key.
"""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QPushButton

from liandao_app.i18n.phrases import Line, Mood
from liandao_app.screens.giving_page import GivingPage
from liandao_app.screens.showing import Page, Showing
from liandao_app.services.giving import Gift, Giving
from liandao_app.services.money import Entry
from liandao_app.services.sales import Stage
from liandao_app.services.till import Till
from liandao_app.widgets.giving_card import PinField
from liandao_app.widgets.money_field import MoneyField

translate = QCoreApplication.translate
Draw: TypeAlias = Callable[[], None]


class GivingClerk:
    """The acts. ``draw`` shows what came of them; ``leave`` gives the focus back to the sale."""

    def __init__(
        self, till: Till, page: GivingPage, showing: Showing, draw: Draw, leave: Draw
    ) -> None:
        self._till = till
        self._page = page
        self._showing = showing
        self._draw = draw
        self._leave = leave
        self._amount = page.amount.field
        self._pin = page.card.form.pin
        self._followed: Gift | None = None
        """The refusal that the focus has followed."""

    @property
    def _giving(self) -> Giving:
        giving = self._till.giving
        assert giving is not None, "keys are read while the till runs"
        return giving

    def open(self) -> None:
        """For the card of the sale in work; without one there is nobody to give to."""
        self._showing.acted()
        customer = self._till.checkout.draft.customer if self._till.checkout else None
        if customer is None:
            words = translate("Counter", "Points by hand need a card. Please scan it first.")
            self._showing.note = Line(words, Mood.WARN)
        else:
            self._empty()
            self._giving.begin(customer.card)
            self._showing.page = Page.GIVING
        self._draw()
        if customer is not None:
            self._amount.setFocus()

    def close(self) -> None:
        """Back to the sale. The card is looked up anew: it may have more points now."""
        gift = self._giving.gift
        checkout = self._till.checkout
        self._empty()
        self._showing.acted()
        self._showing.page = Page.SALE
        customer = checkout.draft.customer if checkout is not None else None
        given = gift is not None and gift.stage is Stage.CERTIFIED
        if checkout is not None and customer is not None and given:
            checkout.forget_customer()
            checkout.present(customer.presented)
        self._draw()
        self._leave()

    def give(self) -> None:
        """F5: once. The key is dead while the answer is awaited."""
        if self._giving.give(self._page.wish()):
            self._pin.clear()
            self._showing.acted()
            self._page.setFocus()
            self._draw()

    def edited(self) -> None:
        self._showing.acted()
        self._draw()

    def enter(self) -> None:
        """On to the next field, then to the key."""
        gift, focus = self._giving.gift, QApplication.focusWidget()
        form = self._page.card.form
        if gift is not None and gift.stage is Stage.CERTIFIED:
            self.close()
        elif isinstance(focus, QPushButton):
            focus.click()
        else:
            order = (self._amount, *form.fields, form.confirm)
            at = order.index(focus) if focus in order else len(order) - 1
            order[(at + 1) % len(order)].setFocus()

    def digit(self, char: str) -> None:
        self._field().press(char)

    def back(self) -> None:
        self._field().back()

    def snapshot(self) -> Callable[[], None]:
        """Remembers the fields; what it returns puts them back."""
        entry, pin = self._amount.entry, self._pin.text()

        def restore() -> None:
            if self._amount.entry != entry:
                self._amount.put(entry)
            self._pin.setText(pin)

        return restore

    def follow(self) -> None:
        """After drawing: a refusal is most often about the PIN, so that is where one goes on."""
        gift = self._giving.gift
        refused = gift if gift is not None and gift.stage is Stage.REFUSED else None
        if refused is not None and refused is not self._followed:
            self._pin.setFocus()
        self._followed = refused

    def _field(self) -> MoneyField | PinField:
        """The pad writes the PIN while that is asked for, else the amount."""
        return self._pin if self._pin.hasFocus() else self._amount

    def _empty(self) -> None:
        self._amount.put(Entry())
        self._page.card.form.empty()
