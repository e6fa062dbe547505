"""What must hold of all points at every height (I1, I2, I4, I5; docs/ledger.md section 14).

Reads every record: for tests, `verify` and a street that suspects a disk, never for a rule.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from liandao_node.ledger.modules import earn_rules, refunds
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.parties import name_of
from liandao_node.ledger.modules.points_books import ImportedOrder, Order
from liandao_node.ledger.modules.purse import VESTED, Purse, all_lots
from liandao_node.ledger.state import View
from liandao_node.types import Amount, ShopId


def broken_promises(view: View) -> list[str]:
    """Sentences for developers, none when all is well."""
    broken: list[str] = []
    live: Counter[int] = Counter()
    debts: Counter[int] = Counter()
    sweeps = _sweeps(view)
    for (card,), purse in books.purses.rows(view):
        assert isinstance(card, bytes)
        name = card.hex()[:8]
        broken += [f"purse {name}: {complaint}" for complaint in _complaints(purse)]
        live.update(books.by_issuer(all_lots(purse)))
        debts.update({debt.shop: debt.amount for debt in purse.debts})
        if not _swept(purse, sweeps.get(card, set())):
            broken.append(f"purse {name}: a lot that no sweep will find")
    return broken + _books_broken(view, live, debts) + _earn_rules_broken(view)


def _books_broken(view: View, live: Counter[int], debts: Counter[int]) -> list[str]:
    """The books against the orders, the refunds and what the cards hold."""
    broken, issued, used = _orders(view)
    unearned, returned = _refunds(view)
    for (issuer, _), gift in books.given.rows(view):
        issued[int(issuer)] += gift.amount
    for (issuer, _), gone in books.taken_back.rows(view):
        unearned[int(issuer)] += gone.amount
    redeemed = given_back = 0
    clawed: Counter[int] = Counter()
    for (key,), book in books.books.rows(view):
        issuer = int(key)
        name = name_of(ShopId(issuer))
        redeemed += book.redeemed
        given_back += book.returned
        clawed[issuer] = book.clawed
        parts = (book.issued, book.returned, book.redeemed, book.expired, book.clawed, book.live)
        if min(parts) < 0:
            broken.append(f"I4: book of {name} is negative")
        if book.issued != issued.pop(issuer, 0):
            broken.append(f"I1: {name} issued other points than its orders earned and it gave")
        if book.live != live.pop(issuer, 0):
            broken.append(f"I2: live points of {name} are not what cards hold")
    if redeemed != used:
        broken.append("I1: orders took other points than the books say")
    if given_back != returned:
        broken.append("I1: refunds gave back other points than the books say")
    if +clawed + +debts != +unearned:
        broken.append("I1: refunds took back other points than books and debts say")
    if +issued or +live:
        broken.append("points of a party that has no book")
    return broken


def _orders(view: View) -> tuple[list[str], Counter[int], int]:
    """Complaints, points earned by shop, points used, of all orders."""
    broken = []
    issued: Counter[int] = Counter()
    used = 0
    for (shop, *_), order in books.orders.rows(view):
        issued[int(shop)] += order.earned
        used += order.points
        if sum(lot.amount for lot in order.paid_with) != order.points:
            broken.append(f"an order of shop {shop!r} took other points than it says")
        broken += _refunded_wrongly(int(shop), order)
    for (shop, _), imported in books.imports.rows(view):
        issued[int(shop)] += imported.earned
        broken += _refunded_wrongly(int(shop), imported)
    return broken, issued, used


def _refunded_wrongly(shop: int, order: Order | ImportedOrder) -> list[str]:
    if 0 <= order.refunded <= order.gross:
        return []
    return [f"shop {shop} refunded more of an order than it was worth"]


def _refunds(view: View) -> tuple[Counter[int], int]:
    """Points to be taken back by shop, and those given back, of all refunds."""
    unearned: Counter[int] = Counter()
    returned = 0
    for (shop, _), refund in refunds.refunds.rows(view):
        unearned[int(shop)] += refund.unearned
        returned += refund.points_back
    return unearned, returned


def _earn_rules_broken(view: View) -> list[str]:
    found: Counter[int] = Counter(int(shop) for (shop, _), _ in earn_rules.rules.rows(view))
    newest: Mapping[int, int] = {
        int(shop): versions.newest for (shop,), versions in earn_rules.versions.rows(view)
    }
    return [] if found == Counter(newest) else ["a version of an earn rule is missing"]


def _complaints(purse: Purse) -> list[str]:
    broken = []
    lots = all_lots(purse)
    if any(lot.amount <= 0 for lot in lots) or any(debt.amount <= 0 for debt in purse.debts):
        broken.append("I4: a lot or a debt that is not above zero")
    if not all((a.expires_ms, a.id) <= (b.expires_ms, b.id) for a, b in pairwise(purse.lots)):
        broken.append("lots out of order")
    if any(not lot.vests_ms < lot.expires_ms for lot in purse.pending):
        broken.append("a lot that never vests")
    if any(a.vests_ms > b.vests_ms for a, b in pairwise(purse.pending)):
        broken.append("waiting lots out of order")
    if [lot for lot in lots if lot.vests_ms != VESTED] != purse.pending:
        broken.append("a lot waits in the wrong place")
    names = {(lot.issuer, lot.expires_ms, lot.vests_ms, lot.origin, lot.id) for lot in lots}
    if len({name[:-1] for name in names}) != len(names):
        broken.append("two lots that are alike")
    if len({debt.shop for debt in purse.debts}) != len(purse.debts):
        broken.append("two debts to one shop")
    if {debt.shop for debt in purse.debts} & {lot.issuer for lot in (*purse.lots, *purse.pending)}:
        broken.append("points of a shop beside a debt to it")
    if purse.code_held < Amount(0):
        broken.append("negative cap on typed codes")
    return broken


def _sweeps(view: View) -> dict[bytes, set[int]]:
    """For each card the moments at which the daily work will look at it."""
    sweeps: dict[bytes, set[int]] = {}
    for (moment, card), _ in books.due.rows(view):
        assert isinstance(card, bytes)
        sweeps.setdefault(card, set()).add(int(moment))
    return sweeps


def _swept(purse: Purse, moments: set[int]) -> bool:
    free = all(lot.expires_ms in moments for lot in (*purse.lots, *purse.pending))
    return free and all(
        lot.expires_ms in moments or hold.expires_ms in moments
        for hold in purse.holds
        for lot in hold.lots
    )
