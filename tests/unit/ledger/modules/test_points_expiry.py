"""Expiry: by ledger time alone, seen at once, booked by the daily work in bounded pieces."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.calendar import month_end_ms
from liandao_node.ledger.modules import BUILTIN
from liandao_node.types import Millis
from liandao_node.wire.genesis import Rules
from support.ledger_street import DAY_MS, Street, changed_by_calls, make_genesis, sale

SWEEP = "liandao_node.ledger.modules.points.SWEEP_CARDS_PER_BLOCK_MAX"


@pytest.fixture
def street() -> Street:
    """Without a pool, whose division is at work at a month's end, too."""
    modules = [module for module in BUILTIN if module.name != "pool"]
    return Street(make_genesis(rules=Rules(expiry_months=1), modules=modules))


def _end(street: Street) -> Millis:
    return month_end_ms(street.genesis.created_ms, 1, 480)


def _earn(street: Street, cards: int) -> list[CardSecret]:
    found = [street.enrol(number) for number in range(cards)]
    for number, card in enumerate(found):
        street.call(0, sale(number, 5_000, card))
    return found


def _tick(street: Street, until: int) -> None:
    """A block at that moment that touches no card with points."""
    number = street.ledger.tip.seq
    assert street.call(2, sale(number, 1), after_ms=until - street.time_ms).code == "OK"


def _booked(street: Street) -> tuple[int, int]:
    totals = queries.points_totals(street.ledger.view())
    return totals.expired, totals.live


@pytest.mark.rule("L-6.4")
@pytest.mark.rule("L-11.1")
def test_a_query_sees_expiry_before_any_block_does(street: Street) -> None:
    (card,) = _earn(street, 1)
    view = street.ledger.view()
    assert queries.account_at(view, card.id, Millis(_end(street) - 1)).available == 100
    gone = queries.account_at(view, card.id, _end(street))
    assert (gone.available, gone.expiries, gone.next_expiry_ms) == (0, [], 0)
    assert _booked(street) == (0, 100)


@pytest.mark.rule("L-6.5")
def test_the_first_block_of_the_day_books_it(street: Street) -> None:
    cards = _earn(street, 3)
    _tick(street, _end(street) - 1)
    assert _booked(street) == (0, 300)
    _tick(street, _end(street))
    assert _booked(street) == (300, 0)
    for card in cards:
        assert queries.account_at(street.ledger.view(), card.id, street.time_ms).available == 0
    assert street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-3.3")
@pytest.mark.rule("L-6.5")
def test_daily_work_is_bounded_and_goes_on_in_the_next_blocks(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SWEEP, 2)
    _earn(street, 5)
    seen = []
    for block in range(4):
        _tick(street, _end(street) + block)
        seen.append(_booked(street)[0])
    assert seen == [200, 400, 500, 500]
    before = len(changed_by_calls(street.history[-1]))
    _tick(street, _end(street) + 10)
    after = len(changed_by_calls(street.history[-1]))
    assert after == before == 2, "an order and a nonce, no work left"


@pytest.mark.rule("L-6.4")
def test_a_touched_card_is_settled_at_once(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SWEEP, 1)
    cards = _earn(street, 3)
    last = max(cards, key=lambda card: card.id)
    done = street.call(1, street.hold(1, last, 1, 1), after_ms=_end(street) - street.time_ms)
    assert done.code == "POINTS_SHORT"
    street.call(1, sale(1, 5_000, last))
    assert queries.account_at(street.ledger.view(), last.id, street.time_ms).available == 100
    assert _booked(street) == (300, 100)
    for block in range(3):
        _tick(street, street.time_ms + DAY_MS * block + 1)
    assert _booked(street) == (300, 100)


@pytest.mark.rule("L-6.4")
def test_held_points_may_be_used_after_their_expiry(street: Street) -> None:
    """What the customer was told at the counter holds until the hold ends."""
    (card,) = _earn(street, 1)
    street.wait(_end(street) - street.time_ms - 60_000)
    assert street.call(1, street.hold(1, card, 1, 80), after_ms=1).code == "OK"
    _tick(street, _end(street))
    assert _booked(street) == (20, 80)
    assert street.call(1, sale(1, 160, card, hold=1, points=50)).code == "OK"
    assert _booked(street) == (50, 2)
    assert street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-6.5")
def test_a_forgotten_hold_over_expired_points_is_booked_the_next_day(street: Street) -> None:
    (card,) = _earn(street, 1)
    street.wait(_end(street) - street.time_ms - 60_000)
    street.call(1, street.hold(1, card, 1, 80), after_ms=1)
    _tick(street, _end(street))
    assert _booked(street) == (20, 80)
    assert street.ledger.machine.invariants(street.ledger.view()) == []
    _tick(street, _end(street) + DAY_MS)
    assert _booked(street) == (100, 0)


def test_months_are_kept_apart_and_the_earliest_is_spent_first(street: Street) -> None:
    (card,) = _earn(street, 1)
    street.call(1, sale(1, 10_000, card), after_ms=31 * DAY_MS)
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    later = month_end_ms(street.time_ms, 1, 480)
    assert account.expiries == [(_end(street), 100), (later, 200)]
    street.call(2, street.hold(2, card, 1, 150))
    street.call(2, sale(1, 1_000, card, hold=1, points=150))
    left = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    assert left.expiries == [(later, 167)], "150 left of 200, and 17 earned on the rest"


def test_invariants_find_points_out_of_nothing(street: Street) -> None:
    (card,) = _earn(street, 1)
    view = street.ledger.view()
    key = bytes((4, 1)) + card.id
    raw = view.get(key)
    assert raw is not None
    view.put(key, raw.replace(bytes([0, 100, 0, 0]), bytes([0, 101, 0, 0])))
    assert any("I2" in broken for broken in street.ledger.machine.invariants(view))
    view = street.ledger.view()
    view.delete(bytes((4, 6)) + _end(street).to_bytes(8, "big") + card.id)
    assert any("sweep" in broken for broken in street.ledger.machine.invariants(view))
