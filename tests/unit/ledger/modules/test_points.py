"""Points: earning, orders, books, imports, and every refusal on the way."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.calendar import month_end_ms
from liandao_node.ledger.modules.points_calls import (
    Import,
    ImportDone,
    Sale,
    SaleDone,
    Tender,
)
from liandao_node.ledger.queries import Obligation, PointsTotals
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from support.ledger_street import (
    SECOND_MS,
    Outcome,
    Street,
    changed_by_calls,
    hold_id,
    make_genesis,
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


def _imported(earned: int, balance: int) -> ImportDone:
    return ImportDone(Amount(earned), False, Amount(balance), Amount(0), Amount(0))


def _no_amounts(count: int) -> list[Amount]:
    return [Amount(0)] * count


def _balance(street: Street, card: CardSecret) -> tuple[int, int]:
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    return account.available, account.held


def _import(number: int, gross: int, card: CardSecret | None, source: str = "till") -> Import:
    name = card.id if card is not None else b""
    return Import(source, hold_id(number), name, Amount(gross), Millis(5), False)


# --- earning ---


@pytest.mark.rule("L-7.5")
@pytest.mark.parametrize(
    ("gross", "excluded", "earned"),
    [(0, 0, 0), (49, 0, 0), (50, 0, 1), (2_350, 0, 47), (2_399, 0, 47), (2_350, 2_301, 0)],
)
def test_earned_is_two_percent_of_what_counts_rounded_down(
    street: Street, gross: int, excluded: int, earned: int
) -> None:
    card = street.enrol(1)
    done = street.call(0, sale(1, gross, card, excluded=excluded)).answer
    assert done == _sold(earned=earned, balance=earned)


@pytest.mark.rule("L-7.5")
def test_points_expire_at_the_end_of_the_month_ahead_on_the_streets_clock(
    street: Street, card: CardSecret
) -> None:
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    expected = month_end_ms(street.time_ms, 6, 480)
    assert account.expiries == [(expected, 1_000)]
    assert (account.next_expiry, account.next_expiry_ms) == (1_000, expected)


@pytest.mark.rule("L-7.5")
def test_the_part_that_points_paid_earns_nothing(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 1_000))
    done = street.call(1, sale(1, 2_000, card, hold=1, points=1_000)).answer
    assert done == _sold(used=1_000, earned=20, balance=20)


@pytest.mark.rule("L-7.5")
def test_excluded_and_points_together_above_the_bill_earn_nothing(
    street: Street, card: CardSecret
) -> None:
    street.call(1, street.hold(1, card, 1, 1_000))
    done = street.call(1, sale(1, 2_000, card, excluded=1_500, hold=1, points=1_000)).answer
    assert done == _sold(used=1_000)


@pytest.mark.rule("L-4.2")
@pytest.mark.rule("L-7.5")
def test_a_shop_at_its_limit_sells_on_and_gives_nothing() -> None:
    street = Street(make_genesis(bond=200, rules=Rules(issue_limit_bps=5_000)))
    card = street.enrol(1)
    assert street.call(0, sale(1, 4_950, card)).answer == _sold(earned=99, balance=99)
    assert street.call(0, sale(2, 100, card)).answer == _sold(balance=99, limited=True)
    assert street.call(0, sale(3, 50, card)).answer == _sold(earned=1, balance=100)
    assert street.call(0, sale(4, 50, card)).answer == _sold(balance=100, limited=True)
    assert street.call(1, sale(1, 50, card)).answer == _sold(earned=1, balance=101)
    street.call(0, street.hold(0, card, 1, 40))
    street.call(0, sale(5, 80, card, hold=1, points=40, register=2))
    assert street.call(0, sale(6, 50, card)).answer == _sold(earned=1, balance=62)
    street.call(1, street.hold(1, card, 2, 30))
    street.call(1, sale(2, 60, card, hold=2, points=30))
    owing = sale(7, 2_000, card)
    assert street.call(0, owing).answer == _sold(balance=32, limited=True), "it pays for these 30"


@pytest.mark.rule("L-7.5")
def test_a_purse_without_room_earns_nothing(
    street: Street, card: CardSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.ledger.modules.purse.LOTS_PER_CARD_MAX", 1)
    assert street.call(1, sale(1, 5_000, card)).answer == _sold(balance=1_000, limited=True)
    assert street.call(0, sale(2, 5_000, card)).answer == _sold(earned=100, balance=1_100)


# --- orders ---


@pytest.mark.rule("L-7.6")
def test_an_order_number_is_used_once_per_register(street: Street, card: CardSecret) -> None:
    assert street.call(0, sale(1, 70, card)).code == "ORDER_KNOWN"
    assert street.call(0, sale(1, 70, card, register=2)).code == "OK"
    assert street.call(1, sale(1, 70, card)).code == "OK"


@pytest.mark.rule("L-7.6")
def test_order_keeps_what_a_refund_must_know(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 300))
    street.call(1, sale(7, 1_000, card, excluded=100, hold=1, points=250))
    order = queries.order(street.ledger.view(), ShopId(1), 1, 7)
    assert order is not None
    assert (order.card, order.gross, order.excluded, order.points) == (card.id, 1_000, 100, 250)
    assert (order.earned, order.tender, order.time_ms) == (13, Tender.CASH, street.time_ms)
    assert [(lot.issuer, lot.amount) for lot in order.paid_with] == [(0, 250)]
    assert order.lot == street.ledger.tip.seq * 2**16
    assert queries.order(street.ledger.view(), ShopId(1), 1, 8) is None


@pytest.mark.rule("L-7.6")
def test_a_sale_without_a_card_is_an_order_and_no_more(street: Street) -> None:
    assert street.call(0, sale(1, 900)).answer == _sold()
    assert queries.order(street.ledger.view(), ShopId(0), 1, 1) is not None
    assert queries.points_totals(street.ledger.view()).issued == 0


@pytest.mark.rule("L-7.6")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"excluded": 101}, "EXCLUDED_OVER_GROSS"),
        ({"card": b"", "points": 1}, "CARD_MISSING"),
        ({"card": b"", "hold": hold_id(1)}, "CARD_MISSING"),
        ({"card": bytes(16)}, "CARD_UNKNOWN"),
        ({"card": b"short"}, "CARD_UNKNOWN"),
        ({"points": 1}, "HOLD_MISSING"),
        ({"hold": hold_id(9)}, "HOLD_UNKNOWN"),
        ({"hold": b"short"}, "HOLD_UNKNOWN"),
        ({"gross": -1}, "CALL_MALFORMED"),
        ({"points": -1}, "CALL_MALFORMED"),
        ({"gross": 10**12 + 1}, "CALL_MALFORMED"),
        ({"tender": 4}, "CALL_MALFORMED"),
        ({"register": 2**32}, "CALL_MALFORMED"),
        ({"number": 2**63}, "CALL_MALFORMED"),
    ],
)
def test_sales_that_make_no_sense(
    street: Street, card: CardSecret, change: dict[str, int | bytes], code: str
) -> None:
    fields = {name: getattr(sale(2, 100, card), name) for name in Sale.__struct_fields__}
    assert street.call(0, Sale(**(fields | change))).code == code
    assert queries.order(street.ledger.view(), ShopId(0), 1, 2) is None
    assert _balance(street, card) == (1_000, 0)


@pytest.mark.rule("L-6.6")
@pytest.mark.rule("L-6.7")
def test_books_and_obligations_of_a_mixed_purse(street: Street) -> None:
    card = street.enrol(1)
    street.call(0, sale(1, 5_000, card))
    street.call(1, sale(1, 10_000, card))
    street.call(1, street.hold(1, card, 1, 250))
    street.call(1, sale(2, 600, card, hold=1, points=250))
    view = street.ledger.view()
    assert queries.shop_totals(view) == {
        ShopId(0): PointsTotals(Amount(100), Amount(100), *_no_amounts(4)),
        ShopId(1): PointsTotals(Amount(207), Amount(150), Amount(0), Amount(57), *_no_amounts(2)),
    }
    assert queries.points_totals(view) == PointsTotals(
        Amount(307), Amount(250), Amount(0), Amount(57), *_no_amounts(2)
    )
    assert queries.obligations(view) == [Obligation(ShopId(0), ShopId(1), Amount(100))]


@pytest.mark.rule("L-1.3")
def test_a_refused_call_leaves_nothing_behind(street: Street, card: CardSecret) -> None:
    street.call(1, street.hold(1, card, 1, 600))
    before = street.ledger.tip.accumulator
    refused = sale(1, 1_000, card, hold=1, points=501)
    street.wait(SECOND_MS)
    execution = street.execute(street.tx(1, refused))
    windows = bytes((0, 1))
    assert {key[:2] for key in changed_by_calls(execution)} == {windows}
    assert execution.accumulator != before


# --- imports ---


@pytest.mark.rule("L-7.7")
def test_an_imported_order_earns_once(street: Street) -> None:
    card = street.enrol(1)
    done = street.call(0, _import(1, 2_500, card))
    assert done == Outcome("OK", _imported(50, 50))
    assert street.call(0, _import(1, 2_500, card)).code == "ORDER_KNOWN"
    assert street.call(0, _import(1, 9_900, None)).code == "ORDER_KNOWN"
    assert street.call(0, _import(1, 100, card, source="shop")).code == "OK"
    assert street.call(1, _import(1, 100, card)).code == "OK"
    order = queries.imported_order(street.ledger.view(), ShopId(0), "till", hold_id(1))
    assert order is not None
    assert (order.gross, order.earned, order.at_ms) == (2_500, 50, 5)


@pytest.mark.rule("L-7.7")
def test_an_anonymous_import_is_an_order_without_points(street: Street) -> None:
    done = street.call(0, _import(1, 2_500, None))
    assert done.answer == _imported(0, 0)
    unknown = Import("till", hold_id(2), bytes(16), Amount(1), Millis(0), False)
    assert street.call(0, unknown).code == "CARD_UNKNOWN"
    assert street.call(0, _import(3, 100, None, source="")).code == "CALL_MALFORMED"
