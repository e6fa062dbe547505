"""Where everything stands while a refund is worked on: the sale at the left, its sums at the right.

It takes the place of the sale in work between the top bar and the strip, and opens no dialog.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.refund_amount import AmountPanel
from liandao_app.widgets.refund_card import RefundCard
from liandao_app.widgets.refund_find import FindPanel

LEFT_PARTS = 58
RIGHT_PARTS = 42


class RefundPage(QWidget):
    """The widgets of a refund, laid out."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        # While an answer is awaited no field can be used: the keys are the page's.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.orders = FindPanel(palette)
        self.amount = AmountPanel(palette)
        self.card = RefundCard(palette)
        self._steps = QStackedWidget()
        self._steps.addWidget(self.orders)
        self._steps.addWidget(self.amount)
        side_by_side = QHBoxLayout(self)
        side_by_side.setContentsMargins(SPACE.gap, SPACE.gap, SPACE.gap, SPACE.gap)
        side_by_side.setSpacing(SPACE.gap)
        for part, parts in ((self._steps, LEFT_PARTS), (self.card, RIGHT_PARTS)):
            # Without a common base width the words would decide the proportion.
            part.setMinimumWidth(1)
            side_by_side.addWidget(part, parts)

    def retranslate(self) -> None:
        for part in (self.orders, self.amount, self.card):
            part.retranslate()

    def show_step(self, step: QWidget) -> None:
        self._steps.setCurrentWidget(step)
