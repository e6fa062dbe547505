"""What goes along when a card gets a successor, and how older records find it."""

from itertools import pairwise
from typing import ClassVar, Final

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.module_api import CallBody, Context, Done, Module, refuse
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.card_calls import (
    Block,
    BlockReason,
)
from liandao_node.ledger.modules.card_services import CardFollower
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import CARDS_JOINED_MAX
from liandao_node.types import Amount, CardId, ShopId
from liandao_node.wire.genesis import Rules
from support import refunding
from support.card_street import (
    guarded,
    hold_with_pin,
    merge,
    move,
    paper,
    pin_of,
    set_pin,
    set_recovery,
)
from support.giving import Give, Giver
from support.ledger_street import DAY_MS, Street, make_genesis, sale

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


@pytest.mark.rule("L-7.21")
def test_lots_waiting_points_and_debts_join(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, sale(2, 60_000, old), sale(3, 5_000, new), sale(4, 70_000, new), shop=2)
    _ok(street, sale(5, 3_000, new), shop=0)
    _ok(street, street.hold(0, old, 9, 1_000), sale(6, 1_000, old, hold=9, points=1_000), shop=0)
    _ok(street, refunding.refund(1, 1, 10_000), shop=0)
    assert refunding.debts(street, old) == {0: 1_000}
    before = [refunding.purse(street, card) for card in (old, new)]
    _ok(street, merge(street, old, new))
    joined = refunding.purse(street, new)
    # 300 points of shop 0 met the debt to it.
    assert joined.available == before[0].available + before[1].available - 300
    assert joined.waiting == before[0].waiting + before[1].waiting == 13_000
    assert [lot.amount for lot in joined.pending] == [13_000], "alike, so one lot"
    assert refunding.debts(street, new) == {0: 700}
    assert refunding.purse(street, old) == refunding.purse(street, street.enrol(9))
    _wait_days(street, 220)
    assert _points(street, new) == 0, "the daily work finds what came from the other card"
    assert books.purses.get(street.ledger.view(), old.id) is None, "and makes none for that one"


@pytest.mark.rule("L-7.21")
def test_a_card_with_open_holds_is_not_moved(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, set_recovery(street, old, paper(1)))
    _ok(street, street.hold(0, old, 1, 100), shop=0)
    assert street.call(1, move(street, old, new, paper(1))).code == "CARD_HELD"
    assert guarded(street, old).next_number == 2, "refused, so nothing was said"
    _ok(street, sale(7, 900, new), street.hold(1, new, 1, 50))
    street.wait(RULES.hold_ms)
    _ok(street, street.hold(1, new, 2, 50), move(street, old, new, paper(1)))
    assert [hold.id[-1] for hold in refunding.purse(street, new).holds] == [2]


