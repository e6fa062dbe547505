"""The counter's window: screen, scanner and language together, and an orderly end."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from liandao_app.devices.burst import BurstReader
from liandao_app.devices.scanner import Clock, Scanner, struck_ms
from liandao_app.i18n.language import Language, Translations
from liandao_app.screens.counter import CounterScreen
from liandao_app.services.till import Till
from liandao_app.theme.fonts import FAMILIES, font_for
from liandao_app.theme.icons import Icon, icon_of
from liandao_app.theme.style import style_sheet
from liandao_app.theme.tokens import TYPE, Palette

WIDTH_MIN: Final = 1024
HEIGHT_MIN: Final = 700


class CounterWindow(QMainWindow):
    """Emits `closing` once when the user closes it; whoever runs the till then ends it and
    calls `let_close`. Until that the window stays alive, and what is held is given back."""

    closing = Signal()
    language_changed = Signal(Language)

    def __init__(
        self,
        till: Till,
        palette: Palette,
        translations: Translations,
        scanner_clock: Clock = struck_ms,
        reader: BurstReader | None = None,
    ) -> None:
        super().__init__()
        self._translations = translations
        self._may_close = False
        self._asked = False
        self._palette = palette
        self.setWindowIcon(icon_of(Icon.ISLAND, palette.accent, 64))
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        self.counter = CounterScreen(till, palette, translations.language)
        self.setCentralWidget(self.counter)
        self.scanner = Scanner(self.counter.snapshot, reader, scanner_clock, self)
        self.scanner.scanned.connect(self.counter.scanned)
        application().installEventFilter(self.scanner)
        self.counter.places.bar.language_chosen.connect(self.use_language)
        self._dress()

    def use_language(self, language: Language) -> None:
        """Changes every word on the screen, with the fonts for it."""
        self._translations.use(language)
        self._dress()
        self.counter.retranslate(language)
        self.language_changed.emit(language)

    def let_close(self) -> None:
        """The till has ended: the window may go."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            application().removeEventFilter(self.scanner)
            event.accept()
            return
        event.ignore()
        if not self._asked:
            self._asked = True
            self.setEnabled(False)
            self.closing.emit()

    def _dress(self) -> None:
        language = self._translations.language
        application().setFont(font_for(language, TYPE.body))
        # The families stand in the style sheet too: a font set on the application does not
        # reach a widget whose font the sheet has touched.
        self.setStyleSheet(style_sheet(self._palette, FAMILIES[language]))
        self.setWindowTitle("链岛 Liandao" if language is Language.CHINESE else "Liandao")


def application() -> QApplication:
    """The one application; it exists before any window."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
