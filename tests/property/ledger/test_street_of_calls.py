"""Whatever a street does, the ledger agrees with a naive model and keeps its promises.

Calls gather into blocks; time moves from a second to months; blocks are executed in two
orders on rival branches and one is committed; disks are flushed late; transactions come again.
After each block I1, I2, I4, I5 and I11 are looked at, I9 whenever a transaction comes twice, and
at the end I10: the blocks give the same headers on a fresh node.
"""

from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from liandao_node.ledger import queries
from liandao_node.ledger.calendar import month_end_ms
from liandao_node.ledger.chain import Execution
from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import BUILTIN, clearing_books
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_calls import Import
from liandao_node.ledger.state import recompute
from liandao_node.ledger.transactions import SignedTx
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.genesis import Rules
from liandao_node.wire.transactions import decode_entry
from msgspec import structs
from support.ledger_street import (
    DAY_MS,
    SECOND_MS,
    Street,
    hold_id,
    make_card,
    make_genesis,
    release,
    sale,
)
from support.points_model import PointsModel

SHOPS: Final = st.integers(0, 2)
CARDS: Final = st.integers(0, 3)
NAMES: Final = st.integers(0, 12)
ORDERS: Final = st.integers(1, 200)
GROSS: Final = st.one_of(st.integers(0, 300), st.integers(0, 30_000))
POINTS: Final = st.one_of(st.just(0), st.integers(0, 400))
RULES: Final = Rules(earn_bps=500, expiry_months=1, code_hold_max=Amount(300))
BOND: Final = 3_000
OFFSET_MINUTES: Final = 540
NO_POOL: Final = [module for module in BUILTIN if module.name != "pool"]
"""What points that expired bring the pool would come back to the cards as points after months,
which is more than this naive model knows of; `test_street_of_the_pool` is about that."""
TIMES: Final = st.sampled_from(
    [1, SECOND_MS, SECOND_MS, RULES.hold_ms - 1, RULES.hold_ms, DAY_MS, 9 * DAY_MS, 31 * DAY_MS]
)


