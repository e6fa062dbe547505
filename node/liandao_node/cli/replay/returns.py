"""Which earlier order a cancellation takes goods back of.

An export of cancellations names the customer and the goods, not the order. Here is what each
customer has bought and still has. Knows no file and no ledger.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

Order = TypeVar("Order")


class RowReason(StrEnum):
    """Why a cancelled row led to no refund."""

    NO_GOODS = "CANCEL_NO_GOODS"
    """Postage, fees or discounts, which earned nothing when they were bought."""
    ANONYMOUS = "CANCEL_ANONYMOUS"
    """It names no customer, so nobody can say whose order it was."""
    UNKNOWN = "CANCEL_NO_ORDER"
    """The customer bought none of these goods since the export begins."""
    OVER = "CANCEL_OVER_ORDER"
    """More pieces than the customer bought and has not given back."""
    WORTHLESS = "CANCEL_NO_SUM"
    """Nothing was paid for them."""


class Goods(NamedTuple):
    """One row of an order."""

    code: str
    pieces: int
    amount: int
    """Of all of them, in minor units."""


class Part(NamedTuple, Generic[Order]):
    """What a cancelled row takes off one order."""

    order: Order
    amount: int


@dataclass(slots=True)
class _Row(Generic[Order]):
    """Goods that somebody bought, and how many of them came back."""

    order: Order
    goods: Goods
    returned: int = 0

    @property
    def left(self) -> int:
        return self.goods.pieces - self.returned

    def take(self, pieces: int) -> Part[Order]:
        """In proportion, so that all steps together take the whole amount and no unit more."""
        before = self.goods.amount * self.returned // self.goods.pieces
        self.returned += pieces
        after = self.goods.amount * self.returned // self.goods.pieces
        return Part(self.order, after - before)


@dataclass
class Purchases(Generic[Order]):
    """What customers bought and did not give back."""

    _rows: dict[tuple[str, str], list[_Row[Order]]] = field(default_factory=dict)
    """By customer and goods, oldest first."""

    def bought(self, customer: str, order: Order, goods: tuple[Goods, ...]) -> None:
        for one in goods:
            if one.pieces > 0:
                self._rows.setdefault((customer, one.code), []).append(_Row(order, one))

    def take_back(self, customer: str, code: str, pieces: int) -> list[Part[Order]] | RowReason:
        """The orders that a cancelled row takes goods off: the newest that has exactly these
        pieces left, else the newest ones; or why there is none, and then nothing is taken."""
        if not customer:
            return RowReason.ANONYMOUS
        rows = self._rows.get((customer, code), [])
        if not rows:
            return RowReason.UNKNOWN
        if pieces <= 0 or sum(row.left for row in rows) < pieces:
            return RowReason.OVER
        newest = rows[::-1]
        exact = next((row for row in newest if row.left == pieces), None)
        parts: list[Part[Order]] = []
        for row in [exact] if exact is not None else newest:
            taken = min(row.left, pieces)
            if taken:
                parts.append(row.take(taken))
                pieces -= taken
        assert pieces == 0
        worth = [part for part in parts if part.amount > 0]
        return worth or RowReason.WORTHLESS
