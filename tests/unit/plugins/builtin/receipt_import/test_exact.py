"""Decimal text becomes minor units exactly, or is refused."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_plugins.builtin.receipt_import.exact import Exact, NumberForm

PLAIN = NumberForm(".", "", ())
GERMAN = NumberForm(",", ".", ("€", "EUR"))
GROUPED = NumberForm(".", ",", ("¥", "$"))


@pytest.mark.parametrize(
    ("form", "text", "minor"),
    [
        (PLAIN, "2.55", 255),
        (PLAIN, " 12 ", 1200),
        (PLAIN, "-0.5", -50),
        (PLAIN, "+.5", 50),
        (PLAIN, "7.", 700),
        (PLAIN, "1e2", 10_000),
        (PLAIN, "2.220446e-16", 0),
        (PLAIN, "0.29", 29),
        (PLAIN, "1.005", 100),
        (PLAIN, "1.015", 102),
        (PLAIN, "-1.005", -100),
        (PLAIN, "-1.015", -102),
        (PLAIN, "1.0050000000000000000000001", 101),
        (GERMAN, "1.234,56 €", 123_456),
        (GERMAN, "1234,56", 123_456),
        (GERMAN, "12 EUR", 1_200),
        (GROUPED, "¥1,200", 120_000),
        (GROUPED, "-12,345,678.9", -1_234_567_890),
    ],
)
def test_a_number_in_its_form(form: NumberForm, text: str, minor: int) -> None:
    number = form.parse(text)
    assert number is not None
    assert number.minor(2) == minor


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (PLAIN, ""),
        (PLAIN, "."),
        (PLAIN, "-"),
        (PLAIN, "e5"),
        (PLAIN, "1,5"),
        (PLAIN, "1 000"),
        (PLAIN, "1_000"),
        (PLAIN, "0x10"),
        (PLAIN, "nan"),
        (PLAIN, "inf"),
        (PLAIN, "1/3"),
        (PLAIN, "１２"),
        (PLAIN, "٣"),
        (PLAIN, "1e99"),
        (PLAIN, "1" * 41),
        (GROUPED, "12,50"),
        (GROUPED, "1,2345"),
        (GROUPED, ",123"),
        (GROUPED, "1.5,000"),
        (GERMAN, "12.50"),
        (GERMAN, "1.5"),
    ],
)
def test_what_is_no_number_or_might_be_another_one_is_refused(form: NumberForm, text: str) -> None:
    assert form.parse(text) is None


@given(
    st.integers(-(10**15), 10**15),
    st.integers(0, 12),
    st.integers(-(10**9), 10**9),
    st.integers(0, 6),
    st.integers(0, 4),
)
def test_products_and_sums_agree_with_decimal(
    a: int, a_scale: int, b: int, b_scale: int, exponent: int
) -> None:
    left, right = Exact(a, a_scale), Exact(b, b_scale)
    with localcontext() as context:
        context.prec = 80
        x, y = Decimal(a).scaleb(-a_scale), Decimal(b).scaleb(-b_scale)
        for ours, theirs in ((left.times(right), x * y), (left.plus(right), x + y)):
            units = theirs.scaleb(exponent).to_integral_value(ROUND_HALF_EVEN)
            assert ours.minor(exponent) == int(units)
            assert ours.rounded(exponent).minor(exponent) == int(units)
            assert ours.negated().minor(exponent) == -int(units)
