"""Points by hand on the real window: two names, a reason, a PIN, the day's rest."""

import pytest
from liandao_app.screens.showing import Page
from liandao_app.services.giving import Giving
from liandao_app.services.sales import Stage
from liandao_app.widgets.giving_card import GivingCard
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of


def giving(desk: Desk) -> Giving:
    assert desk.till.giving is not None
    return desk.till.giving


def card_of(desk: Desk) -> GivingCard:
    return desk.window.counter.places.giving.card


def opened(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1_560)
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F12")
    desk.until(lambda: giving(desk).told is not None)
    desk.settle()


def answered(desk: Desk, stage: Stage) -> None:
    def is_so() -> bool:
        gift = giving(desk).gift
        return gift is not None and gift.stage is stage

    desk.until(is_so)
    desk.settle()


@pytest.mark.rule("R21")
def test_keys_alone_give_points_with_two_names(desk: Desk, street: FakeStreet) -> None:
    opened(desk, street)
    assert "left for today: 42.50" in desk.words()
    desk.type("300")
    desk.keys("Enter", "Down", "Down", "Enter", "Down", "Enter", "Down", "Enter")
    desk.type("4712")
    desk.keys("F5")
    answered(desk, Stage.REFUSED)
    assert card_of(desk).shows(card_of(desk).form)
    assert (
        "That is not the PIN of Wang Li 王丽. No points were given. Tries left: 4." in desk.words()
    )
    assert card_of(desk).form.pin.text() == "", "a PIN does not stay on the screen"
    desk.type("4711")
    desk.keys("Enter", "Enter")  # to the key, and the key
    answered(desk, Stage.CERTIFIED)
    assert "3.00 given" in desk.words()
    gift = street.gifts[-1]
    assert (gift.amount, gift.reason, gift.asked_by, gift.approved_by) == (
        300,
        "complaint",
        "Sato 佐藤",
        "Wang Li 王丽",
    )
    desk.keys("Enter")
    assert desk.window.counter.showing.page is Page.SALE
    desk.until(lambda: desk.draft.customer is not None)


def test_the_street_refuses_more_than_the_days_rest(desk: Desk, street: FakeStreet) -> None:
    opened(desk, street)
    page = desk.window.counter.places.giving
    form = page.card.form
    desk.type("4251")
    for choice, at in ((form.reason, 0), (form.asked_by, 0), (form.approved_by, 0)):
        choice.setCurrentIndex(at)
    form.pin.setFocus()
    for digit in "4711":
        page.amount.keypad.button(digit).click()  # the pad writes the PIN now
    desk.settle()
    form.confirm.click()
    answered(desk, Stage.REFUSED)
    words = "This shop's staff gave as many points today as the street allows. No points were"
    assert any(shown.startswith(words) and "42.50" in shown for shown in desk.words())
    assert street.card(1).available + street.card(1).held == 1_560


def test_without_a_card_there_is_nobody_to_give_to(desk: Desk) -> None:
    desk.keys("F12")
    assert desk.strip == "Points by hand need a card. Please scan it first."
    assert desk.window.counter.showing.page is Page.SALE
    desk.type("5")
    assert desk.amount.amount == 5


def test_a_node_that_is_away_is_said(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1_560)
    desk.scan(scan_of(1))
    desk.until_held()
    street.leave()
    desk.until(lambda: not desk.till.link.connected)
    desk.keys("F12")
    away = "This shop's node does not answer. Points by hand wait until it is back."
    assert away in desk.words()
    desk.keys("Esc")
    assert desk.amount.hasFocus()
