"""Whatever shops owe, pay, say and fail to pay over many periods, no unit is lost or made (I3, I4).

Obligations at will, days that pass, words of debtors, creditors and treasurers, defaults with
little bond and little reserve, shops that leave. Beside the ledger a naive account is kept of
what every party should be worth: what it was promised, less what it promised. After every step
that must be what the ledger says it is owed, what it got outside, what it bore for others.
"""

from collections import Counter
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules import stake_books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import ArrearsReceived, HandOver, Leave, Stay
from liandao_node.ledger.modules.clearing_turn import nets_of
from liandao_node.ledger.state import recompute
from liandao_node.ledger.transactions import SignedTx, parse_tx
from liandao_node.types import Amount, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.genesis import Rules
from support.clearing_street import POOL, ClearingStreet

SHOPS: Final = 5
PARTIES: Final = st.sampled_from([ShopId(shop) for shop in range(SHOPS)] + [POOL])
SHOP: Final = st.integers(0, SHOPS - 1).map(ShopId)
AMOUNTS: Final = st.one_of(st.integers(1, 150), st.integers(1, 3_000)).map(Amount)
PICK: Final = st.integers(0, 10**6)
BONDS: Final = (0, 40, 700, 3_000, 20_000)
LIVE: Final = (0, 20, 300, 500, 800)


