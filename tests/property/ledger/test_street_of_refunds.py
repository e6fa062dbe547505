"""Points that come, go, come back and are taken back, in any order, while periods turn.

Each step is a block over the real ledger. After each of them the books stand (I1, I2, I4), nobody
owes more than its limit but for what refunds brought back (I5), and what an order's refunds moved
so far is what one refund of that part would have moved (I8).
"""

from collections import Counter
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from liandao_node.ledger import queries
from liandao_node.ledger.calendar import month_end_ms
from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.modules.earn_rule_calls import Hours
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_books import Order
from liandao_node.ledger.modules.points_calls import ImportDone, SaleDone
from liandao_node.ledger.modules.purse import Origin, settle
from liandao_node.ledger.modules.refund_calls import Deal, RefundDone, points_due_back
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from support import refunding
from support.giving import WITHOUT_POOL, Give, GiveDone, Giver
from support.ledger_street import DAY_MS, SECOND_MS, Street, make_genesis, release, sale

SHOPS: Final = st.integers(0, 2)
CARDS: Final = st.integers(0, 2)
GROSS: Final = st.one_of(st.integers(1, 60), st.integers(1, 5_000))
RULES: Final = Rules(
    earn_bps=1_000,
    share_bps_max=10_000,
    expiry_months=1,
    vest_ms=3 * DAY_MS,
    vest_over=Amount(2_000),
    returned_days=2,
)
BOND: Final = 3_000
OFFSET: Final = 480


