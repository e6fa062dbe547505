"""Decimal text as exact numbers, and those as minor units. No float ever.

A number is ``digits / 10**scale`` with integers of any size, so sums and products lose
nothing; the only rounding is `Exact.minor`, half to even.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from liandao_plugins.builtin.receipt_import.bounds import NUMBER_CHARS_MAX, NUMBER_POWER_MAX

_PLAIN: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Exact:
    """``digits / 10**scale``, scale not negative."""

    digits: int
    scale: int = 0

    def plus(self, other: "Exact") -> "Exact":
        if self.scale == other.scale:
            return Exact(self.digits + other.digits, self.scale)
        scale = max(self.scale, other.scale)
        return Exact(self._at(scale) + other._at(scale), scale)

    def times(self, other: "Exact") -> "Exact":
        return Exact(self.digits * other.digits, self.scale + other.scale)

    def negated(self) -> "Exact":
        return Exact(-self.digits, self.scale)

    def minor(self, exponent: int) -> int:
        """This many units of ``10**-exponent``, rounded half to even."""
        if self.scale <= exponent:
            return self._at(exponent)
        unit = int(10 ** (self.scale - exponent))
        whole, rest = divmod(self.digits, unit)
        if 2 * rest > unit or (2 * rest == unit and whole % 2 == 1):
            whole += 1
        return whole

    def rounded(self, exponent: int) -> "Exact":
        """The nearest multiple of ``10**-exponent``, halves to even."""
        return Exact(self.minor(exponent), exponent)

    def _at(self, scale: int) -> int:
        return int(self.digits * 10 ** (scale - self.scale))


ZERO: Final = Exact(0)


class NumberForm:
    """How a file writes numbers: ``1,234.50``, ``1.234,50 €``, ``¥1,200``, ``2.2e-16``."""

    __slots__ = ("_decimal", "_grouped", "_strip", "_thousands")

    def __init__(self, decimal: str, thousands: str, strip: tuple[str, ...]) -> None:
        """``decimal`` and ``thousands`` are different single characters, the latter may be
        empty; texts in ``strip`` (currency signs) are taken away first."""
        self._decimal = decimal
        self._thousands = thousands
        self._strip = strip
        # "12,50" in a file with thousands commas is a mistake, not 1250: groups have 3 digits.
        group, point = re.escape(thousands), re.escape(decimal)
        self._grouped = re.compile(rf"[+-]?[0-9]{{1,3}}(?:{group}[0-9]{{3}})+(?:{point}[0-9]*)?")

    def parse(self, text: str) -> Exact | None:
        """The number in ``text``, or None when there is none or it is beyond all sense."""
        for sign in self._strip:
            text = text.replace(sign, "")
        text = text.strip()
        if self._thousands and self._thousands in text:
            if not self._grouped.fullmatch(text):
                return None
            text = text.replace(self._thousands, "")
        if self._decimal != ".":
            if "." in text:
                return None
            text = text.replace(self._decimal, ".")
        return None if len(text) > NUMBER_CHARS_MAX else _parse_plain(text)


@lru_cache(maxsize=4_096)
def _parse_plain(text: str) -> Exact | None:
    """Of ``NUMBER_CHARS_MAX`` at the most. The rows of a shop name the same few numbers."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, power = match.group(1), match.group(2), match.group(3) or "", 0
    if not whole and not fraction:
        return None
    if match.group(4):
        power = int(match.group(4))
        if abs(power) > NUMBER_POWER_MAX:
            return None
    digits = int(whole + fraction)
    if sign == "-":
        digits = -digits
    scale = len(fraction) - power
    return Exact(digits, scale) if scale >= 0 else Exact(digits * int(10**-scale), 0)
