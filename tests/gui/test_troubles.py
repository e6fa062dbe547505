"""When the street is slow, refuses, or is away: the counter goes on and says what is safe."""

from collections.abc import Callable

import msgspec
from liandao_app.services.hold import HoldState
from liandao_app.services.sales import Stage
from liandao_node.errors import OperatorFault, Refused
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of


def customer_with_slow_hold(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    street.stop("hold")
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until(lambda: desk.draft.hold is not None)


def test_a_slow_hold_offers_to_wait_or_to_go_without(desk: Desk, street: FakeStreet) -> None:
    customer_with_slow_hold(desk, street)
    points = desk.window.counter.places.points
    desk.until(points.without_button.isVisible)
    desk.keys("Enter")
    assert desk.draft.hold is None
    desk.keys("F5")
    desk.until_answered()
    assert desk.strip.startswith("Paid 23.50 cash")
    street.go("hold")
    desk.until(lambda: street.card(1).held == 0)


def test_waiting_for_a_slow_hold(desk: Desk, street: FakeStreet) -> None:
    customer_with_slow_hold(desk, street)
    points = desk.window.counter.places.points
    desk.until(points.wait_button.isVisible)
    points.wait_button.click()
    desk.until(lambda: not points.wait_button.isVisible())
    street.go("hold")
    desk.until_held()
    desk.keys("F4", "F5")
    desk.until_answered()
    assert "points used 11.75" in desk.strip


def test_points_late_after_the_sale_was_taken_are_given_up_with_enter(
    desk: Desk, street: FakeStreet
) -> None:
    customer_with_slow_hold(desk, street)
    desk.keys("F4", "F5")
    strip = desk.window.counter.places.strip
    desk.until(strip.without.isVisible)
    assert desk.strip.startswith("Points not confirmed yet. Nothing was taken.")
    desk.keys("Enter")
    desk.until_answered()
    assert (desk.last.stage, street.requests[-1].points) == (Stage.CERTIFIED, 0)
    street.go("hold")
    desk.until(lambda: street.card(1).held == 0)


def test_a_refused_hold_says_why_and_the_sale_goes_on(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    street.refuse("hold", Refused("HOLD_TOO_MUCH", available=300, asked=1175))
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.settle()
    hold = desk.draft.hold
    assert hold is not None
    assert hold.state is HoldState.REFUSED
    assert desk.window.counter.places.points.state_words() != ""
    desk.keys("F5")
    desk.until_answered()
    assert desk.last.stage is Stage.CERTIFIED


def test_a_refused_sale_stays_until_it_is_read(desk: Desk, street: FakeStreet) -> None:
    street.refuse("sell", Refused("ISSUER_SUSPENDED"))
    desk.type("990")
    desk.keys("F5")
    desk.until_answered()
    strip = desk.window.counter.places.strip
    assert strip.property("state") == "refused"
    desk.type("123")
    assert strip.property("state") == "refused"
    desk.keys("Esc")
    assert strip.property("state") == "quiet"
    assert desk.amount.amount == 123


def test_a_refused_sale_with_points_is_sold_again_without_them(
    desk: Desk, street: FakeStreet
) -> None:
    street.add_card(1, 1560)
    street.refuse("sell", Refused("HOLD_EXPIRED"))
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F4", "F5")
    desk.until(desk.window.counter.places.strip.without.isVisible)
    desk.keys("Enter")
    desk.until_answered()
    assert desk.last.stage is Stage.CERTIFIED
    assert street.requests[-1].points == 0


def test_selling_goes_on_while_the_node_is_away(desk: Desk, street: FakeStreet) -> None:
    street.leave()
    desk.until(lambda: not desk.till.link.connected)
    for gross in ("990", "450"):
        desk.type(gross)
        desk.keys("F5")
    assert desk.till.sales.waiting == 2
    assert "Saved on this computer" in desk.window.counter.places.strip.state_words()
    street.come_back()
    desk.until_answered()
    assert sorted(request.gross for request in street.requests) == [450, 990]


def test_a_card_that_is_scanned_while_the_node_is_away_pays_with_no_points(
    desk: Desk, street: FakeStreet
) -> None:
    """I12: a till that is cut off takes no points off a bill, so it can lose none."""
    street.add_card(1, 1560)
    street.leave()
    desk.until(lambda: not desk.till.link.connected)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.keys("F5")
    assert desk.till.sales.waiting == 1
    street.come_back()
    desk.until_answered()
    (sold,) = street.requests
    assert (sold.gross, sold.points) == (2350, 0)


def test_a_card_scanned_while_the_node_is_away_is_found_afterwards(
    desk: Desk, street: FakeStreet
) -> None:
    street.add_card(1, 1560)
    street.leave()
    desk.until(lambda: not desk.till.link.connected)
    desk.type("2350")
    desk.scan(scan_of(1))
    street.come_back()
    desk.until_held()
    assert desk.draft.points_max == 1175


def test_no_quorum_is_shown_and_sells_on(desk: Desk, street: FakeStreet) -> None:
    seats = [
        msgspec.structs.replace(seat, connected=number < 1)
        for number, seat in enumerate(street.summary.seats)
    ]
    street.stop("sell")
    street.tell(msgspec.structs.replace(street.summary, seats=seats))
    bar = desk.window.counter.places.bar
    desk.until(lambda: "out of reach" in bar.ledger_words())
    for gross in ("990", "450"):
        desk.type(gross)
        desk.keys("F5")
    assert desk.till.sales.waiting == 2
    street.go("sell")
    desk.until_answered()


def test_a_wrong_clock_is_told(desk: Desk, street: FakeStreet) -> None:
    street.tell(msgspec.structs.replace(street.summary, clock_skew_ms=372_000))
    desk.until(lambda: desk.window.counter.places.bar.clock_words() == "Clock 6 min fast")


def test_before_any_node_answers_the_window_says_so_and_sells(
    make_desk: Callable[..., Desk], street: FakeStreet
) -> None:
    street.up = False
    desk = make_desk()
    desk.settle()
    assert desk.window.counter.places.bar.ledger_words() == "Connecting…"
    desk.type("990")
    desk.keys("F5")
    assert desk.till.sales.waiting == 1
    street.come_back()
    desk.until_answered()


def test_a_node_that_cannot_be_used_says_why(
    make_desk: Callable[..., Desk], street: FakeStreet
) -> None:
    for _ in range(50):
        street.refuse("status", OperatorFault("API_VERSION", node=2, app=1))
    desk = make_desk()
    desk.until(lambda: desk.window.counter.places.strip.property("state") == "warn")