class StreetOfCalls(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        genesis = make_genesis(
            rules=RULES, bond=BOND, utc_offset_minutes=OFFSET_MINUTES, modules=NO_POOL
        )
        self.street = Street(genesis, NO_POOL)
        self.model = PointsModel(RULES, OFFSET_MINUTES)
        self.cards = [make_card(number) for number in range(4)]
        self.pending: list[tuple[int, CallBody, bytes]] = []
        self.sent: list[SignedTx] = []
        self.again: list[SignedTx] = []
        self.blocks: list[tuple[Execution, list[SignedTx]]] = []
        self.looked_at = 0
        for number, card in enumerate(self.cards[:3]):
            self._ask(0, self.street.enrolment(0, card), card.id)
            self._ask(number, sale(900 + number, 9_000, card))
            self._ask(2 - number, sale(950 + number, 4_000, card))
        self._seal(rival=False, flush=True)

    def _ask(self, shop: int, body: CallBody, card: bytes = b"") -> None:
        self.pending.append((shop, body, card))

    # --- what shops do ---

    @precondition(lambda self: len(self.model.owners) < 4)
    @rule(shop=SHOPS, number=st.sampled_from([3, 3, 0]))
    def enrol(self, shop: int, number: int) -> None:
        card = self.cards[number]
        self._ask(shop, self.street.enrolment(shop, card), card.id)

    @rule(shop=SHOPS, number=ORDERS, gross=GROSS, card=CARDS)
    def sell(self, shop: int, number: int, gross: int, card: int) -> None:
        self._ask(shop, sale(number, gross, self.cards[card]))

    @rule(
        shop=SHOPS,
        number=st.integers(1, 5),
        gross=GROSS,
        card=st.none() | CARDS,
        excluded=st.integers(0, 100),
        hold=st.none() | NAMES,
        points=POINTS,
    )
    def sell_at_random(
        self,
        shop: int,
        number: int,
        gross: int,
        card: int | None,
        excluded: int,
        hold: int | None,
        points: int,
    ) -> None:
        owner = self.cards[card] if card is not None else None
        body = sale(number, gross, owner, excluded=excluded, hold=hold, points=points)
        self._ask(shop, body)

    @precondition(lambda self: any(owner.holds for owner in self.model.owners.values()))
    @rule(number=ORDERS, gross=GROSS, data=st.data(), over=st.sampled_from([0, 0, 0, 1]))
    def redeem(self, number: int, gross: int, data: st.DataObject, over: int) -> None:
        """A sale on a hold that is open, mostly one that the rules allow."""
        holds = [
            (card, hold)
            for card in self.cards
            if card.id in self.model.owners
            for hold in self.model.owners[card.id].holds
        ]
        card, hold = data.draw(st.sampled_from(holds))
        points = data.draw(st.integers(hold.points.total() // 3, hold.points.total() + over))
        body = sale(number, max(gross, 2 * points - over), card, points=points)
        self._ask(hold.shop, structs.replace(body, hold=hold.name))

    @rule(shop=SHOPS, card=CARDS, name=NAMES, part=st.integers(1, 5), shown=st.booleans())
    def hold(self, shop: int, card: int, name: int, part: int, shown: bool) -> None:
        """A fifth to all of what is there, so that two of them may be too much."""
        owner = self.model.owners.get(self.cards[card].id)
        there = owner.free.total() if owner is not None else 0
        amount = max(1, there * part // 5)
        body = (
            self.street.hold(shop, self.cards[card], name, amount)
            if shown
            else self.street.typed_hold(self.cards[card], name, amount)
        )
        self._ask(shop, body)

    @rule(shop=SHOPS, card=CARDS, name=NAMES, number=ORDERS, part=st.integers(1, 5), used=POINTS)
    def checkout(self, shop: int, card: int, name: int, number: int, part: int, used: int) -> None:
        """The way of every day: hold, ask the customer, sell."""
        self.hold(shop, card, name, part, shown=True)
        self._seal(rival=False, flush=False)
        body = sale(number, 2 * used + part, self.cards[card], hold=name, points=used)
        self._ask(shop, body)

    @rule(shop=SHOPS, card=CARDS, name=NAMES)
    def release(self, shop: int, card: int, name: int) -> None:
        self._ask(shop, release(self.cards[card], name))

    @rule(shop=SHOPS, card=st.none() | CARDS, reference=st.integers(0, 9), gross=GROSS)
    def take_in(self, shop: int, card: int | None, reference: int, gross: int) -> None:
        name = self.cards[card].id if card is not None else b""
        body = Import("till", hold_id(reference), name, Amount(gross), Millis(0), False)
        self._ask(shop, body)

    @precondition(lambda self: self.sent and not self.again)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        self.again.append(data.draw(st.sampled_from(self.sent)))

    # --- what the street does ---

    @rule(ms=TIMES)
    def wait(self, ms: int) -> None:
        self.street.wait(ms)

    @rule(early_ms=st.sampled_from([0, 1, 1, 2]))
    def wait_for_the_end_of_the_month(self, early_ms: int) -> None:
        """To the very millisecond: the next block comes one later."""
        end_ms = month_end_ms(self.street.time_ms, 0, OFFSET_MINUTES)
        self.street.wait(max(0, end_ms - early_ms - self.street.time_ms))

    @precondition(lambda self: self.pending or self.again)
    @rule(rival=st.booleans(), flush=st.booleans())
    def seal(self, rival: bool, flush: bool) -> None:
        self._seal(rival=rival, flush=flush)

    def _seal(self, *, rival: bool, flush: bool) -> None:
        self.street.wait(1)
        pending, self.pending = self.pending, []
        again, self.again = self.again, []
        txs = [self.street.tx(shop, body) for shop, body, _ in pending]
        self.sent += txs
        before = self.street.ledger.tip.accumulator
        if rival:
            other = self.street.execute(*again, *reversed(txs))
            self.street.wait(1)
            self.street.execute(*txs, *again, parent=other.hash, seq=other.header.seq + 1)
        execution = self.street.execute(*txs, *again)
        assert self.street.ledger.tip.accumulator == before, "nothing is committed yet"
        self.street.ledger.commit(execution.hash)
        self.blocks.append((execution, [*txs, *again]))
        self._compare_answers(execution, pending)
        if flush:
            self._flush()

    def _flush(self) -> None:
        flushed = len(self.street.history)
        for execution, _ in self.blocks[flushed:]:
            self.street.disk.apply(execution.changes)
            self.street.history.append(execution)
        self.street.ledger.flushed(self.street.ledger.tip.seq)

    def _compare_answers(
        self, execution: Execution, pending: list[tuple[int, CallBody, bytes]]
    ) -> None:
        self.model.pass_time(self.street.time_ms)
        outcomes = [self.street.outcome(decode_entry(entry)) for entry in execution.entries]
        for (shop, body, card), outcome in zip(pending, outcomes, strict=False):
            answer = structs.astuple(outcome.answer) if outcome.answer is not None else ()
            limited = getattr(outcome.answer, "limited", False)
            assert (outcome.code, answer) == self.model.apply(shop, body, card, limited), body
        assert {outcome.code for outcome in outcomes[len(pending) :]} <= {"TX_REPLAYED"}, "I9"

    # --- what always holds ---

    @invariant()
    def promises_are_kept(self) -> None:
        """I1, I2, I4 as the module states them itself; the root is that of the records."""
        tip = self.street.ledger.tip
        if tip.seq != self.looked_at:
            self.looked_at = tip.seq
            view = self.street.ledger.view()
            assert self.street.ledger.machine.invariants(view) == []
            assert over_limits(view, RULES) == []
            assert recompute(view) == tip.accumulator

    @invariant()
    def cards_have_what_the_model_says(self) -> None:
        """I11: at any moment, though no block has come since."""
        view = self.street.ledger.view()
        self.model.pass_time(self.street.time_ms)
        for card in self.cards:
            owner = self.model.owners.get(card.id)
            record = queries.card(view, card.id)
            account = queries.account_at(view, card.id, self.street.time_ms)
            if owner is None or record is None:
                assert owner is None
                assert record is None
                continue
            assert account.available == owner.free.total()
            assert account.held == sum(hold.points.total() for hold in owner.holds)
            piles: dict[int, int] = {}
            for (expires_ms, _), amount in sorted(owner.free.items()):
                piles[expires_ms] = piles.get(expires_ms, 0) + amount
            assert account.expiries == [(at, n) for at, n in piles.items() if n]
            assert record.last_seen_ms == owner.last_seen_ms

    @invariant()
    def books_have_what_the_model_says(self) -> None:
        """Expired points may be booked late, never early."""
        view = self.street.ledger.view()
        totals = queries.shop_totals(view)
        for shop in range(3):
            book = totals.get(ShopId(shop))
            issued, redeemed = (book.issued, book.redeemed) if book else (0, 0)
            assert issued == self.model.issued[shop]
            assert redeemed == self.model.redeemed[shop]
            if book is not None:
                assert book.live >= self.model.live(shop)
        period = clearing_books.clock_of(view).period
        owed = {
            (period, debt.issuer, debt.redeemer): debt.amount
            for debt in queries.obligations(view)
            if debt.redeemer != POOL
        }
        assert owed == {key: n for key, n in self.model.owed.items() if n and key[0] == period}

    def teardown(self) -> None:
        self._settle_everything()
        self._replay()

    def _settle_everything(self) -> None:
        """Two mornings later no hold is open and all that expired is booked."""
        for _ in range(2):
            self.street.wait(DAY_MS)
            self._ask(0, sale(1_000 + len(self.blocks), 0))
            self._seal(rival=False, flush=True)
        totals = queries.shop_totals(self.street.ledger.view())
        for shop, book in totals.items():
            assert (book.live, book.expired) == (self.model.live(shop), self.model.expired[shop])

    def _replay(self) -> None:
        """I10, through the door by which a peer's blocks come in."""
        fresh = Street(self.street.genesis, NO_POOL)
        for execution, txs in self.blocks:
            block = Block(execution.header, [tx.raw for tx in txs])
            fresh.commit(fresh.ledger.check(block, txs))
        assert fresh.ledger.tip == self.street.ledger.tip
        assert recompute(fresh.disk) == recompute(self.street.disk)


TestStreetOfCalls = pytest.mark.rule("L-7.6")(StreetOfCalls.TestCase)
StreetOfCalls.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
