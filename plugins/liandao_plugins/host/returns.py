"""Which earlier order goods came back of, where the source does not say.

An export of cancellations often names the customer and the goods, not the order. Here is what each
customer has bought and still has. Knows no file and no ledger; what an order is, the caller says.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, NamedTuple, TypeVar

from liandao_node.limits import GOODS_REMEMBERED_MAX, REFUND_PARTS_MAX

from liandao_plugins.api import Goods

Order = TypeVar("Order")


class Unmatched(StrEnum):
    """Why goods that came back led to no refund."""

    ANONYMOUS = "CANCEL_ANONYMOUS"
    """It names no customer, so nobody can say whose order it was."""
    UNKNOWN = "CANCEL_NO_ORDER"
    """The customer bought none of these goods since the export begins."""
    OVER = "CANCEL_OVER_ORDER"
    """More of them than the customer bought and has not given back."""
    SCATTERED = "CANCEL_MANY_ORDERS"
    """They would have to be taken off more orders than one refund may touch."""
    WORTHLESS = "CANCEL_NO_SUM"
    """Nothing was paid for them."""


class Part(NamedTuple, Generic[Order]):
    """What goods that came back take off one order."""

    order: Order
    amount_minor: int


@dataclass(slots=True)
class _Row(Generic[Order]):
    """Goods that somebody bought, and how many of them came back."""

    order: Order
    goods: Goods
    returned_milli: int = 0

    @property
    def left_milli(self) -> int:
        return self.goods.quantity_milli - self.returned_milli

    def take(self, quantity_milli: int) -> Part[Order]:
        """In proportion, so that all steps together take the whole amount and no unit more."""
        before = self._amount_of_returned()
        self.returned_milli += quantity_milli
        return Part(self.order, self._amount_of_returned() - before)

    def _amount_of_returned(self) -> int:
        return self.goods.amount_minor * self.returned_milli // self.goods.quantity_milli


class Purchases(Generic[Order]):
    """What customers bought and did not give back."""

    def __init__(self, rows_max: int = GOODS_REMEMBERED_MAX) -> None:
        """Of more rows than that the oldest are forgotten."""
        self._rows: dict[tuple[str, str], deque[_Row[Order]]] = {}
        """By customer and goods, oldest first."""
        self._ages: deque[tuple[str, str]] = deque()
        """Where the oldest row is, the next one, and so on."""
        self._rows_max: Final = rows_max

    def bought(self, customer: str, order: Order, goods: Iterable[Goods]) -> None:
        """To be told in the order of events. Nobody's goods cannot be found and are not kept."""
        for one in goods if customer else ():
            if one.quantity_milli > 0:
                place = customer, one.code
                self._rows.setdefault(place, deque()).append(_Row(order, one))
                self._ages.append(place)
        while len(self._ages) > self._rows_max:
            self._forget_oldest()

    def take_back(
        self, customer: str, code: str, quantity_milli: int
    ) -> list[Part[Order]] | Unmatched:
        """The orders that goods are taken off: the newest that has exactly this quantity left,
        else the newest ones; or why there is none, and then nothing is taken."""
        if not customer:
            return Unmatched.ANONYMOUS
        rows = self._rows.get((customer, code))
        if not rows:
            return Unmatched.UNKNOWN
        if quantity_milli <= 0 or sum(row.left_milli for row in rows) < quantity_milli:
            return Unmatched.OVER
        chosen = _chosen([row for row in reversed(rows) if row.left_milli], quantity_milli)
        if len(chosen) > REFUND_PARTS_MAX:
            return Unmatched.SCATTERED
        parts = [row.take(quantity) for row, quantity in chosen]
        return [part for part in parts if part.amount_minor > 0] or Unmatched.WORTHLESS

    def _forget_oldest(self) -> None:
        place = self._ages.popleft()
        rows = self._rows[place]
        rows.popleft()
        if not rows:
            del self._rows[place]


def _chosen(newest: list[_Row[Order]], quantity_milli: int) -> list[tuple[_Row[Order], int]]:
    """Rows, and how much of each; together they have enough."""
    for row in newest:
        if row.left_milli == quantity_milli:
            return [(row, quantity_milli)]
    chosen = []
    for row in newest:
        taken = min(row.left_milli, quantity_milli)
        chosen.append((row, taken))
        quantity_milli -= taken
        if not quantity_milli:
            break
    assert not quantity_milli
    return chosen
