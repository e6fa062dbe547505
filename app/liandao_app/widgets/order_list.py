"""The register's newest sales, to pick one from: number, time, amount, what is special."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, TYPE, Palette

ROW_HEIGHT: Final = SPACE.target + SPACE.hair
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
NUMBER_PARTS, TIME_PARTS, AMOUNT_PARTS = 15, 23, 15
"""Of a hundred; the note has the rest."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What one row says."""

    number: str
    time: str
    amount: str
    note: str
    over: bool
    """Nothing is left of it."""


class OrderList(QListWidget):
    """Emits `picked` with the row's place."""

    picked = Signal(int)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        dress(self, role="list")
        self._rows: list[OrderRow] = []
        self.setItemDelegate(RowDelegate(palette, self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.itemClicked.connect(lambda item: self.picked.emit(self.row(item)))

    def show_rows(self, rows: list[OrderRow]) -> None:
        """Other rows; the chosen place stays."""
        if rows == self._rows:
            return
        at = max(0, self.currentRow())
        self._rows = rows
        self.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.number}  {row.time}  {row.amount}  {row.note}".strip())
            item.setData(ROW_ROLE, row)
            self.addItem(item)
        if rows:
            self.setCurrentRow(min(at, len(rows) - 1))

    def pick(self) -> None:
        """Enter: the row that is marked."""
        if self.currentRow() >= 0:
            self.picked.emit(self.currentRow())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
        }:
            super().keyPressEvent(event)
        else:
            # Digits, Enter and the rest are the screen's.
            event.ignore()


class RowDelegate(QStyledItemDelegate):
    """Paints a row in columns, so that times and amounts stand below each other."""

    def __init__(self, palette: Palette, parent: OrderList) -> None:
        super().__init__(parent)
        self._palette = palette

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        del index
        return QSize(option.rect.width(), ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(ROW_ROLE)
        assert isinstance(row, OrderRow)
        palette, frame = self._palette, option.rect.adjusted(2, 2, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = palette.soft if row.over else palette.ink
        if option.state & QStyle.StateFlag.State_Selected:
            ink = palette.on_tint
            painter.setBrush(QColor(palette.tint))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(frame), 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.ring), SPACE.ring))
            painter.drawRoundedRect(QRectF(frame), 8, 8)
        painter.setPen(QColor(ink))
        self._paint_words(painter, frame.adjusted(SPACE.gap, 0, -SPACE.gap, 0), row, option)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, frame: QRect, row: OrderRow, option: QStyleOptionViewItem
    ) -> None:
        left, centre = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight
        small = option.font
        strong = option.font
        strong.setBold(True)
        at = frame.left()
        for words, parts, side, bold in (
            (row.number, NUMBER_PARTS, left, True),
            (row.time, TIME_PARTS, left, False),
            (row.amount, AMOUNT_PARTS, right, True),
            (row.note, 0, left, False),
        ):
            width = frame.width() * parts // 100 if parts else frame.right() - at
            font = strong if bold else small
            font.setBold(bold)
            font.setPixelSize(TYPE.body if bold else TYPE.small)
            painter.setFont(font)
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(at, frame.top(), width, frame.height()), side | centre, shown)
            at += width + (SPACE.wide if side is right else 0)
