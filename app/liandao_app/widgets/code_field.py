"""The field for a card's eight digits, for when the card will not scan."""

import unicodedata
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

CODE_DIGITS: Final = 8


class CodeField(QLineEdit):
    """Emits `complete` at the eighth digit, and at Enter whatever is there."""

    complete = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setPlaceholderText("0000 0000")
        self._digits = ""

    @property
    def digits(self) -> str:
        return self._digits

    def put(self, digits: str) -> None:
        """Other digits; nothing is emitted."""
        self._digits = digits[:CODE_DIGITS]
        self.setText(grouped(self._digits))
        self.setCursorPosition(len(self.text()))

    def press(self, char: str) -> None:
        digit = unicodedata.normalize("NFKC", char)
        if not (digit.isascii() and digit.isdigit()) or len(self._digits) == CODE_DIGITS:
            return
        self.put(self._digits + digit)
        if len(self._digits) == CODE_DIGITS:
            self.complete.emit(self._digits)

    def back(self) -> None:
        self.put(self._digits[:-1])

    def finish(self) -> None:
        """Enter: the node says what is wrong with a code that is too short."""
        if self._digits:
            self.complete.emit(self._digits)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.back()
        elif len(event.text()) == 1 and event.text().isprintable():
            self.press(event.text())
        elif event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
        else:
            event.ignore()


def grouped(code: str) -> str:
    """``12345678`` as ``1234 5678``, as it is printed on the card."""
    return f"{code[:4]} {code[4:]}".strip()
