"""A street with a pool: deposits, customers who come, months that turn and are divided."""

from collections.abc import Iterable
from typing import Final

from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger.calendar import (
    day_of,
    period_of,
    period_start_ms,
    pool_period_of,
    pool_period_start_ms,
)
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.card_calls import Merge, word_preimage
from liandao_node.ledger.modules.points_calls import Hold
from liandao_node.ledger.modules.pool_books import Division, Line
from liandao_node.ledger.modules.pool_calls import (
    Deposit,
    Source,
    Visit,
    deposit_preimage,
    visit_preimage,
)
from liandao_node.ledger.modules.pool_recount import differences
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.modules.stake_calls import TreasurerSignature
from liandao_node.ledger.modules.traffic import Batch, Count
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules

from support.ledger_street import Outcome, Street, make_card, sale
from support.refunding import purse, refund
from support.stake_street import stake_genesis, treasurer

RULES: Final = Rules(
    earn_bps=1_000,
    share_bps_max=10_000,
    hold_ms=600_000,
    payment_min=Amount(100),
    epoch_blocks=10_000,
)
CALLS: Final = 200
"""In one transaction."""


class PoolStreet(Street):
    """Three treasurers, two of whom must sign. Blocks take many calls."""

    def __init__(self, shops: int = 4, *, rules: Rules = RULES, bond: int = 10**7) -> None:
        super().__init__(stake_genesis([bond] * shops, rules))
        self.rules = rules
        self.shops = shops
        self.numbers = 0

    @property
    def view(self) -> View:
        return self.ledger.view()

    @property
    def period(self) -> int:
        return pool_period_of(self.time_ms, self.genesis.utc_offset_minutes)

    @property
    def day(self) -> int:
        return day_of(self.time_ms, self.genesis.utc_offset_minutes)

    def next(self) -> int:
        self.numbers += 1
        return self.numbers

    def ask(self, shop: int, call: CallBody) -> str:
        return self.call(shop, call, after_ms=1).code

    def all(self, shop: int, calls: Iterable[CallBody]) -> list[Outcome]:
        """Many calls of a shop, in as few blocks as it takes."""
        waiting, done = list(calls), []
        while waiting:
            done += self.block(self.tx(shop, *waiting[:CALLS]), after_ms=1)
            del waiting[:CALLS]
        return done

    # --- money ---

    def deposit(
        self,
        amount: int,
        source: Source = Source.SPONSOR,
        *,
        number: int = 0,
        signers: Iterable[int] = (0, 1),
        signed: int = 0,
    ) -> Deposit:
        """The treasurers' word; ``signed`` is another amount that they signed."""
        number = number or books.till_of(self.view).deposits + 1
        said = (source, number, Amount(signed or amount), "lights")
        preimage = deposit_preimage(self.chain_id, *said)
        return Deposit(source, number, Amount(amount), "lights", self.signed(preimage, signers))

    def signed(self, preimage: bytes, signers: Iterable[int] = (0, 1)) -> list[TreasurerSignature]:
        return [TreasurerSignature(at, treasurer(at).sign(preimage)) for at in signers]

    def pay_in(self, amount: int, source: Source = Source.SPONSOR) -> None:
        assert self.ask(0, self.deposit(amount, source)) == "OK"

    # --- traffic ---

    def cards(self, first: int, count: int, shop: int = 0) -> list[CardSecret]:
        cards = [make_card(first + number) for number in range(count)]
        done = self.all(shop, [self.enrolment(shop, card) for card in cards])
        assert {one.code for one in done} <= {"OK"}
        return cards

    def buy(self, shop: int, cards: Iterable[CardSecret], gross: int = 10) -> list[int]:
        """Everybody buys once; the orders' numbers."""
        calls = [(self.next(), card) for card in cards]
        done = self.all(shop, [sale(number, gross, card) for number, card in calls])
        assert {one.code for one in done} <= {"OK"}
        return [number for number, _ in calls]

    def visit(self, shop: int, card: CardSecret, day: int | None = None) -> Visit:
        day = self.day if day is None else day
        signature = card.key.sign(visit_preimage(self.chain_id, ShopId(shop), day))
        return Visit(card.id, day, signature)

    def merge(self, old: CardSecret, new: CardSecret) -> str:
        """One person's two cards become one."""
        preimage = word_preimage(self.chain_id, Merge.kind, old.id, 1, new.id)
        signed = old.key.sign(preimage), b"", new.key.sign(preimage)
        return self.ask(0, Merge(old.id, 1, new.id, *signed))

    def give_back(self, shop: int, numbers: Iterable[int], gross: int = 10) -> None:
        done = self.all(shop, [refund(number, self.next(), gross) for number in numbers])
        assert {one.code for one in done} <= {"OK"}

    def pages(self, visitors: int, first_ms: int, last_ms: int, views: int = 0) -> Batch:
        counts = [Count(3, 0, views or max(visitors, 1))]
        return Batch(Millis(first_ms), Millis(last_ms), b"r" * 32, counts, visitors)

    def cross(self, issuer: int, redeemer: int, amount: int) -> None:
        """A stranger's points of one shop are used at another: skin in the game of both."""
        (card,) = self.cards(10**6 + self.next(), 1)
        number, name = self.next(), self.next()
        assert self.ask(issuer, sale(number, amount * 10, card)) == "OK"
        hold: Hold = self.hold(redeemer, card, name, amount)
        assert self.ask(redeemer, hold) == "OK"
        body = sale(self.next(), amount, card, hold=name, points=amount)
        assert self.ask(redeemer, body) == "OK"

    def cross_all(self, amount: int) -> None:
        """Points of each shop at the next one: everybody has twice as much skin in the game."""
        for shop in range(self.shops):
            self.cross(shop, (shop + 1) % self.shops, amount)

    # --- time ---

    def tick(self, after_ms: int = 1) -> None:
        """A block in which no card is touched."""
        assert self.call(0, sale(self.next(), 0), after_ms=after_ms).code == "OK"

    def half(self) -> None:
        """To the next clearing period."""
        offset = self.genesis.utc_offset_minutes
        start_ms = period_start_ms(period_of(self.time_ms, offset) + 1, offset)
        self.tick(start_ms - self.time_ms)

    def month(self, day: int = 1) -> int:
        """To a day of the next month, the first block in it; the month that is over."""
        over = self.period
        start_ms = pool_period_start_ms(over + 1, self.genesis.utc_offset_minutes)
        self.tick(start_ms + (day - 1) * 86_400_000 - self.time_ms)
        return over

    def close(self) -> Division:
        """Ends the month and goes on until it is divided, to the unit as its traffic says."""
        over = self.month()
        while books.clock_of(self.view).over:
            self.tick()
        division = self.division(over)
        assert division.is_done
        assert differences(self.view, over, division) == []
        return division

    # --- what is there ---

    def division(self, period: int) -> Division:
        found = books.divisions.get(self.view, period)
        assert found is not None
        return found

    def line(self, period: int, shop: int) -> Line:
        found = books.lines.get(self.view, period, shop)
        assert found is not None
        return found

    def pool_points(self, card: CardSecret) -> int:
        return sum(lot.amount for lot in purse(self, card).lots if lot.origin == Origin.POOL)

    def broken(self) -> list[str]:
        return self.ledger.machine.invariants(self.view)
