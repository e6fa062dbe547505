"""Orders of buyers without a card: who may claim them, by which terms, and what refunds leave."""

from typing import Final

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import card_queries, queries
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import points_claims as claims
from liandao_node.ledger.modules.points_claims import ClaimDone, OfferClaimDone
from liandao_node.ledger.modules.points_services import OrderName
from liandao_node.ledger.modules.refund_calls import RefundDone
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from msgspec.structs import replace
from support import refunding
from support.card_street import claim, merge, offer, offer_of_import, receipt
from support.ledger_street import BEGIN_MS, DAY_MS, SECOND_MS, Street, make_genesis, sale

RULES: Final = Rules(
    earn_bps=1_000,
    share_bps_max=10_000,
    expiry_months=2,
    vest_ms=5 * DAY_MS,
    vest_over=Amount(50_000),
    claim_days=20,
)


@pytest.fixture
def street() -> Street:
    return Street(make_genesis(rules=RULES))


@pytest.fixture
def card(street: Street) -> CardSecret:
    return street.enrol(1)


def _ok(street: Street, *calls: CallBody, shop: int = 0) -> None:
    for call in calls:
        assert street.call(shop, call).code == "OK"
        assert street.ledger.machine.invariants(street.ledger.view()) == []


def _claimed(street: Street, card: CardSecret, number: int, shop: int = 2) -> ClaimDone:
    done = street.call(shop, claim(street, card, receipt(number)))
    assert done.code == "OK"
    assert isinstance(done.answer, ClaimDone)
    assert street.ledger.machine.invariants(street.ledger.view()) == []
    return done.answer


def _done(shop: int, earned: int, balance: int, pending: int = 0, set_off: int = 0) -> ClaimDone:
    amounts = (Amount(one) for one in (earned, balance, pending, set_off))
    return ClaimDone(ShopId(shop), *amounts)


@pytest.mark.rule("L-7.17")
@pytest.mark.rule("L-7.18")
def test_a_receipt_brings_its_points_to_a_card_at_any_shop(
    street: Street, card: CardSecret
) -> None:
    offered = street.block(
        street.tx(0, sale(1, 1_000, excluded=200), offer(1, receipt(1))),
    )
    until_ms = street.time_ms + 20 * DAY_MS
    assert [one.code for one in offered] == ["OK", "OK"], "in one transaction with the order"
    assert offered[1].answer == OfferClaimDone(Amount(80), Millis(until_ms))
    assert _claimed(street, card, 1) == _done(0, 80, 80)
    assert refunding.book(street, 0) == (80, 0, 0, 0, 0, 80)
    order = queries.order(street.ledger.view(), ShopId(0), 1, 1)
    assert order is not None
    assert (order.card, order.earned) == (card.id, 80)


@pytest.mark.rule("L-7.18")
def test_a_receipt_is_good_once(street: Street, card: CardSecret) -> None:
    _ok(street, sale(1, 1_000), offer(1, receipt(1)))
    _claimed(street, card, 1)
    assert street.call(1, claim(street, card, receipt(1))).code == "CLAIM_MADE"
    assert street.call(1, claim(street, street.enrol(2), receipt(1))).code == "CLAIM_MADE"
    assert refunding.book(street, 0)[0] == 100


@pytest.mark.rule("L-7.18")
def test_who_sees_a_claim_cannot_claim_for_himself(street: Street, card: CardSecret) -> None:
    """A leader reads every claim before it is ordered; its signature names the card."""
    thief = street.enrol(2)
    _ok(street, sale(1, 1_000), offer(1, receipt(1)))
    seen = claim(street, card, receipt(1))
    assert street.call(1, replace(seen, card=thief.id)).code == "CLAIM_SIGNATURE_BAD"
    own = claim(street, thief, receipt(2))
    assert street.call(1, replace(own, claim=seen.claim)).code == "CLAIM_SIGNATURE_BAD"
    assert street.call(1, own).code == "CLAIM_UNKNOWN"
    assert street.call(1, replace(seen, card=bytes(16))).code == "CARD_UNKNOWN"
    _ok(street, seen)


