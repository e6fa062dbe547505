"""What those gain who lie to the pool, on the real ledger: nothing, or the stated cap. Run with
-s to read it.

Five shops, thirty true customers, two months in which the street gets to know them and a third
one that counts. Each fraud is played against the same month without it.
"""

import sys
from collections.abc import Callable
from functools import cache
from typing import Final

import pytest
from liandao_node.ledger.calendar import pool_period_start_ms
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.pool_books import Division
from liandao_node.ledger.modules.pool_calls import NUMBER
from liandao_node.ledger.modules.pool_weights import Drop
from support.ledger_street import DAY_MS, make_card, sale
from support.pool_street import PoolStreet

SHOPS: Final = 5
TRUE: Final = 30
CASH: Final = 50_000
LIAR, FRIEND = 0, 1
Fraud = Callable[[PoolStreet], None]


class Month:
    """The month that counts, with a fraud in it, divided."""

    def __init__(self, fraud: Fraud) -> None:
        self.street = street = PoolStreet(SHOPS)
        self.cards = street.cards(0, TRUE)
        street.close()
        self._trade()
        street.close()
        street.pay_in(CASH)
        street.cross_all(CASH)
        self._trade()
        fraud(street)
        self.division: Division = street.close()
        assert street.broken() == []

    def _trade(self) -> None:
        for shop in range(SHOPS):
            known = [card for at, card in enumerate(self.cards) if (at - shop) % SHOPS < 3]
            self.street.buy(shop, known)

    def share(self, shop: int) -> int:
        return self.street.line(self.street.period - 1, shop).share

    def drops(self, shop: int) -> dict[Drop, int]:
        """Without the order of the stranger who put the shop's points into circulation."""
        found = dict(self.street.line(self.street.period - 1, shop).drops)
        found[Drop.NO_STANDING] -= 100
        return {drop: units for drop, units in found.items() if units}

    @property
    def to_customers(self) -> int:
        """What true customers got in the month that counts."""
        return sum(self.street.pool_points(card) for card in self.cards)


@cache
def fair() -> Month:
    return Month(lambda _: None)


def _tell(fraud: str, after: Month, *liars: int, against: Month | None = None) -> int:
    honest = against or fair()
    gain = sum(after.share(shop) - honest.share(shop) for shop in liars)
    of = after.division.shops_part
    sys.stdout.write(f"\n{fraud}: gain {gain} of {of} to shops, {_fakes(after)} to customers")
    return gain


def _fakes(after: Month) -> int:
    """What customers got who are not there."""
    return after.division.given - after.to_customers


@pytest.mark.rule("L-18.2")
def test_invented_customers_gain_nothing() -> None:
    """Paid orders of cards that no other shop ever saw, on three days."""

    def fraud(street: PoolStreet) -> None:
        cards = street.cards(1_000, 60)
        for _ in range(3):
            street.buy(LIAR, cards)
            street.tick(DAY_MS)

    found = Month(fraud)
    assert _tell("60 invented customers", found, LIAR) == 0
    assert found.drops(LIAR) == {Drop.NO_STANDING: 60 * 300}
    assert (_fakes(found), found.to_customers) == (0, fair().to_customers)


@pytest.mark.rule("L-18.15")
def test_replayed_visits_gain_nothing() -> None:
    """A card's signature of one day, brought again on the day, on the next and at another shop."""
    codes: list[str] = []

    def fraud(street: PoolStreet) -> None:
        visit = street.visit(LIAR, make_card(0))
        codes.append(street.ask(LIAR, visit))
        codes.extend(street.ask(LIAR, visit) for _ in range(5))
        codes.append(street.ask(FRIEND, visit))
        street.tick(DAY_MS)
        codes.append(street.ask(LIAR, visit))

    def once(street: PoolStreet) -> None:
        assert street.ask(LIAR, street.visit(LIAR, make_card(0))) == "OK"

    found, honest = Month(fraud), Month(once)
    assert _tell("a visit replayed seven times", found, LIAR, against=honest) == 0
    assert codes == ["OK", *["VISIT_KNOWN"] * 5, "CARD_SIGNATURE_BAD", "VISIT_OTHER_DAY"]
    assert found.to_customers == honest.to_customers


