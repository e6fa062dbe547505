"""The refund's first step: which sale. Scanned, typed, or picked from the newest ones."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liandao_app.theme.icons import Icon
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.order_field import OrderField
from liandao_app.widgets.order_list import OrderList, OrderRow
from liandao_app.widgets.parts import Card, label, picture, row

translate = QCoreApplication.translate


class FindPanel(QWidget):
    """A field for the receipt's number, and below it the list."""

    find_pressed = Signal()
    close_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title, self._hint = label("title"), label("soft", wrap=True)
        self._name = label("heading")
        self.field = OrderField()
        self._name.setBuddy(self.field)
        self.find_button = KeyButton(palette, key="Enter")
        self.close_button = KeyButton(palette, key="Esc")
        self.find_button.clicked.connect(self.find_pressed)
        self.close_button.clicked.connect(self.close_pressed)
        self.list = OrderList(palette)
        self._list_name, self._nothing = label("heading"), label("soft", wrap=True)
        ask = Card()
        ask.column.addLayout(
            row(picture(Icon.REFUND, palette.accent, 26), self._title, 1, self.close_button)
        )
        ask.column.addWidget(self._hint)
        field = row(self._name, self.field, self.find_button)
        field.setStretch(1, 1)
        ask.column.addLayout(field)
        newest = Card()
        newest.column.addWidget(self._list_name)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._nothing)
        newest.column.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(ask)
        column.addWidget(newest, 1)

    def retranslate(self) -> None:
        self._title.setText(translate("Counter", "Refund"))
        self._hint.setText(
            translate("Counter", "Scan the receipt's code, type its number, or pick the sale.")
        )
        self._name.setText(translate("Counter", "Receipt"))
        self.field.setAccessibleName(translate("Counter", "Receipt number"))
        self.find_button.set_words(translate("Counter", "Find"))
        self.close_button.set_words(translate("Counter", "Back to selling"))
        self._list_name.setText(translate("Counter", "Newest sales of this register"))
        self.list.setAccessibleName(self._list_name.text())

    def show_rows(self, rows: list[OrderRow], instead: str) -> None:
        """The sales, or why there are none to pick."""
        self.list.show_rows(rows)
        self._nothing.setText(instead)
        self._pages.setCurrentWidget(self.list if rows else self._nothing)