@pytest.mark.rule("L-7.17")
def test_an_order_has_one_receipt_and_a_receipt_one_order(street: Street, card: CardSecret) -> None:
    """A second receipt would let the cashier be there before the customer."""
    _ok(street, sale(1, 1_000), sale(2, 1_000), sale(3, 1_000, card), offer(1, receipt(1)))
    assert street.call(0, offer(1, receipt(2))).code == "CLAIM_KNOWN"
    assert street.call(0, offer(2, receipt(1))).code == "CLAIM_KNOWN"
    assert street.call(0, offer(3, receipt(2))).code == "ORDER_HAS_CARD"
    assert street.call(0, offer(4, receipt(2))).code == "ORDER_UNKNOWN"
    assert street.call(1, offer(2, receipt(2))).code == "ORDER_UNKNOWN", "another shop's"
    odd = replace(offer(2, receipt(2)), reference_hash=bytes(16))
    assert street.call(0, odd).code == "ORDER_UNKNOWN"
    _claimed(street, card, 1)
    assert street.call(0, offer(1, receipt(3))).code == "ORDER_HAS_CARD"
    view = street.ledger.view()
    key = receipt(1).key.public_key
    assert card_queries.receipt_of(view, ShopId(0), OrderName(1, 1)) == key
    assert card_queries.receipt_of(view, ShopId(0), OrderName(1, 2)) == b""
    found = card_queries.claim_of(view, key)
    assert found is not None
    assert (found.number, found.claimed_ms) == (1, street.history[-2].header.time_ms)


@pytest.mark.rule("L-7.17")
def test_a_receipt_is_given_on_the_day_of_the_order(street: Street, card: CardSecret) -> None:
    _ok(street, sale(1, 1_000), sale(2, 1_000))
    street.wait(DAY_MS - 3 * SECOND_MS)
    _ok(street, offer(1, receipt(1)))
    assert street.call(0, offer(2, receipt(2)), after_ms=2 * SECOND_MS).code == "CLAIM_LATE"
    _claimed(street, card, 1)


@pytest.mark.rule("L-7.17")
def test_what_brings_nothing_has_no_receipt(street: Street) -> None:
    _ok(street, sale(1, 0), sale(2, 9), sale(3, 500, excluded=500), sale(4, 500))
    for number in (1, 2, 3):
        assert street.call(0, offer(number, receipt(1))).code == "CLAIM_EMPTY"
    _ok(street, refunding.refund(4, 1, 500))
    assert street.call(0, offer(4, receipt(1))).code == "CLAIM_EMPTY"


@pytest.mark.rule("L-7.17")
def test_a_street_may_want_no_claims() -> None:
    street = Street(make_genesis(rules=Rules(claim_days=0)))
    _ok(street, sale(1, 10_000))
    assert street.call(0, offer(1, receipt(1))).code == "CLAIM_LATE"


@pytest.mark.rule("L-7.20")
def test_a_receipt_is_good_until_its_time_and_then_forgotten(
    street: Street, card: CardSecret
) -> None:
    for number in (1, 2, 3):
        _ok(street, sale(number, 1_000), offer(number, receipt(number)))
    found = card_queries.claim_of(street.ledger.view(), receipt(2).key.public_key)
    assert found is not None
    # The first one's time is up in the middle of a day: it is refused before it is forgotten.
    refunding.tick(street, found.until_ms - 10 * SECOND_MS)
    street.wait(10 * SECOND_MS - 2)
    assert street.call(1, claim(street, card, receipt(1)), after_ms=1).code == "CLAIM_LATE"
    assert street.call(1, claim(street, card, receipt(3)), after_ms=SECOND_MS).code == "OK"
    assert street.call(1, claim(street, card, receipt(2)), after_ms=1).code == "CLAIM_LATE"
    refunding.next_day(street)
    for number in (1, 2):
        assert street.call(1, claim(street, card, receipt(number))).code == "CLAIM_UNKNOWN"
    view = street.ledger.view()
    assert not list(claims.claims.rows(view))
    assert not list(claims.claims_of_orders.rows(view))
    assert not list(claims.claims_due.rows(view))


@pytest.mark.rule("L-7.18")
@pytest.mark.parametrize(("after_ms", "code"), [(-1, "OK"), (0, "CLAIM_LATE")])
def test_the_last_millisecond(street: Street, card: CardSecret, after_ms: int, code: str) -> None:
    _ok(street, sale(1, 1_000), offer(1, receipt(1)))
    found = card_queries.claim_of(street.ledger.view(), receipt(1).key.public_key)
    assert found is not None
    refunding.tick(street, found.until_ms - SECOND_MS)
    done = street.call(1, claim(street, card, receipt(1)), after_ms=SECOND_MS + after_ms)
    assert done.code == code


