"""A QR code as a widget, for handing a new card to the customer's phone."""

import segno
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

QUIET_MODULES = 3


class QrCode(QWidget):
    """Dark on white whatever the theme: that is what cameras read."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[bytearray] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 150)

    def show_payload(self, payload: str) -> None:
        self._rows = [bytearray(row) for row in segno.make(payload, error="m").matrix]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        modules = len(self._rows) + 2 * QUIET_MODULES
        scale = max(1, min(self.width(), self.height()) // modules)
        side = scale * modules
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        painter.fillRect(QRect(left, top, side, side), QColor("white"))
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    at_x = left + (x + QUIET_MODULES) * scale
                    at_y = top + (y + QUIET_MODULES) * scale
                    painter.fillRect(at_x, at_y, scale, scale, QColor("black"))
        painter.end()
