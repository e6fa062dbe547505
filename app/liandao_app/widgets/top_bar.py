"""The top bar: which shop and register, how the ledger does, what wants attention."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton

from liandao_app.i18n.language import Language
from liandao_app.services.light import LedgerView, Light
from liandao_app.theme.icons import Icon, icon_of
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.parts import ShorteningLabel, label, picture, show_icon

translate = QCoreApplication.translate

LIGHT_ICONS = {
    Light.IN_STEP: Icon.IN_STEP,
    Light.SYNCING: Icon.SYNCING,
    Light.ALONE: Icon.ALONE,
    Light.CONNECTING: Icon.CONNECTING,
}
LIGHT_GREEN = "#7be0a6"
MINUTE_MS = 60_000
CHIP_HEIGHT = 32


class Chip(QFrame):
    """Icon and words in a rounded frame."""

    def __init__(self, icon: Icon, colour: str) -> None:
        super().__init__()
        dress(self, role="chip")
        self.setFixedHeight(CHIP_HEIGHT)
        self._picture = picture(icon, colour, 20)
        self._words = label()
        inside = QHBoxLayout(self)
        inside.setContentsMargins(10, 0, 12, 0)
        inside.setSpacing(7)
        inside.addWidget(self._picture)
        inside.addWidget(self._words)

    def show_words(self, words: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(words)

    def show_icon(self, icon: Icon, colour: str, ground: str) -> None:
        show_icon(self._picture, icon, colour, ground)


class TopBar(QFrame):
    """Emits `language_chosen` from its menu."""

    language_chosen = Signal(Language)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        dress(self, role="bar")
        self.setFixedHeight(SPACE.bar)
        self._shop = label("title")
        self._street = ShorteningLabel()
        dress(self._street, tone="soft")
        self._ledger = Chip(Icon.CONNECTING, palette.bar_ink)
        self._clock = Chip(Icon.CLOCK, palette.on_warn)
        self._unsent = Chip(Icon.ASKED, palette.on_warn)
        for warning in (self._clock, self._unsent):
            dress(warning, tone="warn")
            warning.hide()
        self.language_button = self._make_language_button()
        inside = QHBoxLayout(self)
        inside.setContentsMargins(SPACE.wide, 0, SPACE.small, 0)
        inside.setSpacing(SPACE.small)
        inside.addWidget(picture(Icon.ISLAND, palette.bar_ink, 28))
        inside.addWidget(self._shop)
        inside.addWidget(self._street, 1)
        for part in (self._unsent, self._clock, self._ledger, self.language_button):
            inside.addWidget(part)

    def show_place(self, shop: str, street: str, register: int) -> None:
        """Names of shop and street, empty before the first connection."""
        self._shop.setText(shop or "Liandao")
        where = translate("Counter", "Register {number}").format(number=register)
        self._street.setText(f"{street} · {where}" if street else where)

    def show_ledger(self, view: LedgerView) -> None:
        icon = LIGHT_ICONS[view.light]
        colour = LIGHT_GREEN if view.light is Light.IN_STEP else self._palette.bar_ink
        self._ledger.show_icon(icon, colour, self._palette.bar)
        self._ledger.show_words(_ledger_words(view))
        self._clock.setVisible(view.clock_skew_ms != 0)
        if view.clock_skew_ms:
            self._clock.show_words(_clock_words(view.clock_skew_ms))
            advice = translate("Counter", "Points use the street's time. Please correct the clock.")
            self._clock.setToolTip(advice)

    def show_unsent(self, count: int) -> None:
        """Sales that wait for their certificate; 0 hides it."""
        self._unsent.setVisible(count > 0)
        self._unsent.show_words(translate("Counter", "{count} not confirmed").format(count=count))

    def show_language(self, language: Language) -> None:
        self.language_button.setText(language.own_name)
        self.language_button.setAccessibleName(
            translate("Counter", "Language: {name}").format(name=language.own_name)
        )
        for action in self.language_button.menu().actions():
            action.setChecked(action.data() is language)

    def ledger_words(self) -> str:
        return self._ledger.accessibleName()

    def clock_words(self) -> str:
        """Empty while the clock is right."""
        return self._clock.accessibleName() if self._clock.isVisible() else ""

    def _make_language_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon_of(Icon.GLOBE, self._palette.bar_ink, 20))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for language in Language:
            action = menu.addAction(language.own_name)
            action.setData(language)
            action.setCheckable(True)
            group.addAction(action)
        menu.triggered.connect(lambda action: self.language_chosen.emit(action.data()))
        button.setMenu(menu)
        return button


def _ledger_words(view: LedgerView) -> str:
    words = {
        Light.IN_STEP: translate("Counter", "Street in step · {reached} of {shops} shops"),
        Light.SYNCING: translate("Counter", "Catching up · {reached} of {shops}"),
        Light.ALONE: translate("Counter", "Street out of reach · {reached} of {shops} shops"),
        Light.CONNECTING: translate("Counter", "Connecting…"),
    }[view.light]
    return words.format(reached=view.reached, shops=view.shops)


def _clock_words(skew_ms: int) -> str:
    minutes = max(1, abs(skew_ms) // MINUTE_MS)
    if skew_ms > 0:
        return translate("Counter", "Clock {minutes} min fast").format(minutes=minutes)
    return translate("Counter", "Clock {minutes} min slow").format(minutes=minutes)
