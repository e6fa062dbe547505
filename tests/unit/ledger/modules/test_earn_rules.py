"""Earn rules: versions that are published a period ahead, and what each of their terms does."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import points_queries
from liandao_node.ledger.calendar import period_of, period_start_ms
from liandao_node.ledger.modules.earn_rule_calls import EarnTerms, Hours, SetEarnRule
from liandao_node.ledger.modules.earn_rules import rate_at
from liandao_node.ledger.modules.points_calls import ImportDone
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from msgspec import structs
from support.ledger_street import BEGIN_MS, DAY_MS, Outcome, Street, make_genesis, sale
from support.refunding import (
    brought,
    earned,
    moved,
    next_day,
    next_period,
    refund,
    refund_of_import,
    rule,
)

OFFSET = 480
MINUTE_MS = 60_000


NO_TERMS = EarnTerms(0, Amount(0), Amount(0), Amount(0), Amount(0), [])


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def card(street: Street) -> CardSecret:
    return street.enrol(1)


def _in_force(street: Street, body: SetEarnRule) -> None:
    assert street.call(0, body).code == "OK"
    next_period(street)


def _version(street: Street) -> int:
    view = street.ledger.view()
    found = points_queries.earn_rule(view, ShopId(0), street.time_ms, OFFSET)
    versions = dict(points_queries.earn_rules_of(view, ShopId(0)))
    return next((n for n, version in versions.items() if version == found), 0)


# --- versions ---


@pytest.mark.rule("L-7.9")
def test_a_rule_takes_effect_with_the_next_period_and_never_before(
    street: Street, card: CardSecret
) -> None:
    answer = street.call(0, rule(500)).answer
    start_ms = period_start_ms(period_of(street.time_ms, OFFSET) + 1, OFFSET)
    assert structs.astuple(answer) == (1, start_ms)  # type: ignore[arg-type]
    assert earned(street, 0, 1, 1_000, card) == 20
    street.wait(start_ms - street.time_ms - 2)
    assert street.call(0, sale(2, 1_000, card), after_ms=1).answer.earned == 20  # type: ignore[union-attr]
    assert street.call(0, sale(3, 1_000, card), after_ms=1).answer.earned == 50  # type: ignore[union-attr]
    assert earned(street, 1, 1, 1_000, card) == 20, "the street's rule, for another shop"
    assert street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-7.9")
def test_the_last_one_published_in_a_period_counts(street: Street, card: CardSecret) -> None:
    street.call(0, rule(500))
    street.call(0, rule(300))
    assert _version(street) == 0
    next_period(street)
    assert (_version(street), earned(street, 0, 1, 1_000, card)) == (2, 30)
    street.call(0, rule(100))
    assert (_version(street), earned(street, 0, 2, 1_000, card)) == (2, 30), "still the second"
    next_period(street)
    assert (_version(street), earned(street, 0, 3, 1_000, card)) == (3, 10)
    terms = [v.terms.bps for _, v in points_queries.earn_rules_of(street.ledger.view(), ShopId(0))]
    assert terms == [500, 300, 100], "all that was published stays"


@pytest.mark.rule("L-7.9")
@pytest.mark.rule("L-7.11")
def test_a_refund_computes_with_the_version_of_its_order(street: Street, card: CardSecret) -> None:
    earned(street, 0, 1, 1_000, card)
    _in_force(street, rule(1_000))
    earned(street, 0, 2, 1_000, card)
    assert street.call(0, refund(1, 1, 500)).answer == moved(cash=500, clawed=10)
    assert street.call(0, refund(2, 2, 500)).answer == moved(cash=500, clawed=50)


@pytest.mark.rule("L-7.8")
@pytest.mark.parametrize(
    "terms",
    [
        structs.replace(NO_TERMS, bps=10_001),
        structs.replace(NO_TERMS, per_visit=Amount(-1)),
        structs.replace(NO_TERMS, hours=[Hours(0, 0, 1, 5)]),
        structs.replace(NO_TERMS, hours=[Hours(128, 0, 1, 5)]),
        structs.replace(NO_TERMS, hours=[Hours(1, 0, 1_441, 5)]),
        structs.replace(NO_TERMS, hours=[Hours(1, 0, 1, 5)] * 17),
    ],
)
def test_terms_out_of_bounds(street: Street, terms: EarnTerms) -> None:
    assert street.call(0, SetEarnRule(terms)).code == "CALL_MALFORMED"


@pytest.mark.rule("L-7.9")
def test_hours_go_forwards(street: Street) -> None:
    backwards = rule(100, hours=[Hours(1, 0, 60, 5), Hours(1, 60, 60, 5)])
    assert street.call(0, backwards) == Outcome("HOURS_BACKWARDS", None)
    assert list(points_queries.earn_rules_of(street.ledger.view(), ShopId(0))) == []


# --- terms ---


@pytest.mark.rule("L-7.8")
def test_a_visit_earns_once_a_day_and_card(street: Street, card: CardSecret) -> None:
    other = street.enrol(2)
    _in_force(street, rule(100, per_visit=7))
    assert earned(street, 0, 1, 0, card) == 0, "nothing was bought"
    assert earned(street, 0, 2, 1_000, card) == 17
    assert earned(street, 0, 3, 1_000, card) == 10
    assert earned(street, 0, 4, 1_000, other) == 17
    next_day(street)
    assert earned(street, 0, 5, 50, card) == 7


@pytest.mark.rule("L-7.8")
def test_online_orders_earn_by_their_own_term_each_time(street: Street, card: CardSecret) -> None:
    _in_force(street, rule(100, per_visit=7, per_online=3))
    done = [
        street.call(0, brought(number, 1_000, card, online=online)).answer
        for number, online in enumerate((True, False, True, False))
    ]
    assert [answer.earned for answer in done if isinstance(answer, ImportDone)] == [13, 17, 13, 10]


@pytest.mark.rule("L-7.8")
def test_less_than_the_minimum_earns_nothing(street: Street, card: CardSecret) -> None:
    _in_force(street, rule(100, per_visit=7, minimum=500))
    assert earned(street, 0, 1, 499, card) == 0
    assert earned(street, 0, 2, 500, card) == 12


@pytest.mark.rule("L-7.8")
def test_a_card_earns_up_to_its_cap_on_a_day(street: Street, card: CardSecret) -> None:
    _in_force(street, rule(1_000, card_day_max=150))
    assert [earned(street, 0, n, 1_000, card) for n in (1, 2, 3)] == [100, 50, 0]
    next_day(street)
    assert earned(street, 0, 4, 9_000, card) == 150


@pytest.mark.rule("L-7.8")
def test_a_limited_order_leaves_visit_and_cap_as_they_were() -> None:
    street = Street(make_genesis(bond=100, rules=Rules()))
    card = street.enrol(1)
    _in_force(street, rule(1_000, per_visit=5, card_day_max=100))
    assert earned(street, 0, 1, 9_700, card) == 100, "cut by the cap, and no more than the bond"
    next_day(street)
    assert earned(street, 0, 2, 100, card) == 0, "limited"
    assert street.call(0, refund(1, 1, 9_700)).answer == moved(cash=9_700, clawed=100)
    assert earned(street, 0, 3, 100, card) == 15


@pytest.mark.rule("L-7.8")
@pytest.mark.parametrize(
    ("day", "minute", "bps"),
    [(0, 599, 100), (0, 600, 300), (0, 659, 300), (0, 660, 100), (5, 600, 100), (6, 0, 900)],
)
def test_happy_hours_by_the_streets_weekday_and_minute(day: int, minute: int, bps: int) -> None:
    terms = rule(100, hours=[Hours(0b0011111, 600, 660, 300), Hours(1 << 6, 0, 1_440, 900)]).terms
    monday_ms = BEGIN_MS - 16 * 60 * MINUTE_MS + DAY_MS  # 2026-03-01 16:00 is a Sunday
    moment = Millis(monday_ms + day * DAY_MS + minute * MINUTE_MS)
    assert rate_at(terms, moment, OFFSET) == bps


@pytest.mark.rule("L-7.8")
def test_a_sale_in_a_happy_hour_earns_more_and_is_refunded_by_it(
    street: Street, card: CardSecret
) -> None:
    _in_force(street, rule(100, hours=[Hours(127, 0, 600, 500)]))
    assert earned(street, 0, 1, 1_000, card) == 50
    street.wait(10 * 60 * MINUTE_MS)
    assert earned(street, 0, 2, 1_000, card) == 10
    assert street.call(0, refund(1, 1, 1_000)).answer == moved(cash=1_000, clawed=50)


@pytest.mark.rule("L-7.11")
def test_a_refund_leaves_what_the_smaller_order_would_have_earned(
    street: Street, card: CardSecret
) -> None:
    """The flat part stays until less than the minimum is left."""
    _in_force(street, rule(1_000, per_visit=40, minimum=500))
    assert earned(street, 0, 1, 1_000, card) == 140
    assert street.call(0, refund(1, 1, 500)).answer == moved(cash=500, clawed=50)
    assert street.call(0, refund(1, 2, 1)).answer == moved(cash=1, clawed=90)
    assert street.call(0, refund(1, 3, 499)).answer == moved(cash=499)


@pytest.mark.rule("L-7.11")
def test_a_refund_of_a_capped_order_takes_back_what_the_cap_let_through(
    street: Street, card: CardSecret
) -> None:
    _in_force(street, rule(1_000, per_online=10, card_day_max=60))
    street.call(0, brought(1, 1_000, card, online=True))
    assert street.call(0, refund_of_import(1, 1, 500)).answer == moved(cash=500)
    assert street.call(0, refund_of_import(1, 2, 400)).answer == moved(cash=400, clawed=40)
    assert street.call(0, refund_of_import(1, 3, 100)).answer == moved(cash=100, clawed=20)
