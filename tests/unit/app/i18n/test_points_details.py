"""What the card panel says besides the balance: every date, what waits, what is set off (R7)."""

import pytest
from liandao_app.i18n.language import Language
from liandao_app.i18n.phrases import all_dates, points_details
from liandao_app.services.money import Money
from liandao_node.client import CardView, DebtView, LotView
from liandao_node.types import Amount, Millis, ShopId
from msgspec.structs import replace
from support.fake_node import YEAR_END, card_of

CNY = Money("CNY", 2)
LOCALE = Language.ENGLISH.locale
DAY_MS = 86_400_000
ME = ShopId(0)


def card(*lots: tuple[int, int, int], debt: int = 0) -> CardView:
    """Lots as amount, expiry and vesting in days from the year's end, 0 for vested."""
    return replace(
        card_of(1, 1_000),
        pending=Amount(0),
        lots=[
            LotView(
                ME,
                Amount(amount),
                Millis(YEAR_END + expires * DAY_MS),
                Millis(YEAR_END + vests * DAY_MS if vests else 0),
            )
            for amount, expires, vests in lots
        ],
        debts=[DebtView(ME, Amount(debt)), DebtView(ShopId(2), Amount(77))] if debt else [],
    )


def said(shown: CardView) -> list[str]:
    return points_details(shown, CNY, LOCALE, 480, ME)


@pytest.mark.usefixtures("qapp")
@pytest.mark.rule("R7")
def test_every_date_is_told_and_the_first_only_once() -> None:
    shown = card((100, 0, 0), (50, 0, 0), (200, 31, 0), (300, 59, 0), (400, 90, 0), (5, 90, 0))
    assert said(shown) == ["Then expire: 2.00 31 Jan 2027 · 3.00 28 Feb 2027 · 4.05 later"]
    assert all_dates(shown, CNY, LOCALE, 480) == [
        "1.50 until 31 Dec",
        "2.00 until 31 Jan 2027",
        "3.00 until 28 Feb 2027",
        "4.05 until 31 Mar 2027",
    ]


@pytest.mark.usefixtures("qapp")
def test_what_waits_and_what_is_set_off_here() -> None:
    shown = card((100, 0, 0), (250, 120, 10), (30, 120, 10), debt=20)
    assert said(shown) == [
        "2.80 more can be used from 11 Jan 2027",
        "The next 0.20 earned here are set off (refund)",
    ]


@pytest.mark.usefixtures("qapp")
def test_a_card_with_one_date_needs_no_more_words() -> None:
    assert said(card((100, 0, 0))) == []
