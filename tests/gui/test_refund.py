"""The refund on the real window, by real keys: found, looked at, confirmed once, told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from liandao_app.screens.showing import Page
from liandao_app.services.refunding import Chosen, Confirmed, Finding
from liandao_app.services.refunds import Refund
from liandao_app.services.sales import Stage
from liandao_node.client import OrderName
from liandao_node.errors import Refused
from liandao_node.types import Amount
from support.desk import Desk
from support.fake_node import FakeStreet

FIRST = OrderName(1, 17)


@pytest.fixture
def sold(street: FakeStreet) -> FakeStreet:
    """Receipt 1-17: 23.50, of it 4.00 in points, 0.58 earned and partly spent."""
    street.add_card(1, 38)
    street.add_order(16, 990)
    street.add_order(17, 2_350, points=400, earned=58, card=1)
    return street


def chosen(desk: Desk) -> Chosen:
    step = desk.refunding.step
    assert isinstance(step, Chosen)
    return step


def ready(desk: Desk) -> None:
    desk.until(lambda: isinstance(desk.refunding.step, Chosen) and chosen(desk).ready)
    desk.settle()


def confirmed(desk: Desk) -> Refund:
    step = desk.refunding.step
    assert isinstance(step, Confirmed)
    return step.refund


def answered(desk: Desk) -> None:
    desk.until(lambda: confirmed(desk).stage is not Stage.ASKED)
    desk.settle()


@pytest.mark.rule("R5")
def test_keys_alone_refund_a_sale_and_money_and_points_are_told_apart(
    desk: Desk, sold: FakeStreet
) -> None:
    desk.type("1800")
    desk.keys("F11")
    desk.type("17")
    desk.keys("Enter")
    ready(desk)
    assert desk.refund_card.shows(desk.refund_card.preview)
    assert {"¥19.50", "4.00", "in cash"} <= desk.words()
    assert "Refund ¥23.50" in desk.words()
    assert desk.refund_card.preview.notes() == (
        "Points taken back: 0.38 (earned on this sale)\n"
        "Set off against later points: 0.20 (already spent)"
    )
    assert sold.asked["refund"] == 0, "nothing is moved before the confirmation"
    desk.keys("Enter", "Enter")  # to the key, and the key
    answered(desk)
    assert sold.past[FIRST].refunded == 2_350
    assert desk.strip == (
        "Give back 19.50 · points back 4.00 · points taken back 0.38 · set off later 0.20"
    )
    assert desk.refund_card.shows(desk.refund_card.done)
    desk.keys("Enter")
    assert desk.window.counter.showing.page is Page.SALE
    assert (desk.draft.gross, desk.amount.hasFocus()) == (1800, True), "the sale is as it was"
    assert desk.strip.startswith("Ready")


def test_a_part_is_typed_and_the_preview_follows(desk: Desk, sold: FakeStreet) -> None:
    desk.keys("F11")
    desk.until(lambda: desk.refunding.orders is not None)
    desk.keys("Enter")  # the newest sale is marked
    ready(desk)
    desk.type("1000")
    desk.until(lambda: isinstance(desk.refunding.step, Chosen) and chosen(desk).gross == 1_000)
    ready(desk)
    assert {"¥8.30", "1.70", "Refund ¥10.00"} <= desk.words()
    desk.type("9")
    ready(desk)
    assert chosen(desk).gross == 2_350, "more than is left counts as what is left"
    desk.keys("F4")
    desk.type("500")
    ready(desk)
    desk.keys("F5")
    answered(desk)
    assert sold.past[FIRST].refunded == 500
    desk.keys("Enter", "F11")
    desk.until(lambda: (desk.refunding.orders or [])[0].refunded == 500)
    desk.keys("Down", "Enter")
    ready(desk)
    assert chosen(desk).order.left in {1_850, 990}


def test_f5_twice_is_one_refund(desk: Desk, sold: FakeStreet) -> None:
    """R11: the key is dead as soon as it was pressed."""
    sold.stop("refund")
    desk.scan("LD1:R:1-17")
    ready(desk)
    desk.type("500")
    ready(desk)
    desk.keys("F5", "F5", "Enter", "F5")
    assert confirmed(desk).stage is Stage.ASKED
    assert desk.strip == "Refund of receipt 1-17, 5.00: give nothing back yet."
    assert not any(words.startswith("Give back") for words in desk.words())
    sold.go("refund")
    answered(desk)
    assert len(sold.refunds) == 1
    assert sold.past[FIRST].refunded == 500


@pytest.mark.rule("R12")
def test_an_answer_that_was_lost_is_asked_for_again_and_is_the_same_refund(
    desk: Desk, sold: FakeStreet
) -> None:
    sold.lose_answers.add("refund")
    desk.scan("LD1:R:1-17")
    ready(desk)
    desk.type("700")
    ready(desk)
    desk.keys("F5")
    answered(desk)
    assert sold.asked["refund"] == 2
    assert (len(sold.refunds), sold.past[FIRST].refunded) == (1, 700)
    assert desk.strip.startswith("Give back 5.81")


def test_a_refusal_says_which_order_and_what_is_left(desk: Desk, sold: FakeStreet) -> None:
    """Another register was faster."""
    desk.scan("LD1:R:1-17")
    ready(desk)
    sold.refuse("refund", Refused("REFUND_OVER_ORDER", order="1-17", left=350))
    desk.keys("F5")
    answered(desk)
    assert desk.strip == (
        "Only 3.50 of receipt 1-17 are left to give back. Nothing was refunded. Please choose"
        " 3.50 or less."
    )
    assert desk.window.counter.places.strip.property("state") == "refused"
    assert "Refused. Give nothing back." in desk.words()
    desk.keys("Enter")
    assert isinstance(desk.refunding.step, Finding), "back to the sales, to choose again"
    assert not desk.strip.startswith("Only")


def test_what_names_no_sale_is_said_and_the_field_stays(desk: Desk, sold: FakeStreet) -> None:
    del sold
    desk.keys("F11")
    desk.type("2-99")
    desk.keys("Enter")
    desk.until(lambda: isinstance(desk.refunding.step, Finding))
    desk.until(lambda: "No sale has receipt number 2-99 in this shop." in desk.words())
    desk.keys("Esc")
    assert desk.window.counter.showing.page is Page.SALE


def test_a_node_that_is_away_is_said_and_nothing_is_half_done(desk: Desk, sold: FakeStreet) -> None:
    sold.leave()
    desk.until(lambda: not desk.till.link.connected)
    desk.keys("F11")
    assert "No refunds just now" in desk.words()
    desk.type("17")
    desk.keys("Enter")
    assert "Looking up receipt 1-17…" in desk.words()
    sold.come_back()
    ready(desk)
    sold.leave()
    desk.until(lambda: not desk.till.link.connected)
    desk.keys("F5")
    desk.settle()
    assert confirmed(desk).stage is Stage.ASKED
    assert "Give nothing back yet" in desk.words()
    state = desk.window.counter.places.strip.state_words()
    assert state == "Saved on this computer. It is sent as soon as the connection is back."
    desk.keys("Esc")
    desk.type("990")
    desk.keys("F5")
    assert desk.strip == "Paid 9.90 cash", "selling goes on"
    sold.come_back()
    desk.until(lambda: desk.till.refunds.attention is not None)
    desk.settle()
    assert desk.strip.startswith("Give back 19.50")
    desk.keys("Esc")
    assert not desk.strip.startswith("Give back")
    assert len(sold.refunds) == 1


def test_a_window_that_was_closed_goes_on_with_the_same_refund(
    make_desk: Callable[..., Desk], sold: FakeStreet, tmp_path: Path
) -> None:
    first = make_desk()
    first.until(lambda: first.till.link.connected)
    first.scan("LD1:R:1-17")
    ready(first)
    sold.stop("refund")
    first.keys("F5")
    first.until(lambda: sold.asked["refund"] == 1)
    first.close()
    assert (tmp_path / "counter" / "refunds-1.json").read_text() != "[]"
    sold.go("refund")
    second = make_desk()
    second.until(lambda: second.till.refunds.attention is not None)
    second.settle()
    assert second.strip.startswith("Give back 19.50")
    assert len(sold.refunds) == 1


def test_a_card_in_the_middle_of_a_refund_changes_nothing(desk: Desk, sold: FakeStreet) -> None:
    del sold
    desk.scan("LD1:R:1-17")
    ready(desk)
    desk.type("12")
    ready(desk)
    desk.scan("40170001")
    assert desk.strip == "This is no receipt. Nothing was changed."
    assert chosen(desk).gross == 12
    assert desk.draft.customer is None
    desk.keys("F11")
    assert desk.amount.hasFocus()


def test_touch_alone_refunds(desk: Desk, sold: FakeStreet) -> None:
    places = desk.window.counter.places
    places.amount.refund_button.click()
    desk.until(lambda: desk.refunding.orders is not None)
    desk.settle()
    places.refund.orders.list.picked.emit(1)
    ready(desk)
    for key in ("5", "00"):
        places.refund.amount.keypad.button(key).click()
    ready(desk)
    assert chosen(desk).gross == Amount(500)
    places.refund.card.preview.confirm.click()
    answered(desk)
    assert sold.past[OrderName(1, 16)].refunded == 500
    places.refund.card.done.done.click()
    assert desk.window.counter.showing.page is Page.SALE
