"""Records of the points module and the shops' books (L-6.1, L-6.6, L-6.7).

Every movement of points goes through `issue`, `redeem` or `expire`, and each keeps the
identity of a shop's book: issued = redeemed + expired + live (I1).
"""

from collections.abc import Iterable
from typing import Final

from liandao_node.crypto.cards import CARD_ID_BYTES
from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import Done
from liandao_node.ledger.modules.points_calls import NUMBER, Tender
from liandao_node.ledger.modules.purse import Lot, Purse
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical, encode


class Book(Canonical, frozen=True):
    """What became of the points that a shop issued."""

    issued: Amount
    redeemed: Amount
    """Taken off a bill, at whatever shop."""
    expired: Amount

    @property
    def live(self) -> Amount:
        """What the shop owes to customers, held points among it."""
        return Amount(self.issued - self.redeemed - self.expired)


class Owed(Canonical, frozen=True):
    """Points of one shop redeemed at another: cleared between them later."""

    amount: Amount


class Order(Canonical, frozen=True):
    """What a later refund must know of an order."""

    card: bytes
    gross: Amount
    excluded: Amount
    points: Amount
    earned: Amount
    lot: int
    """The lot that the earned points joined, 0 when there is none."""
    tender: Tender
    time_ms: Millis
    paid_with: list[Lot]


class ImportedOrder(Canonical, frozen=True):
    card: bytes
    gross: Amount
    earned: Amount
    lot: int
    at_ms: Millis
    time_ms: Millis


class HoldMade(Canonical, frozen=True):
    """Stays for ever, so that a card's signature cannot be used a second time (L-7.1)."""

    expires_ms: Millis


EMPTY_BOOK: Final = Book(Amount(0), Amount(0), Amount(0))

purses: Final = Table(NUMBER, 1, (CARD_ID_BYTES,), Purse)
books: Final = Table(NUMBER, 2, ("u16",), Book)
owed: Final = Table(NUMBER, 3, ("u16", "u16"), Owed)
"""By issuer and redeemer."""
orders: Final = Table(NUMBER, 4, ("u16", "u32", "u64"), Order)
"""By shop, register and number."""
imports: Final = Table(NUMBER, 5, ("u16", 16), ImportedOrder)
"""By shop and `import_key`."""
due: Final = Table(NUMBER, 6, ("u64", CARD_ID_BYTES), Done)
"""Cards by the moment at which points of theirs expire."""
holds_made: Final = Table(NUMBER, 7, (CARD_ID_BYTES, "u16", 16), HoldMade)
"""By card, shop and hold."""

TABLES: Final[tuple[KeySpace, ...]] = (purses, books, owed, orders, imports, due, holds_made)


def import_key(source: str, reference_hash: bytes) -> bytes:
    """16 bytes that name an imported order at its shop (L-7.7)."""
    return tagged(b"liandao/import/1", encode((source, reference_hash)))[:16]


def book_of(view: View, issuer: ShopId) -> Book:
    return books.get(view, issuer) or EMPTY_BOOK


def issue(view: View, issuer: ShopId, amount: Amount) -> None:
    book = book_of(view, issuer)
    grown = Book(Amount(book.issued + amount), book.redeemed, book.expired)
    books.put(view, issuer, value=grown)


def redeem(view: View, lots: Iterable[Lot], redeemer: ShopId) -> None:
    """Books points taken off a bill at ``redeemer``, and what their issuers owe it."""
    for issuer, amount in _by_issuer(lots):
        book = book_of(view, issuer)
        used = Book(book.issued, Amount(book.redeemed + amount), book.expired)
        books.put(view, issuer, value=used)
        if issuer != redeemer:
            before = owed.get(view, issuer, redeemer)
            sum_owed = Amount(amount + (before.amount if before is not None else 0))
            owed.put(view, issuer, redeemer, value=Owed(sum_owed))


def expire(view: View, lots: Iterable[Lot]) -> None:
    for issuer, amount in _by_issuer(lots):
        book = book_of(view, issuer)
        less = Book(book.issued, book.redeemed, Amount(book.expired + amount))
        books.put(view, issuer, value=less)


def _by_issuer(lots: Iterable[Lot]) -> list[tuple[ShopId, Amount]]:
    sums: dict[ShopId, int] = {}
    for lot in lots:
        sums[lot.issuer] = sums.get(lot.issuer, 0) + lot.amount
    return [(issuer, Amount(amount)) for issuer, amount in sums.items()]
