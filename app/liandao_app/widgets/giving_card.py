"""Points by hand, the right side: reason, two people, a PIN, one confirmation, and how it ended."""

from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QStackedWidget, QWidget

from liandao_app.theme.icons import Icon
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.customer_card import MessagePage, Page
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.parts import Card, label

translate = QCoreApplication.translate

PIN_DIGITS_MAX = 12
ARROW_PX = 10


class Choice(QComboBox):
    """One of a few words; nothing is chosen until somebody chooses."""

    def show_choices(self, choices: list[tuple[str, str]]) -> None:
        """Pairs of value and words. What is chosen stays, if it is still offered."""
        if [(self.itemData(at), self.itemText(at)) for at in range(self.count())] == choices:
            return
        chosen = self.value()
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        self.setCurrentIndex(self.findData(chosen) if chosen else -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # The style sheet takes the arrow away with the frame, and without one it is no choice.
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Text
        pen = QPen(self.palette().color(role))
        pen.setWidthF(ARROW_PX / 5)
        painter.setPen(pen)
        x, y = self.width() - SPACE.wide - ARROW_PX, self.height() / 2 - ARROW_PX / 4
        middle = QPointF(x + ARROW_PX / 2, y + ARROW_PX / 2)
        painter.drawLine(QPointF(x, y), middle)
        painter.drawLine(middle, QPointF(x + ARROW_PX, y))
        painter.end()

    def value(self) -> str:
        return str(self.currentData() or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space}:
            super().keyPressEvent(event)
        else:
            # Enter, Esc and function keys are the screen's.
            event.ignore()


class PinField(QLineEdit):
    """Digits that nobody sees, typed or from the pad."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setMaxLength(PIN_DIGITS_MAX)

    def press(self, char: str) -> None:
        if char.isascii() and char.isdigit():
            self.insert(char)

    def back(self) -> None:
        self.backspace()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.back()
        elif len(event.text()) == 1 and event.text().isprintable():
            self.press(event.text())
        else:
            event.ignore()


class GivingForm(Page):
    """What has to be filled in."""

    changed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.reason, self.asked_by, self.approved_by = Choice(), Choice(), Choice()
        self.pin = PinField()
        self._names: list[tuple[QLabel, QWidget]] = []
        grid = QGridLayout()
        grid.setVerticalSpacing(SPACE.hair)
        for field in (self.reason, self.asked_by, self.approved_by, self.pin):
            name = label("heading")
            name.setBuddy(field)
            self._names.append((name, field))
            grid.addWidget(name, grid.rowCount(), 0)
            grid.addWidget(field, grid.rowCount(), 0)
        self._trouble = label("bad", wrap=True)
        self.confirm = KeyButton(palette, key="F5", icon=Icon.GIFT, main=True)
        self.column.addLayout(grid)
        self.column.addWidget(self._trouble)
        self.column.addStretch(1)
        self.column.addWidget(self.confirm)
        for choice in (self.reason, self.asked_by, self.approved_by):
            choice.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.pin.textChanged.connect(lambda _: self.changed.emit())

    def retranslate(self) -> None:
        words = (
            translate("Counter", "Reason"),
            translate("Counter", "Asked for by"),
            translate("Counter", "Approved by"),
            translate("Counter", "PIN of who approves"),
        )
        for (name, field), text in zip(self._names, words, strict=True):
            name.setText(text)
            field.setAccessibleName(text)
            if isinstance(field, Choice):
                field.setPlaceholderText(translate("Counter", "Please choose"))
        self.confirm.set_words(translate("Counter", "Give points"))

    def empty(self) -> None:
        for choice in (self.reason, self.asked_by, self.approved_by):
            choice.setCurrentIndex(-1)
        self.pin.clear()

    def show_state(self, trouble: str, confirm: str, *, ready: bool) -> None:
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        self.confirm.set_words(confirm)
        self.confirm.setEnabled(ready)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """In the order in which they are filled in."""
        return (self.reason, self.asked_by, self.approved_by, self.pin)


class GivingCard(Card):
    """The form, or what became of it."""

    confirm_pressed = Signal()
    done_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.form = GivingForm(palette)
        self.done_button = KeyButton(palette, key="Enter")
        self.asked, self.done = MessagePage(palette), MessagePage(palette, self.done_button)
        self._pages = QStackedWidget()
        for page in (self.form, self.asked, self.done):
            self._pages.addWidget(page)
        self.column.addWidget(self._pages)
        self.form.confirm.clicked.connect(self.confirm_pressed)
        self.done_button.clicked.connect(self.done_pressed)

    def retranslate(self) -> None:
        self.form.retranslate()
        self.done_button.set_words(translate("Counter", "Done"))

    def show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)

    def shows(self, page: QWidget) -> bool:
        return self._pages.currentWidget() is page
