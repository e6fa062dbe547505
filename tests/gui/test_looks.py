"""What can be measured of the looks: targets, names, no cut words, places that hold still."""

from collections.abc import Callable

import pytest
from liandao_app.i18n.language import Language
from liandao_app.services.refunding import Chosen
from liandao_app.theme.tokens import SPACE
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.parts import ShorteningLabel
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of

SIZES = [(1024, 768), (1366, 768), (1920, 1080)]


@pytest.mark.parametrize("language", Language)
def test_keys_are_large_enough_for_a_finger(
    make_desk: Callable[..., Desk], language: Language
) -> None:
    desk = make_desk(language)
    for button in desk.window.findChildren(QPushButton):
        if button.isVisible():
            assert button.height() >= SPACE.target, button.accessibleName()
            assert button.width() >= SPACE.target, button.accessibleName()
    for button in desk.window.counter.places.tenders.buttons:
        assert button.height() >= SPACE.main_key


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_used_has_a_name(
    make_desk: Callable[..., Desk], language: Language
) -> None:
    desk = make_desk(language)
    for widget in desk.window.findChildren(QAbstractButton):
        assert widget.accessibleName() or widget.text() or widget.isHidden(), widget
    for field in desk.window.findChildren(QLineEdit):
        assert field.accessibleName(), field


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", Language)
def test_no_word_is_cut(
    make_desk: Callable[..., Desk], street: FakeStreet, language: Language, size: tuple[int, int]
) -> None:
    street.add_card(1, 123_456)
    desk = make_desk(language)
    desk.window.resize(*size)
    desk.type("99999")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F4")
    assert (desk.window.width(), desk.window.height()) == size
    desk.settle()
    assert cut_words(desk) == []


@pytest.mark.parametrize("language", Language)
def test_nothing_is_cut_or_too_small_on_the_pages_of_refund_and_gift(
    make_desk: Callable[..., Desk], street: FakeStreet, language: Language
) -> None:
    """At the smallest size: each step of a refund with all there is to say, and the form."""
    street.add_card(1, 38)
    street.add_order(17, 1_235_050, points=123_456, earned=33_347, card=1)
    desk = make_desk(language)
    desk.until(lambda: desk.till.link.connected)
    cut: list[str] = []

    def look() -> None:
        desk.settle()
        cut.extend(cut_words(desk) + small_buttons(desk) + nameless(desk))

    desk.keys("F11")
    look()
    desk.scan("LD1:R:1-17")
    desk.until(lambda: isinstance(step := desk.refunding.step, Chosen) and step.ready)
    look()
    street.stop("refund")
    desk.keys("F5")
    look()
    street.go("refund")
    desk.until(lambda: desk.till.refunds.attention is not None)
    look()
    desk.keys("Enter")
    desk.scan(scan_of(1))
    desk.until_held()
    look()
    desk.keys("F12")
    look()
    assert desk.window.size() == QSize(1024, 768)
    assert cut == []


def small_buttons(desk: Desk) -> list[str]:
    buttons = [b for b in desk.window.findChildren(QPushButton) if b.isVisible()]
    return [b.accessibleName() for b in buttons if min(b.height(), b.width()) < SPACE.target]


def nameless(desk: Desk) -> list[str]:
    fields = [*desk.window.findChildren(QLineEdit), *desk.window.findChildren(QComboBox)]
    return [str(f) for f in fields if f.isVisible() and not f.accessibleName()]


def cut_words(desk: Desk) -> list[str]:
    """Texts that have less room than they need."""
    buttons = [b for b in desk.window.findChildren(KeyButton) if b.isVisible()]
    cut = [b.accessibleName() for b in buttons if b.width() < b.sizeHint().width()]
    for shown in desk.window.findChildren(QLabel):
        if not shown.isVisible() or isinstance(shown, ShorteningLabel):
            continue
        metrics = QFontMetrics(shown.font())
        if shown.wordWrap():
            if shown.height() < shown.heightForWidth(shown.width()):
                cut.append(shown.text())
        elif shown.width() < metrics.horizontalAdvance(shown.text()):
            cut.append(shown.text())
    return cut


def test_places_hold_still_through_a_sale(desk: Desk, street: FakeStreet) -> None:
    """Muscle memory: the keys that are pressed blind stand where they stood."""
    street.add_card(1, 1560)
    places = desk.window.counter.places
    watched = (
        *places.tenders.buttons,
        places.points.max_button,
        places.amount.field,
        places.keypad.button("7"),
    )

    def spots() -> list[QPoint]:
        return [widget.mapTo(desk.window, QPoint(0, 0)) for widget in watched]

    before = spots()
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.settle()
    assert spots() == before
    desk.keys("F4")
    assert spots() == before
    desk.keys("F5")
    desk.until_answered()
    assert spots() == before


def test_the_window_changes_what_it_paints(desk: Desk) -> None:
    """A window that stays blank would pass every other test here."""
    before = desk.window.grab().toImage()
    desk.type("2350")
    after = desk.window.grab().toImage()
    assert before != after
    colours = {after.pixel(x, y) for x in range(0, 1024, 16) for y in range(0, 768, 16)}
    assert len(colours) > 5
