"""What a card owns: order of lots, holds, expiry, one lot per issuer and month."""

import pytest
from liandao_node.ledger.modules import purse as purses
from liandao_node.ledger.modules.purse import CARD_WAS_THERE, EMPTY_PURSE, Lot, Purse
from liandao_node.limits import LOTS_PER_CARD_MAX
from liandao_node.types import Amount, Millis, ShopId

BAKER, GROCER = ShopId(0), ShopId(1)
MAY, JUNE = Millis(500), Millis(600)


def _lot(issuer: ShopId, amount: int, expires_ms: Millis, lot_id: int) -> Lot:
    return Lot(expires_ms, lot_id, issuer, Amount(amount))


def _purse(*lots: Lot) -> Purse:
    purse = EMPTY_PURSE
    for lot in lots:
        purse, _ = purses.grow(purse, lot)
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
    purse, lot = purses.grow(FULL, _lot(BAKER, 5, JUNE, 9))
    assert lot == _lot(BAKER, 15, JUNE, 1)
    assert len(purse.lots) == 3
    assert purse.available == 65


@pytest.mark.rule("L-6.2")
def test_points_join_a_lot_that_waits_in_a_hold() -> None:
    held = _hold(FULL, 60, until=100)
    purse, lot = purses.grow(held, _lot(BAKER, 5, JUNE, 9))
    assert (lot.id, lot.amount) == (1, 5)
    given_back, _ = purses.settle(purse, Millis(100))
    assert given_back.lots[1] == _lot(BAKER, 15, JUNE, 1)


@pytest.mark.rule("L-6.2")
def test_a_full_purse_takes_only_what_joins() -> None:
    lots = [_lot(ShopId(n), 1, JUNE, n) for n in range(LOTS_PER_CARD_MAX)]
    full = Purse(lots, [], 0, Amount(0))
    for purse in (full, _hold(full, 200, until=100)):
        assert purses.has_room(purse, ShopId(0), JUNE)
        assert not purses.has_room(purse, ShopId(0), MAY)
        assert not purses.has_room(purse, ShopId(LOTS_PER_CARD_MAX), JUNE)


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
    assert purses.settle(FULL, Millis(MAY - 1)) == (FULL, ())
    purse, expired = purses.settle(FULL, MAY)
    assert expired == [_lot(BAKER, 20, MAY, 3)]
    assert purse.available == 40


@pytest.mark.rule("L-6.4")
def test_held_points_outlive_their_lot_until_the_hold_ends() -> None:
    purse = _hold(FULL, 15, until=MAY + 50)
    early, expired = purses.settle(purse, Millis(MAY + 49))
    assert [lot.amount for lot in expired] == [5]
    assert early.held == 15
    late, expired = purses.settle(early, Millis(MAY + 50))
    assert [lot.amount for lot in expired] == [15]
    assert (late.available, late.held) == (40, 0)


@pytest.mark.rule("L-6.4")
def test_settling_twice_is_settling_once() -> None:
    purse, _ = purses.settle(_hold(FULL, 45, until=100), MAY)
    assert purses.settle(purse, MAY) == (purse, ())


@pytest.mark.rule("L-7.2")
def test_typed_codes_are_counted_by_day_and_given_back() -> None:
    purse = _hold(_hold(FULL, 10, until=100, day=7), 5, until=200, day=7)
    assert (purse.code_day, purse.code_held) == (7, 15)
    purse, _ = purses.settle(purse, Millis(100))
    assert purse.code_held == 5
    purse = _hold(purse, 8, until=300, day=8)
    assert (purse.code_day, purse.code_held) == (8, 8)
    purse, _ = purses.settle(purse, Millis(200))
    assert purse.code_held == 8, "yesterday's hold gives nothing back to today's cap"
    shown = _hold(purse, 3, until=400)
    assert (shown.code_day, shown.code_held) == (8, 8)