@pytest.mark.rule("L-7.21")
def test_purses_that_are_too_long_together_stay_two(
    street: Street, old: CardSecret, new: CardSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ok(street, sale(2, 5_000, new), shop=2)
    monkeypatch.setattr("liandao_node.ledger.modules.points_joining.LOTS_PER_CARD_MAX", 2)
    assert street.call(1, merge(street, old, new)).code == "PURSE_FULL"
    assert (_points(street, old), _points(street, new)) == (1_200, 500)
    monkeypatch.setattr("liandao_node.ledger.modules.points_joining.LOTS_PER_CARD_MAX", 3)
    _ok(street, merge(street, old, new))


@pytest.mark.rule("L-7.21")
def test_the_cap_of_the_day_for_typed_codes_counts_both(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, sale(2, 90_000, new), sale(3, 40_000, old))
    _wait_days(street, 7)
    for card in (old, new):
        _ok(street, street.typed_hold(card, 1, 1_200))
        _ok(street, sale(10 + int(card.code), 5_000, card, hold=1, points=1_200))
    _ok(street, merge(street, old, new))
    assert street.call(1, street.typed_hold(new, 2, 1)).code == "CODE_CAP"
    _wait_days(street, 1)
    _ok(street, street.typed_hold(new, 3, 2_000))


@pytest.mark.rule("L-5.15")
def test_old_orders_find_the_new_card(street: Street, old: CardSecret, new: CardSecret) -> None:
    _ok(street, street.hold(2, old, 1, 200), sale(9, 400, old, hold=1, points=200), shop=2)
    _ok(street, merge(street, old, new))
    third = street.enrol(3)
    _ok(street, merge(street, new, third))
    order = queries.order(street.ledger.view(), ShopId(2), 1, 9)
    assert order is not None
    assert order.card == old.id, "the record stays as it was made"
    _ok(street, refunding.refund(9, 1, 400), shop=2)
    _ok(street, refunding.refund(1, 2, 10_000), shop=0)
    # 1 020 after the sale on points; 200 of them back, its 20 gone; 1 000 of the first order gone.
    assert _points(street, third) == 1_020 + 200 - 20 - 1_000


@pytest.mark.rule("L-5.15")
def test_a_card_that_moved_buys_nothing_more(
    street: Street, old: CardSecret, new: CardSecret
) -> None:
    _ok(street, merge(street, old, new))
    for call in (
        sale(8, 100, old),
        street.hold(1, old, 8, 1),
        street.typed_hold(old, 8, 1),
        refunding.brought(8, 100, old),
        refunding.grant(old, 8, 5),
        Block(old.id, BlockReason.LOST),
        set_pin(street, old, pin_of(1)),
        move(street, old, new),
        merge(street, street.enrol(3), old),
        hold_with_pin(street, 1, old, 8, 1, pin_of(1)),
    ):
        assert street.call(1, call).code == "CARD_MOVED"
    assert street.call(1, street.enrolment(1, old)).code == "CARD_KNOWN"
    assert guarded(street, old).successor == new.id


@pytest.mark.rule("L-5.15")
def test_the_way_to_the_successor_is_one_step_however_often_a_card_is_lost(street: Street) -> None:
    cards = [street.enrol(number) for number in range(CARDS_JOINED_MAX + 2)]
    _ok(street, sale(1, 10_000, cards[0]))
    for one, other in pairwise(cards[:-1]):
        assert street.call(1, merge(street, one, other)).code == "OK"
    assert {guarded(street, card).successor for card in cards[:-2]} == {cards[-2].id}
    assert street.ledger.machine.invariants(street.ledger.view()) == []
    assert street.call(1, merge(street, cards[-2], cards[-1])).code == "CARDS_JOINED_MANY"
    assert _points(street, cards[-2]) == 1_000


@pytest.mark.rule("L-5.15")
def test_points_for_an_old_card_go_to_its_successor() -> None:
    """A module that gives for an order of long ago names the card of then."""
    modules = (*BUILTIN, Giver())
    street = Street(make_genesis(rules=RULES, modules=modules), modules)
    old, new = street.enrol(1), street.enrol(2)
    _ok(street, merge(street, old, new))
    _ok(street, Give(old.id, ShopId(0), Amount(50), Origin.REBATE))
    assert (_points(street, old), _points(street, new)) == (0, 50)


class Pets(Module):
    """A stranger's module that keeps something under a card."""

    name: ClassVar[str] = "pets"
    number: ClassVar[int] = 202
    version: ClassVar[int] = 1
    tables: ClassVar[tuple[KeySpace, ...]] = (PETS,)

    def services(self) -> tuple[object, ...]:
        return (PetsMove(),)

    def invariants(self, view: View) -> list[str]:
        return [f"{key!r}" for key, _ in PETS.rows(view) if len(key) != 1]


class PetsMove(CardFollower):
    def moved(self, ctx: Context, old: CardId, new: CardId) -> None:
        if PETS.has(ctx.view, new):
            raise refuse(PointsRefusal.PURSE_FULL)
        assert ctx.service(CardDirectory).current(ctx.view, old) == new
        PETS.put(ctx.view, new, value=Done())


@pytest.mark.rule("L-5.15")
def test_whoever_follows_cards_is_told_and_may_refuse() -> None:
    modules = (*BUILTIN, Pets())
    street = Street(make_genesis(rules=RULES, modules=modules), modules)
    cards = [street.enrol(number) for number in range(3)]
    _ok(street, sale(1, 1_000, cards[1]), merge(street, cards[0], cards[2]))
    assert PETS.has(street.ledger.view(), cards[2].id)
    assert street.call(1, merge(street, cards[1], cards[2])).code == "PURSE_FULL"
    assert _points(street, cards[1]) == 100, "refused by one, so nobody moved anything"
    assert guarded(street, cards[1]).successor is None
