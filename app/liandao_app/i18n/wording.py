"""Sentences for errors, in the cashier's language.

The English sentences are made in one place, `liandao_node.wording`; here they are looked up
in the translation and their facts are put in, amounts written as money.
"""

from typing import Final

from liandao_node.errors import Fact, LiandaoError
from liandao_node.wording import SENTENCES, UNKNOWN
from PySide6.QtCore import QCoreApplication

from liandao_app.services.money import Money

CONTEXT: Final = "errors"

MONEY_FACTS: Final = frozenset(
    {"amount", "asked", "available", "balance", "gross", "held", "left", "points"}
)
"""Facts that are minor units."""


def error_sentence(error: LiandaoError, money: Money | None) -> str:
    """What happened, whether money is safe, what now."""
    template = SENTENCES.get(error.code, UNKNOWN)
    translated = QCoreApplication.translate(CONTEXT, template)
    facts = {name: _fact(name, value, money) for name, value in error.facts.items()}
    return translated.format_map(_Facts({**facts, "code": error.code}))


class _Facts(dict[str, str]):
    """A fact that this error does not carry reads as a dash and never as a crash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _fact(name: str, value: Fact, money: Money | None) -> str:
    if isinstance(value, int) and name in MONEY_FACTS and money is not None:
        return money.text(value)
    return str(value)
