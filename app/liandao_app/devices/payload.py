"""What a scanned code is for (docs/counter.md). Pure.

``LD1:C:`` is a card, ``LD1:K:`` a printed command, ``LD1:R:`` a receipt, eight digits a card's
short code. Other ``LD1:`` codes belong to other screens; anything else is no card of ours.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

OURS: Final = "LD1:"
CARD_PREFIX: Final = "LD1:C:"
COMMAND_PREFIX: Final = "LD1:K:"
RECEIPT_PREFIX: Final = "LD1:R:"
CODE_DIGITS: Final = 8


class Command(Enum):
    """Command barcodes beside the till, for selling without a keyboard."""

    MAX = "MAX"
    NONE = "NONE"
    CASH = "CASH"
    CARD = "CARD"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class CardScanned:
    presented: str


@dataclass(frozen=True, slots=True)
class CommandScanned:
    command: Command


@dataclass(frozen=True, slots=True)
class ReceiptScanned:
    """A sale that is to be looked at again. The node reads it."""

    written: str


@dataclass(frozen=True, slots=True)
class ForAnotherScreen:
    """One of ours, of no use at the counter."""

    payload: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Not ours: a product's barcode, another scheme's card."""

    payload: str


Scanned: TypeAlias = CardScanned | CommandScanned | ReceiptScanned | ForAnotherScreen | Foreign


def read_payload(payload: str) -> Scanned:
    """Says what was scanned. Case does not matter: caps lock turns a wedge's letters."""
    upper = payload.strip().upper()
    if upper.startswith(CARD_PREFIX):
        return CardScanned(upper)
    if upper.startswith(COMMAND_PREFIX):
        try:
            return CommandScanned(Command(upper.removeprefix(COMMAND_PREFIX)))
        except ValueError:
            return ForAnotherScreen(upper)
    if upper.startswith(RECEIPT_PREFIX):
        return ReceiptScanned(upper)
    if upper.startswith(OURS):
        return ForAnotherScreen(upper)
    if len(upper) == CODE_DIGITS and upper.isascii() and upper.isdigit():
        return CardScanned(upper)
    return Foreign(payload.strip())
