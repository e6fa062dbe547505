"""The pad on the screen, for touch. Its keys never take the focus from the field."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from liandao_app.theme.icons import Icon, icon_of
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.key_button import no_focus

translate = QCoreApplication.translate

BACK_PX = 28
ROWS = ("789", "456", "123")


class Keypad(QWidget):
    """Digits, double zero, point, backspace and Enter."""

    typed = Signal(str)
    back_pressed = Signal()
    enter_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._keys: dict[str, QPushButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE.small)
        for at, digits in enumerate(ROWS):
            for column, digit in enumerate(digits):
                self._place(digit, at, column)
        for column, text in enumerate(("0", "00", ".")):
            self._place(text, 3, column)
        self._back = self._key("", 0, 3)
        self._back.setIcon(icon_of(Icon.BACK, palette.ink, BACK_PX))
        self._back.setIconSize(QSize(BACK_PX, BACK_PX))
        self._back.clicked.connect(self.back_pressed)
        self._enter = self._key("", 1, 3, rows=3)
        self._enter.clicked.connect(self.enter_pressed)

    def retranslate(self) -> None:
        self._back.setAccessibleName(translate("Counter", "Delete the last digit"))
        self._enter.setText(translate("Counter", "Enter"))

    def button(self, text: str) -> QPushButton:
        """The key with this text on it."""
        return self._keys[text]

    def allow_point(self, allowed: bool) -> None:
        """A currency without decimals has no use for it."""
        self._keys["."].setEnabled(allowed)

    def _place(self, text: str, at: int, column: int) -> None:
        self._keys[text] = self._key(text, at, column)
        self._keys[text].clicked.connect(partial(self._press, text))

    def _key(self, text: str, at: int, column: int, rows: int = 1) -> QPushButton:
        key = QPushButton(text)
        dress(key, role="digit")
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        key.setAutoRepeat(False)
        no_focus(key)
        self._grid.addWidget(key, at, column, rows, 1)
        return key

    def _press(self, chars: str) -> None:
        for char in chars:
            self.typed.emit(char)
