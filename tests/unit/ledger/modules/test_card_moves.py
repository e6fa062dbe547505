"""A lost card's points on a new one, and two cards made one: who may, and when."""

from typing import Final

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import card_queries
from liandao_node.ledger.module_api import CallBody, Done
from liandao_node.ledger.modules.card_calls import (
    Block,
    BlockReason,
    FinishMove,
    MoveDone,
    MovedTo,
)
from liandao_node.ledger.tables import Table
from liandao_node.types import Amount, Millis
from liandao_node.wire.genesis import Rules
from msgspec.structs import replace
from support import refunding
from support.card_street import (
    cancel,
    guarded,
    merge,
    move,
    paper,
    pin_of,
    set_pin,
    set_recovery,
    unblock,
)
from support.ledger_street import DAY_MS, Street, make_genesis, release, sale

RULES: Final = Rules(
    earn_bps=1_000,
    share_bps_max=10_000,
    move_wait_days=10,
    moves_day_max=3,
    vest_ms=5 * DAY_MS,
    vest_over=Amount(50_000),
)
PETS: Final = Table(202, 1, (16,), Done)


@pytest.fixture
def street() -> Street:
    return Street(make_genesis(rules=RULES))


@pytest.fixture
def old(street: Street) -> CardSecret:
    """With 1 000 points of shop 0 and 200 of shop 1."""
    card = street.enrol(1)
    _ok(street, sale(1, 10_000, card), shop=0)
    _ok(street, sale(1, 2_000, card), shop=1)
    return card


@pytest.fixture
def new(street: Street) -> CardSecret:
    return street.enrol(2)


def _ok(street: Street, *calls: CallBody, shop: int = 1) -> None:
    for call in calls:
        assert street.call(shop, call).code == "OK"
        assert street.ledger.machine.invariants(street.ledger.view()) == []


def _points(street: Street, card: CardSecret) -> int:
    purse = refunding.purse(street, card)
    return purse.available + purse.waiting + purse.held


def _wait_days(street: Street, days: int) -> None:
    refunding.tick(street, street.time_ms + days * DAY_MS)


# --- with the paper ---


@pytest.mark.rule("L-5.13")
def test_the_paper_moves_a_lost_card_at_once(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, set_pin(street, old, pin_of(1)))
    _ok(street, set_recovery(street, old, paper(1), pin=pin_of(1)))
    _ok(street, Block(old.id, BlockReason.STOLEN))
    done = street.call(2, move(street, old, new, paper(1)))
    assert done.answer == MoveDone(Millis(0))
    assert (_points(street, old), _points(street, new)) == (0, 1_200)
    assert street.ledger.machine.invariants(street.ledger.view()) == []
    state = guarded(street, new)
    assert state.has_recovery, "the same paper goes on to hold"
    assert not state.has_pin, "a PIN belongs to the seed of its card"
    third = street.enrol(3)
    _ok(street, move(street, new, third, paper(1)))
    assert _points(street, third) == 1_200


@pytest.mark.rule("L-5.13")
def test_a_card_with_a_paper_moves_by_it_alone(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, set_recovery(street, old, paper(1)))
    assert street.call(1, move(street, old, new)).code == "RECOVERY_NEEDED"
    assert street.call(1, move(street, old, new, paper(2))).code == "RECOVERY_WRONG"
    swapped = replace(move(street, old, new, paper(1)), to=street.enrol(3).id)
    assert street.call(1, swapped).code == "CARD_SIGNATURE_BAD"
    absent = replace(move(street, old, new, paper(1)), to_signature=b"")
    assert street.call(1, absent).code == "CARD_SIGNATURE_BAD", "the new card is there"
    assert guarded(street, old).next_number == 2
    assert _points(street, old) == 1_200


def test_a_paper_of_the_new_card_is_not_replaced(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, set_recovery(street, old, paper(1)))
    _ok(street, set_recovery(street, new, paper(2)))
    _ok(street, move(street, old, new, paper(1)))
    third = street.enrol(3)
    assert street.call(1, move(street, new, third, paper(1))).code == "RECOVERY_WRONG"
    _ok(street, move(street, new, third, paper(2)))


# --- without ---


@pytest.mark.rule("L-5.13")
def test_without_a_paper_a_move_waits(street: Street, old: CardSecret, new: CardSecret) -> None:
    begun = street.call(2, move(street, old, new))
    ready_ms = street.time_ms + 10 * DAY_MS
    assert begun.answer == MoveDone(Millis(ready_ms))
    state = guarded(street, old)
    assert (state.waiting_for, state.waiting_by) == (new.id, 2)
    assert _points(street, new) == 0
    early = street.call(1, FinishMove(old.id), after_ms=ready_ms - 1 - street.time_ms)
    assert early.code == "MOVE_WAITS"
    done = street.call(1, FinishMove(old.id), after_ms=1)
    assert done.answer == MovedTo(new.id)
    assert (_points(street, old), _points(street, new)) == (0, 1_200)
    assert street.ledger.machine.invariants(street.ledger.view()) == []
    assert street.call(1, FinishMove(old.id)).code == "CARD_MOVED"
    assert street.call(1, FinishMove(new.id)).code == "NO_MOVE_WAITS"


