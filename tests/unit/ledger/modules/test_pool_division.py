"""The pool's weights and its division, number by number."""

import pytest
from liandao_node.ledger.modules.pool_division import (
    Claim,
    Terms,
    divide,
    explain,
    street_cap,
)
from liandao_node.ledger.modules.pool_weights import (
    Day,
    Drop,
    Period,
    Weighed,
    damped,
    standing,
    weigh,
)
from liandao_node.types import Amount, CardId, ShopId

TEA, BOOKS, SHOES, NOODLES = (ShopId(number) for number in range(4))
STREET = frozenset({TEA, BOOKS, SHOES, NOODLES})
MEI = CardId(b"m" * 16)
ALL = {MEI: STREET}


def _period(
    *days: Day,
    paid_at: dict[CardId, frozenset[ShopId]] | None = None,
    views: dict[ShopId, int] | None = None,
    founding: bool = False,
) -> Period:
    return Period(STREET, days, ALL if paid_at is None else paid_at, views or {}, founding)


def _tea(*days: Day, **told: object) -> Weighed:
    return weigh(_period(*days, **told)).shops[TEA]  # type: ignore[arg-type]


def _day(day: int = 0, orders: int = 0, visits: int = 0, shop: ShopId = TEA) -> Day:
    return Day(MEI, shop, day, orders, visits)


@pytest.mark.rule("L-18.1")
@pytest.mark.parametrize(
    ("days", "units", "weight", "drops"),
    [
        ([_day(orders=1)], 100, 300, ()),
        ([_day(visits=1)], 20, 60, ()),
        ([_day(orders=1, visits=1)], 120, 360, ()),
        ([_day(orders=1, visits=2)], 140, 360, ((Drop.DAY_CAP, 20),)),
        ([_day(orders=1), _day(orders=1)], 200, 360, ((Drop.DAY_CAP, 80),)),
        ([_day(day, orders=1) for day in range(10)], 1_000, 3_000, ()),
        ([_day(day, orders=1) for day in range(11)], 1_100, 3_000, ((Drop.PERIOD_CAP, 100),)),
        ([_day()], 0, 0, ()),
    ],
)
def test_units_of_a_day_and_a_period(
    days: list[Day], units: int, weight: int, drops: tuple[tuple[Drop, int], ...]
) -> None:
    assert _tea(*days) == Weighed(units, weight, drops)


def test_each_shop_has_a_day_of_its_own() -> None:
    weights = weigh(_period(_day(orders=2), _day(orders=2, shop=BOOKS)))
    assert weights.shops[TEA].weight == weights.shops[BOOKS].weight == 360
    assert weights.customers == {MEI: 240}


def test_a_stranger_to_the_street_counts_nowhere() -> None:
    assert weigh(_period(_day(orders=1, shop=ShopId(9)))).customers == {}


@pytest.mark.rule("L-18.2")
@pytest.mark.parametrize(
    ("shops", "factor"),
    [
        ((), 0),
        ((TEA,), 0),
        ((BOOKS,), 1),
        ((TEA, BOOKS), 1),
        ((BOOKS, SHOES), 2),
        ((BOOKS, SHOES, NOODLES), 3),
        ((BOOKS, SHOES, NOODLES, ShopId(4)), 3),
    ],
)
def test_standing_comes_from_other_shops(shops: tuple[ShopId, ...], factor: int) -> None:
    assert standing(frozenset(shops), TEA) == factor
    if factor != 1:  # from one source alone, the whole weight is cut
        assert _tea(_day(orders=1), paid_at={MEI: frozenset(shops)}).weight == 100 * factor


@pytest.mark.rule("L-18.2")
def test_who_is_known_nowhere_else_is_told_so() -> None:
    found = weigh(_period(_day(orders=1), paid_at={MEI: frozenset({TEA})}))
    assert found.shops[TEA] == Weighed(100, 0, ((Drop.NO_STANDING, 100),))
    assert found.customers == {}


@pytest.mark.rule("L-18.3")
@pytest.mark.parametrize(
    ("free", "sources", "weight"),
    [
        (0, [1_000], 0),
        (800, [200], 1_000),
        (800, [201], 1_000),
        (800, [9_000], 1_000),
        (600, [9_000, 9_000], 1_000),
        (400, [9_000, 100], 625),
        (400, [9_000, 200], 666),
        (0, [100] * 5, 500),
        (0, [100] * 4, 0),
        (0, [100] * 4 + [1], 5),
        (7, [], 7),
    ],
)
def test_one_source_gives_a_fifth_at_most(free: int, sources: list[int], weight: int) -> None:
    assert damped(free, sources) == weight


