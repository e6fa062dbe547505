"""An order that makes no sense cannot be made."""

import pytest
from liandao_plugins.api import (
    AMOUNT_MAX,
    EXCERPT_CHARS_MAX,
    REFERENCE_CHARS_MAX,
    Goods,
    Line,
    Order,
    Refund,
    excerpt,
)

LINES = (Line("a.csv", 2),)


def test_an_order_at_its_bounds() -> None:
    Order("till", "r" * REFERENCE_CHARS_MAX, 0, AMOUNT_MAX, "", LINES)
    Order("till", "r", 0, 1, "c", LINES)


@pytest.mark.parametrize(
    ("reference", "at_ms", "gross", "lines"),
    [
        ("", 0, 1, LINES),
        ("r" * (REFERENCE_CHARS_MAX + 1), 0, 1, LINES),
        ("r", -1, 1, LINES),
        ("r", 0, 0, LINES),
        ("r", 0, -5, LINES),
        ("r", 0, AMOUNT_MAX + 1, LINES),
        ("r", 0, 1, ()),
    ],
)
def test_an_order_beyond_them_is_refused(
    reference: str, at_ms: int, gross: int, lines: tuple[Line, ...]
) -> None:
    with pytest.raises(ValueError):
        Order("till", reference, at_ms, gross, "", lines)


GOODS = (Goods("cup", 1_000, 5),)


def test_a_refund_names_its_order_or_the_goods_of_each_row() -> None:
    Refund("till", "r" * REFERENCE_CHARS_MAX, 0, AMOUNT_MAX, "", LINES, order="1")
    Refund("till", "r", 0, 1, "c", LINES, goods=GOODS)
    for order, goods in (("", ()), ("", GOODS * 2), ("o" * (REFERENCE_CHARS_MAX + 1), GOODS)):
        with pytest.raises(ValueError):
            Refund("till", "r", 0, 1, "", LINES, order, goods)


@pytest.mark.parametrize(
    ("reference", "at_ms", "gross", "lines"),
    [
        ("", 0, 1, LINES),
        ("r", -1, 1, LINES),
        ("r", 0, 0, LINES),
        ("r", 0, AMOUNT_MAX + 1, LINES),
        ("r", 0, 1, ()),
    ],
)
def test_a_refund_beyond_its_bounds_is_refused(
    reference: str, at_ms: int, gross: int, lines: tuple[Line, ...]
) -> None:
    with pytest.raises(ValueError):
        Refund("till", reference, at_ms, gross, "", lines, order="1")


def test_an_excerpt_is_one_printable_bounded_line() -> None:
    assert excerpt("a,b\x1b[31m\r\n\tc\x00") == "a,b\ufffd[31m\ufffd\ufffd\ufffdc\ufffd"
    assert len(excerpt("x" * 10_000)) == EXCERPT_CHARS_MAX
    assert excerpt("苏州 茶") == "苏州 茶"
