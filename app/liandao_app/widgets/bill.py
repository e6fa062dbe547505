"""The left side above the pad: the amount, and what is to pay."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from liandao_app.services.draft import Draft
from liandao_app.services.money import Money
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, TYPE, Palette
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.money_field import MoneyField
from liandao_app.widgets.parts import Card, label, row

translate = QCoreApplication.translate


class AmountCard(Card):
    """The bill's total, typed."""

    clear_pressed = Signal()
    refund_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title = label("heading")
        self._sign = label("sign")
        self.clear_button = KeyButton(palette, key="Del")
        self.clear_button.clicked.connect(self.clear_pressed)
        self.refund_button = KeyButton(palette, key="F11")
        self.refund_button.clicked.connect(self.refund_pressed)
        self.field = MoneyField()
        dress(self.field, role="amount")
        self._title.setBuddy(self.field)
        self.column.addLayout(row(self._title, 1, self.refund_button, self.clear_button))
        self.column.addLayout(row(self._sign, self.field))

    def retranslate(self) -> None:
        self._title.setText(translate("Counter", "Amount"))
        self.field.setAccessibleName(translate("Counter", "Amount"))
        self.clear_button.set_words(translate("Counter", "Clear"))
        self.refund_button.set_words(translate("Counter", "Refund"))

    def show_money(self, money: Money) -> None:
        self.field.set_money(money)
        self._sign.setText(money.symbol)


class BillCard(Card):
    """Total, points, to pay; cash given and change."""

    given_edited = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._names = [label("soft"), label("soft"), label("heading", right=True)]
        self._total = label("title", right=True)
        self._points = label("title", right=True)
        self._to_pay = label("to_pay", right=True)
        self._given_name, self._change_name = label("soft"), label("soft")
        self._change = label("title", right=True)
        # Fonts with Chinese in them ask for lines half as high again as the figures.
        self._to_pay.setFixedHeight(TYPE.to_pay + SPACE.wide + SPACE.small)
        self.given = MoneyField()
        self.given.setFixedWidth(150)
        self.given.edited.connect(self.given_edited)
        self._given_name.setBuddy(self.given)
        sums = QGridLayout()
        sums.setHorizontalSpacing(SPACE.gap)
        sums.setVerticalSpacing(SPACE.hair)
        for at, (name, value) in enumerate(
            zip(self._names, (self._total, self._points), strict=False)
        ):
            sums.addWidget(name, at, 0)
            sums.addWidget(value, at, 1)
        sums.setRowStretch(2, 1)
        pay = QVBoxLayout()
        pay.setSpacing(0)
        pay.addWidget(self._names[2])
        pay.addWidget(self._to_pay)
        upper = row()
        upper.addLayout(sums)
        upper.addStretch(1)
        upper.addLayout(pay)
        self.column.addLayout(upper)
        self.column.addLayout(row(self._given_name, self.given, 1, self._change_name, self._change))

    def retranslate(self) -> None:
        words = (
            translate("Counter", "Total"),
            translate("Counter", "Points used"),
            translate("Counter", "To pay"),
        )
        for name, text in zip(self._names, words, strict=True):
            name.setText(text)
        self._given_name.setText(translate("Counter", "Cash given"))
        self.given.setAccessibleName(translate("Counter", "Cash given"))
        self._change_name.setText(translate("Counter", "Change"))

    def show_draft(self, draft: Draft, money: Money) -> None:
        self.given.set_money(money)
        self._total.setText(money.text(draft.gross))
        self._points.setText(money.text(-draft.points))
        self._to_pay.setText(money.priced(draft.to_pay))
        dress(self._to_pay, tone="to_pay" if draft.gross else "nothing")
        self._to_pay.setAccessibleName(f"{self._names[2].text()} {self._to_pay.text()}")
        given = self.given.amount
        enough = given >= draft.to_pay
        self._change.setText(money.text(given - draft.to_pay) if given and enough else "–")

    def change(self) -> str:
        """What the change reads now."""
        return self._change.text()
