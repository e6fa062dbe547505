"""The refund's second step: how much of the sale, all of it unless something else is typed."""

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


class AmountPanel(QWidget):
    """The sale in words, the amount, and the pad."""

    all_pressed = Signal()
    other_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._receipt, self._sale = label("title"), label("soft", wrap=True)
        self._name, self._sign = label("heading"), label("sign")
        self._hint = label("soft", wrap=True)
        self.field = MoneyField()
        dress(self.field, role="amount")
        self._name.setBuddy(self.field)
        self.all_button = KeyButton(palette, key="F4")
        self.other_button = KeyButton(palette, key="Esc")
        self.all_button.clicked.connect(self.all_pressed)
        self.other_button.clicked.connect(self.other_pressed)
        self.keypad = Keypad(palette)
        what = Card()
        what.column.addLayout(
            row(picture(Icon.RECEIPT, palette.accent, 26), self._receipt, 1, self.other_button)
        )
        what.column.addWidget(self._sale)
        amount = Card()
        amount.column.addLayout(row(self._name, 1, self.all_button))
        amount.column.addLayout(row(self._sign, self.field))
        amount.column.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(what)
        column.addWidget(amount)
        column.addWidget(self.keypad, 1)

    def retranslate(self) -> None:
        self._name.setText(translate("Counter", "Amount to refund"))
        self.field.setAccessibleName(translate("Counter", "Amount to refund"))
        self.all_button.set_words(translate("Counter", "All"))
        self.other_button.set_words(translate("Counter", "Another receipt"))
        self.keypad.retranslate()

    def show_sale(self, receipt: str, sale: str, left: int, money: Money) -> None:
        """Which sale, and what of it is left."""
        self._receipt.setText(receipt)
        self._sale.setText(sale)
        self._sign.setText(money.symbol)
        self.field.set_money(money)
        self.field.stand_in(left)
        self.keypad.allow_point(money.exponent > 0)
        words = translate("Counter", "All that is left, unless you type less: {amount}")
        self._hint.setText(words.format(amount=money.text(left)))

    def open(self, *, usable: bool) -> None:
        """What is confirmed is not changed any more."""
        if usable:
            self.other_button.set_words(translate("Counter", "Another receipt"))
        else:
            self.other_button.set_words(translate("Counter", "Back to selling"))
        self._hint.setVisible(usable)
        for part in (self.field, self.all_button, self.keypad):
            part.setEnabled(usable)
