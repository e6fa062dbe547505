"""What a card owns: order of lots, holds, expiry, one lot per issuer and month."""

import pytest
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.purse import (
    CARD_WAS_THERE,
    EMPTY_PURSE,
    VESTED,
    Debt,
    Lot,
    Origin,
    Purse,
)
from liandao_node.limits import LOTS_PER_CARD_MAX
from liandao_node.types import Amount, Millis, ShopId

BAKER, GROCER = ShopId(0), ShopId(1)
MAY, JUNE = Millis(500), Millis(600)


def _lot(
    issuer: ShopId,
    amount: int,
    expires_ms: Millis,
    lot_id: int,
    vests_ms: int = VESTED,
    origin: Origin = Origin.SALE,
) -> Lot:
    return Lot(expires_ms, lot_id, issuer, Amount(amount), Millis(vests_ms), origin)


def _purse(*lots: Lot) -> Purse:
    purse = EMPTY_PURSE
    for lot in lots:
        purse, _, _ = purses.grow(purse, lot)
    return purse


def _hold(purse: Purse, amount: int, until: int, day: int = CARD_WAS_THERE) -> Purse:
    name = bytes([len(purse.holds)]) * 16
    return purses.put_aside(purse, name, GROCER, Amount(amount), Millis(until), day)


FULL = _purse(_lot(GROCER, 30, JUNE, 2), _lot(BAKER, 20, MAY, 3), _lot(BAKER, 10, JUNE, 1))


@pytest.mark.rule("L-6.1")
def test_lots_stand_by_expiry_then_by_age() -> None:
    assert [lot.id for lot in FULL.lots] == [3, 1, 2]
    assert (FULL.available, FULL.held) == (60, 0)
    assert purses.expiries(FULL) == [(MAY, 20), (JUNE, 40)]


@pytest.mark.rule("L-6.2")
def test_points_of_one_issuer_and_expiry_join_the_oldest_lot() -> None:
    purse, lot, began = purses.grow(FULL, _lot(BAKER, 5, JUNE, 9))
    assert not began
    assert lot == _lot(BAKER, 15, JUNE, 1)
    assert len(purse.lots) == 3
    assert purse.available == 65


@pytest.mark.rule("L-6.2")
def test_points_join_a_lot_that_waits_in_a_hold() -> None:
    held = _hold(FULL, 60, until=100)
    purse, lot, began = purses.grow(held, _lot(BAKER, 5, JUNE, 9))
    assert not began
    assert (lot.id, lot.amount) == (1, 5)
    given_back = purses.settle(purse, Millis(100)).purse
    assert given_back.lots[1] == _lot(BAKER, 15, JUNE, 1)


@pytest.mark.rule("L-6.2")
def test_a_full_purse_takes_only_what_joins() -> None:
    lots = [_lot(ShopId(n), 1, JUNE, n) for n in range(LOTS_PER_CARD_MAX)]
    full = Purse(lots, [], 0, Amount(0), [], [])
    for purse in (full, _hold(full, 200, until=100)):
        assert purses.has_room(purse, _lot(ShopId(0), 1, JUNE, 999))
        assert not purses.has_room(purse, _lot(ShopId(0), 1, MAY, 999))
        assert not purses.has_room(purse, _lot(ShopId(LOTS_PER_CARD_MAX), 1, JUNE, 999))


@pytest.mark.rule("L-6.3")
@pytest.mark.parametrize(
    ("amount", "parts"),
    [
        (1, [(3, 1)]),
        (20, [(3, 20)]),
        (21, [(3, 20), (1, 1)]),
        (45, [(3, 20), (1, 10), (2, 15)]),
        (60, [(3, 20), (1, 10), (2, 30)]),
    ],
)
def test_a_hold_takes_what_expires_first(amount: int, parts: list[tuple[int, int]]) -> None:
    purse = _hold(FULL, amount, until=100)
    assert [(lot.id, lot.amount) for lot in purse.holds[0].lots] == parts
    assert (purse.available, purse.held) == (60 - amount, amount)
    assert purses.close(purse, purse.holds[0], purse.holds[0].lots) == FULL


@pytest.mark.rule("L-6.3")
def test_what_a_capture_leaves_goes_back_to_its_lots() -> None:
    purse = _hold(FULL, 45, until=100)
    spent, rest = purses.split(purse.holds[0].lots, Amount(25))
    closed = purses.close(purse, purse.holds[0], rest)
    assert [(lot.id, lot.amount) for lot in spent] == [(3, 20), (1, 5)]
    assert [(lot.id, lot.amount) for lot in closed.lots] == [(1, 5), (2, 30)]
    assert closed.holds == []


@pytest.mark.rule("L-6.3")
def test_two_holds_never_share_a_point() -> None:
    purse = _hold(_hold(FULL, 25, until=100), 35, until=100)
    assert purse.lots == []
    assert [hold.amount for hold in purse.holds] == [25, 35]


@pytest.mark.rule("L-6.4")
def test_expiry_strikes_at_its_millisecond() -> None:
    assert purses.settle(FULL, Millis(MAY - 1)) == (FULL, (), [])
    purse, expired, _ = purses.settle(FULL, MAY)
    assert expired == [_lot(BAKER, 20, MAY, 3)]
    assert purse.available == 40


@pytest.mark.rule("L-6.4")
def test_held_points_outlive_their_lot_until_the_hold_ends() -> None:
    purse = _hold(FULL, 15, until=MAY + 50)
    early, expired, _ = purses.settle(purse, Millis(MAY + 49))
    assert [lot.amount for lot in expired] == [5]
    assert early.held == 15
    late, expired, _ = purses.settle(early, Millis(MAY + 50))
    assert [lot.amount for lot in expired] == [15]
    assert (late.available, late.held) == (40, 0)