@pytest.mark.rule("L-7.20")
def test_forgetting_is_bounded_per_block(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "CLAIMS_DROPPED_PER_BLOCK_MAX", 2)
    for number in range(5):
        _ok(street, sale(number, 1_000), offer(number, receipt(number)))
    left = []
    street.wait(21 * DAY_MS)
    for number in range(3):
        _ok(street, sale(100 + number, 0))
        left.append(len(list(claims.claims.rows(street.ledger.view()))))
    assert left == [3, 1, 0]


# --- terms ---


@pytest.mark.rule("L-7.16")
def test_the_terms_are_those_of_the_sale(street: Street, card: CardSecret) -> None:
    """A rule of the next period, and another rate in the evening, change nothing."""
    _ok(street, refunding.rule(2_000))
    refunding.next_period(street)
    _ok(street, sale(1, 1_000), offer(1, receipt(1)), refunding.rule(10))
    refunding.next_period(street)
    assert _claimed(street, card, 1) == _done(0, 200, 200)
    _ok(street, sale(2, 1_000, card))
    assert refunding.purse(street, card).available == 201


@pytest.mark.rule("L-7.16")
def test_points_vest_and_expire_as_if_the_card_had_been_there(street: Street) -> None:
    """To wait with a claim makes no point younger."""
    now, later, soon, there = (street.enrol(number) for number in range(4))
    _ok(street, sale(1, 60_000), offer(1, receipt(1)), sale(2, 60_000), offer(2, receipt(2)))
    _ok(street, sale(3, 10_000), offer(3, receipt(3)), sale(4, 60_000, there))
    assert _claimed(street, soon, 1) == _done(0, 6_000, 0, pending=6_000)
    vests = refunding.purse(street, there).pending[0]
    assert refunding.purse(street, soon).pending[0].vests_ms == vests.vests_ms
    assert refunding.purse(street, soon).pending[0].expires_ms == vests.expires_ms
    street.wait(19 * DAY_MS)
    assert _claimed(street, later, 2) == _done(0, 6_000, 6_000)
    assert refunding.purse(street, later).lots[0].expires_ms == vests.expires_ms
    _claimed(street, now, 3)
    cheap = refunding.purse(street, now).lots[0]
    assert cheap.expires_ms == vests.expires_ms > street.time_ms


@pytest.mark.rule("L-7.17")
def test_no_claim_outlives_its_points() -> None:
    """In a street whose points live to the month's end, the last day's are claimed that day."""
    street = Street(make_genesis(rules=Rules(earn_bps=1_000, expiry_months=0)))
    card = street.enrol(1)
    last_day_ms = BEGIN_MS + 30 * DAY_MS
    refunding.tick(street, last_day_ms)
    _ok(street, sale(1, 1_000), offer(1, receipt(1)))
    found = card_queries.claim_of(street.ledger.view(), receipt(1).key.public_key)
    assert found is not None
    assert found.until_ms == found.expires_ms
    street.wait(found.until_ms - street.time_ms)
    assert street.call(1, claim(street, card, receipt(1))).code != "OK"


@pytest.mark.rule("L-7.18")
def test_visits_and_caps_are_those_of_the_day_of_the_claim(street: Street) -> None:
    _ok(street, refunding.rule(1_000, per_visit=7, card_day_max=150))
    refunding.next_period(street)
    card, fresh = street.enrol(1), street.enrol(2)
    for number in (1, 2, 3, 4):
        _ok(street, sale(number, 1_000), offer(number, receipt(number)))
    assert _claimed(street, card, 1).earned == 107
    assert _claimed(street, card, 2).earned == 43, "no second visit, and the day's cap"
    assert street.call(0, claim(street, card, receipt(3))).code == "CLAIM_EMPTY"
    assert _claimed(street, fresh, 3).earned == 107
    street.wait(DAY_MS)
    assert _claimed(street, card, 4).earned == 107
    _ok(street, sale(5, 1_000, card))
    assert refunding.purse(street, card).available == 107 + 43 + 107 + 43


@pytest.mark.rule("L-7.18")
def test_a_refund_goes_by_what_counted_at_the_claim(street: Street, card: CardSecret) -> None:
    """The card had its visit of that day before, so the order never earned the flat part."""
    _ok(street, refunding.rule(1_000, per_visit=7))
    refunding.next_period(street)
    _ok(street, sale(1, 1_000, card), sale(2, 1_000), offer(2, receipt(2)))
    assert _claimed(street, card, 2).earned == 100
    _ok(street, refunding.refund(2, 1, 500))
    assert refunding.purse(street, card).available == 107 + 50


