"""The refund's right side: money and points told apart, one confirmation, and how it ended (R5)."""

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from liandao_app.theme.icons import Icon
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.customer_card import MessagePage
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.parts import Card, label, picture, row
from liandao_app.widgets.qr import QrCode

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Sums:
    """What a refund moves, in words."""

    money: str
    points: str
    money_how: str
    """Where the money goes: cash, bank card."""
    points_how: str
    notes: tuple[str, ...] = ()
    """Points taken back, points set off later."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The customer's slip: lines of a name and a sum, and what its code says."""

    title: str
    lines: tuple[tuple[str, str], ...] = field(default=())
    payload: str = ""


class SumBox(QFrame):
    """One of the two sums: money, or points."""

    def __init__(self, icon: Icon, colour: str, role: str = "tint", tone: str = "sum") -> None:
        super().__init__()
        dress(self, role=role)
        self._name, self._sum, self._how = label(), label(tone), label("small", wrap=True)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(SPACE.wide, SPACE.gap, SPACE.wide, SPACE.gap)
        inside.setSpacing(0)
        inside.addLayout(row(picture(icon, colour, 20), self._name, 1))
        inside.addWidget(self._sum)
        inside.addWidget(self._how)

    def show_sum(self, name: str, amount: str, how: str) -> None:
        self._name.setText(name)
        self._sum.setText(amount)
        self._how.setText(how)
        self.setAccessibleName(f"{name} {amount}")


class PreviewPage(QWidget):
    """What would be moved, before the one confirmation."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title = label("heading")
        self._money = SumBox(Icon.CASH, palette.on_tint, tone="figure")
        self._points = SumBox(Icon.POINTS, palette.on_tint)
        self._notes = label(wrap=True)
        self._trouble = label("bad", wrap=True)
        self.confirm = KeyButton(palette, key="F5", icon=Icon.REFUND, main=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(self._title)
        column.addWidget(self._money)
        column.addWidget(self._points)
        column.addWidget(self._notes)
        column.addWidget(self._trouble)
        column.addStretch(1)
        column.addWidget(self.confirm)

    def show_preview(self, title: str, sums: Sums | None, confirm: str, trouble: str) -> None:
        """``sums`` is None while they are not known: then nothing can be confirmed."""
        self._title.setText(title)
        known = sums or Sums("–", "–", "", "")
        self._money.show_sum(translate("Counter", "Money back"), known.money, known.money_how)
        self._points.show_sum(translate("Counter", "Points back"), known.points, known.points_how)
        self._notes.setText("\n".join(known.notes))
        self._notes.setVisible(bool(known.notes))
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        self.confirm.setEnabled(sums is not None)
        self.confirm.set_words(confirm)

    def notes(self) -> str:
        return self._notes.text()


class DonePage(QWidget):
    """Certified: what to hand over now, and the customer's slip."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._money = SumBox(Icon.CASH, palette.on_good, role="done", tone="figure")
        self._points = SumBox(Icon.POINTS, palette.on_tint)
        self._title, self._qr = label("heading", wrap=True), QrCode()
        self._lines = QGridLayout()
        self._shown: list[QWidget] = []
        self._lines.setHorizontalSpacing(SPACE.gap)
        self._lines.setVerticalSpacing(0)
        self._lines.setColumnStretch(0, 1)
        self.done = KeyButton(palette, key="Enter", icon=Icon.CHECK, main=True)
        paper = QVBoxLayout()
        paper.addWidget(self._title)
        paper.addLayout(self._lines)
        paper.addStretch(1)
        slip = row()
        slip.addLayout(paper, 1)
        slip.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        self._qr.setFixedSize(130, 130)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(self._money)
        column.addWidget(self._points)
        column.addLayout(slip, 1)
        column.addWidget(self.done)

    def show_done(self, sums: Sums, paper: Paper) -> None:
        """What is handed over, and the slip."""
        self._money.show_sum(translate("Counter", "Give back now"), sums.money, sums.money_how)
        self._points.show_sum(translate("Counter", "Points back"), sums.points, sums.points_how)
        self._title.setText(paper.title)
        for old in self._shown:
            self._lines.removeWidget(old)
            old.deleteLater()
        self._shown.clear()
        for at, (name, amount) in enumerate(paper.lines):
            name_label, amount_label = label("paper", wrap=True), label("paper", right=True)
            name_label.setText(name)
            amount_label.setText(amount)
            self._shown += [name_label, amount_label]
            self._lines.addWidget(name_label, at, 0)
            self._lines.addWidget(amount_label, at, 1, Qt.AlignmentFlag.AlignTop)
        if paper.payload:
            self._qr.show_payload(paper.payload)
        self._qr.setVisible(bool(paper.payload))


class RefundCard(Card):
    """The pages, and what their buttons ask for."""

    confirm_pressed = Signal()
    done_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.read_button = KeyButton(palette, key="Enter")
        self.message = MessagePage(palette)
        self.refused = MessagePage(palette, self.read_button)
        self.preview = PreviewPage(palette)
        self.done = DonePage(palette)
        self._pages = QStackedWidget()
        for page in (self.message, self.preview, self.done, self.refused):
            self._pages.addWidget(page)
        self.column.addWidget(self._pages)
        self.preview.confirm.clicked.connect(self.confirm_pressed)
        self.done.done.clicked.connect(self.done_pressed)
        self.read_button.clicked.connect(self.done_pressed)

    def retranslate(self) -> None:
        self.read_button.set_words(translate("Counter", "Understood"))
        self.preview.confirm.set_words(translate("Counter", "Refund"))
        self.done.done.set_words(translate("Counter", "Done"))

    def show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)

    def shows(self, page: QWidget) -> bool:
        return self._pages.currentWidget() is page
