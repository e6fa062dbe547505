"""Cards that are lost, blocked, moved and made one, while points come, go and are claimed.

Each step is a block over the real ledger. After each of them the books stand (I1, I2, I4). A move
changes no sum: what two cards had, the one that is left has, and each order finds it. An order that
was claimed stands as if its buyer had shown the card, whatever was refunded before.
"""

from collections import Counter
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.modules.card_calls import Block, BlockReason, FinishMove
from liandao_node.ledger.modules.points_books import Order
from liandao_node.ledger.modules.points_claims import ClaimDone
from liandao_node.ledger.modules.refund_calls import RefundDone
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support import card_street, refunding
from support.card_street import guarded, paper, pin_of, receipt
from support.ledger_street import DAY_MS, SECOND_MS, Street, make_genesis, release, sale

SHOPS: Final = st.integers(0, 2)
PICK: Final = st.integers(0, 10**6)
RULES: Final = Rules(
    earn_bps=1_000,
    share_bps_max=10_000,
    expiry_months=1,
    vest_ms=3 * DAY_MS,
    vest_over=Amount(2_000),
    returned_days=2,
    move_wait_days=2,
    claim_days=6,
)


class CardsThatMove(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.street = Street(make_genesis(rules=RULES, bond=4_000))
        self.cards: list[CardSecret] = []
        """In use, by what this test knows."""
        self.gone: list[CardSecret] = []
        self.heir: dict[bytes, bytes] = {}
        self.pins: set[bytes] = set()
        self.papers: dict[bytes, int] = {}
        self.numbers = 0
        self.orders: dict[tuple[int, int], bytes] = {}
        """Of the counter, with the card of the sale."""
        self.receipts: dict[int, tuple[int, int]] = {}
        """Unclaimed ones: secret, shop and number."""
        self.refunded: Counter[tuple[int, int]] = Counter()
        self.unearned: Counter[tuple[int, int]] = Counter()
        self.looked_at = 0
        for _ in range(3):
            self.enrol()
        self.sell(0, 0, 1_500)
        self.sell(1, 1, 900)
        self.sell(2, 1, 1_100)
        self.sell_without_a_card(0, 1_000)

    def _next(self) -> int:
        self.numbers += 1
        return self.numbers

    def _card(self, pick: int) -> CardSecret:
        return self.cards[pick % len(self.cards)]

    def _has(self, card: CardSecret) -> tuple[int, dict[int, int]]:
        """Points, whatever they wait for, and debts."""
        purse = refunding.purse(self.street, card)
        points = purse.available + purse.waiting + purse.held
        return points, {int(debt.shop): debt.amount for debt in purse.debts}

    # --- buying ---

    @precondition(lambda self: len(self.cards) < 5)
    @rule()
    def enrol(self) -> None:
        self.cards.append(self.street.enrol(self._next()))

    @rule(pick=PICK, shop=SHOPS, gross=st.integers(1, 3_000))
    def sell(self, pick: int, shop: int, gross: int) -> None:
        number, card = self._next(), self._card(pick)
        assert self.street.call(shop, sale(number, gross, card)).code == "OK"
        assert guarded(self.street, card).waiting_for is None
        self.orders[shop, number] = card.id

    @rule(shop=SHOPS, gross=st.integers(10, 3_000))
    def sell_without_a_card(self, shop: int, gross: int) -> None:
        number, secret = self._next(), self._next()
        done = self.street.block(
            self.street.tx(shop, sale(number, gross), card_street.offer(number, receipt(secret)))
        )
        assert [one.code for one in done] == ["OK", "OK"]
        self.orders[shop, number] = b""
        self.receipts[secret] = (shop, number)

    @rule(pick=PICK, shop=SHOPS, part=st.integers(1, 3), capture=st.booleans())
    def use_points(self, pick: int, shop: int, part: int, capture: bool) -> None:
        card, name = self._card(pick), self._next()
        amount = refunding.purse(self.street, card).available * part // 3
        if not amount:
            return
        hold = self.street.hold(shop, card, name, amount)
        if card.id in self.pins:
            assert self.street.call(shop, hold).code in ("PIN_NEEDED", "CARD_BLOCKED")
            pin = pin_of(1)
            hold = card_street.hold_with_pin(self.street, shop, card, name, amount, pin)
        code = self.street.call(shop, hold, after_ms=1).code
        blocked = guarded(self.street, card).blocked
        assert (code == "CARD_BLOCKED") == (blocked is not None)
        if code != "OK" or not capture:
            return
        number, points = self._next(), max(1, amount // 2)
        body = sale(number, points * 2, card, hold=name, points=points)
        if self.street.call(shop, body).code == "OK":
            self.orders[shop, number] = card.id
        else:
            assert self.street.call(shop, release(card, name)).code != "OK"

    @rule(pick=PICK, part=st.integers(1, 4), settled=st.booleans())
    def refund(self, pick: int, part: int, settled: bool) -> None:
        if settled:
            refunding.next_period(self.street)
        shop, number = sorted(self.orders)[pick % len(self.orders)]
        order = self._order(shop, number)
        left = order.gross - order.refunded
        if not left:
            return
        gross = max(1, left * part // 4)
        card = self._now(order.card)
        before = self._has(card) if card is not None else (0, {})
        done = self.street.call(shop, refunding.refund(number, self._next(), gross), 1).answer
        assert isinstance(done, RefundDone)
        self.refunded[shop, number] += gross
        self.unearned[shop, number] += done.clawed + done.debt
        if card is None:
            assert (done.points_back, done.clawed, done.debt) == (0, 0, 0)
        elif not before[1] and done.debt:
            assert self._has(card)[1] == {shop: done.debt}

    @precondition(lambda self: self.receipts)
    @rule(pick=PICK, which=PICK, shop=SHOPS)
    def claim(self, pick: int, which: int, shop: int) -> None:
        secret = sorted(self.receipts)[which % len(self.receipts)]
        seller, number = self.receipts[secret]
        card = self._card(pick)
        done = self.street.call(shop, card_street.claim(self.street, card, receipt(secret)))
        if done.code != "OK":
            assert done.code in ("CLAIM_LATE", "CLAIM_UNKNOWN", "CLAIM_EMPTY", "ISSUE_LIMITED")
            return
        assert isinstance(done.answer, ClaimDone)
        left = self._order(seller, number).gross - self.refunded[seller, number]
        assert done.answer.earned == left // 10, "as if the card had been there"
        del self.receipts[secret]
        self.orders[seller, number] = card.id

    # --- what stands in front of cards ---

    @rule(pick=PICK, shop=SHOPS)
    def block(self, pick: int, shop: int) -> None:
        card = self._card(pick)
        was = guarded(self.street, card).blocked
        code = self.street.call(shop, Block(card.id, BlockReason.LOST)).code
        assert code == ("OK" if was is None else "BLOCKED_ALREADY")

    @rule(pick=PICK)
    def unblock(self, pick: int) -> None:
        card = self._card(pick)
        was = guarded(self.street, card).blocked
        pin = pin_of(1) if card.id in self.pins else None
        code = self.street.call(0, card_street.unblock(self.street, card, pin)).code
        assert code == ("OK" if was is not None else "NOT_BLOCKED")

    @rule(pick=PICK, with_paper=st.booleans())
    def guard(self, pick: int, with_paper: bool) -> None:
        card = self._card(pick)
        if guarded(self.street, card).blocked is not None:
            return
        pin = pin_of(1) if card.id in self.pins else None
        if with_paper and card.id not in self.papers:
            number = self._next()
            given = card_street.set_recovery(self.street, card, paper(number), pin=pin)
            assert self.street.call(0, given).code == "OK"
            self.papers[card.id] = number
        elif not with_paper:
            new = None if pin else pin_of(1)
            assert (
                self.street.call(0, card_street.set_pin(self.street, card, new, pin)).code == "OK"
            )
            self.pins ^= {card.id}

    # --- moving ---

    @precondition(lambda self: len(self.cards) > 2)
    @rule(pick=PICK, to=PICK, shop=SHOPS)
    def merge(self, pick: int, to: int, shop: int) -> None:
        card, heir = self._card(pick), self._card(to)
        pin = pin_of(1) if card.id in self.pins else None
        before = self._both(card, heir)
        blocked = {guarded(self.street, one).blocked for one in (card, heir)} != {None}
        code = self.street.call(shop, card_street.merge(self.street, card, heir, pin)).code
        if code == "OK":
            assert not blocked
            self._moved(card, heir, before)
        else:
            assert code in ("SAME_CARD", "CARD_HELD") or (blocked and code == "CARD_BLOCKED")

    @precondition(lambda self: len(self.cards) > 2)
    @rule(pick=PICK, to=PICK, shop=SHOPS, wait=st.booleans())
    def move(self, pick: int, to: int, shop: int, wait: bool) -> None:
        card, heir = self._card(pick), self._card(to)
        number = self.papers.get(card.id)
        sheet = paper(number) if number is not None else None
        before = self._both(card, heir)
        code = self.street.call(shop, card_street.move(self.street, card, heir, sheet)).code
        if sheet is None and code == "OK":
            assert guarded(self.street, card).waiting_for == heir.id
            if not wait:
                return
            refunding.tick(self.street, self.street.time_ms + 2 * DAY_MS)
            before = self._both(card, heir)
            code = self.street.call(shop, FinishMove(card.id)).code
            assert code == "OK", "two days are longer than any hold"
        if code == "OK":
            self._moved(card, heir, before)
            if number is not None:
                self.papers.setdefault(heir.id, number)
        else:
            assert code in ("SAME_CARD", "CARD_HELD", "CARD_BLOCKED", "MOVES_MANY")

    def _both(self, card: CardSecret, heir: CardSecret) -> tuple[int, Counter[int]]:
        """Points less debts of both at the time of the next call."""
        self.street.wait(SECOND_MS)
        one, other = self._has(card), self._has(heir)
        self.street.wait(-SECOND_MS)
        return one[0] + other[0], Counter(one[1]) + Counter(other[1])

    def _moved(self, card: CardSecret, heir: CardSecret, before: tuple[int, Counter[int]]) -> None:
        """What both had the heir has, but for debts that met points."""
        points, debts = self._has(heir)
        assert self._has(card) == (0, {})
        assert points - sum(debts.values()) == before[0] - sum(before[1].values())
        assert Counter(debts) <= before[1]
        self.cards.remove(card)
        self.gone.append(card)
        self.heir[card.id] = heir.id
        assert self.street.call(0, sale(self._next(), 100, card)).code == "CARD_MOVED"

    # --- what time does ---

    @rule(ms=st.sampled_from([SECOND_MS, RULES.hold_ms, DAY_MS]))
    def wait(self, ms: int) -> None:
        refunding.tick(self.street, self.street.time_ms + ms)

    @rule()
    def wait_for_more_than_a_month(self) -> None:
        refunding.tick(self.street, self.street.time_ms + 40 * DAY_MS)

    # --- what always holds ---

    def _order(self, shop: int, number: int) -> Order:
        order = queries.order(self.street.ledger.view(), ShopId(shop), 1, number)
        assert order is not None
        return order

    def _now(self, card: bytes) -> CardSecret | None:
        """The card in use that has what that card had, by what this test knows."""
        while card in self.heir:
            card = self.heir[card]
        return next((one for one in self.cards if one.id == card), None)

    @invariant()
    def the_books_stand(self) -> None:
        tip = self.street.ledger.tip
        if tip.seq != self.looked_at:
            self.looked_at = tip.seq
            view = self.street.ledger.view()
            assert self.street.ledger.machine.invariants(view) == []
            assert over_limits(view, RULES) == []

    @invariant()
    def every_old_card_leads_to_the_one_in_use(self) -> None:
        for card in self.gone:
            now = self._now(card.id)
            assert now is not None
            assert guarded(self.street, card).successor == now.id

    @invariant()
    def orders_stand_as_they_should(self) -> None:
        for (shop, number), card in self.orders.items():
            order = self._order(shop, number)
            assert order.card == card
            assert order.refunded == self.refunded[shop, number]
            if order.refunded == order.gross:
                assert self.unearned[shop, number] == order.earned


TestCardsThatMove = pytest.mark.rule("L-7.21")(CardsThatMove.TestCase)
CardsThatMove.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
