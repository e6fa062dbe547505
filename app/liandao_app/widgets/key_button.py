"""A button with its key written on it, so that the keyboard is learned by looking.

The frame comes from the style sheet; icon, words and keycap are painted here, since child
labels of a button would not follow its states.
"""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from liandao_app.theme.icons import Icon, pixmap
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, TYPE, Palette

ICON_PX: Final = 22
CAP_PAD: Final = 6
CAP_HEIGHT: Final = 19
CAP_RADIUS: Final = 5


class KeyButton(QPushButton):
    """Icon, words, keycap; any of icon and keycap may be absent.

    A main key is taller and carries its keycap below the words.
    """

    def __init__(
        self, palette: Palette, *, key: str = "", icon: Icon | None = None, main: bool = False
    ) -> None:
        super().__init__()
        self._palette = palette
        self._key = key
        self._icon = icon
        self._main = main
        self._words = ""
        dress(self, role="main" if main else "plain")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)

    def set_words(self, words: str) -> None:
        """What the button does, in the user's language."""
        self._words = words
        self.setAccessibleName(f"{words} ({self._key})" if self._key else words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        width = self._words_width()
        if not self._main and self._key:
            width += SPACE.small + self._cap_width()
        around = 2 * (SPACE.gap + SPACE.ring)
        return QSize(round(width) + around, SPACE.main_key if self._main else SPACE.target + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._ink()
        whole = QRectF(self.rect())
        if self._main and self._key:
            line = whole.adjusted(0, 7, 0, -(CAP_HEIGHT + 10))
            self._paint_words(painter, line, self._words_width(), ink)
            cap_left = whole.center().x() - self._cap_width() / 2
            self._paint_cap(painter, cap_left, whole.bottom() - CAP_HEIGHT - 8, ink)
        else:
            width = self._words_width()
            cap = SPACE.small + self._cap_width() if self._key else 0.0
            line = QRectF(whole.center().x() - (width + cap) / 2, 0, width, whole.height())
            self._paint_words(painter, line, width, ink)
            if self._key:
                top = whole.center().y() - CAP_HEIGHT / 2
                self._paint_cap(painter, line.right() + SPACE.small, top, ink)
        painter.end()

    def _paint_words(self, painter: QPainter, line: QRectF, width: float, ink: str) -> None:
        left = line.center().x() - width / 2
        if self._icon is not None:
            ratio = self.devicePixelRatioF()
            top = line.center().y() - ICON_PX / 2
            painter.drawPixmap(round(left), round(top), pixmap(self._icon, ink, ICON_PX, ratio))
            left += ICON_PX + SPACE.small
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        place = QRectF(left, line.top(), width, line.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._words)

    def _paint_cap(self, painter: QPainter, left: float, top: float, ink: str) -> None:
        frame = QRectF(left, top, self._cap_width(), CAP_HEIGHT)
        pen = QPen(QColor(ink))
        pen.setWidthF(1.0)
        painter.setPen(pen)
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), CAP_RADIUS, CAP_RADIUS)
        painter.setFont(self._cap_font())
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._key)

    def _ink(self) -> str:
        if not self.isEnabled():
            return self._palette.on_off
        return self._palette.on_accent if self._main else self._palette.ink

    def _words_width(self) -> float:
        icon = ICON_PX + SPACE.small if self._icon is not None else 0
        return icon + QFontMetricsF(self.font()).horizontalAdvance(self._words)

    def _cap_width(self) -> float:
        return QFontMetricsF(self._cap_font()).horizontalAdvance(self._key) + 2 * CAP_PAD

    def _cap_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(TYPE.cap)
        return font


def no_focus(button: QWidget) -> None:
    """For keys of the pad: pressing one leaves the focus in the field it writes to."""
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
