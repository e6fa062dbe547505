"""A replay from the first purchase until everybody was paid.

Each day of the street begins in the office; then customers come with receipts of earlier days,
then with purchases. When a clearing period ends all books are looked at, and when the pool has
divided a month the division is made again.
"""

from collections.abc import Sequence

from liandao_node.cli.replay.cards import Cards
from liandao_node.cli.replay.coupons import CouponDesk
from liandao_node.cli.replay.office import Office
from liandao_node.cli.replay.report import Month, audit, month_told
from liandao_node.cli.replay.sheets import Sheet
from liandao_node.cli.replay.street import Street
from liandao_node.cli.replay.tally import Tally
from liandao_node.cli.replay.till import Tills
from liandao_node.ledger import clearing_queries, pool_queries
from liandao_node.ledger.modules import pool_books
from liandao_node.types import Millis

CLOSING_DAYS_MAX = 60


class Run:
    """Leads a street through sheets of purchases."""

    def __init__(
        self,
        street: Street,
        tally: Tally,
        *,
        online_shop: int | None = None,
        cards: Cards | None = None,
        coupons: CouponDesk | None = None,
    ) -> None:
        self._street = street
        self._tally = tally
        self.cards = cards or Cards(street)
        self._coupons = coupons
        self._tills = Tills(street, tally, self.cards, online_shop=online_shop, coupons=coupons)
        self._office = Office(street, tally)
        self._period = street.first_period
        self._next_day = street.today
        self.rows_in = 0
        self.audits = 0
        self.broken: list[str] = []
        self.months: list[Month] = []
        self._office.begin()

    def day(self, sheet: Sheet) -> None:
        """The purchases of one day, above all earlier ones."""
        self.rows_in += sheet.rows
        self._tally.reject(sheet.rejected)
        moments = moments_of(sheet)
        if not moments:
            return
        day = self._street.day_of(min(moments))
        while self._next_day < day:
            self._morning()
            self._evening()
        self._morning()
        self._tills.day(sheet)
        self._evening()

    def close(self) -> None:
        """Goes on until the running month was divided and everybody paid."""
        month = clearing_queries.running(self._street.view) // 2
        for _ in range(CLOSING_DAYS_MAX):
            self._morning()
            self._evening()
            if clearing_queries.running(self._street.view) // 2 > month and self._office.is_quiet:
                break
        if self._coupons is not None:
            self._coupons.end()

    def _morning(self) -> None:
        day, self._next_day = self._next_day, self._next_day + 1
        self._office.morning(day)
        if self._coupons is not None:
            self._coupons.morning(day)
        self._tills.claims_of(day)
        self._look_at_books()

    def _evening(self) -> None:
        if self._coupons is not None:
            self._coupons.evening(self._next_day - 1)

    def _look_at_books(self) -> None:
        view = self._street.view
        for period in pool_queries.divided(view)[len(self.months) :]:
            division = pool_books.divisions.get(view, period)
            if division is not None and division.is_done:
                self.months.append(month_told(view, period))
        running = clearing_queries.running(view)
        if running != self._period:
            self._period = running
            self.audits += 1
            found = audit(self._street).broken
            self.broken += [one for complaints in found.values() for one in complaints]


def moments_of(sheet: Sheet) -> Sequence[Millis]:
    bought = [Millis(one.at_ms) for one in sheet.orders]
    return [*bought, *(Millis(one.at_ms) for one in sheet.refunds)]
