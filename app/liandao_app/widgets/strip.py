"""The strip at the bottom: the last sale in its state, and what a refusal asks to decide.

It keeps its place and height. State is told by word and icon, the colour only repeats it.
"""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from liandao_app.i18n.phrases import Line, Mood
from liandao_app.theme.icons import Icon
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.parts import label, picture, row, show_icon

translate = QCoreApplication.translate

ICON_PX = 34
TONES = {Mood.QUIET: "soft", Mood.WARN: "sentence", Mood.REFUSED: "sentence"}
"""Figures of a sale are large, sentences a little less, so that two lines fit."""


class Strip(QFrame):
    """Emits what its buttons ask for; which of them are there the screen says."""

    without_points_pressed = Signal()
    read_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        dress(self, role="strip", state="quiet")
        self.setFixedHeight(SPACE.strip)
        self._looks = {
            Mood.QUIET: (None, palette.soft),
            Mood.ASKED: (Icon.ASKED, palette.on_asked),
            Mood.CERTIFIED: (Icon.CHECK, palette.on_good),
            Mood.REFUSED: (Icon.CROSS, palette.on_bad),
            Mood.WARN: (Icon.WARN, palette.on_warn),
        }
        self._icon = picture(Icon.CHECK, palette.soft, ICON_PX)
        self._line, self._state = label("line", wrap=True), label("state", wrap=True)
        self._change_name, self._change = label("state", right=True), label("change", right=True)
        self.without = KeyButton(palette, key="Enter")
        self.read = KeyButton(palette, key="Esc")
        self.without.clicked.connect(self.without_points_pressed)
        self.read.clicked.connect(self.read_pressed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._line)
        words.addWidget(self._state)
        words.addStretch(1)
        change = QVBoxLayout()
        change.setSpacing(0)
        change.addStretch(1)
        change.addWidget(self._change_name)
        change.addWidget(self._change)
        change.addStretch(1)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(SPACE.wide, SPACE.hair, SPACE.wide, SPACE.hair)
        inside.setSpacing(SPACE.gap)
        inside.addWidget(self._icon)
        inside.addLayout(words, 1)
        inside.addLayout(change)
        inside.addLayout(row(self.without, self.read))

    def retranslate(self) -> None:
        self.without.set_words(translate("Counter", "Without points"))
        self._change_name.setText(translate("Counter", "Change"))

    def show_line(self, line: Line) -> None:
        """Everything at once: words, mood, change, buttons."""
        dress(self, state=line.mood.value)
        icon, colour = self._looks[line.mood]
        self._icon.setVisible(icon is not None)
        if icon is not None:
            show_icon(self._icon, icon, colour)
        self._line.setText(line.words)
        dress(self._line, tone=TONES.get(line.mood, "line"))
        self._state.setText(line.state)
        self._state.setVisible(bool(line.state))
        self._change.setText(line.change)
        for part in (self._change, self._change_name):
            part.setVisible(bool(line.change))
        self.without.setVisible(line.offers_without_points)
        self.read.setVisible(bool(line.close))
        if line.close:
            self.read.set_words(line.close)
        self.setAccessibleName(f"{line.state} {line.words}".strip())

    def words(self) -> str:
        """What it says now, for the scripted cashier and tests."""
        return self._line.text()

    def state_words(self) -> str:
        """The smaller line below."""
        return self._state.text()
