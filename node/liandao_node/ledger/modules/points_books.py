"""Records of the points module and the shops' books (L-6.1, L-6.6, L-6.7).

Every movement of points goes through one of the functions below, and each keeps the identity of
a shop's book: live = issued + returned - redeemed - expired - clawed (I1). They make the
obligations that follow from it, too.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from liandao_node.crypto.cards import CARD_ID_BYTES
from liandao_node.crypto.digest import tagged
from liandao_node.ledger.module_api import Context, Done
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_calls import NUMBER, Tender
from liandao_node.ledger.modules.purse import Lot, Origin, Purse
from liandao_node.ledger.modules.stake_books import BASIS_POINTS
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical, encode


class Book(Canonical, frozen=True):
    """What became of the points that a party issued."""

    issued: Amount
    returned: Amount
    """Given back by refunds: to their lots, or as new points of the shop that refunded."""
    redeemed: Amount
    """Taken off a bill, at whatever shop."""
    expired: Amount
    clawed: Amount
    """Taken back from cards, for refunded orders that had earned them."""

    @property
    def live(self) -> Amount:
        """What the party owes to customers: held and waiting points are among it."""
        gone = self.redeemed + self.expired + self.clawed
        return Amount(self.issued + self.returned - gone)


class Terms(Canonical, frozen=True):
    """By what an order earned: a refund computes with the same (L-7.8, L-7.11)."""

    rule: int
    """Version of the shop's earn rule, 0 for the street's."""
    bps: int
    """Per cent of paid, at the hour of the order."""
    flat: Amount
    """For the visit, or for ordering online."""


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
    terms: Terms
    period: int
    """The clearing period in which points were used, 0 when none were."""
    refunded: Amount
    """Of the gross, so far."""


class ImportedOrder(Canonical, frozen=True):
    card: bytes
    gross: Amount
    earned: Amount
    lot: int
    at_ms: Millis
    time_ms: Millis
    online: bool
    terms: Terms
    refunded: Amount


class HoldMade(Canonical, frozen=True):
    """Stays for ever, so that a card's signature cannot be used a second time (L-7.1)."""

    expires_ms: Millis


class Sum(Canonical, frozen=True):
    amount: Amount


EMPTY_BOOK: Final = Book(Amount(0), Amount(0), Amount(0), Amount(0), Amount(0))

purses: Final = Table(NUMBER, 1, (CARD_ID_BYTES,), Purse)
books: Final = Table(NUMBER, 2, ("u16",), Book)
orders: Final = Table(NUMBER, 4, ("u16", "u32", "u64"), Order)
"""By shop, register and number."""
imports: Final = Table(NUMBER, 5, ("u16", 16), ImportedOrder)
"""By shop and `import_key`."""
due: Final = Table(NUMBER, 6, ("u64", CARD_ID_BYTES), Done)
"""Cards by the moment at which points of theirs expire."""
holds_made: Final = Table(NUMBER, 7, (CARD_ID_BYTES, "u16", 16), HoldMade)
"""By card, shop and hold."""
given: Final = Table(NUMBER, 14, ("u16", "u16"), Sum)
"""By issuer and origin: points that no order earned (L-7.15)."""
taken_back: Final = Table(NUMBER, 20, ("u16", "u16"), Sum)
"""By issuer and origin: what of them was to be taken back (L-7.15)."""

TABLES: Final[tuple[KeySpace, ...]] = (
    purses,
    books,
    orders,
    imports,
    due,
    holds_made,
    given,
    taken_back,
)


def import_key(source: str, reference_hash: bytes) -> bytes:
    """16 bytes that name an imported order at its shop (L-7.7)."""
    return tagged(b"liandao/import/1", encode((source, reference_hash)))[:16]


