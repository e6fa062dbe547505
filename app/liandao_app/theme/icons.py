"""Icons, drawn for Liandao: 24 by 24, one stroke width, coloured by the theme.

Kept as SVG text in the code: no asset to find at run time, and any colour and size.
"""

from enum import Enum
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

STROKE: Final = 'fill="none" stroke="{c}" stroke-width="2" stroke-linecap="round"'
SHEET: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g {s}>{b}</g></svg>'
PIXEL_RATIOS: Final = (1.0, 1.5, 2.0, 3.0)


class Icon(Enum):
    """Each value is the inside of an SVG; ``{c}`` stands for the colour."""

    ISLAND = (
        '<path d="M3 15 L8.5 7.5 L12 12 L15 8.5 L21 15" stroke-linejoin="round"/>'
        '<path d="M2.5 19 q2.4 -2 4.8 0 t4.8 0 t4.8 0 t4.6 0"/>'
    )
    SCAN = (
        '<path d="M4 8 V5 h3 M17 5 h3 v3 M20 16 v3 h-3 M7 19 H4 v-3" stroke-linejoin="round"/>'
        '<path d="M8 9 v6 M11 9 v6 M13.5 9 v6 M16 9 v6"/>'
    )
    CARD = '<rect x="3" y="5.5" width="18" height="13" rx="2.5"/><path d="M3 10 h18 M6.5 14.5 h4"/>'
    POINTS = '<path d="M12 3.5 L20 12 L12 20.5 L4 12 Z M12 8.5 L15.4 12 L12 15.5 L8.6 12 Z" ' + (
        'stroke-linejoin="round"/>'
    )
    CASH = (
        '<rect x="2.5" y="6" width="19" height="12" rx="2"/><circle cx="12" cy="12" r="2.8"/>'
        '<path d="M6 9.5 v0.01 M18 14.5 v0.01"/>'
    )
    OTHER = '<path d="M5.5 12 v0.01 M12 12 v0.01 M18.5 12 v0.01" stroke-width="3.4"/>'
    REFUND = (
        '<path d="M8 5 L4 9 L8 13" stroke-linejoin="round"/>'
        '<path d="M4.5 9 h10 a5 5 0 0 1 0 10 h-5"/>'
    )
    GIFT = (
        '<path d="M4.5 11 v8.5 h15 V11 M3 7.5 h18 V11 H3 Z M12 7.5 v12" stroke-linejoin="round"/>'
        '<path d="M12 7.5 c-6 0 -5.5 -5 -2.8 -4 c1.8 0.6 2.8 4 2.8 4 c0 0 1 -3.4 2.8 -4 '
        'c2.7 -1 3.2 4 -2.8 4" stroke-linejoin="round"/>'
    )
    RECEIPT = (
        '<path d="M6 3.5 h12 v17 l-2.4 -1.6 l-2.4 1.6 l-2.4 -1.6 l-2.4 1.6 L6 20.5 Z '
        'M9 8 h6 M9 12 h6" stroke-linejoin="round"/>'
    )
    CHECK = '<path d="M5 12.8 L10 17.5 L19.2 7" stroke-linejoin="round" stroke-width="2.6"/>'
    CROSS = '<path d="M6.5 6.5 L17.5 17.5 M17.5 6.5 L6.5 17.5" stroke-width="2.4"/>'
    ASKED = (
        '<path d="M7 3.5 h10 M7 20.5 h10"/>'
        '<path d="M8 3.8 v3.4 L12 12 L16 7.2 V3.8 M8 20.2 v-3.4 L12 12 L16 16.8 V20.2" '
        'stroke-linejoin="round"/>'
    )
    CLOCK = '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.2 V12 L15.4 14" />'
    IN_STEP = (
        '<circle cx="12" cy="12" r="9" fill="{c}" stroke="none"/>'
        '<path d="M8 12.4 L11 15.2 L16.2 9.4" stroke="{g}" stroke-linejoin="round"/>'
    )
    SYNCING = (
        '<circle cx="12" cy="12" r="8.5"/>'
        '<path d="M12 3.5 a8.5 8.5 0 0 1 0 17 Z" fill="{c}" stroke="none"/>'
    )
    ALONE = '<circle cx="12" cy="12" r="8.5"/><path d="M6.2 17.8 L17.8 6.2"/>'
    CONNECTING = '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.2 3.5"/>'
    GLOBE = (
        '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12 h17"/>'
        '<path d="M12 3.5 c-5.5 5 -5.5 12 0 17 c5.5 -5 5.5 -12 0 -17"/>'
    )
    BACK = (
        '<path d="M8.5 6 h10.5 a1.5 1.5 0 0 1 1.5 1.5 v9 a1.5 1.5 0 0 1 -1.5 1.5 h-10.5 L3 12 Z '
        'M11.5 9.7 l4.6 4.6 M16.1 9.7 l-4.6 4.6" stroke-linejoin="round"/>'
    )
    NEW_CARD = (
        '<path d="M20.5 11 V8 a2.5 2.5 0 0 0 -2.5 -2.5 H5.5 A2.5 2.5 0 0 0 3 8 v8 '
        'a2.5 2.5 0 0 0 2.5 2.5 H12 M3 10 h17.5 M18 14.5 v6 M15 17.5 h6"/>'
    )
    UNKNOWN = (
        '<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.6 a2.4 2.4 0 1 1 3.4 2.3 '
        'c-0.8 0.4 -1 0.9 -1 1.6 M12 16.6 v0.01"/>'
    )
    WARN = (
        '<path d="M12 4 L21 19.5 H3 Z" stroke-linejoin="round"/>'
        '<path d="M12 10 v4.2 M12 17 v0.01"/>'
    )


def svg_of(icon: Icon, colour: str, ground: str) -> bytes:
    """The whole SVG. ``ground`` shows through cut-outs."""
    body = icon.value.replace("{c}", colour).replace("{g}", ground)
    return SHEET.format(s=STROKE.format(c=colour), b=body).encode()


@lru_cache(maxsize=256)
def pixmap(
    icon: Icon, colour: str, size_px: int, ratio: float = 1.0, ground: str = "#ffffff"
) -> QPixmap:
    """The icon, sharp at the given device pixel ratio."""
    picture = QPixmap(round(size_px * ratio), round(size_px * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg_of(icon, colour, ground))).render(
        painter, QRectF(0, 0, picture.width(), picture.height())
    )
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon_of(icon: Icon, colour: str, size_px: int) -> QIcon:
    """For buttons and the window: one picture for each usual pixel ratio."""
    made = QIcon()
    for ratio in PIXEL_RATIOS:
        made.addPixmap(pixmap(icon, colour, size_px, ratio))
    return made
