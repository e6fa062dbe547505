"""Deposits, sales, refunds, visits, points that expire, defaults, months that turn: the pool's cash
covers what it promised (I6), and each division is what its traffic says (I7).

Each step is a block over the real ledger with pieces so small that divisions lie between the other
steps. All invariants of all modules are asked after each, and a fresh node makes the same blocks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from liandao_node.ledger.modules import (
    clearing_books,
    pool,
    pool_closing,
    pool_giving,
    pool_late,
    stake_books,
)
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsReceived,
    ArrearsVouched,
    HandOver,
    Leave,
    Paid,
    Received,
    Vouch,
    arrears_preimage,
    payment_preimage,
)
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.pool_calls import Source
from liandao_node.ledger.modules.pool_recount import can_be_explained, differences
from liandao_node.ledger.modules.pool_till import cash_of, promised
from liandao_node.ledger.state import recompute
from liandao_node.ledger.transactions import parse_tx
from liandao_node.types import Amount, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.genesis import Rules
from support.ledger_street import DAY_MS, sale
from support.pool_street import PoolStreet
from support.refunding import purse, refund

SHOPS: Final = 4
CARDS: Final = 5
SHOP: Final = st.integers(0, SHOPS - 1)
CARD: Final = st.integers(0, CARDS - 1)
PICK: Final = st.integers(0, 10**6)
RULES: Final = Rules(
    earn_bps=2_000,
    share_bps_max=10_000,
    hold_ms=600_000,
    expiry_months=1,
    returned_days=2,
    payment_min=Amount(20),
    payment_days=5,
    issue_limit_bps=50_000,
    epoch_blocks=10_000,
)
BOND: Final = 150
"""Covers a fifth of what a shop may owe, so that defaults come to the reserve and beyond."""


@contextmanager
def _small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool_closing, "POOL_ROWS_PER_BLOCK_MAX", 6)
        patch.setattr(pool_giving, "POOL_CARDS_PER_BLOCK_MAX", 2)
        patch.setattr(pool, "POOL_ROWS_PER_BLOCK_MAX", 4)
        patch.setattr(pool_late, "POOL_LATE_PER_BLOCK_MAX", 1)
        yield


class StreetOfThePool(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.pieces = _small_pieces()
        self.pieces.__enter__()
        self.street = PoolStreet(SHOPS, rules=RULES, bond=BOND)
        self.cards = self.street.cards(0, CARDS)
        self.orders: list[tuple[int, int, int]] = []
        """Shop, number, what is left of the gross."""
        self.looked_at = -1
        self.cash = 0
        """What the treasurers hold for the pool, without bonds that were taken."""
        self.deposit(3_000, Source.ASSOCIATION)
        for card in range(CARDS):
            self.buy(card % SHOPS, card, 600)
            self.pay_with_points((card + 1) % SHOPS, card, 3, 1)

    # --- money ---

    @rule(amount=st.integers(1, 5_000), source=st.sampled_from(Source))
    def deposit(self, amount: int, source: Source) -> None:
        self.street.pay_in(amount, source)
        self.cash += amount

    @rule(pick=PICK)
    def a_payment_is_made(self, pick: int) -> None:
        """By any debtor, the pool among them; those that nobody picks in time fail."""
        found = [key for key, row in clearing_books.payments.rows(self.street.view) if row.is_open]
        if not found:
            return
        period, debtor, creditor = map(int, found[pick % len(found)])
        payment = clearing_books.payments.get(self.street.view, period, debtor, creditor)
        assert payment is not None
        self.cash += payment.amount * ((creditor == POOL) - (debtor == POOL))
        if creditor != POOL:
            assert self.street.ask(creditor, Received(period, ShopId(debtor))) == "OK"
            return
        self.street.ask(debtor, Paid(period, POOL))
        vouch = vouch_for(self.street, period, debtor, creditor)
        assert self.street.ask(0, vouch) == "OK"

    @rule(shop=SHOP, by=SHOP, amount=st.integers(1, 500))
    def arrears_are_received(self, shop: int, by: int, amount: int) -> None:
        self.street.ask(by, ArrearsReceived(ShopId(shop), Amount(amount)))

    @rule(shop=SHOP, amount=st.integers(1, 500))
    def arrears_are_paid_in(self, shop: int, amount: int) -> None:
        arrears = clearing_books.conduct_of(self.street.view, shop).arrears
        if arrears:
            amount = min(amount, arrears)
            self.cash += amount
            call = arrears_paid(self.street, shop, amount)
            assert self.street.ask(0, call) == "OK"

    @rule(shop=st.integers(2, SHOPS - 1))
    def leave_and_hand_over(self, shop: int) -> None:
        self.street.ask(shop, Leave())
        self.street.ask(shop, HandOver())

    # --- traffic ---

    @rule(shop=SHOP, card=CARD, gross=st.integers(0, 600))
    def buy(self, shop: int, card: int, gross: int) -> None:
        number = self.street.next()
        assert self.street.ask(shop, sale(number, gross, self.cards[card])) == "OK"
        if gross:
            self.orders.append((shop, number, gross))

    @rule(shop=SHOP, card=CARD, part=st.integers(1, 4), times=st.integers(1, 3))
    def pay_with_points(self, shop: int, card: int, part: int, times: int) -> None:
        points = purse(self.street, self.cards[card]).available * part // 4
        name, number = self.street.next(), self.street.next()
        if points:
            hold = self.street.hold(shop, self.cards[card], name, points)
            assert self.street.ask(shop, hold) == "OK"
            body = sale(number, points * times, self.cards[card], hold=name, points=points)
            assert self.street.ask(shop, body) == "OK"
            self.orders.append((shop, number, points * times))

    @precondition(lambda self: self.orders)
    @rule(pick=PICK, whole=st.booleans())
    def refund(self, pick: int, whole: bool) -> None:
        """Of this month or of an earlier one."""
        at = pick % len(self.orders)
        shop, number, left = self.orders.pop(at)
        gross = left if whole else max(1, left // 2)
        assert self.street.ask(shop, refund(number, self.street.next(), gross)) == "OK"
        if left > gross:
            self.orders.append((shop, number, left - gross))

    @rule(shop=SHOP, card=CARD)
    def visit(self, shop: int, card: int) -> None:
        code = self.street.ask(shop, self.street.visit(shop, self.cards[card]))
        assert code in ("OK", "VISIT_KNOWN")

    @rule(shop=SHOP, visitors=st.integers(0, 40))
    def pages(self, shop: int, visitors: int) -> None:
        now_ms = self.street.time_ms
        code = self.street.ask(shop, self.street.pages(visitors, now_ms - 2, now_ms))
        assert code in ("OK", "WINDOW_OVERLAPS")

    # --- time ---

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.street.tick(days * DAY_MS)

    @rule()
    def half_a_month_passes(self) -> None:
        self.street.half()

    @rule()
    def nobody_pays_what_falls_due(self) -> None:
        self.street.half()
        self.street.tick(6 * DAY_MS)

    @rule()
    def the_month_turns(self) -> None:
        self.street.month()

    @rule()
    def a_month_is_divided(self) -> None:
        self.street.close()

    # --- what always holds ---

    @invariant()
    def everything_holds(self) -> None:
        tip = self.street.ledger.tip
        if tip.seq == self.looked_at:
            return
        self.looked_at = tip.seq
        assert self.street.broken() == []

    @invariant()
    def the_cash_is_what_came_in_and_did_not_go_out(self) -> None:
        view = self.street.view
        slashed = sum(stake_books.bond_of(view, shop).slashed for shop in range(SHOPS))
        assert cash_of(view) == self.cash + slashed

    @invariant()
    def without_a_handover_or_a_cut_the_cash_covers_all(self) -> None:
        """I6 as it stands."""
        view = self.street.view
        position = clearing_books.position_of(view, POOL)
        handed = any(row.handed_over_ms for _, row in clearing_books.conducts.rows(view))
        if not handed and not position.borne:
            till = books.till_of(view)
            assert cash_of(view) >= promised(view) + (till.reserve if not till.drawn else 0)

    def teardown(self) -> None:
        """Every division that can be made again is to the unit, and a fresh node agrees (I10)."""
        street = self.street
        view = street.view
        for (period,), division in books.divisions.rows(view):
            if can_be_explained(view, int(period)):
                assert differences(view, int(period), division) == []
        assert recompute(view) == street.ledger.tip.accumulator
        fresh = PoolStreet(SHOPS, rules=RULES, bond=BOND)
        for execution, txs in zip(street.history, street.sealed, strict=True):
            keys = fresh.ledger.keys()
            parsed = [parse_tx(tx.raw, fresh.chain_id, keys) for tx in txs]
            block = Block(execution.header, [tx.raw for tx in txs])
            fresh.commit(fresh.ledger.check(block, parsed))
        assert fresh.ledger.tip == street.ledger.tip
        self.pieces.__exit__(None, None, None)


def vouch_for(street: PoolStreet, period: int, debtor: int, creditor: int) -> Vouch:
    key = (ShopId(debtor), ShopId(creditor))
    preimage = payment_preimage(street.chain_id, period, *key)
    return Vouch(period, *key, street.signed(preimage))


def arrears_paid(street: PoolStreet, shop: int, amount: int) -> ArrearsVouched:
    number = clearing_books.conduct_of(street.view, shop).statements + 1
    value = (ShopId(shop), number, Amount(amount))
    preimage = arrears_preimage(street.chain_id, *value)
    return ArrearsVouched(*value, street.signed(preimage))


TestStreetOfThePool = pytest.mark.rule("L-18.13")(StreetOfThePool.TestCase)
StreetOfThePool.TestCase.settings = settings(
    max_examples=8,
    stateful_step_count=35,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
