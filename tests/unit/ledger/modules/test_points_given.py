"""Points by hand, points of other modules, vesting, the issue limit and the pool's share."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import points_queries, queries
from liandao_node.ledger.calendar import month_end_ms
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import Leave
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_calls import SaleDone
from liandao_node.ledger.modules.points_giving import PointsDesk, Reason
from liandao_node.ledger.modules.purse import Origin
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from support.giving import WITHOUT_POOL, Give, GiveDone, Giver
from support.ledger_street import DAY_MS, Street, make_genesis, sale
from support.refunding import (
    book,
    debts,
    earned,
    grant,
    moved,
    next_day,
    owed,
    pay_with_points,
    purse,
    refund,
    tick,
)


def _street(rules: Rules | None = None, bond: int = 1_000_000) -> Street:
    modules = (*WITHOUT_POOL, Giver())
    return Street(make_genesis(rules=rules, bond=bond, modules=modules), modules)


def _sound(street: Street) -> None:
    assert street.ledger.machine.invariants(street.ledger.view()) == []


def _gave(street: Street, body: Give) -> tuple[int, bool]:
    done = street.call(2, body).answer
    assert isinstance(done, GiveDone)
    return done.amount, done.limited


# --- by hand ---


@pytest.mark.rule("L-7.13")
def test_two_people_give_points_by_hand() -> None:
    street = Street()
    card = street.enrol(1)
    done = street.call(0, grant(card, 1, 300))
    assert done.code == "OK"
    assert (purse(street, card).available, book(street, 0)[0]) == (300, 300)
    record = points_queries.granted(street.ledger.view(), ShopId(0), b"\0" * 15 + b"\1")
    assert record is not None
    assert (record.amount, record.reason, record.card) == (300, Reason.GOODWILL, card.id)
    assert [made.amount for made in points_queries.grants_of(street.ledger.view(), ShopId(0))] == [
        300
    ]
    assert street.call(0, grant(card, 1, 300)).code == "GRANT_KNOWN"
    assert street.call(1, grant(card, 1, 300)).code == "OK", "another shop's"
    assert street.call(0, grant(card, 2, 300, asked=5, approved=5)).code == "TWO_NAMES_NEEDED"
    assert purse(street, card).available == 600
    _sound(street)


@pytest.mark.rule("L-7.13")
def test_a_shop_gives_so_much_a_day_by_hand() -> None:
    street = Street(make_genesis(rules=Rules(manual_day_max=Amount(500))))
    card = street.enrol(1)
    assert street.call(0, grant(card, 1, 400)).code == "OK"
    assert street.call(0, grant(card, 2, 101)).code == "MANUAL_CAP"
    assert street.call(0, grant(card, 3, 100)).code == "OK"
    assert street.call(0, grant(card, 4, 1)).code == "MANUAL_CAP"
    assert street.call(1, grant(card, 4, 1)).code == "OK", "a cap per shop"
    next_day(street)
    assert street.call(0, grant(card, 4, 500)).code == "OK"


@pytest.mark.rule("L-7.13")
def test_points_by_hand_are_refused_beyond_the_bond() -> None:
    street = Street(make_genesis(bond=100))
    card = street.enrol(1)
    assert street.call(0, grant(card, 1, 101)).code == "ISSUE_LIMITED"
    assert street.call(0, grant(card, 1, 100)).code == "OK"
    assert earned(street, 0, 1, 50, card) == 0


# --- the desk of other modules ---


@pytest.mark.rule("L-7.14")
@pytest.mark.rule("L-7.15")
def test_a_module_gives_points_of_any_issuer_with_their_origin() -> None:
    street = _street()
    card = street.enrol(1)
    assert _gave(street, Give(card.id, ShopId(0), Amount(40), Origin.REBATE)) == (40, False)
    assert _gave(street, Give(card.id, ShopId(0), Amount(5), Origin.REFERRAL)) == (5, False)
    assert _gave(street, Give(card.id, ShopId(0), Amount(2), Origin.REBATE)) == (2, False)
    assert _gave(street, Give(card.id, POOL, Amount(7), Origin.POOL)) == (7, False)
    lots = [(lot.issuer, lot.amount, lot.origin) for lot in purse(street, card).lots]
    assert lots == [
        (0, 42, Origin.REBATE),
        (0, 5, Origin.REFERRAL),
        (POOL, 7, Origin.POOL),
    ]
    desk, view = PointsDesk(), street.ledger.view()
    assert desk.live(view, ShopId(0)) == 47
    assert desk.given(view, ShopId(0), Origin.REBATE) == 42
    _sound(street)


@pytest.mark.rule("L-7.14")
def test_a_shop_gives_no_more_than_its_bond_covers_and_the_pool_what_it_will() -> None:
    street = _street(bond=100)
    card = street.enrol(1)
    assert _gave(street, Give(card.id, ShopId(0), Amount(101), Origin.COUPON)) == (0, True)
    assert _gave(street, Give(card.id, ShopId(0), Amount(100), Origin.COUPON)) == (100, False)
    assert _gave(street, Give(card.id, POOL, Amount(10_000), Origin.POOL)) == (10_000, False)
    _sound(street)


@pytest.mark.rule("L-7.14")
def test_given_points_vest_with_a_day_and_meet_debts() -> None:
    street = _street()
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    pay_with_points(street, 1, card, 1, 200, 100)
    street.call(0, refund(1, 1, 5_000))
    late = Millis(street.time_ms + 3 * DAY_MS)
    assert _gave(street, Give(card.id, ShopId(0), Amount(130), Origin.REBATE, late)) == (130, False)
    assert debts(street, card) == {}
    (lot,) = purse(street, card).pending
    assert lot.amount == 30
    assert 0 <= lot.vests_ms - late < DAY_MS
    assert (lot.vests_ms + 480 * 60_000) % DAY_MS == 0
    tick(street, lot.vests_ms)
    assert [lot.amount for lot in purse(street, card).lots if lot.issuer == 0] == [30]
    _sound(street)


@pytest.mark.rule("L-7.10")
def test_a_pool_point_of_a_settled_period_is_the_refunding_shops() -> None:
    """The pool has paid for it; were it the pool's again, nobody would cover it (I6)."""
    street = _street()
    card = street.enrol(1)
    _gave(street, Give(card.id, POOL, Amount(100), Origin.POOL))
    pay_with_points(street, 1, card, 1, 200, 100)
    assert owed(street) == {(POOL, 1): 100}
    street.call(1, refund(1, 1, 100))
    assert owed(street) == {(POOL, 1): 50}
    tick(street, month_end_ms(street.time_ms, 0, 480))
    street.call(1, refund(1, 2, 100))
    owners = [(lot.issuer, lot.amount) for lot in purse(street, card).lots]
    assert sorted(owners) == [(1, 50), (POOL, 50)]
    assert PointsDesk().live(street.ledger.view(), POOL) == 50
    _sound(street)


