"""A field for one amount of money, typed as on a till (`services.money`).

It is a line edit for focus, caret and screen readers, but keys go through `Entry`: an input
method has nothing to compose here, and every flow works with digits alone.
"""

from liandao_node.errors import InputFault
from liandao_node.types import Amount
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from liandao_app.services.money import Entry, Money, entry_of, pasted


class MoneyField(QLineEdit):
    """Emits `edited` with minor units after each change by the user."""

    edited = Signal(int)
    left = Signal()
    """The focus went elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._money = Money("", 2)
        self._entry = Entry()
        self._unless_typed = 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setAcceptDrops(False)
        self._show()

    @property
    def amount(self) -> Amount:
        return self._entry.amount(self._money.exponent)

    @property
    def entry(self) -> Entry:
        """What was typed, to be put back with `put`."""
        return self._entry

    def set_money(self, money: Money) -> None:
        """The street's currency, once it is known."""
        if money != self._money:
            self._money = money
            self._show()

    def put(self, entry: Entry) -> None:
        """Takes another entry, with `edited` when the amount changes."""
        before, self._entry = self.amount, entry
        self._show()
        if self.amount != before:
            self.edited.emit(self.amount)

    def show_amount(self, amount: int) -> None:
        """Shows what was decided elsewhere: nothing is emitted."""
        if amount != self.amount:
            self._entry = entry_of(amount)
            self._show()

    def stand_in(self, amount: int) -> None:
        """What counts while nothing is typed; shown in the empty field."""
        if amount != self._unless_typed:
            self._unless_typed = amount
            self._show()

    def press(self, char: str) -> None:
        """A key of the keyboard or of the pad on the screen."""
        self.put(self._entry.press(char, self._money.exponent))

    def back(self) -> None:
        self.put(self._entry.back())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Backspace:
            self.back()
        elif len(event.text()) == 1 and event.text().isprintable():
            self.press(event.text())
        else:
            # Function keys, Enter, Escape, Tab: the screen's, not the field's.
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click gives the focus; the caret stays where digits are added."""
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: there is nothing to cut here."""
        event.accept()

    def _paste(self, text: str) -> None:
        try:
            self.put(pasted(text, self._money.exponent))
        except InputFault:
            # Not clearly an amount: the field stays as it is rather than guess.
            return

    def _show(self) -> None:
        self.setPlaceholderText(self._money.text(self._unless_typed))
        self.setText(self._entry.shown(self._money))
        self.setCursorPosition(len(self.text()))
