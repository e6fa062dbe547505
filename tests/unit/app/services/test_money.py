"""Amounts typed and written: ints of minor units, whatever the exponent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_app.services.money import Entry, Money, entry_of, pasted
from liandao_node.errors import InputFault

CNY = Money("CNY", 2)
JPY = Money("JPY", 0)
KWD = Money("KWD", 3)


def typed(keys: str, money: Money) -> Entry:
    entry = Entry()
    for key in keys:
        entry = entry.press(key, money.exponent)
    return entry


@pytest.mark.parametrize(
    ("keys", "money", "amount", "shown"),
    [
        ("2350", CNY, 2350, "23.50"),
        ("7", CNY, 7, "0.07"),
        ("23.5", CNY, 2350, "23.5"),
        ("23.", CNY, 2300, "23."),
        (".5", CNY, 50, "0.5"),
        ("23,50", CNY, 2350, "23.50"),
        ("23.505", CNY, 2350, "23.50"),
        ("2.3.5", CNY, 235, "2.35"),
        ("２３５０", CNY, 2350, "23.50"),
        ("007", CNY, 7, "0.07"),
        ("12a3 b4", CNY, 1234, "12.34"),
        ("2350", JPY, 2350, "2,350"),
        ("23.50", JPY, 2350, "2,350"),
        ("2350", KWD, 2350, "2.350"),
        ("1234567890", CNY, 123456789, "1,234,567.89"),
        ("", CNY, 0, ""),
        ("000", CNY, 0, ""),
    ],
)
def test_keys_become_minor_units(keys: str, money: Money, amount: int, shown: str) -> None:
    entry = typed(keys, money)
    assert entry.amount(money.exponent) == amount
    assert entry.shown(money) == shown


def test_backspace_takes_one_key_back() -> None:
    assert typed("2350", CNY).back().shown(CNY) == "2.35"
    assert typed("23.5", CNY).back().back().shown(CNY) == "0.23"
    assert Entry().back() == Entry()


@pytest.mark.parametrize(
    ("amount", "money", "text"),
    [
        (1950, CNY, "19.50"),
        (5, CNY, "0.05"),
        (0, CNY, "0.00"),
        (-20, CNY, "−0.20"),
        (123456789, CNY, "1,234,567.89"),
        (1950, JPY, "1,950"),
        (1950, KWD, "1.950"),
    ],
)
def test_amounts_are_written_with_the_streets_decimals(
    amount: int, money: Money, text: str
) -> None:
    assert money.text(amount) == text


def test_a_currency_without_a_sign_shows_its_code() -> None:
    assert CNY.priced(1950) == "¥19.50"
    assert Money("CHF", 2).priced(1950) == "CHF 19.50"


@pytest.mark.parametrize(
    ("text", "money", "amount"),
    [
        ("23.50", CNY, 2350),
        (" ¥ 23,5 ", CNY, 2350),
        ("23", CNY, 2300),
        ("0.05", CNY, 5),
        ("￥２３", CNY, 2300),
        ("2350", JPY, 2350),
    ],
)
def test_pasted_text_is_written_money(text: str, money: Money, amount: int) -> None:
    assert pasted(text, money.exponent).amount(money.exponent) == amount


@pytest.mark.parametrize("text", ["1,234.50", "1,000", "twelve", "-3", "23.505", "9999999999"])
def test_pasted_text_that_is_not_clearly_one_amount_is_not_guessed_at(text: str) -> None:
    with pytest.raises(InputFault, match="AMOUNT_UNCLEAR"):
        pasted(text, 2)


@given(st.integers(0, 999_999_999), st.integers(0, 4))
def test_what_is_shown_can_be_typed_again(amount: int, exponent: int) -> None:
    money = Money("XXX", exponent)
    shown = entry_of(amount).shown(money).replace(",", "")
    assert typed(shown, money).amount(exponent) == amount
    assert typed(str(amount), money).amount(exponent) == amount
