"""The style sheet, written from the tokens. Widgets say what they are with the properties
``role`` and ``tone``; how that looks stands here alone.
"""

from string import Template
from typing import Final

from PySide6.QtWidgets import QWidget

from liandao_app.theme.tokens import SPACE, TYPE, Palette

SHEET: Final = Template(
    """
QWidget { color: $ink; font-size: ${body}px; font-family: $families; }
#counter { background: $page; }
QToolTip { color: $ink; background: $surface; border: 1px solid $line; padding: 4px; }

[role="bar"] { background: $bar; }
[role="bar"] QLabel { color: $bar_ink; }
[role="bar"] QLabel[tone="soft"] { color: $bar_soft; }
[role="bar"] QToolButton {
    color: $bar_ink; background: transparent; border: ${ring}px solid transparent;
    border-radius: 8px; padding: 0 8px; min-height: 38px;
}
[role="bar"] QToolButton:hover { background: rgba(255, 255, 255, 28); }
[role="bar"] QToolButton:focus { border-color: $focus; }
[role="bar"] QToolButton::menu-indicator { image: none; }
[role="chip"] { border-radius: 14px; background: rgba(255, 255, 255, 24); }
[role="chip"][tone="warn"] { background: $warn; }
[role="bar"] [role="chip"][tone="warn"] QLabel { color: $on_warn; }
QMenu { background: $surface; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 10px 28px; border-radius: 6px; min-height: 24px; }
QMenu::item:selected { background: $tint; color: $on_tint; }

[role="card"] { background: $surface; border: 1px solid $line; border-radius: ${radius}px; }
QLabel { background: transparent; }
QLabel[tone="soft"] { color: $soft; }
QLabel[tone="small"] { color: $soft; font-size: ${small}px; }
QLabel[tone="good"] { color: $good_ink; font-size: ${small}px; }
QLabel[tone="bad"] { color: $bad_ink; font-size: ${small}px; }
QLabel[tone="heading"] { font-weight: 600; }
QLabel[tone="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[tone="figure"] { font-size: ${figure}px; font-weight: 700; }
QLabel[tone="to_pay"] { font-size: ${to_pay}px; font-weight: 700; }
QLabel[tone="sign"] { font-size: ${sign}px; color: $soft; }
QLabel[tone="nothing"] { font-size: ${to_pay}px; font-weight: 700; color: $soft; }
QLabel[tone="keycap"] {
    font-size: ${cap}px; font-weight: 600; color: $soft; border: 1px solid $soft;
    border-radius: 5px; padding: 0 5px;
}
QLabel[tone="sum"] { font-size: ${sign}px; font-weight: 700; }
QLabel[tone="paper"] { font-size: ${small}px; }
[role="list"] { background: transparent; border: none; outline: none; }
[role="list"]::item { border: none; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 0; }
QScrollBar::handle:vertical {
    background: $line; border-radius: 5px; min-height: 44px; margin: 2px;
}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; height: 0;
}
QComboBox {
    background: $sunken; border: ${ring}px solid $line; border-radius: 10px;
    padding: 0 10px; min-height: 42px; font-weight: 600;
}
QComboBox:focus { border-color: $focus; background: $surface; }
QComboBox:disabled { color: $on_off; background: $off; border-color: $off; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; outline: none; }
QComboBox QAbstractItemView::item { min-height: 44px; padding: 0 10px; }
QComboBox QAbstractItemView::item:selected { background: $tint; color: $on_tint; }
[role="tint"] { background: $tint; border-radius: 10px; }
[role="tint"] QLabel { color: $on_tint; }
[role="done"] { background: $good; border-radius: 10px; }
[role="done"] QLabel { color: $on_good; }

QLineEdit {
    background: $sunken; border: ${ring}px solid $line; border-radius: 10px;
    padding: 0 10px; min-height: 42px; font-size: ${title}px; font-weight: 600;
    selection-background-color: $tint; selection-color: $on_tint;
}
QLineEdit:focus { border-color: $focus; background: $surface; }
QLineEdit:disabled { color: $on_off; background: $off; border-color: $off; }
QLineEdit[role="amount"] { font-size: ${amount}px; min-height: 78px; font-weight: 700; }

QPushButton {
    background: $sunken; color: $ink; border: ${ring}px solid $line; border-radius: 10px;
    padding: 0 12px; min-height: 42px; font-weight: 600;
}
QPushButton:hover { background: $tint; border-color: $tint; }
QPushButton:pressed { background: $line; border-color: $line; }
QPushButton:focus { border-color: $focus; }
QPushButton:disabled { background: $off; color: $on_off; border-color: $off; }
QPushButton[role="digit"] { font-size: ${digit}px; min-height: 40px; }
QPushButton[role="main"] {
    background: $accent; color: $on_accent; border-color: $accent; font-size: ${title}px;
    min-height: 58px;
}
QPushButton[role="main"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="main"]:focus { border-color: $focus; }
QPushButton[role="main"]:disabled { background: $off; border-color: $off; }
[role="strip"] { background: $surface; border-top: 1px solid $line; }
[role="strip"] QLabel[tone="line"] { font-size: ${title}px; font-weight: 600; }
[role="strip"] QLabel[tone="sentence"] { font-size: ${body}px; font-weight: 600; }
[role="strip"] QLabel[tone="state"] { font-size: ${small}px; }
[role="strip"] QLabel[tone="change"] { font-size: ${sign}px; font-weight: 700; }
[role="strip"][state="certified"] { background: $good; border-top-color: $good; }
[role="strip"][state="certified"] QLabel { color: $on_good; }
[role="strip"][state="asked"] { background: $asked; border-top-color: $asked; }
[role="strip"][state="asked"] QLabel { color: $on_asked; }
[role="strip"][state="refused"] { background: $bad; border-top-color: $bad; }
[role="strip"][state="refused"] QLabel { color: $on_bad; }
[role="strip"][state="warn"] { background: $warn; border-top-color: $warn; }
[role="strip"][state="warn"] QLabel { color: $on_warn; }
"""
)


def style_sheet(palette: Palette, families: tuple[str, ...]) -> str:
    """The whole style sheet in the colours of ``palette`` and the fonts of a language."""
    colours = {name: getattr(palette, name) for name in palette.__slots__}
    colours["focus"] = colours.pop("ring")
    sizes = {name: getattr(TYPE, name) for name in TYPE.__slots__}
    names = ", ".join(f'"{family}"' for family in families)
    return SHEET.substitute(colours, families=names, ring=SPACE.ring, radius=SPACE.radius, **sizes)


def dress(widget: QWidget, **properties: str) -> None:
    """Sets style properties and has them take effect at once."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        _polish(widget)
        for child in widget.findChildren(QWidget):
            _polish(child)


def _polish(widget: QWidget) -> None:
    widget.style().unpolish(widget)
    widget.style().polish(widget)
