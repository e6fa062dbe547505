"""The cashier's main flows, on the real window, by real keys."""

import pytest
from liandao_app.services.draft import Tender
from liandao_app.services.sales import Stage
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of


def test_four_digits_a_scan_and_two_keys(desk: Desk, street: FakeStreet) -> None:
    """Flow 1: 2350, scan, F4, F5."""
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F4", "F5")
    desk.until_answered()
    assert desk.strip == "Paid 11.75 cash · points used 11.75 · earned 0.35 · new balance 4.20"
    assert street.requests[-1].gross == 2350
    assert desk.amount.text() == ""


def test_scan_first_works_as_well(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    desk.scan(scan_of(1))
    desk.until_held()
    desk.type("2350")
    desk.keys("F4", "F6")
    desk.until_answered()
    assert street.requests[-1].points == 1175
    assert street.requests[-1].tender == "card"


def test_a_sale_without_a_card_is_digits_and_one_key(desk: Desk, street: FakeStreet) -> None:
    """Flow 4."""
    desk.type("990")
    desk.keys("F5")
    desk.until_answered()
    assert desk.strip == "Paid 9.90 cash"
    assert street.requests[-1].card == b""


def test_scanner_alone_sells(desk: Desk, street: FakeStreet) -> None:
    """Flow 2: card and printed commands, after the amount."""
    street.add_card(1, 1560)
    desk.type("2350")
    for payload in (scan_of(1), "LD1:K:MAX", "LD1:K:CASH"):
        desk.scan(payload)
        desk.settle()
        desk.until(lambda: desk.draft.customer is not None or desk.till.sales.last is not None)
    desk.until_answered()
    assert street.requests[-1].points == 1175


def test_touch_alone_sells(desk: Desk, street: FakeStreet) -> None:
    """Flow 3: the pad writes where the focus is and leaves it there."""
    places = desk.window.counter.places
    for text in ("9", "9", "00"):
        button = places.keypad.button(text)
        button.click()
    assert desk.amount.amount == 9900
    assert desk.amount.hasFocus()
    places.tenders.button(Tender.CASH).click()
    desk.until_answered()
    assert street.requests[-1].gross == 9900


def test_partial_points_are_one_number(desk: Desk, street: FakeStreet) -> None:
    """Any number up to the most, typed, Enter."""
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F3")
    desk.type("400")
    assert desk.draft.to_pay == 1950
    desk.keys("Enter")
    assert desk.amount.hasFocus()
    desk.keys("F5")
    desk.until_answered()
    assert desk.strip == "Paid 19.50 cash · points used 4.00 · earned 0.58 · new balance 12.18"


def test_more_than_the_most_counts_as_the_most(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F3")
    desk.type("9999")
    desk.keys("Enter")
    assert desk.draft.points == 1175
    desk.until(lambda: desk.window.counter.places.points.field.text() == "11.75")


def test_cash_given_shows_change_before_and_after(desk: Desk) -> None:
    desk.type("1800")
    desk.keys("Enter")
    desk.type("2000")
    assert desk.window.counter.places.bill.change() == "2.00"
    desk.keys("F5")
    desk.until_answered()
    assert desk.last.slip.change == 200


def test_too_little_cash_sells_nothing_and_says_so(desk: Desk) -> None:
    desk.type("1800")
    desk.keys("Enter")
    desk.type("1000")
    desk.keys("F5")
    assert desk.till.sales.last is None
    assert desk.strip == "The cash given is less than what is to pay."
    assert desk.draft.gross == 1800


def test_the_strip_stays_until_the_next_key(desk: Desk) -> None:
    desk.type("990")
    desk.keys("F5")
    desk.until_answered()
    assert desk.strip == "Paid 9.90 cash"
    desk.keys("F5")
    assert desk.strip == "Paid 9.90 cash"
    desk.type("1")
    assert desk.strip.startswith("Last sale ")


def test_asked_and_certified_never_look_or_read_alike(desk: Desk, street: FakeStreet) -> None:
    """D-16: before the certificate nothing is said to be earned or used."""
    street.add_card(1, 1560)
    strip = desk.window.counter.places.strip
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    street.stop("sell")
    desk.keys("F4", "F5")
    desk.until(lambda: street.asked["sell"] == 1)
    assert desk.last.stage is Stage.ASKED
    assert strip.property("state") == "asked"
    assert "earned" not in desk.strip
    assert "used" not in desk.strip
    street.go("sell")
    desk.until_answered()
    assert strip.property("state") == "certified"
    assert "points used 11.75" in desk.strip


def test_esc_uses_no_points_and_keeps_the_amount(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F4", "Esc", "Esc")
    assert (desk.draft.points, desk.draft.gross) == (0, 2350)
    desk.until(lambda: street.card(1).held == 0)


def test_del_clears_the_sale_and_frees_the_points(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("Del")
    assert desk.amount.text() == ""
    assert desk.draft.customer is None
    desk.until(lambda: street.card(1).held == 0)


def test_the_eight_digits_of_a_card_can_be_typed(desk: Desk, street: FakeStreet) -> None:
    """For a card that will not scan."""
    street.add_card(1, 1560)
    desk.type("2350")
    desk.keys("F2")
    desk.type("40170001")
    desk.until_held()
    assert desk.amount.hasFocus()
    assert desk.amount.amount == 2350
    assert not desk.draft.customer or not desk.draft.customer.card.present


def test_an_unknown_card_is_enrolled_with_enter(desk: Desk, street: FakeStreet) -> None:
    desk.type("1800")
    desk.scan(scan_of(77))
    desk.until(lambda: desk.window.counter.places.customer.enrol_button.isVisible())
    desk.keys("Enter")
    desk.until(lambda: desk.draft.customer is not None)
    desk.keys("F5")
    desk.until_answered()
    assert "earned 0.54" in desk.strip


def test_a_new_card_shows_its_code_until_it_is_handed_over(desk: Desk) -> None:
    panel = desk.window.counter.places.customer
    desk.keys("F2")
    panel.typing.new_card.click()
    desk.until(panel.new_card.isVisible)
    desk.keys("Enter")
    desk.until(panel.card.isVisible)
    assert desk.draft.customer is not None


@pytest.mark.parametrize("payload", ["4006381333931", "LD1:V:8813"])
def test_other_codes_change_nothing(desk: Desk, payload: str) -> None:
    desk.type("2350")
    desk.scan(payload)
    assert desk.draft.gross == 2350
    assert desk.draft.customer is None
    assert "Nothing was changed" in desk.strip