def as_order(imported: ImportedOrder) -> Order:
    """An imported order as one of the counter: no points used, nothing excluded."""
    nothing = Amount(0)
    return Order(
        card=imported.card,
        gross=imported.gross,
        excluded=nothing,
        points=nothing,
        earned=imported.earned,
        lot=imported.lot,
        tender=Tender.OTHER,
        time_ms=imported.time_ms,
        paid_with=[],
        terms=imported.terms,
        period=0,
        refunded=imported.refunded,
    )


def book_of(view: View, issuer: int) -> Book:
    return books.get(view, issuer) or EMPTY_BOOK


def issue(view: View, issuer: ShopId, amount: Amount) -> None:
    book = book_of(view, issuer)
    issued = Amount(book.issued + amount)
    grown = Book(issued, book.returned, book.redeemed, book.expired, book.clawed)
    books.put(view, issuer, value=grown)


def issue_without_order(view: View, issuer: ShopId, origin: Origin, amount: Amount) -> None:
    """Issues, and keeps the sum that no order explains (I1)."""
    issue(view, issuer, amount)
    before = given.get(view, issuer, origin)
    so_far = before.amount if before is not None else 0
    given.put(view, issuer, origin, value=Sum(Amount(so_far + amount)))


def take_back_without_refund(view: View, issuer: ShopId, origin: Origin, amount: Amount) -> None:
    """Keeps the sum of what was to be taken back and no refund's record explains (I1)."""
    before = taken_back.get(view, issuer, origin)
    so_far = before.amount if before is not None else 0
    taken_back.put(view, issuer, origin, value=Sum(Amount(so_far + amount)))


def redeem(ctx: Context, lots: Iterable[Lot], redeemer: ShopId) -> None:
    """Books points taken off a bill at ``redeemer``, and what their issuers owe it."""
    for issuer, amount in by_issuer(lots).items():
        book = book_of(ctx.view, issuer)
        redeemed = Amount(book.redeemed + amount)
        used = Book(book.issued, book.returned, redeemed, book.expired, book.clawed)
        books.put(ctx.view, issuer, value=used)
        # At the issuer's own till too: once its points are the pool's, the pool pays for them.
        ctx.service(Obligations).owe(ctx.view, issuer, redeemer, amount)


def give_back(view: View, issuer: ShopId, amount: Amount) -> None:
    """Books points that a refund gave back; ``issuer`` owes them to a customer again."""
    book = book_of(view, issuer)
    returned = Amount(book.returned + amount)
    grown = Book(book.issued, returned, book.redeemed, book.expired, book.clawed)
    books.put(view, issuer, value=grown)


def expire(ctx: Context, lots: Iterable[Lot]) -> None:
    """Books expired points, and what of them their issuers owe the pool.

    The pool's part is that of all that a shop's points ever lost: how expiries gather into
    blocks and purses changes it by no unit.
    """
    for issuer, amount in by_issuer(lots).items():
        book = book_of(ctx.view, issuer)
        expired = Amount(book.expired + amount)
        less = Book(book.issued, book.returned, book.redeemed, expired, book.clawed)
        books.put(ctx.view, issuer, value=less)
        bps = ctx.rules.breakage_bps
        part = expired * bps // BASIS_POINTS - book.expired * bps // BASIS_POINTS
        if part:
            ctx.service(Obligations).owe(ctx.view, issuer, POOL, Amount(part))


def claw(view: View, lots: Iterable[Lot]) -> None:
    """Books points taken back from a card: nobody owes them any more."""
    for issuer, amount in by_issuer(lots).items():
        book = book_of(view, issuer)
        clawed = Amount(book.clawed + amount)
        less = Book(book.issued, book.returned, book.redeemed, book.expired, clawed)
        books.put(view, issuer, value=less)


def by_issuer(lots: Iterable[Lot]) -> Mapping[ShopId, Amount]:
    """Sums, in the order in which the issuers come."""
    sums: dict[ShopId, Amount] = {}
    for lot in lots:
        sums[lot.issuer] = Amount(sums.get(lot.issuer, 0) + lot.amount)
    return sums
