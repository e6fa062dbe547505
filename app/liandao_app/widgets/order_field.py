"""The field for a receipt's number: register and number, or the number alone for this register."""

import unicodedata
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

DASH: Final = "-"
DASHES: Final = frozenset("-.,/–ー。、")
"""What people and pads have in its place: a pad of digits has a point and no dash."""
CHARS_MAX: Final = 24


class OrderField(QLineEdit):
    """Emits `complete` at Enter; digits and one dash, whatever input method is on."""

    complete = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setPlaceholderText("1-17")

    def press(self, char: str) -> None:
        plain = unicodedata.normalize("NFKC", char)
        if plain in DASHES or char in DASHES:
            plain = DASH
        text = self.text()
        fits = plain.isascii() and plain.isdigit()
        fits = fits or (plain == DASH and text != "" and DASH not in text)
        if fits and len(text) < CHARS_MAX:
            self.setText(text + plain)

    def back(self) -> None:
        self.setText(self.text()[:-1])

    def finish(self) -> None:
        """Enter. A number that stops at its dash is none yet."""
        text = self.text().strip(DASH)
        if text:
            self.complete.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            for char in QGuiApplication.clipboard().text().strip()[:CHARS_MAX]:
                self.press(char)
        elif event.key() == Qt.Key.Key_Backspace:
            self.back()
        elif len(event.text()) == 1 and event.text().isprintable():
            self.press(event.text())
        else:
            event.ignore()