@pytest.mark.rule("L-5.13")
@pytest.mark.parametrize("use", ["hold", "sale", "cancel", "pin", "unblock"])
def test_the_lost_card_calls_the_move_off_wherever_it_is_used(
    street: Street, old: CardSecret, new: CardSecret, use: str
) -> None:
    """A dishonest cashier has to hope that the owner stays away for all the time."""
    _ok(street, move(street, old, new), Block(old.id, BlockReason.LOST))
    if use == "hold":
        _ok(street, unblock(street, old))
        _ok(street, move(street, old, new))
    calls: dict[str, CallBody] = {
        "hold": street.hold(0, old, 1, 1),
        "sale": sale(7, 100, old),
        "cancel": cancel(street, old),
        "unblock": unblock(street, old),
    }
    if use == "pin":
        _ok(street, unblock(street, old))
        _ok(street, move(street, old, new))
        calls["pin"] = set_pin(street, old, pin_of(1))
    _ok(street, calls[use], shop=0)
    assert guarded(street, old).waiting_for is None
    _wait_days(street, 11)
    assert street.call(1, FinishMove(old.id)).code == "NO_MOVE_WAITS"


def test_what_a_shop_does_alone_calls_no_move_off(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    """An order of a shop's web site comes without anybody, a typed hold with eight digits."""
    _ok(street, move(street, old, new), refunding.brought(1, 500, old, online=True))
    _ok(street, street.typed_hold(old, 1, 10), release(old, 1), refunding.grant(old, 1, 5))
    assert guarded(street, old).waiting_for == new.id


@pytest.mark.rule("L-5.13")
def test_a_later_request_takes_the_place_of_the_earlier(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    """Who asks first wins nothing by it: the owner asks again, and time begins anew."""
    thief = street.enrol(3)
    _ok(street, move(street, old, thief))
    _wait_days(street, 9)
    _ok(street, move(street, old, new), shop=2)
    _wait_days(street, 2)
    assert street.call(1, FinishMove(old.id)).code == "MOVE_WAITS"
    _wait_days(street, 8)
    assert street.call(1, FinishMove(old.id)).answer == MovedTo(new.id)


@pytest.mark.rule("L-5.13")
def test_a_shop_begins_few_moves_a_day(street: Street, old: CardSecret, new: CardSecret) -> None:
    for _ in range(3):
        _ok(street, move(street, old, new))
    assert street.call(1, move(street, old, new)).code == "MOVES_MANY"
    _ok(street, move(street, old, new), shop=2)
    # One with a paper is no shop's word.
    _ok(street, set_recovery(street, old, paper(1)))
    _ok(street, move(street, old, new, paper(1)))
    words = dict(card_queries.shops_words(street.ledger.view()))
    assert {int(shop): (one.moves_today, one.moves) for shop, one in words.items()} == {
        1: (3, 3),
        2: (1, 1),
    }


@pytest.mark.rule("L-5.13")
def test_a_street_may_want_no_moves_without_a_paper() -> None:
    street = Street(make_genesis(rules=Rules(move_wait_days=0)))
    old, new = street.enrol(1), street.enrol(2)
    assert street.call(1, move(street, old, new)).code == "RECOVERY_NEEDED"


def test_a_paper_given_meanwhile_ends_the_waiting(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, move(street, old, new))
    _ok(street, set_recovery(street, old, paper(1)))
    _wait_days(street, 11)
    assert street.call(1, FinishMove(old.id)).code == "NO_MOVE_WAITS"


@pytest.mark.rule("L-5.13")
def test_the_new_card_is_one_in_use(street: Street, old: CardSecret, new: CardSecret) -> None:
    assert street.call(1, move(street, old, old)).code == "SAME_CARD"
    unknown = replace(move(street, old, new), to=bytes(16))
    assert street.call(1, unknown).code == "CARD_UNKNOWN"
    begun = move(street, old, new)
    assert street.call(1, replace(begun, number=begun.number + 1)).code == "CARD_WORD_OUT_OF_TURN"
    _ok(street, begun, Block(new.id, BlockReason.OTHER))
    _wait_days(street, 11)
    assert street.call(1, FinishMove(old.id)).code == "CARD_BLOCKED"
    assert street.call(1, move(street, old, new)).code == "CARD_BLOCKED"
    _ok(street, unblock(street, new))
    _ok(street, merge(street, new, street.enrol(3)))
    assert street.call(1, FinishMove(old.id)).code == "CARD_MOVED"
    assert street.call(1, cancel(street, new)).code == "CARD_MOVED"


def test_calling_off_needs_the_card(street: Street, old: CardSecret, new: CardSecret) -> None:
    assert street.call(1, cancel(street, old)).code == "NO_MOVE_WAITS"
    _ok(street, move(street, old, new))
    forged = replace(cancel(street, old), card_signature=cancel(street, new).card_signature)
    assert street.call(1, forged).code == "CARD_SIGNATURE_BAD"


# --- two cards of one person ---


@pytest.mark.rule("L-5.14")
def test_both_cards_sign_to_be_one(street: Street, old: CardSecret, new: CardSecret) -> None:
    _ok(street, sale(2, 1_000, new))
    for spoilt in (
        replace(merge(street, old, new), card_signature=b""),
        replace(merge(street, old, new), to_signature=b""),
        replace(merge(street, old, new), to=street.enrol(3).id),
    ):
        assert street.call(1, spoilt).code == "CARD_SIGNATURE_BAD"
    assert street.call(1, merge(street, old, old)).code == "SAME_CARD"
    assert street.call(1, merge(street, old, new)).answer == MovedTo(new.id)
    assert _points(street, new) == 1_300
    assert street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-5.14")
def test_the_pin_of_the_card_that_goes_is_asked(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    """Or whoever found it would make it his own."""
    _ok(street, set_pin(street, old, pin_of(1)))
    assert street.call(1, merge(street, old, new)).code == "PIN_NEEDED"
    assert street.call(1, merge(street, old, new, pin_of(2))).code == "PIN_WRONG"
    _ok(street, merge(street, old, new, pin_of(1)))
