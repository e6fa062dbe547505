"""What must hold of all points at every height (I1, I2, I4, I5; docs/ledger.md section 14).

Reads every record: for tests, `verify` and a street that suspects a disk, never for a rule.
"""

from collections import Counter
from itertools import pairwise

from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.purse import Lot, Purse
from liandao_node.ledger.state import View


def broken_promises(view: View) -> list[str]:
    """Sentences for developers, none when all is well."""
    broken: list[str] = []
    live: Counter[int] = Counter()
    sweeps = _sweeps(view)
    for (card,), purse in books.purses.rows(view):
        assert isinstance(card, bytes)
        name = card.hex()[:8]
        broken += [f"purse {name}: {complaint}" for complaint in _complaints(purse)]
        lots = _all_lots(purse)
        live.update(_by_issuer(lots))
        if not _swept(purse, sweeps.get(card, set())):
            broken.append(f"purse {name}: a lot that no sweep will find")
    return broken + _books_broken(view, live)


def _books_broken(view: View, live: Counter[int]) -> list[str]:
    """The books against the orders and against what the cards hold."""
    broken, issued, used = _orders(view)
    owed_by: Counter[int] = Counter()
    for (issuer, redeemer), debt in books.owed.rows(view):
        owed_by[int(issuer)] += debt.amount
        if debt.amount <= 0 or issuer == redeemer:
            broken.append(f"obligation of {issuer!r} to {redeemer!r} is {debt.amount}")
    redeemed = 0
    for (key,), book in books.books.rows(view):
        issuer = int(key)
        redeemed += book.redeemed
        if min(book.issued, book.redeemed, book.expired, book.live) < 0:
            broken.append(f"I4: book of {issuer} is negative")
        if book.issued != issued.pop(issuer, 0):
            broken.append(f"I1: shop {issuer} issued other points than its orders earned")
        if book.live != live.pop(issuer, 0):
            broken.append(f"I2: live points of shop {issuer} are not what cards hold")
        if owed_by.pop(issuer, 0) > book.redeemed:
            broken.append(f"shop {issuer} owes more than was redeemed")
    if redeemed != used:
        broken.append("I1: orders took other points than the books say")
    if +issued or +live or +owed_by:
        broken.append("points of a shop that has no book")
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
    for (shop, _), imported in books.imports.rows(view):
        issued[int(shop)] += imported.earned
    return broken, issued, used


def _complaints(purse: Purse) -> list[str]:
    broken = []
    lots = _all_lots(purse)
    if any(lot.amount <= 0 for lot in lots):
        broken.append("I4: a lot that is not above zero")
    if not all((a.expires_ms, a.id) < (b.expires_ms, b.id) for a, b in pairwise(purse.lots)):
        broken.append("lots out of order")
    owners = {(lot.id, lot.issuer, lot.expires_ms) for lot in lots}
    if len({lot_id for lot_id, _, _ in owners}) != len(owners):
        broken.append("I4: a lot changed its owner")
    if len({(issuer, expires_ms) for _, issuer, expires_ms in owners}) != len(owners):
        broken.append("two lots of one issuer and expiry")
    if purse.code_held < 0:
        broken.append("negative cap on typed codes")
    return broken


def _all_lots(purse: Purse) -> list[Lot]:
    return [*purse.lots, *(lot for hold in purse.holds for lot in hold.lots)]


def _by_issuer(lots: list[Lot]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for lot in lots:
        sums[lot.issuer] += lot.amount
    return sums


def _sweeps(view: View) -> dict[bytes, set[int]]:
    """For each card the moments at which the daily work will look at it."""
    sweeps: dict[bytes, set[int]] = {}
    for (moment, card), _ in books.due.rows(view):
        assert isinstance(card, bytes)
        sweeps.setdefault(card, set()).add(int(moment))
    return sweeps


def _swept(purse: Purse, moments: set[int]) -> bool:
    free = all(lot.expires_ms in moments for lot in purse.lots)
    return free and all(
        lot.expires_ms in moments or hold.expires_ms in moments
        for hold in purse.holds
        for lot in hold.lots
    )