class StreetOfClearing(RuleBasedStateMachine):
    @initialize(treasurers=st.sampled_from([0, 3]), reserve=st.sampled_from([None, 0, 500]))
    def found(self, treasurers: int, reserve: int | None) -> None:
        self.made = {"treasurers": treasurers, "reserve": reserve}
        self.street = self._fresh()
        self.treasurers = treasurers > 0
        self.promised: Counter[int] = Counter()
        """What each party should have had from others by now, less what others from it."""
        self.cash: Counter[int] = Counter()
        """What it has had."""
        self.looked_at = -1

    def _fresh(self) -> ClearingStreet:
        rules = Rules(payment_min=Amount(100), payment_days=5)
        treasurers, reserve = self.made["treasurers"], self.made["reserve"]
        return ClearingStreet(
            BONDS, rules=rules, treasurers=treasurers or 0, reserve=reserve, live=LIVE
        )

    def _promise(self, debtor: int, creditor: int, amount: int) -> None:
        self.promised[debtor] -= amount
        self.promised[creditor] += amount

    def _pay(self, debtor: int, creditor: int, amount: int) -> None:
        self.cash[debtor] -= amount
        self.cash[creditor] += amount

    def _debtor(self, shop: ShopId) -> ShopId:
        return POOL if Obligations().is_handed_over(self.street.view, shop) else shop

    # --- obligations ---

    @rule(debtor=PARTIES, creditor=PARTIES, amount=AMOUNTS)
    def owe(self, debtor: ShopId, creditor: ShopId, amount: Amount) -> None:
        who = self._debtor(debtor)
        self.street.owe(debtor, creditor, amount)
        self._promise(who, creditor, amount)

    @rule(pick=PICK, part=st.integers(1, 100))
    def unowe(self, pick: int, part: int) -> None:
        """A part of some obligation of the running period is taken back, as refunds do."""
        view = self.street.view
        running = list(books.obligations.under(view, Obligations().period(view)))
        if not running:
            return
        (_, debtor, creditor), owed = running[pick % len(running)]
        amount = max(1, owed.amount * part // 100)
        who = self._debtor(ShopId(int(debtor)))
        self.street.unowe(int(debtor), int(creditor), amount)
        # With points handed over the pool answers again for what comes back, and is paid for it.
        self._promise(int(creditor), who, amount)

    # --- words ---

    def _open(self, pick: int) -> tuple[int, int, int, int] | None:
        found = [
            (*map(int, key), payment.amount)
            for key, payment in books.payments.rows(self.street.view)
            if payment.is_open
        ]
        if not found:
            return None
        period, debtor, creditor, amount = found[pick % len(found)]
        return period, debtor, creditor, amount

    @rule(pick=PICK)
    def say_paid(self, pick: int) -> None:
        found = self._open(pick)
        if found is None or found[1] == POOL:
            return
        period, debtor, creditor, amount = found
        code = self.street.paid(period, debtor, creditor)
        assert code in ("OK", "PAYMENT_SAID")
        if code == "OK" and creditor == POOL and not self.treasurers:
            self._pay(debtor, creditor, amount)

    @rule(pick=PICK)
    def say_received(self, pick: int) -> None:
        found = self._open(pick)
        if found is not None and found[2] != POOL:
            period, debtor, creditor, amount = found
            assert self.street.received(period, debtor, creditor) == "OK"
            self._pay(debtor, creditor, amount)

    @rule(pick=PICK)
    def vouch(self, pick: int) -> None:
        found = self._open(pick)
        if found is None or not self.treasurers:
            return
        period, debtor, creditor, amount = found
        code = self.street.ask(0, self.street.vouch(period, debtor, creditor))
        assert code == "OK" or debtor == POOL
        if debtor != POOL:
            self._pay(debtor, creditor, amount)

    @rule(shop=SHOP, by=SHOP, amount=AMOUNTS)
    def arrears_received(self, shop: ShopId, by: ShopId, amount: Amount) -> None:
        if self.street.ask(by, ArrearsReceived(shop, amount)) == "OK":
            self._pay(shop, POOL if by == shop else by, amount)

    @rule(shop=SHOP, amount=AMOUNTS)
    def arrears_paid_in(self, shop: ShopId, amount: Amount) -> None:
        number = self.street.conduct(shop).statements + 1
        call = self.street.arrears_paid_in(shop, amount, number=number)
        if self.treasurers and self.street.ask(0, call) == "OK":
            self._pay(shop, POOL, amount)

    # --- leaving ---

    @rule(shop=SHOP, stays=st.booleans())
    def leave_or_stay(self, shop: ShopId, stays: bool) -> None:
        self.street.ask(shop, Stay() if stays else Leave())

    @rule(shop=SHOP)
    def hand_over(self, shop: ShopId) -> None:
        if self.street.ask(shop, HandOver()) == "OK":
            self._promise(shop, POOL, LIVE[shop])

    # --- time ---

    @rule(days=st.integers(1, 7))
    def days_pass(self, days: int) -> None:
        self.street.days(days)

    @rule(periods=st.integers(1, 2))
    def period_turns(self, periods: int) -> None:
        before = self.street.nets()
        closed = self.street.turn(periods)
        payments = self.street.payments(closed)
        assert len(payments) <= max(0, len(before) + 1 - 1)
        assert all(amount > 0 for amount in payments.values())

    # --- what always holds ---

    @invariant()
    def no_party_loses_or_gains_a_unit(self) -> None:
        if self.street.ledger.tip.seq == self.looked_at:
            return
        self.looked_at = self.street.ledger.tip.seq
        view = self.street.view
        worth: Counter[int] = Counter(self.cash)
        worth.update({int(party): net for party, net in nets_of(view).items()})
        for (_, debtor, creditor), payment in books.payments.rows(view):
            if payment.is_open:
                worth[int(debtor)] -= payment.amount
                worth[int(creditor)] += payment.amount
        for (debtor, bearer), owed in books.cuts.rows(view):
            worth[int(debtor)] -= owed.amount
            worth[int(bearer)] += owed.amount
        for (shop,), conduct in books.conducts.rows(view):
            worth[int(shop)] -= conduct.to_reserve
            worth[POOL] += conduct.to_reserve
        for shop in range(SHOPS):
            slashed = stake_books.bond_of(view, shop).slashed
            worth[shop] -= slashed
            worth[POOL] += slashed
        for party in {*worth, *self.promised}:
            assert worth[party] == self.promised[party], f"party {party}"

    @invariant()
    def payable_is_never_less_than_what_may_have_to_be_paid(self) -> None:
        view = self.street.view
        nets = nets_of(view)
        for shop in range(SHOPS):
            must = max(0, -nets.get(ShopId(shop), 0)) + books.position_of(view, shop).unpaid
            assert self.street.payable(shop) >= must + self.street.conduct(shop).arrears

    @invariant()
    def the_reserve_is_whole_or_owed(self) -> None:
        if self.made["reserve"] is not None:
            till = self.street.till()
            assert till.reserve + till.drawn == self.made["reserve"]
            owed = sum(self.street.conduct(shop).to_reserve for shop in range(SHOPS))
            assert till.drawn == owed

    @invariant()
    def who_owes_arrears_issues_nothing(self) -> None:
        for shop in range(SHOPS):
            conduct = self.street.conduct(shop)
            assert not (self.street.may_issue(shop) and (conduct.arrears or conduct.leaving_ms))

    def teardown(self) -> None:
        """The blocks give the same records on a fresh node, through a peer's door (I10)."""
        if not hasattr(self, "street"):
            return
        assert recompute(self.street.view) == self.street.ledger.tip.accumulator
        fresh = self._fresh()
        for execution, txs in zip(self.street.history, self.street.sealed, strict=True):
            parsed: list[SignedTx] = [
                parse_tx(tx.raw, fresh.chain_id, fresh.ledger.keys()) for tx in txs
            ]
            block = Block(execution.header, [tx.raw for tx in txs])
            fresh.commit(fresh.ledger.check(block, parsed))
        assert fresh.ledger.tip == self.street.ledger.tip


TestStreetOfClearing = pytest.mark.rule("L-16.3")(StreetOfClearing.TestCase)
StreetOfClearing.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
