"""The sale in work, as a value: amount, customer, points asked for. Pure.

The screen draws a `Draft`; `checkout` alone makes the next one.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from liandao_node.client import CARD, CASH, OTHER, CardView
from liandao_node.errors import LiandaoError
from liandao_node.types import Amount

from liandao_app.services.hold import Hold

BPS: Final = 10_000
NOTHING: Final = Amount(0)


class Tender(Enum):
    """How the rest of the bill is paid."""

    CASH = CASH
    CARD = CARD
    OTHER = OTHER


class Choice(Enum):
    """What the customer said about points."""

    OPEN = "open"
    """Not asked yet: none are used, and the most that could be is held for her."""
    NONE = "none"
    MAX = "max"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Nobody:
    """No card was shown."""


@dataclass(frozen=True, slots=True)
class Looking:
    """The node is asked about a card."""

    presented: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """No card of this street."""

    presented: str


@dataclass(frozen=True, slots=True)
class LookupFailed:
    presented: str
    error: LiandaoError


@dataclass(frozen=True, slots=True)
class Enrolling:
    """A new card is being certified; ``presented`` is empty for one that the node makes."""

    presented: str


@dataclass(frozen=True, slots=True)
class EnrolFailed:
    presented: str
    error: LiandaoError


@dataclass(frozen=True, slots=True)
class Customer:
    """A card of this street."""

    card: CardView
    presented: str
    payload: str = ""
    """Of a card that the node has just made: to be given to the customer."""


Visitor: TypeAlias = Nobody | Looking | Stranger | LookupFailed | Enrolling | EnrolFailed | Customer


@dataclass(frozen=True, slots=True)
class Draft:
    """What the cashier has so far."""

    gross: Amount = NOTHING
    visitor: Visitor = Nobody()
    choice: Choice = Choice.OPEN
    number: Amount = NOTHING
    """Typed points, for `Choice.NUMBER`."""
    hold: Hold | None = None
    share_bps_max: int = 0
    """The street's rule: the part of a bill that points may pay."""

    @property
    def customer(self) -> Customer | None:
        return self.visitor if isinstance(self.visitor, Customer) else None

    @property
    def points_max(self) -> Amount:
        """The most points that may pay this bill."""
        if not isinstance(self.visitor, Customer):
            return NOTHING
        share = self.gross * self.share_bps_max // BPS
        return Amount(min(self.visitor.card.available, share))

    @property
    def points(self) -> Amount:
        """Points to take off this bill."""
        if self.choice is Choice.MAX:
            return self.points_max
        if self.choice is Choice.NUMBER:
            return Amount(min(self.number, self.points_max))
        return NOTHING

    @property
    def to_pay(self) -> Amount:
        return Amount(self.gross - self.points)

    @property
    def hold_wanted(self) -> Amount:
        """How much should be held now; 0 for none.

        Before the amount is known a shown card is held whole, so that the answer is there
        when the cashier asks. A typed code waits for the amount: the street allows little
        on a code alone.
        """
        if not isinstance(self.visitor, Customer) or self.choice is Choice.NONE:
            return NOTHING
        if self.choice is Choice.NUMBER:
            return self.points
        if self.gross == 0:
            card = self.visitor.card
            return card.available if card.present else NOTHING
        return self.points_max