@pytest.mark.rule("L-18.17")
@pytest.mark.rule("L-18.19")
def test_traffic_told_late_gains_nothing() -> None:
    """Visitors of last month, a visit dated back, and orders told after the month has turned."""
    told: list[str] = []

    def late(street: PoolStreet) -> None:
        start_ms = pool_period_start_ms(street.period, street.genesis.utc_offset_minutes)
        told.append(street.ask(LIAR, street.pages(9_000, start_ms - 9_000, start_ms - 1)))
        told.append(street.ask(LIAR, street.pages(9_000, start_ms - 1, start_ms)))
        card = make_card(1)
        told.append(street.ask(LIAR, street.visit(LIAR, card, street.day - 1)))

    found = Month(late)
    assert told[2] == "VISIT_OTHER_DAY"
    assert _tell("page views and a visit dated back", found, LIAR) == 0
    assert found.drops(LIAR) == {}
    over = found.street.period - 1
    before = [found.share(shop) for shop in range(SHOPS)]
    found.street.buy(LIAR, found.cards * 2)
    after = [found.street.line(over, shop).share for shop in range(SHOPS)]
    assert after == before
    assert found.street.broken() == [], "it can still be made anew"


@pytest.mark.rule("L-18.3")
@pytest.mark.rule("L-18.10")
def test_a_ring_of_two_gains_no_more_than_a_quarter() -> None:
    def fraud(street: PoolStreet) -> None:
        cards = street.cards(2_000, 60)
        for _ in range(3):
            for shop in (LIAR, FRIEND):
                street.buy(shop, cards)
            street.tick(DAY_MS)

    found = Month(fraud)
    gain = _tell("a ring of two with 60 customers", found, LIAR, FRIEND)
    had = fair().share(LIAR) + fair().share(FRIEND)
    assert 0 < gain <= had // 4
    for shop in (LIAR, FRIEND):
        assert (
            found.street.line(found.street.period - 1, shop).share
            <= found.street.line(found.street.period - 1, shop).cap
        )
        assert found.drops(shop)[Drop.RING_CAP] > 60 * 300 * 9 // 10
    assert _fakes(found) <= fair().division.given // 4, "nor do its customers, together"


@pytest.mark.rule("L-18.16")
def test_refund_farming_gains_nothing() -> None:
    """Buy at two shops, be counted, give everything back, within the month."""

    def fraud(street: PoolStreet) -> None:
        cards = street.cards(3_000, 20)
        for shop in range(SHOPS):
            street.give_back(shop, street.buy(shop, cards))

    found = Month(fraud)
    assert _tell("20 customers who give everything back", found, *range(SHOPS)) == 0
    assert [found.drops(shop) for shop in range(SHOPS)] == [{}] * SHOPS
    assert (_fakes(found), found.to_customers) == (0, fair().to_customers)


@pytest.mark.rule("L-18.23")
def test_refund_farming_over_the_months_end_gains_nothing() -> None:
    """Be counted first, give back in the next month: later shares are less by what it brought."""
    numbers: list[int] = []
    true = [make_card(at) for at in range(TRUE)]

    def fraud(street: PoolStreet) -> None:
        street.tick(DAY_MS)
        numbers.extend(street.buy(LIAR, [card for at, card in enumerate(true) if at % SHOPS < 3]))

    found = Month(fraud)
    gain = _tell("18 orders that are counted, then given back", found, LIAR)
    assert gain > 0, "as long as they stand"
    street = found.street
    street.give_back(LIAR, numbers)
    first = street.period
    street.pay_in(CASH)
    street.cross_all(CASH)
    street.buy(LIAR, true)
    street.close()
    line = street.line(first, LIAR)
    assert gain <= line.withheld <= line.share
    sys.stdout.write(f"; after the refunds {gain - line.withheld} to the shop")
    assert street.division(first).withheld > 0, "nor do the customers keep their part"
    assert street.broken() == []


@pytest.mark.rule("L-18.15")
def test_a_sale_changes_one_record_of_the_pool() -> None:
    street = PoolStreet(2)
    (card,) = street.cards(0, 1)
    for _ in range(2):
        street.wait(1)
        execution = street.execute(street.tx(0, sale(street.next(), 10, card)))
        street.commit(execution)
        assert [key[:2] for key in execution.changes if key[0] == NUMBER] == [books.seen.prefix]
