"""Points by hand, the left side: which card, how many points, what is left for today."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liandao_app.services.money import Money
from liandao_app.theme.icons import Icon
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.keypad import Keypad
from liandao_app.widgets.money_field import MoneyField
from liandao_app.widgets.parts import Card, label, picture, row

translate = QCoreApplication.translate


class GivingAmount(QWidget):
    """The card in words, the amount, and the pad."""

    close_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title, self._card = label("title"), label("soft", wrap=True)
        self._name, self._left, self._sign = label("heading"), label("soft"), label("sign")
        self.field = MoneyField()
        dress(self.field, role="amount")
        self._name.setBuddy(self.field)
        self.close_button = KeyButton(palette, key="Esc")
        self.close_button.clicked.connect(self.close_pressed)
        self.keypad = Keypad(palette)
        what = Card()
        what.column.addLayout(
            row(picture(Icon.GIFT, palette.accent, 26), self._title, 1, self.close_button)
        )
        what.column.addWidget(self._card)
        amount = Card()
        amount.column.addLayout(row(self._name, 1, self._left))
        amount.column.addLayout(row(self._sign, self.field))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(what)
        column.addWidget(amount)
        column.addWidget(self.keypad, 1)

    def retranslate(self) -> None:
        self._title.setText(translate("Counter", "Points by hand"))
        self._name.setText(translate("Counter", "Points to give"))
        self.field.setAccessibleName(translate("Counter", "Points to give"))
        self.close_button.set_words(translate("Counter", "Back to selling"))
        self.keypad.retranslate()

    def show_state(self, card: str, left: str, money: Money) -> None:
        self._card.setText(card)
        self._left.setText(left)
        self._sign.setText(money.symbol)
        self.field.set_money(money)
        self.keypad.allow_point(money.exponent > 0)

    def left_words(self) -> str:
        return self._left.text()
