"""Three languages, changed while the counter runs; every glyph and word in its place."""

from collections.abc import Callable

import pytest
from liandao_app.i18n.language import Language
from PySide6.QtGui import QFontInfo
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of

WORDS = {
    Language.ENGLISH: ("To pay", "Cash", "Scan card"),
    Language.CHINESE: ("应收", "现金", "请扫会员卡"),
    Language.JAPANESE: ("お会計", "現金", "カードを読み取ってください"),
}


@pytest.mark.parametrize("language", Language)
def test_the_counter_speaks_it_from_the_start(
    make_desk: Callable[..., Desk], language: Language
) -> None:
    desk = make_desk(language)
    assert set(WORDS[language]) <= desk.words()


def test_the_language_changes_in_the_middle_of_a_sale(desk: Desk, street: FakeStreet) -> None:
    street.add_card(1, 1560)
    desk.type("2350")
    desk.scan(scan_of(1))
    desk.until_held()
    desk.keys("F4")
    for language in (Language.CHINESE, Language.JAPANESE, Language.ENGLISH):
        desk.window.counter.places.bar.language_chosen.emit(language)
        desk.settle()
        assert WORDS[language][0] in desk.words()
        assert desk.draft.points == 1175
        assert desk.amount.text() == "23.50"
    desk.window.use_language(Language.CHINESE)
    desk.keys("F5")
    desk.until_answered()
    assert desk.strip == "已收现金 11.75 · 已抵扣积分 11.75 · 获得积分 0.35 · 积分余额 4.20"


@pytest.mark.parametrize(
    ("language", "expiry"),
    [
        (Language.ENGLISH, "of it 3.20 expires 31 Dec"),
        (Language.CHINESE, "其中 3.20 有效期至12月31日"),
        (Language.JAPANESE, "うち 3.20 は12月31日まで有効"),
    ],
)
def test_days_are_said_as_the_language_says_them(
    make_desk: Callable[..., Desk], street: FakeStreet, language: Language, expiry: str
) -> None:
    street.add_card(1, 1560)
    desk = make_desk(language)
    desk.scan(scan_of(1))
    desk.until_held()
    desk.settle()
    assert any(expiry.rstrip("有効") in words or expiry in words for words in desk.words())


def test_no_word_of_another_language_is_left(make_desk: Callable[..., Desk]) -> None:
    """After a change nothing English stands on the Chinese screen but names and keys."""
    desk = make_desk(Language.ENGLISH)
    english = desk.words()
    desk.window.use_language(Language.CHINESE)
    desk.settle()
    same = {words for words in english & desk.words() if any(c.isalpha() for c in words)}
    assert same <= {"F3", "Bakery Li 李记面包", "¥"}


@pytest.mark.parametrize(
    ("language", "family"),
    [(Language.CHINESE, "Noto Sans CJK SC"), (Language.JAPANESE, "Noto Sans CJK JP")],
)
def test_han_glyphs_come_in_the_languages_own_shapes(
    make_desk: Callable[..., Desk], language: Language, family: str
) -> None:
    desk = make_desk(language)
    info = QFontInfo(desk.amount.font())
    if "Noto Sans CJK" not in info.family():
        pytest.skip("fonts-noto-cjk is not installed here")
    assert info.family() == family
