"""How many points may go off a bill, and how many are held for it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_app.services.draft import Choice, Customer, Draft
from liandao_node.types import Amount
from support.fake_node import card_of

amounts = st.integers(0, 10**9)


def draft(gross: int, available: int, share: int, choice: Choice, number: int = 0) -> Draft:
    return Draft(
        gross=Amount(gross),
        visitor=Customer(card_of(1, available), "LD1:C:X"),
        choice=choice,
        number=Amount(number),
        share_bps_max=share,
    )


@pytest.mark.parametrize(
    ("gross", "available", "share", "most"),
    [
        (2350, 1560, 5_000, 1175),
        (2350, 1000, 5_000, 1000),
        (2351, 9999, 5_000, 1175),
        (1, 9999, 5_000, 0),
        (2350, 9999, 10_000, 2350),
        (2350, 9999, 0, 0),
    ],
)
def test_the_most_is_the_balance_or_the_streets_share(
    gross: int, available: int, share: int, most: int
) -> None:
    assert draft(gross, available, share, Choice.MAX).points == most


@given(amounts, amounts, st.integers(0, 10_000), st.sampled_from(Choice), amounts)
def test_points_never_exceed_bill_balance_or_share(
    gross: int, available: int, share: int, choice: Choice, number: int
) -> None:
    made = draft(gross, available, share, choice, number)
    assert 0 <= made.points <= min(gross, available)
    assert made.points * 10_000 <= gross * share
    assert made.to_pay + made.points == gross
    if choice is Choice.NUMBER:
        assert made.points <= number
    if choice in {Choice.NONE, Choice.OPEN}:
        assert made.points == 0


@given(amounts, amounts, st.integers(0, 10_000), st.sampled_from(Choice), amounts)
def test_what_is_held_covers_what_is_used(
    gross: int, available: int, share: int, choice: Choice, number: int
) -> None:
    made = draft(gross, available, share, choice, number)
    assert made.points <= made.hold_wanted <= available


def test_before_the_amount_a_shown_card_is_held_whole_and_a_typed_code_not() -> None:
    shown = draft(0, 1560, 5_000, Choice.OPEN)
    assert shown.hold_wanted == 1560
    absent = msgspec.structs.replace(card_of(1, 1560), present=False)
    assert Draft(visitor=Customer(absent, "40170001"), share_bps_max=5_000).hold_wanted == 0


def test_nobody_has_no_points() -> None:
    alone = Draft(gross=Amount(2350), choice=Choice.MAX, share_bps_max=5_000)
    assert (alone.points, alone.hold_wanted, alone.to_pay) == (0, 0, 2350)
