"""The pool's money and the traffic that it counts."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.calendar import pool_period_start_ms
from liandao_node.ledger.modules import clearing_books
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import Received
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_claims import Claim, OfferClaim, claim_preimage
from liandao_node.ledger.modules.pool_books import Seen
from liandao_node.ledger.modules.pool_calls import Source
from liandao_node.ledger.modules.pool_recount import differences
from liandao_node.ledger.modules.pool_till import PoolTill, cash_of, free
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, ShopId
from support.ledger_street import DAY_MS, Street, sale
from support.pool_street import PoolStreet
from support.refunding import brought, refund, refund_of_import


@pytest.fixture
def street() -> PoolStreet:
    return PoolStreet(3)


def _row(street: PoolStreet, shop: int, card: CardSecret) -> Seen | None:
    return books.seen.get(street.view, street.period, card.id, shop)


def _days(street: PoolStreet, shop: int, card: CardSecret) -> list[tuple[int, int, int]]:
    row = _row(street, shop, card)
    days = row.days if row is not None else []
    return [(one.day - street.day, one.orders, one.visits) for one in days]


# --- money ---


@pytest.mark.rule("L-18.11")
def test_deposits_are_taken_in_turn_on_the_treasurers_word(street: PoolStreet) -> None:
    assert street.ask(0, street.deposit(500, number=2)) == "DEPOSIT_OUT_OF_TURN"
    assert street.ask(0, street.deposit(500, signers=[0])) == "TREASURERS_TOO_FEW"
    assert street.ask(0, street.deposit(500, signed=5)) == "TREASURERS_TOO_FEW"
    assert street.ask(2, street.deposit(500, Source.SPONSOR)) == "OK"
    again = street.deposit(500, Source.SPONSOR, number=1)
    assert street.ask(0, again) == "DEPOSIT_OUT_OF_TURN"
    for amount, source in ((40, Source.ADVERTISER), (3, Source.ASSOCIATION), (2, Source.OTHER)):
        street.pay_in(amount, source)
    till = books.till_of(street.view)
    assert (till.sponsors, till.advertisers, till.association, till.others) == (500, 40, 3, 2)
    assert cash_of(street.view) == 545
    assert street.ask(0, street.deposit(AMOUNT_MAX - 544)) == "DEPOSITS_TOO_LARGE"
    assert street.ask(0, street.deposit(AMOUNT_MAX - 545)) == "OK"
    assert street.broken() == []


@pytest.mark.rule("L-18.12")
def test_the_reserve_is_drawn_for_defaults_and_grows_again(street: PoolStreet) -> None:
    street.pay_in(1_000)
    street.close()
    view, till = street.view, PoolTill()
    assert till.draw(view, Amount(70)) == 70
    assert till.draw(view, Amount(70)) == 30
    assert books.till_of(view).drawn == 100
    till.give_back(view, Amount(60))
    till.came_in(view, Amount(5))
    till.went_out(view, Amount(2))
    after = books.till_of(view)
    assert (after.reserve, after.drawn, cash_of(view)) == (60, 40, 1_003)


@pytest.mark.rule("L-18.12")
def test_the_reserve_gives_nothing_that_is_promised_to_others(street: PoolStreet) -> None:
    street.pay_in(1_000)
    street.close()
    view = street.view
    Obligations().owe(view, POOL, ShopId(1), Amount(960), for_points=False)
    assert PoolTill().draw(view, Amount(100)) == 40


@pytest.mark.rule("L-18.13")
def test_what_is_promised_is_not_divided_again(street: PoolStreet) -> None:
    cards = street.cards(0, 4)
    street.pay_in(10_000)
    street.cross_all(10_000)
    street.buy(0, cards)
    first = street.close()
    assert (first.cash, first.reserve) == (10_000, 1_000)
    left = first.carry
    assert free(street.view) == left
    street.pay_in(500)
    assert street.close().cash == left + 500
    assert street.broken() == []


@pytest.mark.rule("L-18.14")
def test_nobody_is_paid_but_by_clearing(street: PoolStreet) -> None:
    """Shares are credit: set off with all else, paid by the treasurers, received by the shop."""
    street.pay_in(10_000)
    street.cross_all(10_000)
    street.buy(0, street.cards(0, 4))
    street.close()
    share = street.line(street.period - 1, 0).share
    assert Obligations().owed(street.view, POOL, ShopId(0)) == share > 0
    position = clearing_books.position_of(street.view, POOL)
    before = cash_of(street.view)
    street.half()
    payments = [
        (key, row) for key, row in clearing_books.payments.rows(street.view) if key[1] == POOL
    ]
    assert sum(row.amount for _, row in payments) == position.owes
    for (period, _, creditor), row in payments:
        assert street.ask(int(creditor), Received(int(period), POOL)) == "OK"
        before = Amount(before - row.amount)
        assert cash_of(street.view) == before
    assert street.broken() == []


# --- traffic ---


@pytest.mark.rule("L-18.15")
def test_paid_orders_of_cards_and_visits_count_by_day(street: PoolStreet) -> None:
    card, other = street.cards(0, 2)
    street.buy(0, [card, card])
    assert street.ask(0, sale(street.next(), 100)) == "OK", "nobody's"
    assert street.ask(0, sale(street.next(), 50, card, excluded=50)) == "OK", "nothing paid"
    assert street.ask(0, brought(9, 10, card)) == "OK"
    street.tick(DAY_MS)
    assert street.ask(0, street.visit(0, card)) == "OK"
    street.buy(0, [card])
    assert street.ask(0, street.visit(0, card)) == "VISIT_KNOWN"
    assert street.ask(1, street.visit(1, card)) == "OK"
    assert street.ask(0, street.visit(0, card, street.day - 1)) == "VISIT_OTHER_DAY"
    assert street.ask(0, street.visit(0, card, street.day + 1)) == "VISIT_OTHER_DAY"
    wrong = street.visit(1, other)
    assert street.ask(0, wrong) == "CARD_SIGNATURE_BAD"
    assert _days(street, 0, card) == [(-1, 3, 0), (0, 1, 1)]
    assert _days(street, 1, card) == [(0, 0, 1)]
    assert _row(street, 0, other) is None


@pytest.mark.rule("L-18.16")
def test_an_order_stops_counting_when_nothing_is_left_of_it(street: PoolStreet) -> None:
    (card,) = street.cards(0, 1)
    first, second = street.buy(0, [card, card])
    assert street.ask(0, brought(9, 10, card)) == "OK"
    assert street.ask(0, refund(first, street.next(), 9)) == "OK"
    assert _days(street, 0, card) == [(0, 3, 0)]
    assert street.ask(0, refund(first, street.next(), 1)) == "OK"
    assert _days(street, 0, card) == [(0, 2, 0)]
    street.tick(DAY_MS)
    assert street.ask(0, refund_of_import(9, street.next(), 10)) == "OK"
    assert _days(street, 0, card) == [(-1, 1, 0)]
    street.give_back(0, [second])
    assert _row(street, 0, card) is None
    assert books.lates.first(street.view, 1) == []
    nothing = street.next()
    assert street.ask(0, sale(nothing, 50, card, excluded=50)) == "OK"
    assert street.ask(0, refund(nothing, street.next(), 50)) == "OK"
    assert street.broken() == []


@pytest.mark.rule("L-10.4")
@pytest.mark.rule("L-18.17")
def test_visitors_count_if_their_window_lies_in_the_month(street: PoolStreet) -> None:
    begin_ms = street.time_ms
    assert street.ask(0, street.pages(7, begin_ms - 10, begin_ms, views=7)) == "OK"
    assert street.ask(0, street.pages(2, begin_ms + 1, begin_ms + 2, views=9)) == "OK"
    assert street.ask(1, street.pages(0, begin_ms, begin_ms, views=3)) == "OK"
    too_many = street.pages(4, begin_ms + 3, begin_ms + 4, views=3)
    assert street.ask(0, too_many) == "VISITORS_TOO_MANY"
    rows = {int(key[1]): row.visitors for key, row in books.views.rows(street.view)}
    assert rows == {0: 9}
    start_ms = pool_period_start_ms(street.period + 1, street.genesis.utc_offset_minutes)
    street.tick(start_ms - 1 - street.time_ms - 1)
    assert street.ask(1, street.pages(5, start_ms - 9, start_ms, views=5)) == "OK", "skewed clock"
    assert books.views.get(street.view, street.period, 1) is None
    over_ms = street.time_ms
    period = street.month()
    assert street.ask(0, street.pages(5, over_ms, over_ms + 1)) == "OK", "committed, not counted"
    assert books.views.get(street.view, period, 0) is not None
    assert books.views.get(street.view, period + 1, 0) is None


# --- cards that are joined, orders that are claimed ---


@pytest.mark.rule("L-18.18")
def test_a_joined_card_keeps_its_month_and_its_standing(street: PoolStreet) -> None:
    old, new = street.cards(0, 2)
    street.close()
    street.close()
    for shop in (1, 2):
        street.buy(shop, [old])
    street.close()
    first, _ = street.buy(0, [old, new])
    assert street.ask(0, street.visit(0, old)) == "OK"
    assert street.merge(old, new) == "OK"
    assert _days(street, 0, new) == [(0, 2, 1)]
    assert [_row(street, shop, old) for shop in range(3)] == [None] * 3
    moved = _row(street, 1, new)
    assert moved is not None
    assert moved.days == []
    assert moved.known_day > 0, "where the old card bought last month"
    street.give_back(0, [first])
    assert _days(street, 0, new) == [(0, 1, 1)], "an order of the old card is found"
    street.pay_in(10_000)
    division = street.close()
    assert division.customers_weight == 120
    assert street.pool_points(new) == 1_000
    assert street.broken() == []


@pytest.mark.rule("L-18.18")
def test_a_card_that_is_joined_while_its_month_is_divided_gets_its_part(
    street: PoolStreet,
) -> None:
    old, new = street.cards(0, 2)
    street.pay_in(1_000)
    street.buy(0, [old])
    period = street.month()
    assert street.merge(old, new) == "OK"
    while books.clock_of(street.view).over:
        street.tick()
    assert street.division(period).given == street.pool_points(new) == 400
    assert differences(street.view, period, street.division(period)) == []
    known = _row(street, 0, new)
    assert known is not None
    assert known.known_day > 0
    assert street.broken() == []


@pytest.mark.rule("L-18.15")
def test_an_order_that_is_claimed_counts_on_its_own_day_if_its_month_runs(
    street: PoolStreet,
) -> None:
    (card,) = street.cards(0, 1)
    claims = [_offered(street, card, 100) for _ in range(2)]
    assert street.ask(0, refund(claims[1][0], street.next(), 60)) == "OK"
    street.tick(29 * DAY_MS)
    street.buy(0, [card])
    late = _offered(street, card, 100)
    assert [street.ask(1, call) for _, call in claims] == ["OK", "OK"]
    assert _days(street, 0, card) == [(-29, 2, 0), (0, 1, 0)]
    assert street.ask(0, refund(claims[1][0], street.next(), 40)) == "OK"
    assert _days(street, 0, card) == [(-29, 1, 0), (0, 1, 0)]
    street.month()
    assert street.ask(1, late[1]) == "OK"
    assert _row(street, 0, card) is None
    assert street.ask(0, refund(late[0], street.next(), 100)) == "OK"
    assert books.lates.first(street.view, 2) == [], "it had not counted"
    assert list(books.uncounted.rows(street.view)) == []
    assert street.broken() == []


def _offered(street: PoolStreet, card: CardSecret, gross: int) -> tuple[int, Claim]:
    """A sale to nobody that can be claimed: its number, and the claim."""
    number = street.next()
    secret = SigningKey(number.to_bytes(32, "big"))
    assert street.ask(0, sale(number, gross)) == "OK"
    assert street.ask(0, OfferClaim(1, number, "", b"", secret.public_key)) == "OK"
    preimage = claim_preimage(street.chain_id, secret.public_key, card.id)
    return number, Claim(card.id, secret.public_key, secret.sign(preimage))


def test_a_street_without_treasurers_has_no_deposits() -> None:
    street = Street()
    said = PoolStreet(3).deposit(100)
    assert street.call(0, said).code == "TREASURERS_TOO_FEW"
