"""Amounts as people write and type them. Inside, an amount is an int of minor units (D-9).

Typing follows the habit of tills: digits fill up from the right, so ``2350`` is 23.50 in a
street with two decimal digits. Who types a decimal point means it: ``23.5`` is 23.50 too.
Comma and full-width digits count as point and digits. There is no factor anywhere: points
are written as the money that they are worth.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from liandao_node.errors import InputFault
from liandao_node.types import Amount

DIGITS_MAX: Final = 9
"""Of a typed amount, minor units included: 9,999,999.99 is beyond any till."""

MINUS: Final = "\N{MINUS SIGN}"

SYMBOLS: Final = {
    "CNY": "¥",
    "JPY": "¥",
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "HKD": "HK$",
    "TWD": "NT$",
    "KRW": "₩",
}


@dataclass(frozen=True, slots=True)
class Money:
    """How this street writes its currency."""

    currency: str
    exponent: int

    @property
    def symbol(self) -> str:
        """The sign to stand before an amount; the ISO code where there is none."""
        return SYMBOLS.get(self.currency, f"{self.currency} ")

    def text(self, amount: int) -> str:
        """``1234550`` as ``12,345.50``."""
        sign = MINUS if amount < 0 else ""
        whole, rest = divmod(abs(amount), 10**self.exponent)
        decimals = f".{rest:0{self.exponent}d}" if self.exponent else ""
        return f"{sign}{whole:,}{decimals}"

    def priced(self, amount: int) -> str:
        """With the currency's sign: ``¥23.50``."""
        return f"{self.symbol}{self.text(amount)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Keys that a cashier has pressed so far in one money field."""

    typed: str = ""
    """ASCII digits with at most one point."""

    def press(self, char: str, exponent: int) -> "Entry":
        """With one more key. A key that makes no sense here changes nothing."""
        char = _plain(char)
        if char == ".":
            return self if "." in self.typed or exponent == 0 else Entry(f"{self.typed or '0'}.")
        if not (char.isascii() and char.isdigit()):
            return self
        if "." in self.typed and len(self.typed.partition(".")[2]) >= exponent:
            return self
        typed = self.typed + char
        if "." not in typed:
            typed = typed.lstrip("0")
        if sum(c.isdigit() for c in typed) > DIGITS_MAX:
            return self
        return Entry(typed)

    def back(self) -> "Entry":
        """Without the last key."""
        return Entry(self.typed[:-1])

    def amount(self, exponent: int) -> Amount:
        """Minor units; 0 when nothing is typed."""
        whole, point, decimals = self.typed.partition(".")
        if not point:
            return Amount(int(whole or "0"))
        return Amount(int(whole or "0") * 10**exponent + int(decimals.ljust(exponent, "0")))

    def shown(self, money: Money) -> str:
        """What the field shows; empty when nothing is typed."""
        if "." not in self.typed:
            return money.text(self.amount(money.exponent)) if self.typed else ""
        whole, _, decimals = self.typed.partition(".")
        return f"{int(whole or '0'):,}.{decimals}"


def entry_of(amount: int) -> Entry:
    """The entry that a field shows for a given amount."""
    return Entry(str(amount) if amount else "")


def pasted(text: str, exponent: int) -> Entry:
    """An entry from pasted text such as ``23.50`` or ``¥ 23,50``.

    Raises InputFault ``AMOUNT_UNCLEAR`` for text that is not clearly one amount: grouping
    cannot be told from a decimal point, so ``1,234.50`` is not guessed at.
    """
    kept = "".join(_plain(char) for char in text.strip() if char not in " \u00a0¥￥€£$")
    entry = Entry()
    for char in kept:
        longer = entry.press(char, exponent)
        if longer == entry and (char != "0" or entry.typed):
            raise InputFault("AMOUNT_UNCLEAR", typed=text.strip()[:40])
        entry = longer
    if "." not in entry.typed and exponent and entry.typed:
        # Pasted text is written, not typed in till style: 23 means 23.00.
        return entry_of(entry.amount(exponent) * 10**exponent)
    return entry


def _plain(char: str) -> str:
    """Full-width digits and points as ASCII; a comma is a decimal point."""
    plain = unicodedata.normalize("NFKC", char)
    return "." if plain in {",", "。", "、"} else plain