@pytest.mark.rule("L-6.4")
def test_settling_twice_is_settling_once() -> None:
    purse, _, _ = purses.settle(_hold(FULL, 45, until=100), MAY)
    assert purses.settle(purse, MAY) == (purse, (), [])


@pytest.mark.rule("L-7.2")
def test_typed_codes_are_counted_by_day_and_given_back() -> None:
    purse = _hold(_hold(FULL, 10, until=100, day=7), 5, until=200, day=7)
    assert (purse.code_day, purse.code_held) == (7, 15)
    purse, _, _ = purses.settle(purse, Millis(100))
    assert purse.code_held == 5
    purse = _hold(purse, 8, until=300, day=8)
    assert (purse.code_day, purse.code_held) == (8, 8)
    purse, _, _ = purses.settle(purse, Millis(200))
    assert purse.code_held == 8, "yesterday's hold gives nothing back to today's cap"
    shown = _hold(purse, 3, until=400)
    assert (shown.code_day, shown.code_held) == (8, 8)


# --- waiting points, debts ---


@pytest.mark.rule("L-6.4")
def test_waiting_points_are_free_at_their_millisecond_and_join_what_is_alike() -> None:
    purse = _purse(
        _lot(BAKER, 10, JUNE, 1),
        _lot(BAKER, 5, JUNE, 8, vests_ms=300),
        _lot(BAKER, 7, JUNE, 9, vests_ms=400),
        _lot(BAKER, 3, JUNE, 9, vests_ms=300),
    )
    assert (purse.available, purse.waiting) == (10, 15)
    assert purses.settle(purse, Millis(299)).purse == purse
    ripe = purses.settle(purse, Millis(300)).purse
    assert ripe.lots == [_lot(BAKER, 18, JUNE, 1)]
    assert ripe.pending == [_lot(BAKER, 7, JUNE, 9, vests_ms=400)]
    assert purses.settle(purse, Millis(400)) == purses.settle(ripe, Millis(400))


@pytest.mark.rule("L-6.2")
def test_points_of_two_origins_are_two_lots() -> None:
    purse = _purse(_lot(BAKER, 10, JUNE, 1), _lot(BAKER, 5, JUNE, 1, origin=Origin.REBATE))
    assert [(lot.amount, lot.origin) for lot in purse.lots] == [(10, 0), (5, Origin.REBATE)]
    held = _hold(purse, 12, until=100)
    assert held.lots == [_lot(BAKER, 3, JUNE, 1, origin=Origin.REBATE)]
    assert purses.close(held, held.holds[0], held.holds[0].lots) == purse


@pytest.mark.rule("L-7.12")
def test_taking_back_goes_from_the_named_lot_to_the_longest_lived() -> None:
    purse = _purse(
        _lot(BAKER, 10, MAY, 1), _lot(BAKER, 10, JUNE, 2), _lot(BAKER, 10, JUNE, 3, vests_ms=450)
    )
    left, taken = purses.take_back(purse, BAKER, Amount(12), Millis(0), first=1)
    assert [(lot.id, lot.amount) for lot in taken] == [(1, 10), (3, 2)]
    assert (left.available, left.waiting) == (10, 8)
    left, taken = purses.take_back(purse, BAKER, Amount(99), MAY)
    assert purses.total(taken) == 20, "what has expired is no longer there"
    assert purses.take_back(purse, GROCER, Amount(1), Millis(0)) == (purse, [])


@pytest.mark.rule("L-7.12")
def test_a_debt_is_one_per_shop_and_gone_when_it_is_paid() -> None:
    purse = purses.owe(purses.owe(_purse(), BAKER, Amount(4)), BAKER, Amount(3))
    assert purse.debts == [Debt(BAKER, Amount(7))]
    assert purses.owe(purse, GROCER, Amount(0)) == purse
    richer, _, _ = purses.grow(purse, _lot(BAKER, 5, JUNE, 1))
    less, taken = purses.set_off(richer, Millis(0))
    assert (less.debts, less.lots, purses.total(taken)) == ([Debt(BAKER, Amount(2))], [], 5)
    richer, _, _ = purses.grow(less, _lot(BAKER, 5, JUNE, 1))
    less, taken = purses.set_off(richer, Millis(0))
    assert (less.debts, less.available, purses.total(taken)) == ([], 3, 2)


@pytest.mark.rule("L-6.4")
def test_a_debt_takes_what_a_hold_gives_back_when_it_ends_not_when_it_is_seen() -> None:
    """A month later the points have expired; by then the debt has had them."""
    purse = purses.owe(_hold(_purse(_lot(BAKER, 20, MAY, 1)), 20, until=100), BAKER, Amount(15))
    seen, expired, clawed = purses.settle(purse, Millis(100))
    assert (seen.available, seen.debts, expired) == (5, [], ())
    assert [lot.amount for lot in clawed] == [15]
    late, expired, clawed = purses.settle(purse, MAY)
    assert (late.debts, [lot.amount for lot in clawed]) == ([], [15])
    assert [lot.amount for lot in expired] == [5]
    over = purses.owe(_hold(_purse(_lot(BAKER, 20, MAY, 1)), 20, until=MAY), BAKER, Amount(15))
    late, expired, clawed = purses.settle(over, MAY)
    assert (purses.total(expired), clawed, late.debts) == (20, [], [Debt(BAKER, Amount(15))])
