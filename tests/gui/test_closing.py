"""Closing the window leaves no damage: points go back, sales lie safe, the run ends."""

from collections.abc import Callable

from liandao_app.services.sales import Stage
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of


def test_closing_gives_held_points_back(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.close()
    assert (street.card(1).available, street.card(1).held) == (1560, 0)
    assert not desk.window.isVisible()


def test_closing_during_a_hold_ends_in_bounded_time(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    street.stop("hold")
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until(lambda: street.asked["hold"] == 1)
    desk.close()
    assert street.card(1).held == 0


def test_closing_waits_for_a_sale_that_is_about_to_be_answered(
    desk: Desk, street: FakeStreet
) -> None:
    street.stop("sell")
    desk.type("990")
    desk.keys("F5")
    desk.until(lambda: street.asked["sell"] == 1)
    desk.window.close()
    assert desk.guest.result is None
    street.go("sell")
    desk.until(lambda: desk.guest.result is not None)
    assert desk.last.stage is Stage.CERTIFIED


def test_opening_again_sends_what_was_left(
    make_desk: Callable[..., Desk], street: FakeStreet
) -> None:
    first = make_desk()
    first.until(lambda: first.till.link.connected)
    street.leave()
    first.until(lambda: not first.till.link.connected)
    first.type("990")
    first.keys("F5")
    first.close()
    street.come_back()
    second = make_desk()
    second.until(lambda: second.till.sales.last is not None)
    second.until_answered()
    assert [request.gross for request in street.requests] == [990]


def test_closing_twice_is_closing_once(desk: Desk) -> None:
    desk.window.close()
    desk.window.close()
    desk.until(lambda: desk.guest.result is not None)
