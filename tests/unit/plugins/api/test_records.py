"""An order that makes no sense cannot be made."""

import pytest
from liandao_plugins.api import (
    AMOUNT_MAX,
    EXCERPT_CHARS_MAX,
    REFERENCE_CHARS_MAX,
    Line,
    Order,
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


def test_an_excerpt_is_one_printable_bounded_line() -> None:
    assert excerpt("a,b\x1b[31m\r\n\tc\x00") == "a,b\ufffd[31m\ufffd\ufffd\ufffdc\ufffd"
    assert len(excerpt("x" * 10_000)) == EXCERPT_CHARS_MAX
    assert excerpt("苏州 茶") == "苏州 茶"
