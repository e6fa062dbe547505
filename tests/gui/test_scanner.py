"""The scanner on the real event path, whatever has the focus."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of

PLACES = {
    "amount": lambda places: places.amount.field,
    "given": lambda places: places.bill.given,
    "code": lambda places: places.customer.typing.field,
    "clear button": lambda places: places.amount.clear_button,
    "cash button": lambda places: places.tenders.buttons[0],
    "language": lambda places: places.bar.language_button,
}


@pytest.fixture
def codes(desk: Desk) -> list[str]:
    scanned: list[str] = []
    desk.window.scanner.scanned.connect(scanned.append)
    return scanned


@pytest.mark.parametrize("focus", PLACES)
@pytest.mark.parametrize("payload", [scan_of(1), "40170001"])
def test_a_burst_is_scanned_once_whatever_has_the_focus(
    desk: Desk, street: FakeStreet, codes: list[str], focus: str, payload: str
) -> None:
    street.add_card(1, 1560)
    desk.type("2350")
    if focus == "code":
        desk.keys("F2")
    widget: QWidget = PLACES[focus](desk.window.counter.places)
    widget.setFocus()
    assert widget.hasFocus()
    desk.scan(payload)
    assert codes == [payload]
    desk.until(lambda: desk.draft.customer is not None)
    assert desk.amount.amount == 2350
    assert desk.window.counter.places.bill.given.text() == ""
    assert desk.till.sales.last is None


def test_a_burst_without_any_focus_is_scanned(desk: Desk, codes: list[str]) -> None:
    focus = desk.window.focusWidget()
    assert focus is not None
    focus.clearFocus()
    desk.scan("40170001")
    assert codes == ["40170001"]
    assert desk.amount.text() == ""


def test_keys_of_a_person_are_never_used_up(desk: Desk, codes: list[str]) -> None:
    desk.type("12345678")
    desk.keys("Enter")
    assert codes == []
    assert desk.amount.amount == 12345678


def test_two_keys_struck_at_once_both_arrive(desk: Desk) -> None:
    """Rolling over two keys is faster than 30 ms: the second only shows a little late."""
    desk.keys("2", "3", gap_ms=10)
    desk.until(lambda: desk.amount.amount == 23)
    desk.keys("5")
    desk.until(lambda: desk.amount.amount == 235)


def test_a_tender_key_right_behind_digits_finds_them_all(desk: Desk, street: FakeStreet) -> None:
    desk.keys("9", "9", "0", "F5", gap_ms=10)
    desk.until_answered()
    assert street.requests[-1].gross == 990


def test_keys_from_qts_own_input_take_the_same_way(desk: Desk, codes: list[str]) -> None:
    """QTest feeds keys in where the platform does.

    It types as fast as this machine lets it; a busy one may take a breath inside a burst, which
    is then none, as a slow hand's digits are none.
    """
    window = desk.window.windowHandle()
    assert window is not None
    for _ in range(5):
        codes.clear()
        for digit in "40170001":
            QTest.keyClick(window, Qt.Key(ord(digit)))
        QTest.keyClick(window, Qt.Key.Key_Return)
        if codes == ["40170001"]:
            return
    pytest.fail(f"the digits came as {codes}")


def test_a_held_down_key_is_no_scanner(desk: Desk, codes: list[str]) -> None:
    window = desk.window.windowHandle()
    assert window is not None
    for _ in range(7):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_9, Qt.KeyboardModifier.NoModifier, "9", autorep=True
        )
        QCoreApplication.postEvent(window, event)
    desk.keys("Enter", gap_ms=5)
    assert codes == []
    assert desk.amount.amount == 9_999_999
