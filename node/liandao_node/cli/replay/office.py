"""What shops and treasurers do besides selling: rules, deposits, clearing's payments.

Each morning they look at what is to be paid. A debtor says that it paid on the day on which it
sees a payment, a creditor that it received it the day after. One debtor forgets the payments of
one period, so that the ledger has to deal with them.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from liandao_node.cli.replay.street import SHOPS, Street, granted
from liandao_node.cli.replay.tally import Tally
from liandao_node.ledger import clearing_queries
from liandao_node.ledger.clearing_queries import PaymentTold
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import pool_books
from liandao_node.ledger.modules.clearing_calls import Paid, Received, Vouch, payment_preimage
from liandao_node.ledger.modules.earn_rule_calls import EarnTerms, Hours, SetEarnRule
from liandao_node.ledger.modules.membership import Speaks
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.pool_calls import Deposit, Source, deposit_preimage
from liandao_node.ledger.modules.stake_books import bond_of
from liandao_node.ledger.modules.stake_calls import Attest, Direction, bond_preimage
from liandao_node.types import Amount, ShopId
from liandao_node.wire.protocol import PROTOCOL

ON_TIME_PERIODS: Final = 1
"""So many periods close before the one in which a debtor is late."""
PERIODS_OPEN: Final = 4
"""No payment is open for longer."""
DEPOSITS: Final = (
    (Source.SPONSOR, 300_000, "lights over the street"),
    (Source.ADVERTISER, 120_000, "boards at both ends"),
    (Source.ASSOCIATION, 80_000, "members' fees"),
)
"""Of each month."""
NO_HOURS: Final[list[Hours]] = []
WEEKEND: Final = 0b110_0000


def _terms(
    bps: int = 0,
    *,
    visit: int = 0,
    online: int = 0,
    minimum: int = 0,
    day_max: int = 0,
    hours: list[Hours] = NO_HOURS,
) -> EarnTerms:
    amounts = (Amount(visit), Amount(online), Amount(minimum), Amount(day_max))
    return EarnTerms(bps, *amounts, hours)


EARN_RULES: Final = {
    1: _terms(300),
    2: _terms(200, visit=50),
    3: _terms(150, minimum=10_000),
    4: _terms(100, hours=[Hours(WEEKEND, 0, 1_440, 400), Hours(127, 600, 720, 250)]),
    5: _terms(300, day_max=1_000),
    7: _terms(200, online=100),
}
"""The other shops have the street's rule."""


@dataclass(frozen=True, slots=True)
class Late:
    """Whose payments of which period are not made."""

    period: int
    debtor: ShopId


class Office:
    """Does the paperwork of a street."""

    def __init__(self, street: Street, tally: Tally) -> None:
        self._street = street
        self._tally = tally
        self._first = clearing_queries.running(street.view)
        self._month = -1
        self._late: Late | None = None
        self._owed_up = False

    def begin(self) -> None:
        """The shops publish by what their customers will earn, from the next period on."""
        street = self._street
        for shop, terms in EARN_RULES.items():
            granted(street.one(street.at(street.today, 0), shop, SetEarnRule(terms)))

    def morning(self, day: int) -> None:
        """The first block of a day, and what somebody signs because of it."""
        street = self._street
        granted(street.one(street.at(day, 0), day % SHOPS, Speaks(PROTOCOL)))
        self._deposits()
        running = clearing_queries.running(street.view)
        if running > self._first + ON_TIME_PERIODS and self._late is None:
            self._late = self._forgetful(running - 1)
        for period in range(max(self._first, running - PERIODS_OPEN), running):
            for told in clearing_queries.payments(street.view, period):
                self._look_at(period, told)

    @property
    def is_quiet(self) -> bool:
        """Nothing is to be paid, and no month waits for its division."""
        view = self._street.view
        running = clearing_queries.running(view)
        open_payments = any(
            told.payment.is_open
            for period in range(self._first, running)
            for told in clearing_queries.payments(view, period)
        )
        return not open_payments and not pool_books.clock_of(view).over

    # --- the pool ---

    def _deposits(self) -> None:
        street = self._street
        month = pool_books.clock_of(street.view).period
        if month == self._month:
            return
        self._month = month
        for source, amount, purpose in DEPOSITS:
            number = pool_books.till_of(street.view).deposits + 1
            said = (source, number, Amount(amount), purpose)
            word = street.treasurers_word(deposit_preimage(street.chain_id, *said))
            granted(street.one(street.now_ms, 0, Deposit(*said, word)))
            self._tally.counts["deposits"] += 1

    # --- clearing ---

    def _forgetful(self, period: int) -> Late | None:
        """The shop that has the most to pay to another one."""
        owed: Counter[ShopId] = Counter()
        for told in clearing_queries.payments(self._street.view, period):
            if POOL not in (told.debtor, told.creditor):
                owed[told.debtor] += told.payment.amount
        if not owed:
            return None
        return Late(period, max(owed, key=lambda shop: (owed[shop], shop)))

    def _look_at(self, period: int, told: PaymentTold) -> None:
        payment = told.payment
        if self._late == Late(period, told.debtor):
            if payment.failed_ms and not self._owed_up:
                self._owed_up = True
                self._make_good(period, told)
        elif payment.is_open and payment.paid_ms:
            self._say(told.creditor, Received(period, told.debtor))
        elif payment.is_open and POOL in (told.debtor, told.creditor):
            key = (period, told.debtor, told.creditor)
            word = self._street.treasurers_word(payment_preimage(self._street.chain_id, *key))
            self._say(ShopId(0), Vouch(*key, word))
        elif payment.is_open:
            self._say(told.debtor, Paid(period, told.creditor))

    def _make_good(self, period: int, told: PaymentTold) -> None:
        """It says that it paid, too late; then its treasurers fill its bond up again."""
        self._say(told.debtor, Paid(period, told.creditor))
        street, shop = self._street, told.debtor
        lost = [
            one.payment.from_bond
            for one in clearing_queries.payments(street.view, period)
            if one.debtor == shop
        ]
        number = bond_of(street.view, shop).statements + 1
        said = (shop, number, Direction.DEPOSIT, Amount(sum(lost)))
        word = street.treasurers_word(bond_preimage(street.chain_id, *said))
        self._say(shop, Attest(*said, word))

    def _say(self, shop: ShopId, call: CallBody) -> None:
        answer = self._street.one(self._street.now_ms, shop, call)
        if self._tally.told(call, answer):
            self._tally.counts[f"said {type(call).__name__}"] += 1
