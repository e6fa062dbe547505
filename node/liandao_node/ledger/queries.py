"""What the node and its screens ask of a state; nothing here writes (L-11.1).

Everything is asked of a `View`, most often `Ledger.view()`. A card's points are given as they
are at a moment of ledger time, whether or not a block has booked the expiry yet (I11).
"""

from dataclasses import dataclass

from liandao_node.crypto.cards import CardCode, card_id
from liandao_node.ledger.modules import clearing_books
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.cards import Card, CardDirectory
from liandao_node.ledger.modules.membership import Member, Members
from liandao_node.ledger.modules.points_books import ImportedOrder, Order
from liandao_node.ledger.modules.purse import EMPTY_PURSE, expiries, settle
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.ledger.modules.traffic import ShopTraffic, batch_of, traffic_of
from liandao_node.ledger.state import View
from liandao_node.types import Amount, CardId, Millis, PublicKey, ShopId

__all__ = [
    "AccountAt",
    "Obligation",
    "PointsTotals",
    "account_at",
    "batch_of",
    "bond_of",
    "card",
    "card_by_code",
    "card_by_key",
    "imported_order",
    "members",
    "obligations",
    "order",
    "points_totals",
    "shop_totals",
    "traffic",
    "traffic_of",
]

_directory = CardDirectory()


@dataclass(frozen=True, slots=True)
class AccountAt:
    """A card's points at one moment of ledger time."""

    available: Amount
    held: Amount
    expiries: list[tuple[Millis, Amount]]
    """When how many of the available points expire, earliest first."""
    pending: Amount
    """Points that have not vested, so that they cannot be used yet."""
    debts: dict[ShopId, Amount]
    """What later points of those shops will be set off against."""

    @property
    def next_expiry(self) -> Amount:
        return self.expiries[0][1] if self.expiries else Amount(0)

    @property
    def next_expiry_ms(self) -> Millis:
        """0 when nothing expires."""
        return self.expiries[0][0] if self.expiries else Millis(0)


@dataclass(frozen=True, slots=True)
class PointsTotals:
    """Points of one issuer or of the street (I1):
    issued + returned = redeemed + expired + clawed + live, always."""

    issued: Amount
    redeemed: Amount
    expired: Amount
    live: Amount
    returned: Amount
    clawed: Amount


@dataclass(frozen=True, slots=True)
class Obligation:
    """What ``issuer`` owes ``redeemer`` for points that it took."""

    issuer: ShopId
    redeemer: ShopId
    amount: Amount


def card(view: View, card: CardId) -> Card | None:
    return _directory.find(view, card)


def card_by_code(view: View, code: CardCode) -> CardId | None:
    return _directory.find_code(view, code)


def card_by_key(view: View, key: PublicKey) -> CardId | None:
    """Id of the enrolled card with that public key."""
    card = card_id(key)
    return card if _directory.find(view, card) is not None else None


def account_at(view: View, card: CardId, time_ms: Millis) -> AccountAt:
    """The card's points at ``time_ms``; an unknown card has none."""
    purse = settle(books.purses.get(view, card) or EMPTY_PURSE, time_ms).purse
    debts = {debt.shop: debt.amount for debt in purse.debts}
    return AccountAt(purse.available, purse.held, expiries(purse), purse.waiting, debts)


def shop_totals(view: View) -> dict[ShopId, PointsTotals]:
    """What became of each shop's points, by number; shops that issued none are left out.

    Expired points are those that a block has booked: the daily work may lag some blocks
    behind midnight on a busy month's end.
    """
    return {
        ShopId(int(shop)): PointsTotals(
            book.issued, book.redeemed, book.expired, book.live, book.returned, book.clawed
        )
        for (shop,), book in books.books.rows(view)
    }


def points_totals(view: View) -> PointsTotals:
    """The street's points: sums of `shop_totals`."""
    shops = shop_totals(view).values()
    return PointsTotals(
        Amount(sum(shop.issued for shop in shops)),
        Amount(sum(shop.redeemed for shop in shops)),
        Amount(sum(shop.expired for shop in shops)),
        Amount(sum(shop.live for shop in shops)),
        Amount(sum(shop.returned for shop in shops)),
        Amount(sum(shop.clawed for shop in shops)),
    )


def obligations(view: View) -> list[Obligation]:
    """Who owes whom in the running clearing period, by debtor and creditor."""
    period = clearing_books.clock_of(view).period
    return [
        Obligation(ShopId(int(debtor)), ShopId(int(creditor)), debt.amount)
        for (_, debtor, creditor), debt in clearing_books.obligations.under(view, period)
    ]


def order(view: View, shop: ShopId, register: int, number: int) -> Order | None:
    """The order of that receipt number."""
    return books.orders.get(view, shop, register, number)


def imported_order(
    view: View, shop: ShopId, source: str, reference_hash: bytes
) -> ImportedOrder | None:
    return books.imports.get(view, shop, books.import_key(source, reference_hash))


def members(view: View) -> dict[ShopId, Member]:
    return Members().all(view)


def bond_of(view: View, shop: ShopId) -> Amount:
    return Bonds().bond(view, shop)


def traffic(view: View) -> dict[ShopId, ShopTraffic]:
    """Traffic sums of every shop that committed a batch."""
    found = {shop: traffic_of(view, shop) for shop in members(view)}
    return {shop: sums for shop, sums in found.items() if sums is not None}