class StreetOfRefunds(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        modules = (*WITHOUT_POOL, Giver())
        genesis = make_genesis(rules=RULES, bond=BOND, utc_offset_minutes=OFFSET, modules=modules)
        self.street = Street(genesis, modules)
        self.cards = [self.street.enrol(number) for number in range(3)]
        self.numbers = 0
        self.refunded: Counter[tuple[int, int]] = Counter()
        self.cash: Counter[tuple[int, int]] = Counter()
        self.back: Counter[tuple[int, int]] = Counter()
        self.unearned: Counter[tuple[int, int]] = Counter()
        self.open: list[tuple[int, int, int, int]] = []
        """Holds: shop, card, name, amount."""
        self.looked_at = 0
        for number, card in enumerate(self.cards):
            self.sell(number, 1_500, 0, card=self.cards.index(card))

    def _next(self) -> int:
        self.numbers += 1
        return self.numbers

    # --- what shops do ---

    @rule(shop=SHOPS, gross=GROSS, excluded=st.integers(0, 40), card=CARDS)
    def sell(self, shop: int, gross: int, excluded: int, card: int) -> None:
        number = self._next()
        body = sale(number, gross, self.cards[card], excluded=min(excluded, gross))
        done = self.street.call(shop, body).answer
        assert isinstance(done, SaleDone)
        assert done.set_off <= done.earned
        self.refunded[shop, number] = 0

    @rule(shop=SHOPS, card=CARDS, part=st.integers(1, 4))
    def hold(self, shop: int, card: int, part: int) -> None:
        there = refunding.purse(self.street, self.cards[card]).available
        name, amount = self._next(), there * part // 4
        if amount:
            body = self.street.hold(shop, self.cards[card], name, amount)
            code = self.street.call(shop, body, after_ms=1).code
            if code == "OK":
                self.open.append((shop, card, name, amount))

    @rule(shop=SHOPS, card=CARDS, part=st.integers(1, 4), used=st.integers(1, 4))
    def check_out(self, shop: int, card: int, part: int, used: int) -> None:
        """Hold, ask the customer, sell: half of the bill in points at most."""
        before = len(self.open)
        self.hold(shop, card, part)
        if len(self.open) > before:
            self._capture(len(self.open) - 1, used, 2)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), used=st.integers(0, 4), times=st.integers(1, 3))
    def capture(self, data: st.DataObject, used: int, times: int) -> None:
        self._capture(data.draw(st.integers(0, len(self.open) - 1)), used, times)

    def _capture(self, which: int, used: int, times: int) -> None:
        """A part of what is held, the rest in money."""
        shop, card, name, amount = self.open.pop(which)
        number, points = self._next(), amount * used // 4
        body = sale(number, points * times, self.cards[card], hold=name, points=points)
        done = self.street.call(shop, body)
        assert done.code in ("OK", "HOLD_EXPIRED")
        if done.code == "OK" and points:
            self.refunded[shop, number] = 0

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        which = data.draw(st.integers(0, len(self.open) - 1))
        shop, card, name, _ = self.open.pop(which)
        code = self.street.call(shop, release(self.cards[card], name)).code
        assert code in ("OK", "HOLD_EXPIRED")

    @rule(data=st.data(), part=st.integers(1, 6), settled=st.booleans())
    def refund(self, data: st.DataObject, part: int, settled: bool) -> None:
        """A part of some order, or all that is left of it; sometimes after its period."""
        if settled:
            self.turn_the_period()
        shop, number = data.draw(st.sampled_from(sorted(self.refunded)))
        order = self._order(shop, number)
        left = order.gross - order.refunded
        if left == 0:
            return
        gross = max(1, left * part // 6)
        done = self.street.call(shop, refunding.refund(number, self._next(), gross)).answer
        assert isinstance(done, RefundDone)
        assert min(done.cash, done.points_back, done.clawed, done.debt) >= 0
        assert done.cash + done.points_back == gross
        self.refunded[shop, number] += gross
        self.cash[shop, number] += done.cash
        self.back[shop, number] += done.points_back
        self.unearned[shop, number] += done.clawed + done.debt

    @rule(shop=SHOPS, card=CARDS, gross=GROSS, online=st.booleans(), back=st.booleans())
    def take_in(self, shop: int, card: int, gross: int, online: bool, back: bool) -> None:
        number = self._next()
        body = refunding.brought(number, gross, self.cards[card], online=online)
        done = self.street.call(shop, body).answer
        assert isinstance(done, ImportDone)
        if back:
            undo = refunding.refund_of_import(number, number, gross)
            undone = self.street.call(shop, undo).answer
            assert isinstance(undone, RefundDone)
            assert (undone.cash, undone.clawed + undone.debt) == (gross, done.earned)

    @rule(shop=SHOPS, card=CARDS, amount=st.integers(1, 300))
    def give_by_hand(self, shop: int, card: int, amount: int) -> None:
        body = refunding.grant(self.cards[card], self._next(), amount)
        assert self.street.call(shop, body).code in ("OK", "ISSUE_LIMITED", "MANUAL_CAP")

    @rule(
        issuer=st.sampled_from([ShopId(0), ShopId(1), POOL]),
        card=CARDS,
        amount=st.integers(1, 300),
        origin=st.sampled_from([Origin.REBATE, Origin.COUPON, Origin.POOL]),
        days=st.integers(-1, 3),
    )
    def give(self, issuer: ShopId, card: int, amount: int, origin: Origin, days: int) -> None:
        """Points of another module, those of the pool among them."""
        vests_ms = Millis(self.street.time_ms + days * DAY_MS)
        body = Give(self.cards[card].id, issuer, Amount(amount), origin, vests_ms)
        done = self.street.call(0, body).answer
        assert isinstance(done, GiveDone)
        assert done.amount == (0 if done.limited else amount)
        assert not (done.limited and issuer == POOL)

    @rule(shop=SHOPS, bps=st.integers(0, 3_000), flat=st.integers(0, 50), cap=st.integers(0, 300))
    def publish(self, shop: int, bps: int, flat: int, cap: int) -> None:
        hours = [Hours(127, 0, 900, bps // 2)]
        body = refunding.rule(bps, per_visit=flat, minimum=flat, card_day_max=cap, hours=hours)
        assert self.street.call(shop, body).code == "OK"

    # --- what time does ---

    @rule(ms=st.sampled_from([SECOND_MS, RULES.hold_ms, DAY_MS, 4 * DAY_MS]))
    def wait(self, ms: int) -> None:
        self.street.wait(ms)

    @rule()
    def turn_the_period(self) -> None:
        refunding.next_period(self.street)

    @rule()
    def end_the_month(self) -> None:
        refunding.tick(self.street, month_end_ms(self.street.time_ms, 0, OFFSET))

    # --- what always holds ---

    def _order(self, shop: int, number: int) -> Order:
        order = queries.order(self.street.ledger.view(), ShopId(shop), 1, number)
        assert order is not None
        return order

    @invariant()
    def the_books_stand(self) -> None:
        tip = self.street.ledger.tip
        if tip.seq != self.looked_at:
            self.looked_at = tip.seq
            view = self.street.ledger.view()
            assert self.street.ledger.machine.invariants(view) == []
            assert over_limits(view, RULES) == []

    @invariant()
    def refunds_came_as_far_as_one_would_have(self) -> None:
        """I8 in the middle of the way, across periods."""
        for (shop, number), gone in self.refunded.items():
            order = self._order(shop, number)
            assert order.refunded == gone
            nothing = Amount(0)
            deal = Deal(order.gross, order.points, nothing, nothing, order.terms, nothing)
            back = points_due_back(deal, gone)
            assert self.back[shop, number] == back
            assert self.cash[shop, number] == gone - back
            assert self.unearned[shop, number] <= order.earned
            if gone == order.gross:
                assert (back, self.unearned[shop, number]) == (order.points, order.earned)

    @invariant()
    def whoever_looks_changes_nothing(self) -> None:
        """I11: a purse at a later moment, by way of any moment between."""
        for card in self.cards:
            now = refunding.purse(self.street, card)
            between, later = (Millis(self.street.time_ms + days * DAY_MS) for days in (2, 40))
            straight = settle(now, later)
            first = settle(now, between)
            second = settle(first.purse, later)
            assert second.purse == straight.purse
            assert [*first.clawed, *second.clawed] == list(straight.clawed)
            assert sum(lot.amount for lot in (*first.expired, *second.expired)) == sum(
                lot.amount for lot in straight.expired
            )


TestStreetOfRefunds = pytest.mark.rule("L-7.11")(StreetOfRefunds.TestCase)
StreetOfRefunds.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
