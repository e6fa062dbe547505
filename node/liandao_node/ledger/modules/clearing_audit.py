"""What holds of clearing at every height (I3, I4). Reads everything: for checks only."""

from collections import Counter

from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.parties import POOL, name_of
from liandao_node.ledger.state import View
from liandao_node.types import ShopId


def audit(view: View) -> list[str]:
    """What does not hold, in words for developers."""
    return [*_positions(view), *_payments(view), *_arrears(view)]


def _positions(view: View) -> list[str]:
    """The sums are those of their records, and all of them sum to nothing."""
    running = books.clock_of(view).period
    owes, claims, unpaid = Counter[int](), Counter[int](), Counter[int]()
    broken: list[str] = []
    for (period, debtor, creditor), owed in books.obligations.rows(view):
        sound = owed.amount > 0 and 0 <= owed.points <= owed.amount
        if not sound or debtor == creditor or int(period) > running:
            broken.append(f"I4: {debtor!r} owes {creditor!r} {owed} in {period!r}")
        if period == running:
            owes[int(debtor)] += owed.amount
            claims[int(creditor)] += owed.amount
    for (_, debtor, _), payment in books.payments.rows(view):
        unpaid[int(debtor)] += payment.amount if payment.is_open else 0
    carried = 0
    for (number,), position in books.positions.rows(view):
        party = int(number)
        carried += position.carry
        sums = (owes.pop(party, 0), claims.pop(party, 0), unpaid.pop(party, 0))
        if sums != (position.owes, position.claims, position.unpaid):
            broken.append(f"I3: {name_of(ShopId(party))} has {position}, its records {sums}")
    if carried:
        broken.append(f"I3: all carries sum to {carried}")
    if +owes or +claims or +unpaid:
        broken.append("obligations of parties without a position")
    return broken


def _payments(view: View) -> list[str]:
    """Fewer than parties in each period, nobody on both sides, each looked at when it is due."""
    broken: list[str] = []
    sides: dict[int, tuple[set[int], set[int], list[int]]] = {}
    dues = {tuple(map(int, key)) for key, _ in books.dues.rows(view)}
    for key, payment in books.payments.rows(view):
        period, debtor, creditor = map(int, key)
        debtors, creditors, amounts = sides.setdefault(period, (set(), set(), []))
        debtors.add(debtor)
        creditors.add(creditor)
        amounts.append(payment.amount)
        borne = payment.from_bond + payment.from_reserve + payment.cut
        if payment.amount <= 0 or borne != (payment.amount if payment.failed_ms else 0):
            broken.append(f"I4: payment {key!r} does not add up: {payment}")
        due = (int(payment.due_ms), period, debtor, creditor)
        if (due in dues) != (payment.is_open and debtor != POOL):
            broken.append(f"payment {key!r} is looked at at the wrong time")
        dues.discard(due)
    for period, (debtors, creditors, amounts) in sides.items():
        if debtors & creditors or len(amounts) >= len(debtors | creditors):
            broken.append(f"I3: period {period} has {len(amounts)} payments or one in a circle")
    return broken + [f"due without a payment: {due}" for due in dues]


def _arrears(view: View) -> list[str]:
    """What a shop owes to those who bore its defaults is what they bore."""
    borne: Counter[int] = Counter()
    by_bearer: Counter[int] = Counter()
    broken: list[str] = []
    for (debtor, bearer), owed in books.cuts.rows(view):
        borne[int(debtor)] += owed.amount
        by_bearer[int(bearer)] += owed.amount
        if owed.amount <= 0 or debtor == bearer:
            broken.append(f"I4: {bearer!r} bears {owed.amount} for {debtor!r}")
    for (shop,), conduct in books.conducts.rows(view):
        if borne.pop(int(shop), 0) != conduct.to_bearers or conduct.to_reserve < 0:
            broken.append(f"arrears of {shop!r} are not what others bore for it")
    for (party,), position in books.positions.rows(view):
        if by_bearer.pop(int(party), 0) > position.borne:
            broken.append(f"{party!r} has more to get back than it ever bore")
    if +borne or +by_bearer:
        broken.append("cuts of shops without arrears or a position")
    return broken
