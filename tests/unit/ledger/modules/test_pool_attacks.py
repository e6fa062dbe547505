"""What those gain who lie to the pool: nothing, or the stated cap. Run with -s to read it."""

import sys
from collections.abc import Iterable

import pytest
from liandao_node.ledger.modules.pool_division import Explained, explain
from liandao_node.ledger.modules.pool_weights import (
    DAY_UNITS_MAX,
    PERIOD_UNITS_MAX,
    Day,
    Drop,
    Period,
)
from liandao_node.types import Amount, CardId, ShopId

SHOPS = 20
CASH = Amount(1_000_000)
LIAR, FRIEND = ShopId(0), ShopId(1)
HONEST_DAYS = 5


def _card(name: str, number: int) -> CardId:
    return CardId(f"{name}{number}".encode().ljust(16))


class Street:
    """Twenty shops; forty customers of each buy at two more, and have done so before."""

    def __init__(self) -> None:
        self.days: list[Day] = []
        self.paid_at: dict[CardId, frozenset[ShopId]] = {}
        self.views: dict[ShopId, int] = {}
        for number in range(SHOPS * 40):
            shops = [ShopId((number + step) % SHOPS) for step in (0, 3, 7)]
            self.come(_card("honest", number), shops, range(HONEST_DAYS))
            self.paid_at[_card("honest", number)] = frozenset(shops)

    def come(self, card: CardId, shops: Iterable[ShopId], days: Iterable[int]) -> None:
        """A customer buys and looks in, as often as a day counts."""
        days = list(days)
        self.days += [Day(card, shop, day, 1, 1) for shop in shops for day in days]

    def divide(self, *, founding: bool = False, skin: int = CASH) -> Explained:
        shops = frozenset(ShopId(number) for number in range(SHOPS))
        period = Period(shops, tuple(self.days), self.paid_at, self.views, founding)
        return explain(CASH, period, dict.fromkeys(shops, Amount(skin)), b"seed")


def _tell(attack: str, before: Explained, after: Explained, *liars: ShopId) -> int:
    """Prints what the liars gained together; gives it."""
    had = sum(before.lines[shop].share for shop in liars)
    gain = sum(after.lines[shop].share for shop in liars) - had
    cap = after.lines[liars[0]].cap
    text = f"{attack}: gain {gain} of {after.shops_part} (had {had}, cap of one shop {cap})"
    sys.stdout.write(f"\n{text}")
    return gain


@pytest.fixture(scope="module")
def fair() -> Explained:
    return Street().divide()


@pytest.mark.rule("L-18.2")
def test_invented_customers_gain_nothing(fair: Explained) -> None:
    street = Street()
    for number in range(500):
        card = _card("invented", number)
        street.come(card, [LIAR], range(10))
        street.paid_at[card] = frozenset({LIAR})
    found = street.divide()
    assert _tell("500 invented customers", fair, found, LIAR) == 0
    assert found.lines[LIAR].drops == (
        (Drop.PERIOD_CAP, 500 * (10 * DAY_UNITS_MAX - PERIOD_UNITS_MAX)),
        (Drop.NO_STANDING, 500 * PERIOD_UNITS_MAX),
    )
    assert found.customers == fair.customers, "nor do the customers who are not there"


@pytest.mark.rule("L-18.4")
def test_pages_that_robots_open_gain_a_tenth_at_most(fair: Explained) -> None:
    street = Street()
    street.views[LIAR] = 10**9
    found = street.divide()
    gain = _tell("a billion page views", fair, found, LIAR)
    assert found.lines[LIAR].weight == fair.lines[LIAR].weight * 11 // 10
    assert 0 < gain <= fair.lines[LIAR].share // 10


@pytest.mark.rule("L-18.3")
def test_a_ring_of_two_gains_a_quarter_of_what_is_true(fair: Explained) -> None:
    street = Street()
    for number in range(500):
        card = _card("ring", number)
        street.come(card, [LIAR, FRIEND], range(10))
        street.paid_at[card] = frozenset({LIAR, FRIEND})
    found = street.divide()
    gain = _tell("a ring of two with 500 customers", fair, found, LIAR, FRIEND)
    for shop in (LIAR, FRIEND):
        assert found.lines[shop].weight == fair.lines[shop].weight * 5 // 4
        assert dict(found.lines[shop].drops)[Drop.RING_CAP] > 400 * PERIOD_UNITS_MAX
    assert 0 < gain <= (fair.lines[LIAR].share + fair.lines[FRIEND].share) // 4


@pytest.mark.rule("L-18.3")
def test_a_ring_of_two_with_no_true_customers_gains_nothing() -> None:
    shops = frozenset({LIAR, FRIEND, ShopId(2)})
    days = [Day(_card("ring", n), shop, 0, 1, 1) for n in range(99) for shop in (LIAR, FRIEND)]
    paid_at = {_card("ring", n): frozenset({LIAR, FRIEND}) for n in range(99)}
    period = Period(shops, tuple(days), paid_at, {LIAR: 10**6}, founding=False)
    found = explain(CASH, period, dict.fromkeys(shops, CASH), b"seed")
    assert [line.share for line in found.lines] == [0, 0, 0]
    assert found.lines[LIAR].drops[-1] == (Drop.VIEW_CAP, 10**6)


@pytest.mark.rule("L-18.1")
def test_visits_replayed_gain_nothing_beyond_the_day(fair: Explained) -> None:
    street = Street()
    street.days += [
        Day(one.customer, one.shop, one.day, 0, 1)
        for one in street.days
        if one.shop == LIAR
        for _ in range(50)
    ]
    found = street.divide()
    assert _tell("each visit replayed 50 times", fair, found, LIAR) == 0
    replays = 50 * 20 * HONEST_DAYS * DAY_UNITS_MAX
    assert dict(found.lines[LIAR].drops) == {Drop.DAY_CAP: replays}


@pytest.mark.rule("L-18.5")
@pytest.mark.rule("L-18.8")
def test_in_a_young_street_the_cap_is_what_a_liar_gets() -> None:
    """Nobody has standing yet, so the cap is all that stands against invention: it is stated."""
    before = Street().divide(founding=True)
    street = Street()
    for number in range(20_000):
        street.come(_card("invented", number), [LIAR], [0])
    found = street.divide(founding=True)
    _tell("20 000 customers invented in the first period", before, found, LIAR)
    assert found.lines[LIAR].share == found.lines[LIAR].cap == found.shops_part * 15 // 100


@pytest.mark.rule("L-18.8")
def test_no_liar_gets_more_than_the_points_that_really_crossed() -> None:
    """Skin in the game: who redeemed nobody's points and whose points nobody took gets nothing."""
    street = Street()
    for number in range(5_000):
        street.come(_card("invented", number), [LIAR], range(10))
    for skin in (0, 777):
        found = street.divide(founding=True, skin=skin)
        assert found.lines[LIAR].share == skin
