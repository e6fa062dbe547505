"""Where everything stands on the counter screen. Places never move (muscle memory)."""

from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liandao_app.screens.giving_page import GivingPage
from liandao_app.screens.refund_page import RefundPage
from liandao_app.screens.showing import Page
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.bill import AmountCard, BillCard
from liandao_app.widgets.customer_card import CustomerCard
from liandao_app.widgets.keypad import Keypad
from liandao_app.widgets.points_card import PointsCard
from liandao_app.widgets.strip import Strip
from liandao_app.widgets.tenders import Tenders
from liandao_app.widgets.top_bar import TopBar

LEFT_PARTS = 60
RIGHT_PARTS = 40


class Places:
    """The widgets of one counter screen, laid out in it."""

    def __init__(self, screen: QWidget, palette: Palette) -> None:
        self.bar = TopBar(palette)
        self.amount = AmountCard(palette)
        self.bill = BillCard()
        self.keypad = Keypad(palette)
        self.customer = CustomerCard(palette)
        self.points = PointsCard(palette)
        self.tenders = Tenders(palette)
        self.strip = Strip(palette)
        self.refund = RefundPage(palette)
        self.giving = GivingPage(palette)
        sale = QWidget()
        sale.setLayout(self._middle())
        self._pages = {Page.SALE: sale, Page.REFUND: self.refund, Page.GIVING: self.giving}
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        whole = QVBoxLayout(screen)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self.strip)
        self._order_tabs()

    def retranslate(self) -> None:
        """New words in every part; what depends on the sale is drawn afterwards."""
        self.amount.retranslate()
        self.bill.retranslate()
        self.keypad.retranslate()
        self.customer.retranslate()
        self.points.retranslate()
        self.tenders.retranslate()
        self.strip.retranslate()
        self.refund.retranslate()
        self.giving.retranslate()

    def show_page(self, page: Page) -> None:
        self._stack.setCurrentWidget(self._pages[page])

    def _middle(self) -> QHBoxLayout:
        left = _column(self.amount, self.bill)
        left.addWidget(self.keypad, 1)
        right = QVBoxLayout()
        right.setSpacing(SPACE.gap)
        right.addWidget(self.customer, 1)
        right.addWidget(self.points)
        right.addWidget(self.tenders)
        middle = QHBoxLayout()
        middle.setContentsMargins(SPACE.gap, SPACE.gap, SPACE.gap, SPACE.gap)
        middle.setSpacing(SPACE.gap)
        for column, parts in ((left, LEFT_PARTS), (right, RIGHT_PARTS)):
            side = QWidget()
            column.setContentsMargins(0, 0, 0, 0)
            side.setLayout(column)
            # Without a common base width the words would decide the proportion.
            side.setMinimumWidth(1)
            middle.addWidget(side, parts)
        return middle

    def _order_tabs(self) -> None:
        order = (
            self.amount.field,
            self.points.field,
            self.points.max_button,
            self.points.none_button,
            self.bill.given,
            *self.tenders.buttons,
            self.customer.type_button,
            self.amount.clear_button,
        )
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(SPACE.gap)
    for widget in widgets:
        column.addWidget(widget)
    return column