@pytest.mark.rule("L-7.18")
def test_a_claim_that_a_limit_stands_against_can_be_made_later() -> None:
    street = Street(make_genesis(rules=RULES, bond=150))
    card, other = street.enrol(1), street.enrol(2)
    _ok(street, sale(1, 1_000, other), sale(2, 1_000), offer(2, receipt(2)))
    assert street.call(0, claim(street, card, receipt(2))).code == "ISSUE_LIMITED"
    _ok(street, refunding.refund(1, 1, 1_000))
    assert _claimed(street, card, 2).earned == 100


@pytest.mark.rule("L-7.18")
def test_claimed_points_meet_debts_to_their_shop(street: Street, card: CardSecret) -> None:
    _ok(street, sale(1, 1_000, card), street.hold(0, card, 1, 100))
    _ok(street, sale(2, 100, card, hold=1, points=100), refunding.refund(1, 1, 1_000))
    _ok(street, sale(3, 3_000), offer(3, receipt(3)))
    assert _claimed(street, card, 3) == _done(0, 300, 200, set_off=100)


@pytest.mark.rule("L-7.18")
def test_an_order_of_a_web_site_is_claimed_by_its_own_terms(
    street: Street, card: CardSecret
) -> None:
    _ok(street, refunding.rule(1_000, per_visit=7, per_online=30))
    refunding.next_period(street)
    _ok(street, refunding.brought(1, 1_000, None, online=True), refunding.brought(2, 1_000, None))
    _ok(street, offer_of_import(1, receipt(1)), offer_of_import(2, receipt(2)))
    mixed = replace(offer_of_import(2, receipt(3)), number=1)
    assert street.call(0, mixed).code == "ORDER_UNKNOWN"
    assert _claimed(street, card, 2).earned == 107
    assert _claimed(street, card, 1).earned == 130
    _ok(street, refunding.refund_of_import(1, 1, 1_000))
    assert refunding.purse(street, card).available == 107


# --- refunds before and after ---


@pytest.mark.rule("L-7.19")
@pytest.mark.parametrize("before", [0, 1, 333, 950])
def test_refunds_before_and_after_a_claim_leave_the_same(before: int) -> None:
    ends = []
    for first in ("claim", "refund"):
        street = Street(make_genesis(rules=RULES))
        card = street.enrol(1)
        _ok(street, sale(1, 1_000, excluded=40), offer(1, receipt(1)))
        if first == "claim":
            _claimed(street, card, 1)
        if before:
            _ok(street, refunding.refund(1, 1, before))
        if first == "refund":
            _claimed(street, card, 1)
        book = refunding.book(street, 0)
        ends.append((refunding.purse(street, card).available, book[0] - book[4], book[5]))
        done = street.call(0, refunding.refund(1, 2, 1_000 - before)).answer
        assert isinstance(done, RefundDone)
        assert done.cash == 1_000 - before
        assert refunding.purse(street, card).available == 0
        assert refunding.book(street, 0)[5] == 0
        assert street.ledger.machine.invariants(street.ledger.view()) == []
    assert ends[0] == ends[1]


@pytest.mark.rule("L-7.19")
def test_an_order_taken_back_brings_nothing(street: Street, card: CardSecret) -> None:
    _ok(street, sale(1, 1_000), offer(1, receipt(1)), refunding.refund(1, 1, 995))
    assert street.call(0, claim(street, card, receipt(1))).code == "CLAIM_EMPTY"


def test_a_refund_after_claim_and_move_finds_the_new_card(street: Street, card: CardSecret) -> None:
    _ok(street, sale(1, 1_000), offer(1, receipt(1)))
    _claimed(street, card, 1)
    new = street.enrol(2)
    _ok(street, merge(street, card, new), refunding.refund(1, 1, 500))
    assert refunding.purse(street, new).available == 50


@pytest.mark.parametrize("table", [15, 16, 17])
def test_invariants_find_damage(street: Street, table: int) -> None:
    _ok(street, sale(1, 1_000), offer(1, receipt(1)))
    view = street.ledger.view()
    for key, _ in list(view.scan(bytes((4, table)), bytes((4, table + 1)), 9)):
        view.delete(key)
    assert street.ledger.machine.invariants(view)