# --- vesting ---


@pytest.fixture
def slow() -> tuple[Street, CardSecret]:
    """Points of a sale above 1000 vest after two weeks."""
    rules = Rules(vest_ms=14 * DAY_MS, vest_over=Amount(1_000))
    street = Street(make_genesis(rules=rules))
    return street, street.enrol(1)


@pytest.mark.rule("L-7.5")
def test_points_of_a_dear_sale_wait_for_the_end_of_the_return_window(
    slow: tuple[Street, CardSecret],
) -> None:
    street, card = slow
    done = street.call(0, sale(1, 1_000, card)).answer
    assert isinstance(done, SaleDone)
    assert (done.balance, done.pending) == (20, 0)
    done = street.call(0, sale(2, 1_050, card)).answer
    assert isinstance(done, SaleDone)
    assert (done.earned, done.balance, done.pending) == (21, 20, 21)
    (lot,) = purse(street, card).pending
    assert 14 * DAY_MS <= lot.vests_ms - street.time_ms < 15 * DAY_MS
    assert lot.expires_ms == month_end_ms(lot.vests_ms, 6, 480)
    assert street.call(1, street.hold(1, card, 1, 21)).code == "POINTS_SHORT"
    view = street.ledger.view()
    early = queries.account_at(view, card.id, Millis(lot.vests_ms - 1))
    late = queries.account_at(view, card.id, lot.vests_ms)
    assert (early.available, early.pending) == (20, 21)
    assert (late.available, late.pending, len(late.expiries)) == (41, 0, 1)
    tick(street, lot.vests_ms)
    assert street.call(1, street.hold(1, card, 2, 41)).code == "OK"
    assert book(street, 0)[5] == 41
    _sound(street)


@pytest.mark.rule("L-6.2")
def test_waiting_points_of_one_day_are_one_lot_and_join_when_they_vest(
    slow: tuple[Street, CardSecret],
) -> None:
    street, card = slow
    for number in range(4):
        street.call(0, sale(number, 2_000, card))
    next_day(street)
    street.call(0, sale(5, 2_000, card))
    assert [lot.amount for lot in purse(street, card).pending] == [160, 40]
    vests_ms = purse(street, card).pending[-1].vests_ms
    tick(street, vests_ms)
    street.call(1, sale(1, 0, card))
    assert [lot.amount for lot in purse(street, card).lots] == [200]
    assert purse(street, card).pending == []
    _sound(street)


