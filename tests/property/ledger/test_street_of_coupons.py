"""Coupons, stamps, rebates and referrals in any order, with refunds, while periods turn.

Each step is a block over the real ledger. After each of them no budget and no cap is exceeded, a
coupon on paper is on one order at most, and what the shops owe each other is what one refund of
each order would have left of its coupons and its commission (I8), however it was refunded. No
points are earned and nothing is paid out, so that this is all that the shops' nets consist of.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules.clearing_turn import nets_of
from liandao_node.ledger.modules.coupon_calls import (
    CloseCampaign,
    CouponHeld,
    HoldCoupon,
    Offer,
    ReleaseCoupon,
    Sponsor,
    UndoCoupons,
)
from liandao_node.ledger.modules.coupon_terms import CouponForm
from liandao_node.ledger.modules.stamp_calls import JoinStamps
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support import couponing, refunding
from support.couponing import BAKER, BOOKS, FLOWERS, coupon_terms, sound
from support.ledger_street import DAY_MS, SECOND_MS, hold_id, sale

SHOPS: Final = st.integers(0, 2)
CARDS: Final = st.integers(0, 2)
BILLS: Final = st.one_of(st.integers(1, 400), st.integers(1, 3_000))
RULES: Final = Rules(earn_bps=0, payment_min=Amount(10**12), breakage_bps=0)
OPEN, PAPER, PRIZE = 1, 2, 3
"""Campaigns of the baker, in the order in which they are published."""
PAPERS: Final = 4
BUDGET, CARD_BUDGET = 900, 500


@dataclass
class Held:
    shop: int
    name: int
    campaign: int
    card: int | None
    serial: int
    bill: int
    discount: int


@dataclass
class Bill:
    """An order, as the model knows it."""

    gross: int
    card: int | None
    coupons: list[Held] = field(default_factory=list)
    commission: dict[int, int] = field(default_factory=dict)
    """By who gets it."""
    refunded: int = 0
    undone: bool = False

    def left_of(self, amount: int) -> int:
        """What one refund of all that was refunded would leave."""
        if self.undone:
            return 0
        return amount - (amount * self.refunded // self.gross if self.gross else 0)


class StreetOfCoupons(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.street = couponing.coupon_street(RULES, bond=5_000)
        self.cards = [self.street.enrol(number) for number in range(3)]
        self.numbers = 0
        self.holds: list[Held] = []
        self.bills: dict[tuple[int, int], Bill] = {}
        self.looked_at = 0
        self._publish()

    def _publish(self) -> None:
        open_to_all = coupon_terms(budget=BUDGET, card_budget=CARD_BUDGET, stackable=True)
        self._must(BAKER, Offer(open_to_all))
        on_paper = coupon_terms(
            CouponForm.PAPER, amount=90, stackable=True, uses=PAPERS, budget=400
        )
        self._must(BAKER, Offer(on_paper))
        prize = coupon_terms(CouponForm.GIVEN, amount=150, budget=600, uses=3, sponsor=BOOKS)
        self._must(BAKER, Offer(prize))
        self._must(BOOKS, Sponsor(ShopId(BAKER), PRIZE))
        self._must(BAKER, couponing.printing(PAPER, 0, PAPERS))
        self._must(BAKER, couponing.stamps(PRIZE, minimum=50, day_max=3, full=2))
        self._must(FLOWERS, JoinStamps(ShopId(BAKER), PRIZE + 1))
        self._must(FLOWERS, couponing.rebate(2_000, card_max=700, budget=900))
        terms = couponing.commission(
            1_000, days=20, order_max=120, card_max=200, day_max=250, total_max=400
        )
        self._must(BOOKS, terms)
        refunding.next_period(self.street)

    def _must(self, shop: int, call: CallBody) -> None:
        done = self.street.call(shop, call)
        assert done.code == "OK", (done.code, call)

    def _next(self) -> int:
        self.numbers += 1
        return self.numbers

    def _net(self, shop: int) -> int:
        return nets_of(self.street.ledger.view()).get(ShopId(shop), 0)

    # --- what shops do ---

    def _holding(self, shop: int, campaign: int, card: int, bill: int, serial: int) -> Held:
        on_card = card if campaign != PAPER else None
        return Held(shop, self._next(), campaign, on_card, serial, bill, 0)

    def _call_of(self, held: Held) -> HoldCoupon:
        if held.campaign == PAPER:
            return couponing.hold_paper(
                self.street, held.shop, held.name, PAPER, held.bill, held.serial
            )
        assert held.card is not None
        card = self.cards[held.card]
        return couponing.hold_on_card(held.name, held.campaign, held.bill, card)

    def _hold(self, shop: int, campaign: int, card: int, bill: int, serial: int) -> Held | None:
        held = self._holding(shop, campaign, card, bill, serial)
        answer = self.street.call(shop, self._call_of(held), after_ms=1).answer
        if not isinstance(answer, CouponHeld):
            return None
        held.discount = answer.discount
        assert 0 < held.discount <= bill
        return held

    @rule(
        shop=SHOPS,
        campaign=st.sampled_from([OPEN, PAPER, PRIZE]),
        card=CARDS,
        bill=BILLS,
        serial=st.integers(0, PAPERS),
    )
    def hold(self, shop: int, campaign: int, card: int, bill: int, serial: int) -> None:
        held = self._hold(shop, campaign, card, bill, serial)
        if held is not None:
            self.holds.append(held)

    @rule(serial=st.integers(0, PAPERS - 1), bill=BILLS)
    def race(self, serial: int, bill: int) -> None:
        """Two shops want the same coupon in the same block."""
        both = [self._holding(shop, PAPER, 0, bill, serial) for shop in (BOOKS, FLOWERS)]
        done = self.street.block(*(self.street.tx(held.shop, self._call_of(held)) for held in both))
        won = [outcome.code for outcome in done].count("OK")
        assert won <= 1
        for held, outcome in zip(both, done, strict=True):
            if isinstance(outcome.answer, CouponHeld):
                held.discount = outcome.answer.discount
                self.holds.append(held)

    @rule(
        shop=SHOPS,
        card=CARDS,
        bill=BILLS,
        serial=st.integers(0, PAPERS - 1),
        campaigns=st.lists(st.sampled_from([OPEN, PAPER, PRIZE]), max_size=2, unique=True),
    )
    def buy(self, shop: int, card: int, bill: int, serial: int, campaigns: list[int]) -> None:
        """Hold after hold, then the sale: as a counter does."""
        left, taken = bill, []
        for campaign in campaigns:
            held = self._hold(shop, campaign, card, left, serial)
            if held is not None:
                taken.append(held)
                left -= held.discount
        self._sell(shop, card, left, taken)

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), wait=st.booleans())
    def use_a_hold(self, data: st.DataObject, wait: bool) -> None:
        held = self.holds.pop(data.draw(st.integers(0, len(self.holds) - 1)))
        if wait:
            self.street.wait(RULES.hold_ms)
        card = held.card if held.card is not None else 0
        self._sell(held.shop, card, held.bill - held.discount, [held])

    def _sell(self, shop: int, card: int, gross: int, taken: list[Held]) -> None:
        number, before = self._next(), [self._net(one) for one in range(3)]
        calls: list[CallBody] = [sale(number, gross, self.cards[card])]
        if taken:
            calls.append(couponing.used(number, *(held.name for held in taken)))
        done = self.street.block(self.street.tx(shop, *calls))
        bill = Bill(gross, card)
        if taken and done[1].code == "OK":
            bill.coupons = taken
        elif taken:
            assert done[1].code in ("COUPONS_NOT_TOGETHER", "COUPON_HOLD_EXPIRED")
        for one in range(3):
            gain = self._net(one) - before[one] - self._of_coupons(shop, bill)[one]
            if gain > 0:
                bill.commission[one] = gain
        self.bills[shop, number] = bill

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        held = self.holds.pop(data.draw(st.integers(0, len(self.holds) - 1)))
        code = self.street.call(held.shop, ReleaseCoupon(hold_id(held.name))).code
        assert code in ("OK", "COUPON_HOLD_EXPIRED")

    @precondition(lambda self: self.bills)
    @rule(data=st.data(), part=st.integers(1, 4), settled=st.booleans())
    def refund(self, data: st.DataObject, part: int, settled: bool) -> None:
        """A part of some order, or all that is left; sometimes after its period."""
        if settled:
            refunding.next_period(self.street)
        shop, number = data.draw(st.sampled_from(sorted(self.bills)))
        bill = self.bills[shop, number]
        if bill.gross == 0:
            done = self.street.call(shop, UndoCoupons(1, number)).code
            assert done == ("COUPONS_UNDONE" if bill.undone else "OK") or not bill.coupons
            bill.undone = True
            return
        left = bill.gross - bill.refunded
        if left:
            gross = max(1, left * part // 4)
            self._must(shop, refunding.refund(number, self._next(), gross))
            bill.refunded += gross

    @rule(by=st.sampled_from([BAKER, FLOWERS]), card=CARDS)
    def refer(self, by: int, card: int) -> None:
        call = couponing.refer(self.street, by, self.cards[card], BOOKS)
        assert self.street.call(by, call).code in ("OK", "REFERRAL_TAKEN")

    @rule(campaign=st.sampled_from([OPEN, PAPER, PRIZE, PRIZE + 1]), often=st.integers(0, 5))
    def close(self, campaign: int, often: int) -> None:
        if often == 0:
            code = self.street.call(BAKER, CloseCampaign(ShopId(BAKER), campaign)).code
            assert code in ("OK", "CAMPAIGN_CLOSED")

    @rule(ms=st.sampled_from([SECOND_MS, RULES.hold_ms, DAY_MS, 20 * DAY_MS]))
    def wait(self, ms: int) -> None:
        self.street.wait(ms)

    # --- what always holds ---

    def _of_coupons(self, shop: int, bill: Bill) -> list[int]:
        """By shop, what an order's coupons bring or cost it."""
        nets = [0, 0, 0]
        for held in bill.coupons:
            kept = bill.left_of(held.discount)
            nets[shop] += kept
            nets[BOOKS if held.campaign == PRIZE else BAKER] -= kept
        return nets

    @invariant()
    def what_shops_owe_is_what_is_left_of_orders(self) -> None:
        wanted: Counter[int] = Counter()
        for (shop, _), bill in self.bills.items():
            for one, amount in enumerate(self._of_coupons(shop, bill)):
                wanted[one] += amount
            for by, paid in bill.commission.items():
                wanted[by] += bill.left_of(paid)
                wanted[shop] -= bill.left_of(paid)
        assert [self._net(one) for one in range(3)] == [wanted[one] for one in range(3)]

    @invariant()
    def nothing_exceeds_what_was_published(self) -> None:
        total: Counter[int] = Counter()
        by_card: Counter[int | None] = Counter()
        serials: Counter[int] = Counter()
        commission: Counter[int] = Counter()
        for bill in self.bills.values():
            gone = bill.undone or 0 < bill.gross == bill.refunded
            for held in bill.coupons:
                total[held.campaign] += bill.left_of(held.discount)
                if held.campaign == OPEN:
                    by_card[held.card] += bill.left_of(held.discount)
                if held.campaign == PAPER and not gone:
                    serials[held.serial] += 1
            commission[0] += sum(bill.commission.values())
        assert total[OPEN] <= BUDGET
        assert total[PAPER] <= 400
        assert total[PRIZE] <= 600
        assert all(spent <= CARD_BUDGET for spent in by_card.values())
        assert all(times == 1 for times in serials.values())
        assert commission[0] <= 400

    @invariant()
    def the_books_stand(self) -> None:
        tip = self.street.ledger.tip
        if tip.seq != self.looked_at:
            self.looked_at = tip.seq
            sound(self.street)
            assert sum(nets_of(self.street.ledger.view()).values()) == 0

    def teardown(self) -> None:
        """At the end of all campaigns nothing is reserved any more."""
        refunding.tick(self.street, couponing.LONG_MS + DAY_MS)
        refunding.tick(self.street, couponing.LONG_MS + 3 * DAY_MS)
        covers = [books.cover_of(self.street.ledger.view(), shop).reserved for shop in range(3)]
        assert covers == [0, 0, 0]
        self.the_books_stand()


TestStreetOfCoupons = pytest.mark.rule("L-20.17")(StreetOfCoupons.TestCase)
StreetOfCoupons.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