@pytest.mark.rule("L-18.4")
def test_page_views_add_a_tenth_of_what_customers_weigh() -> None:
    few = _tea(_day(orders=1), views={TEA: 30})
    assert few == Weighed(130, 330, ())
    many = _tea(_day(orders=1), views={TEA: 5_000})
    assert many == Weighed(5_100, 330, ((Drop.VIEW_CAP, 4_970),))
    assert _tea(views={TEA: 5_000}).weight == 0, "pages alone are worth nothing"


@pytest.mark.rule("L-18.5")
def test_a_young_street_counts_everybody_once() -> None:
    assert _tea(_day(orders=1), paid_at={}, founding=True).weight == 100
    assert _tea(_day(orders=1), founding=True).weight == 100
    alone = {MEI: frozenset({BOOKS})}
    assert _tea(_day(orders=1), paid_at=alone, founding=True) == Weighed(100, 100, ())


def _shares(total: int, *claims: tuple[int, int], seed: bytes = b"s") -> list[int]:
    told = {at: Claim(*claim) for at, claim in enumerate(claims)}
    shares = divide(Amount(total), told, {at: bytes([at]) for at in told}, seed)
    return [*(shares.by[at].amount for at in told), shares.carry]


@pytest.mark.rule("L-18.7")
@pytest.mark.parametrize(
    ("total", "claims", "shares"),
    [
        (100, [(1, 100), (2, 100), (1, 100)], [25, 50, 25, 0]),
        (10, [(1, 10), (2, 10)], [3, 7, 0]),
        (3, [(5, 9), (4, 9), (1, 9)], [2, 1, 0, 0]),
        (0, [(5, 9)], [0, 0]),
        (7, [], [7]),
        (7, [(0, 9)], [0, 7]),
    ],
)
def test_largest_remainders(total: int, claims: list[tuple[int, int]], shares: list[int]) -> None:
    assert _shares(total, *claims) == shares


@pytest.mark.rule("L-18.9")
@pytest.mark.parametrize(
    ("claims", "shares"),
    [
        ([(8, 30), (1, 100), (1, 100)], [30, 35, 35, 0]),
        ([(8, 30), (1, 20), (1, 100)], [30, 20, 50, 0]),
        ([(8, 30), (1, 20), (1, 10)], [30, 20, 10, 40]),
        ([(8, 0), (2, 100)], [0, 100, 0]),
    ],
)
def test_what_a_cap_leaves_goes_to_the_others(
    claims: list[tuple[int, int]], shares: list[int]
) -> None:
    assert _shares(100, *claims) == shares


@pytest.mark.rule("L-18.7")
def test_a_tie_is_drawn_by_the_seed() -> None:
    drawn = {tuple(_shares(1, (1, 9), (1, 9), seed=bytes([seed]))) for seed in range(20)}
    assert drawn == {(1, 0, 0), (0, 1, 0)}


@pytest.mark.rule("L-18.8")
@pytest.mark.parametrize(("shops", "cap"), [(0, 0), (1, 2_000), (2, 1_000), (10, 200), (20, 150)])
def test_the_streets_cap_is_15_in_100_or_twice_an_equal_share(shops: int, cap: int) -> None:
    assert street_cap(Amount(1_000), shops, Terms()) == cap


@pytest.mark.rule("L-18.6")
@pytest.mark.rule("L-18.10")
def test_a_division_is_explained_line_by_line() -> None:
    period = _period(_day(orders=1), _day(visits=9, shop=BOOKS), views={TEA: 1_000})
    skin = {TEA: Amount(400), BOOKS: Amount(10_000)}
    told = explain(Amount(2_005), period, skin, b"seed")
    assert (told.reserve, told.customers_part, told.shops_part) == (200, 802, 1_003)
    tea, books, shoes, noodles = told.lines
    assert (tea.units, tea.weight, tea.cap, tea.share) == (1_100, 330, 400, 400)
    assert tea.drops == ((Drop.VIEW_CAP, 970),)
    assert (books.units, books.weight, books.cap, books.share) == (180, 360, 501, 501)
    assert books.drops == ((Drop.DAY_CAP, 60),)
    assert [(one.weight, one.cap, one.share) for one in (shoes, noodles)] == [(0, 0, 0)] * 2
    assert told.customers == {MEI: 802}
    assert told.customers_weight == 220
    assert told.carry == 1_003 - 901
