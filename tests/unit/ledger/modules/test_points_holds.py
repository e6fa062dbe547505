"""Holds on points: making them, capturing them, giving them back, and why not."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.modules.points_calls import (
    Hold,
    HoldDone,
    ReleaseDone,
    SaleDone,
    hold_preimage,
)
from liandao_node.ledger.queries import Obligation
from liandao_node.limits import HOLDS_PER_CARD_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from support.ledger_street import (
    DAY_MS,
    Street,
    hold_id,
    make_card,
    make_genesis,
    release,
    sale,
)

HOLD_MS = Rules().hold_ms


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def card(street: Street) -> CardSecret:
    """A card with 1000 points of shop 0."""
    card = street.enrol(1)
    assert street.call(0, sale(1, 50_000, card)).answer == _sold(earned=1_000, balance=1_000)
    return card


def _sold(used: int = 0, earned: int = 0, balance: int = 0, limited: bool = False) -> SaleDone:
    return SaleDone(Amount(used), Amount(earned), limited, Amount(balance), Amount(0), Amount(0))


def _balance(street: Street, card: CardSecret) -> tuple[int, int]:
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    return account.available, account.held


# --- holding ---


@pytest.mark.rule("L-7.1")
def test_a_hold_puts_points_aside_until_its_time(street: Street, card: CardSecret) -> None:
    done = street.call(1, street.hold(1, card, 1, 600)).answer
    assert done == HoldDone(Amount(600), Millis(street.time_ms + HOLD_MS))
    assert _balance(street, card) == (400, 600)
    street.wait(HOLD_MS - 1)
    assert _balance(street, card) == (400, 600)
    street.wait(1)
    assert _balance(street, card) == (1_000, 0)


@pytest.mark.rule("L-7.1")
def test_the_same_points_are_not_held_twice(street: Street, card: CardSecret) -> None:
    """Two registers at once: ledger order decides (R11)."""
    first, second = street.hold(1, card, 1, 600), street.hold(2, card, 2, 401)
    codes = [outcome.code for outcome in street.block(street.tx(1, first), street.tx(2, second))]
    assert codes == ["OK", "POINTS_SHORT"]
    assert street.call(2, street.hold(2, card, 3, 400)).code == "OK"


@pytest.mark.rule("L-7.1")
def test_a_held_card_must_have_signed_exactly_this(street: Street, card: CardSecret) -> None:
    good = street.hold(1, card, 1, 100)
    other = make_card(2).key.sign(
        hold_preimage(street.chain_id, ShopId(1), hold_id(1), Amount(100))
    )
    for bad in (
        Hold(hold_id(1), card.id, Amount(101), True, good.card_signature),
        Hold(hold_id(2), card.id, Amount(100), True, good.card_signature),
        Hold(hold_id(1), card.id, Amount(100), True, other),
        Hold(hold_id(1), card.id, Amount(100), True, b""),
        Hold(hold_id(1), card.id, Amount(100), False, good.card_signature),
    ):
        assert street.call(1, bad).code == "CARD_SIGNATURE_BAD"
    assert street.call(2, good).code == "CARD_SIGNATURE_BAD", "signed for another shop"
    assert street.call(1, good).code == "OK"


@pytest.mark.rule("L-7.1")
def test_a_hold_is_made_once_even_after_its_end(street: Street, card: CardSecret) -> None:
    """Else a shop could spend again with a signature that the card gave once."""
    call = street.hold(1, card, 1, 100)
    assert street.call(1, call).code == "OK"
    assert street.call(1, call).code == "HOLD_KNOWN"
    assert street.call(1, sale(1, 1_000, card, hold=1, points=100)).code == "OK"
    assert street.call(1, call).code == "HOLD_KNOWN"
    assert street.call(1, call, after_ms=400 * DAY_MS).code == "HOLD_KNOWN"


@pytest.mark.rule("L-7.1")
def test_open_holds_of_a_card_are_bounded(street: Street, card: CardSecret) -> None:
    for name in range(HOLDS_PER_CARD_MAX):
        assert street.call(1, street.hold(1, card, name, 1)).code == "OK"
    assert street.call(1, street.hold(1, card, 99, 1)).code == "HOLDS_FULL"
    assert street.call(1, street.hold(1, card, 99, 1), after_ms=HOLD_MS).code == "OK"


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_a_hold_is_for_something(street: Street, card: CardSecret, amount: int) -> None:
    assert street.call(1, street.hold(1, card, 1, amount)).code == "CALL_MALFORMED"


@pytest.mark.rule("L-7.2")
def test_a_typed_code_may_hold_a_bounded_sum_a_day() -> None:
    street = Street(make_genesis(rules=Rules(code_hold_max=Amount(500))))
    card = street.enrol(1)
    street.call(0, sale(1, 100_000, card))
    assert street.call(1, street.typed_hold(card, 1, 501)).code == "CODE_CAP"
    assert street.call(1, street.typed_hold(card, 2, 300)).code == "OK"
    assert street.call(2, street.typed_hold(card, 3, 201)).code == "CODE_CAP"
    assert street.call(1, release(card, 2)).code == "OK"
    assert street.call(2, street.typed_hold(card, 4, 400)).code == "OK"
    assert street.call(2, sale(1, 1_000, card, hold=4, points=350)).code == "OK"
    assert street.call(1, street.typed_hold(card, 5, 151)).code == "CODE_CAP"
    assert street.call(1, street.hold(1, card, 6, 600)).code == "OK", "a shown card has no cap"
    assert street.call(1, street.typed_hold(card, 7, 150)).code == "OK"
    assert street.call(1, street.typed_hold(card, 8, 500), after_ms=DAY_MS).code == "OK"


# --- capturing and releasing ---


@pytest.mark.rule("L-7.4")
def test_capture_takes_part_and_gives_the_rest_back(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 600))
    done = street.call(1, sale(1, 1_000, card, hold=1, points=200)).answer
    assert done == _sold(used=200, earned=16, balance=816)
    assert _balance(street, card) == (816, 0)
    assert queries.obligations(street.ledger.view()) == [
        Obligation(ShopId(0), ShopId(1), Amount(200))
    ]


@pytest.mark.rule("L-7.4")
@pytest.mark.parametrize(
    ("gross", "points", "code"),
    [
        (10_000, 601, "POINTS_OVER_HOLD"),
        (1_000, 501, "POINTS_OVER_SHARE"),
        (1_001, 501, "POINTS_OVER_SHARE"),
        (1_000, 500, "OK"),
        (1_000, 0, "OK"),
    ],
)
def test_points_stay_within_hold_and_share(
    street: Street, card: CardSecret, gross: int, points: int, code: str
) -> None:
    street.call(1, street.hold(1, card, 1, 600))
    assert street.call(1, sale(1, gross, card, hold=1, points=points)).code == code
    assert _balance(street, card)[1] == (0 if code == "OK" else 600)


@pytest.mark.rule("L-7.4")
def test_capture_spends_the_oldest_of_what_is_held(street: Street) -> None:
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    street.call(1, sale(1, 10_000, card))
    street.call(2, street.hold(2, card, 1, 250))
    street.call(2, sale(1, 1_000, card, hold=1, points=120))
    order = queries.order(street.ledger.view(), ShopId(2), 1, 1)
    assert order is not None
    assert [(lot.issuer, lot.amount) for lot in order.paid_with] == [(0, 100), (1, 20)]
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    assert account.available == 180 + 17


@pytest.mark.rule("L-7.3")
def test_why_a_hold_cannot_be_used(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 100))
    use = sale(1, 1_000, card, hold=1, points=100)
    assert street.call(2, use).code == street.call(2, release(card, 1)).code == "HOLD_FOREIGN"
    assert street.call(1, release(card, 2)).code == "HOLD_UNKNOWN"
    assert street.call(1, use).code == "OK"
    again = sale(2, 1_000, card, hold=1, points=100)
    assert street.call(1, again).code == street.call(1, release(card, 1)).code == "HOLD_SPENT"
    street.call(1, street.hold(1, card, 3, 100))
    late = sale(2, 1_000, card, hold=3, points=100)
    assert street.call(1, late, after_ms=HOLD_MS).code == "HOLD_EXPIRED"
    assert street.call(1, release(card, 3)).code == "HOLD_EXPIRED"


@pytest.mark.rule("L-7.3")
def test_a_hold_is_good_to_its_last_millisecond(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 100))
    use = sale(1, 1_000, card, hold=1, points=100)
    assert street.call(1, use, after_ms=HOLD_MS - 1).code == "OK"


@pytest.mark.rule("L-7.3")
def test_release_gives_all_back(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 600))
    assert street.call(1, release(card, 1)).answer == ReleaseDone(Amount(600))
    assert _balance(street, card) == (1_000, 0)
