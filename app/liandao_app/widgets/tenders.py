"""Cash, Card, Other: the keys that end a sale."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liandao_app.services.draft import Tender
from liandao_app.theme.icons import Icon
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.key_button import KeyButton

translate = QCoreApplication.translate

KEYS = {
    Tender.CASH: ("F5", Icon.CASH),
    Tender.CARD: ("F6", Icon.CARD),
    Tender.OTHER: ("F7", Icon.OTHER),
}


class Tenders(QWidget):
    """Emits `pressed` with the tender. Without an amount the keys cannot be pressed."""

    pressed = Signal(Tender)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE.small)
        self._buttons: dict[Tender, KeyButton] = {}
        for tender, (key, icon) in KEYS.items():
            button = KeyButton(palette, key=key, icon=icon, main=True)
            button.clicked.connect(partial(self.pressed.emit, tender))
            self._buttons[tender] = button
            inside.addWidget(button, 1)

    def retranslate(self) -> None:
        words = {
            Tender.CASH: translate("Counter", "Cash"),
            Tender.CARD: translate("Counter", "Card", "way to pay"),
            Tender.OTHER: translate("Counter", "Other"),
        }
        for tender, text in words.items():
            self._buttons[tender].set_words(text)

    def button(self, tender: Tender) -> KeyButton:
        return self._buttons[tender]

    @property
    def buttons(self) -> tuple[KeyButton, ...]:
        return tuple(self._buttons.values())

    def allow(self, allowed: bool) -> None:
        for button in self._buttons.values():
            button.setEnabled(allowed)
