"""What holds of the pool at every height (I6, I7). Reads everything: for checks only."""

from collections import Counter

from liandao_node.ledger.modules import clearing_books
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_books import book_of
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.pool_books import Division
from liandao_node.ledger.modules.pool_calls import Source
from liandao_node.ledger.modules.pool_recount import can_be_explained, differences
from liandao_node.ledger.modules.pool_till import cash_of, handed_over, promised
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.state import View


def audit(view: View) -> list[str]:
    """What does not hold, in words for developers."""
    return [*_till(view), *_cash(view), *_divisions(view), *_traffic(view)]


def _cash(view: View) -> list[str]:
    """I6. The cash covers what is promised, but for what shops that handed their points over
    still have to pay, and what the pool bore of others' defaults as any creditor does."""
    cover = cash_of(view) + handover_cover(view) + Obligations().borne(view, POOL)
    missing = promised(view) - cover
    return [f"I6: the pool's cash falls short by {missing}"] if missing > 0 else []


def handover_cover(view: View) -> int:
    """Money on its way for points that were handed over: all that others owe the pool, but no
    more than those points ever were."""
    handed = [book_of(view, shop) for shop in handed_over(view)]
    if not handed:
        return 0
    position = clearing_books.position_of(view, POOL)
    coming = position.claims + max(0, position.carry)
    coming += sum(
        payment.amount
        for (_, _, creditor), payment in clearing_books.payments.rows(view)
        if creditor == POOL and payment.is_open
    )
    return min(coming, sum(book.issued + book.returned for book in handed))


def _till(view: View) -> list[str]:
    """The till's sums are those of its records."""
    broken: list[str] = []
    till = books.till_of(view)
    sources: Counter[int] = Counter()
    count = 0
    for (number,), made in books.deposits.rows(view):
        count += 1
        sources[made.source] += made.amount
        if number != count or made.amount <= 0:
            broken.append(f"deposit {number!r} is out of turn or empty")
    sums = (till.sponsors, till.advertisers, till.association, till.others)
    if sums != tuple(sources[source] for source in Source) or count != till.deposits:
        broken.append(f"the till has {sums}, its deposits {dict(sources)}")
    if min(till.reserve, till.drawn, till.came_in, till.went_out) < 0:
        broken.append(f"I4: a part of the till is negative: {till}")
    owed = sum(conduct.to_reserve for _, conduct in clearing_books.conducts.rows(view))
    if till.drawn != owed:
        broken.append(f"{till.drawn} were drawn from the reserve, {owed} are owed to it")
    if till.to_customers != PointsDesk().given(view, POOL, Origin.POOL):
        broken.append("customers got other points of the pool than the till says")
    return broken


def _divisions(view: View) -> list[str]:
    """I7, of each division by its record; the newest one is made anew from its traffic."""
    broken: list[str] = []
    shared: Counter[int] = Counter()
    for (period, shop), line in books.lines.rows(view):
        shared[int(period)] += line.share
        if not 0 <= line.withheld <= line.share <= line.cap or (line.share and not line.weight):
            broken.append(f"I7: shop {shop!r} in {period!r} has {line}")
    newest, to_shops, given = -1, 0, 0
    for (key,), division in books.divisions.rows(view):
        newest = period = int(key)
        to_shops += division.shared
        given += division.given - division.limited - division.withheld
        broken += [f"I7: {why} in period {period}" for why in _of_division(division)]
        if shared.pop(period, 0) != division.shared:
            broken.append(f"I7: the shares of period {period} are not those of its shops")
    closing = books.closings.get(view)
    if closing is not None:
        given += closing.given - closing.limited - closing.withheld
    till = books.till_of(view)
    if (till.to_shops, till.to_customers) != (to_shops, given) or +shared:
        broken.append("the till has given otherwise than its divisions")
    last = books.divisions.get(view, newest) if newest >= 0 else None
    if last is not None and can_be_explained(view, newest):
        broken += [f"I7: {one} in period {newest}" for one in differences(view, newest, last)]
    return broken


def _of_division(division: Division) -> list[str]:
    found = []
    parts = division.reserve + division.shops_part + division.customers_part
    if parts != division.cash:
        found.append("the parts are not the cash")
    if division.shared > division.shops_part or division.given > division.customers_part:
        found.append("more was given than there was")
    if min(division.limited, division.withheld) < 0:
        found.append("less than nothing was kept back")
    return found


def _traffic(view: View) -> list[str]:
    """Rows are as small as they can be, and nothing of a division at work outlives it."""
    broken: list[str] = []
    clock = books.clock_of(view)
    for key, row in books.seen.rows(view):
        days = [one.day for one in row.days]
        sound = all((one.orders or one.visits) and one.orders >= 0 for one in row.days)
        if days != sorted(set(days)) or not sound or not (days or row.known_day):
            broken.append(f"traffic {key!r} is {row}")
        if int(key[0]) > clock.period:
            broken.append(f"traffic of a period to come: {key!r}")
    if not clock.over and any(
        next(iter(table.rows(view)), None) for table in (books.closings, books.heads, books.draws)
    ):
        broken.append("something is left of a division that is done")
    owing = [
        owed for table in (books.shops_owing, books.cards_owing) for _, owed in table.rows(view)
    ]
    if any(owed.amount <= 0 for owed in owing):
        broken.append("I4: an amount to be withheld is not above 0")
    return broken
