"""Small pieces that all cards are made of."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from liandao_app.theme.icons import Icon, pixmap
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE


class Card(QFrame):
    """A white panel with one column in it."""

    def __init__(self) -> None:
        super().__init__()
        dress(self, role="card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE.wide, SPACE.gap, SPACE.wide, SPACE.gap)
        self.column.setSpacing(SPACE.small)


class ShorteningLabel(QLabel):
    """One line that is cut with an ellipsis where there is no room, and never pushes."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


def label(tone: str = "", *, wrap: bool = False, right: bool = False) -> QLabel:
    """An empty label in one of the style sheet's tones."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    if tone:
        dress(made, tone=tone)
    return made


def picture(icon: Icon, colour: str, size_px: int) -> QLabel:
    """An icon. What it means stands in words beside it."""
    made = QLabel()
    made.setFixedSize(size_px, size_px)
    show_icon(made, icon, colour)
    return made


def show_icon(target: QLabel, icon: Icon, colour: str, ground: str = "#ffffff") -> None:
    """Puts another icon in a label made by `picture`."""
    size = target.width()
    target.setPixmap(pixmap(icon, colour, size, target.devicePixelRatioF(), ground))


def row(*parts: QWidget | int, spacing: int = SPACE.small) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            made.addStretch(part)
        else:
            made.addWidget(part)
    return made
