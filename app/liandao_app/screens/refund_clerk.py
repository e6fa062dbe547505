"""What keys, buttons and scans do while a refund is worked on.

As at the sale, each act goes to the service at once and is drawn. ``F5`` is the one confirmation;
``Enter`` leads up to it and never past it by itself; ``Esc`` goes back one step.
"""

from collections.abc import Callable
from typing import TypeAlias

from liandao_node.types import Amount
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QPushButton

from liandao_app.i18n.phrases import Line, Mood
from liandao_app.screens.refund_page import RefundPage
from liandao_app.screens.showing import Page, Showing
from liandao_app.services.money import Entry
from liandao_app.services.refunding import Chosen, Confirmed, Refunding
from liandao_app.services.sales import Stage
from liandao_app.services.till import Till
from liandao_app.widgets.money_field import MoneyField
from liandao_app.widgets.order_field import OrderField

translate = QCoreApplication.translate
Draw: TypeAlias = Callable[[], None]


class RefundClerk:
    """The acts. ``draw`` shows what came of them; ``leave`` gives the focus back to the sale."""

    def __init__(
        self, till: Till, page: RefundPage, showing: Showing, draw: Draw, leave: Draw
    ) -> None:
        self._till = till
        self._page = page
        self._showing = showing
        self._draw = draw
        self._leave = leave
        self._number = page.orders.field
        self._amount = page.amount.field
        self._followed: type | None = None
        """The kind of step that the focus has followed."""

    @property
    def _refunding(self) -> Refunding:
        refunding = self._till.refunding
        assert refunding is not None, "keys are read while the till runs"
        return refunding

    # --- in and out ---

    def open(self) -> None:
        """The page, from the start. The sale in work stays as it is."""
        self._showing.acted()
        self._showing.page = Page.REFUND
        self._number.clear()
        self._followed = None
        self._refunding.begin()
        self._draw()

    def close(self) -> None:
        """Back to the sale; a refund on its way goes on."""
        self._showing.acted()
        self._mark_read()
        self._showing.page = Page.SALE
        self._draw()
        self._leave()

    # --- which sale ---

    def scanned(self, written: str) -> None:
        """A receipt, whatever has the focus and whichever page is open."""
        if self._showing.page is not Page.REFUND:
            self.open()
        self._find(written)

    def scanned_other(self) -> None:
        """A card or a product, in the middle of a refund: nothing changes."""
        words = translate("Counter", "This is no receipt. Nothing was changed.")
        self._showing.note = Line(words, Mood.WARN)
        QApplication.beep()
        self._draw()

    def find(self) -> None:
        self._number.finish()

    def number_typed(self, text: str) -> None:
        self._find(text)

    def picked(self, place: int) -> None:
        orders = self._refunding.orders or []
        if place < len(orders):
            self._showing.acted()
            self._amount.put(Entry())
            self._refunding.pick(orders[place])
            self._draw()

    # --- how much ---

    def amount_edited(self, amount: int) -> None:
        step = self._refunding.step
        if not isinstance(step, Chosen):
            return
        self._showing.acted()
        if amount > step.order.left:
            # More than is left counts as what is left, and the field says so.
            self._amount.show_amount(step.order.left)
        self._refunding.set_gross(Amount(amount or step.order.left))
        self._draw()

    def take_all(self) -> None:
        self._amount.put(Entry())
        self._amount.setFocus()

    def confirm(self) -> None:
        """F5: once. The key is dead as soon as the refund is taken."""
        if self._refunding.confirm() is not None:
            self._showing.acted()
            self._draw()

    # --- keys ---

    def digit(self, char: str) -> None:
        """From the pad, or typed while no field has the focus."""
        field = self._field()
        field.setFocus()
        field.press(char)

    def back(self) -> None:
        self._field().back()

    def clear(self) -> None:
        if isinstance(self._refunding.step, Chosen):
            self.take_all()
        else:
            self._number.clear()

    def enter(self) -> None:
        """On to the next thing, or yes where a button has the focus."""
        step, focus = self._refunding.step, QApplication.focusWidget()
        if isinstance(step, Confirmed):
            if step.refund.stage is not Stage.ASKED:
                self.done()
        elif isinstance(focus, QPushButton):
            focus.click()
        elif isinstance(step, Chosen):
            self._page.card.preview.confirm.setFocus()
        elif focus is self._page.orders.list or not self._number.text():
            self._page.orders.list.pick()
        else:
            self._number.finish()

    def arrow(self) -> None:
        """Into the list of sales."""
        if self._page.orders.list.isVisible():
            self._page.orders.list.setFocus()

    def escape(self) -> None:
        """One step back; a confirmed refund goes on and is told in the strip."""
        self._showing.acted()
        if isinstance(self._refunding.step, Chosen):
            self._refunding.back()
            self._draw()
        else:
            self.close()

    def done(self) -> None:
        """The answer was read: after a refusal to the sales again, else back to selling."""
        step = self._refunding.step
        if isinstance(step, Confirmed) and step.refund.stage is Stage.REFUSED:
            self._mark_read()
            self.open()
        else:
            self.close()

    def snapshot(self) -> Callable[[], None]:
        """Remembers the fields; what it returns puts them back."""
        number, entry = self._number.text(), self._amount.entry

        def restore() -> None:
            self._number.setText(number)
            if self._amount.entry != entry:
                self._amount.put(entry)

        return restore

    # --- inside ---

    def _find(self, text: str) -> None:
        self._showing.acted()
        self._amount.put(Entry())
        self._refunding.find(text)
        self._draw()

    def follow(self) -> None:
        """After drawing: another step has other fields, so the focus goes where the next key
        belongs. Left to Qt it would fall on whatever button comes first."""
        kind = type(self._refunding.step)
        if kind is self._followed:
            return
        self._followed = kind
        if kind is Chosen:
            self._number.clear()
            self._amount.setFocus()
        elif kind is Confirmed:
            self._page.setFocus()
        else:
            self._number.setFocus()

    def _mark_read(self) -> None:
        step = self._refunding.step
        if isinstance(step, Confirmed) and step.refund.stage is not Stage.ASKED:
            step.refund.seen = True

    def _field(self) -> MoneyField | OrderField:
        return self._amount if isinstance(self._refunding.step, Chosen) else self._number