@pytest.mark.rule("L-7.12")
def test_a_refund_takes_waiting_points_of_its_own_first(
    slow: tuple[Street, CardSecret],
) -> None:
    street, card = slow
    street.call(0, sale(1, 1_000, card))
    street.call(0, sale(2, 5_000, card))
    assert street.call(0, refund(2, 1, 2_500)).answer == moved(cash=2_500, clawed=50)
    assert (purse(street, card).available, purse(street, card).waiting) == (20, 50)
    assert street.call(0, refund(1, 2, 1_000)).answer == moved(cash=1_000, clawed=20)
    assert (purse(street, card).available, purse(street, card).waiting) == (0, 50)
    _sound(street)


@pytest.mark.rule("L-7.5")
def test_points_that_wait_live_as_long_as_others_once_they_may_be_used() -> None:
    street = Street(make_genesis(rules=Rules(vest_ms=14 * DAY_MS, expiry_months=0)))
    card = street.enrol(1)
    street.wait(24 * DAY_MS)
    street.call(0, sale(1, 5_000, card))
    (lot,) = purse(street, card).pending
    assert lot.expires_ms == month_end_ms(street.time_ms, 1, 480), "April's end, not March's"


@pytest.mark.rule("L-7.14")
def test_midnight_is_the_beginning_of_its_own_day() -> None:
    street = _street()
    card = street.enrol(1)
    midnight = Millis(month_end_ms(street.time_ms, 0, 480) - DAY_MS)
    assert _gave(street, Give(card.id, ShopId(0), Amount(1), Origin.REBATE, midnight)) == (1, False)
    late = Millis(midnight + 1)
    assert _gave(street, Give(card.id, ShopId(0), Amount(1), Origin.REBATE, late)) == (1, False)
    vests = [lot.vests_ms for lot in purse(street, card).pending]
    assert vests == [midnight, midnight + DAY_MS]


# --- the limit and the pool's share ---


@pytest.mark.rule("L-7.5")
def test_a_shop_that_gave_notice_sells_on_and_gives_nothing() -> None:
    street = Street()
    card = street.enrol(1)
    assert earned(street, 0, 1, 1_000, card) == 20
    assert street.call(0, Leave()).code == "OK"
    done = street.call(0, sale(2, 1_000, card)).answer
    assert isinstance(done, SaleDone)
    assert (done.earned, done.limited) == (0, True)
    assert street.call(0, grant(card, 1, 5)).code == "ISSUE_LIMITED"


@pytest.mark.rule("L-4.4")
def test_the_bond_behind_live_and_payable_points_stays() -> None:
    street = Street(make_genesis(bond=1_000))
    card = street.enrol(1)
    street.call(0, sale(1, 40_000, card))
    pay_with_points(street, 1, card, 1, 800, 300)
    points = street.ledger.machine.set_in(street.ledger.view()).modules[
        [m.name for m in BUILTIN].index("points")
    ]
    view = street.ledger.view()
    assert Obligations().payable(view, ShopId(0)) == 300
    assert points.bond_in_use(view, ShopId(0), street.genesis.rules) == 800
    assert points.bond_in_use(view, ShopId(0), Rules(issue_limit_bps=20_000)) == 400
    assert points.bond_in_use(view, ShopId(0), Rules(issue_limit_bps=0)) == 0


@pytest.mark.rule("L-6.7")
def test_half_of_what_expires_is_owed_to_the_pool() -> None:
    """Of all that ever expired: the roundings of single purses do not add up."""
    street = Street(make_genesis(rules=Rules(expiry_months=0)))
    cards = [street.enrol(number) for number in range(3)]
    for number, card in enumerate(cards):
        street.call(0, sale(number, 1_850, card))
    tick(street, month_end_ms(street.time_ms, 0, 480))
    assert book(street, 0) == (111, 0, 0, 111, 0, 0)
    assert owed(street) == {(0, POOL): 55}
    _sound(street)


@pytest.mark.rule("L-6.7")
def test_expired_points_of_the_pool_stay_with_the_pool() -> None:
    street = _street(Rules(expiry_months=0, breakage_bps=10_000))
    card = street.enrol(1)
    _gave(street, Give(card.id, POOL, Amount(100), Origin.POOL))
    tick(street, month_end_ms(street.time_ms, 0, 480))
    assert owed(street) == {}
    assert PointsDesk().counts(street.ledger.view(), POOL).expired == 100
