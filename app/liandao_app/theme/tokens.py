"""Colours, sizes and spaces by name. Nothing else in the app names a colour or a pixel size
of text. Every pair of text and ground has a contrast of at least 4.5 to 1 (tested).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``."""

    page: str
    surface: str
    sunken: str
    """Fields and keys."""
    line: str
    ink: str
    soft: str
    """Second-rank text."""
    bar: str
    bar_ink: str
    bar_soft: str
    accent: str
    on_accent: str
    accent_hover: str
    tint: str
    """Quiet ground of the accent."""
    on_tint: str
    good: str
    on_good: str
    good_ink: str
    asked: str
    on_asked: str
    bad: str
    on_bad: str
    bad_ink: str
    warn: str
    on_warn: str
    ring: str
    """Around what has the focus."""
    off: str
    """Ground of what cannot be pressed now."""
    on_off: str


LIGHT: Final = Palette(
    page="#e9eeec",
    surface="#ffffff",
    sunken="#f3f6f5",
    line="#d3dbd8",
    ink="#12211f",
    soft="#4f5f5b",
    bar="#0d3b3b",
    bar_ink="#ffffff",
    bar_soft="#b9d3cf",
    accent="#0b6b66",
    on_accent="#ffffff",
    accent_hover="#095a56",
    tint="#dcefec",
    on_tint="#0a4a47",
    good="#1b7340",
    on_good="#ffffff",
    good_ink="#17653a",
    asked="#d5e4f7",
    on_asked="#123a68",
    bad="#a61e22",
    on_bad="#ffffff",
    bad_ink="#9c1b1f",
    warn="#ffe9b8",
    on_warn="#5c3c00",
    ring="#d8610a",
    off="#e6ebe9",
    on_off="#5d6a67",
)

DARK: Final = Palette(
    page="#0e1716",
    surface="#182423",
    sunken="#101a19",
    line="#2f403d",
    ink="#eef4f2",
    soft="#a9bbb6",
    bar="#0a2625",
    bar_ink="#ffffff",
    bar_soft="#a3c2bd",
    accent="#5cc7bd",
    on_accent="#04201e",
    accent_hover="#79d6cd",
    tint="#1d3d3a",
    on_tint="#b6ebe4",
    good="#1b7340",
    on_good="#ffffff",
    good_ink="#7ddba2",
    asked="#1d3a5f",
    on_asked="#d5e6fb",
    bad="#a61e22",
    on_bad="#ffffff",
    bad_ink="#ffb0ab",
    warn="#5c4407",
    on_warn="#ffe9b8",
    ring="#ff9d4d",
    off="#22302e",
    on_off="#93a5a0",
)

TEXT_PAIRS: Final = (
    ("ink", "page"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("soft", "page"),
    ("soft", "surface"),
    ("soft", "sunken"),
    ("bar_ink", "bar"),
    ("bar_soft", "bar"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_tint", "tint"),
    ("accent", "surface"),
    ("on_good", "good"),
    ("good_ink", "surface"),
    ("on_asked", "asked"),
    ("on_bad", "bad"),
    ("bad_ink", "surface"),
    ("on_warn", "warn"),
    ("on_off", "off"),
)
"""Colours of text with the ground that they may stand on."""


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of text in pixels."""

    cap: int = 12
    """Names of keys; they repeat what docs and habit say."""
    small: int = 14
    body: int = 16
    title: int = 20
    digit: int = 25
    sign: int = 30
    figure: int = 44
    amount: int = 56
    to_pay: int = 64
    """48 pt: read from the other side of the counter."""


@dataclass(frozen=True, slots=True)
class Space:
    """Distances and heights in pixels."""

    hair: int = 4
    small: int = 8
    gap: int = 12
    wide: int = 16
    target: int = 44
    """No key or button is smaller: fingers miss what is."""
    main_key: int = 64
    bar: int = 52
    strip: int = 84
    radius: int = 12
    ring: int = 3


TYPE: Final = Type()
SPACE: Final = Space()


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
