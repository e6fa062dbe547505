"""Font families by language, with figures of one width.

Chinese and Japanese share code points and not shapes: without the family of the language a
Japanese text comes out in Chinese glyphs.
"""

from typing import Final

from PySide6.QtGui import QFont

from liandao_app.i18n.language import Language

LATIN: Final = ("Noto Sans", "Segoe UI", "Helvetica Neue")
CHINESE: Final = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei")
CHINESE_MORE: Final = ("PingFang SC", "WenQuanYi Micro Hei", "Droid Sans Fallback")
JAPANESE: Final = ("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Yu Gothic UI")
JAPANESE_MORE: Final = ("Hiragino Sans", "Meiryo", "VL Gothic", "Droid Sans Fallback")
LAST: Final = ("DejaVu Sans",)

FAMILIES: Final = {
    # English falls to a CJK family too: shop names are written in any script.
    Language.ENGLISH: LATIN + CHINESE + CHINESE_MORE + LAST,
    Language.CHINESE: CHINESE + CHINESE_MORE + LAST,
    Language.JAPANESE: JAPANESE + JAPANESE_MORE + LAST,
}


def font_for(language: Language, size_px: int) -> QFont:
    """The app's font: tabular figures, so that amounts stand in columns."""
    font = QFont()
    font.setFamilies(list(FAMILIES[language]))
    font.setPixelSize(size_px)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font
