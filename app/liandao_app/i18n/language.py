"""The languages of the counter, and changing between them while it runs.

English stands in the source. The others are Qt translations: ``liandao_<name>.ts`` is what
translators edit, ``.qm`` what Qt loads; ``app/update_translations.py`` keeps both in step.
"""

from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

FOLDER: Final = Path(__file__).parent


class Language(Enum):
    """By the name of its translation file."""

    ENGLISH = "en"
    CHINESE = "zh_CN"
    JAPANESE = "ja"

    @property
    def own_name(self) -> str:
        """As its speakers write it."""
        return OWN_NAMES[self]

    @property
    def locale(self) -> QLocale:
        return QLocale(self.value)


OWN_NAMES: Final = {
    Language.ENGLISH: "English",
    Language.CHINESE: "简体中文",
    Language.JAPANESE: "日本語",
}


def language_named(name: str) -> Language | None:
    """The language of a name such as ``zh``, ``zh-Hans``, ``zh_CN.UTF-8`` or ``ja-JP``."""
    base = name.replace("-", "_").split(".")[0].split("_")[0].lower()
    for language in Language:
        if language.value.split("_")[0].lower() == base:
            return language
    return None


def system_language() -> Language:
    """The first of the system's languages that we have, else English."""
    for name in QLocale.system().uiLanguages():
        language = language_named(name)
        if language is not None:
            return language
    return Language.ENGLISH


class Translations:
    """The one installed translator of the application."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None
        self.language = Language.ENGLISH

    def use(self, language: Language) -> None:
        """Changes the language; Qt tells every widget with a LanguageChange event."""
        app = QCoreApplication.instance()
        assert app is not None, "an application comes first"
        if self._translator is not None:
            app.removeTranslator(self._translator)
            self._translator = None
        self.language = language
        QLocale.setDefault(language.locale)
        if language is Language.ENGLISH:
            return
        translator = QTranslator(app)
        loaded = translator.load(str(FOLDER / f"liandao_{language.value}.qm"))
        assert loaded, f"the translation for {language.value} is part of the package"
        app.installTranslator(translator)
        self._translator = translator
