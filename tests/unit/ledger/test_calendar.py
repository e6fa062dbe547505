"""The street's calendar against the standard library's."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.ledger.calendar import (
    DAY_MS,
    day_of,
    first_of_month,
    month_end_ms,
    period_of,
    period_start_ms,
    pool_period_of,
    pool_period_start_ms,
    year_and_month,
)
from liandao_node.types import Millis

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = st.integers(min_value=-700_000, max_value=2_900_000)
TIMES = st.integers(min_value=0, max_value=4_102_444_800_000)
OFFSETS = st.integers(min_value=-840, max_value=840)


def _ms(*date: int) -> Millis:
    moment = datetime(*date, tzinfo=UTC)  # type: ignore[arg-type,misc]
    return Millis(int(moment.timestamp()) * 1000)


@given(DAYS)
def test_year_and_month_of_any_day(day: int) -> None:
    date = EPOCH + timedelta(days=day)
    assert year_and_month(day) == (date.year, date.month)
    assert first_of_month(date.year, date.month) == day - date.day + 1


@pytest.mark.rule("L-1.5")
@given(TIMES, OFFSETS, st.integers(min_value=0, max_value=60))
def test_month_end_is_the_first_of_the_next_month_on_the_streets_clock(
    time_ms: int, offset: int, months: int
) -> None:
    local = EPOCH + timedelta(milliseconds=time_ms, minutes=offset)
    index = local.year * 12 + local.month - 1 + months + 1
    first = datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC) - timedelta(minutes=offset)
    expected = (first - EPOCH) // timedelta(milliseconds=1)
    assert month_end_ms(Millis(time_ms), months, offset) == expected > time_ms


@pytest.mark.rule("L-1.5")
def test_day_turns_at_the_streets_midnight() -> None:
    midnight = _ms(2026, 3, 1) - 8 * 3_600_000
    assert day_of(Millis(midnight - 1), 480) + 1 == day_of(Millis(midnight), 480)
    assert day_of(Millis(midnight), 480) * DAY_MS == _ms(2026, 3, 1)
    assert day_of(Millis(0), -1) == -1


@pytest.mark.rule("L-1.5")
@pytest.mark.parametrize(
    ("at", "offset", "end"),
    [
        (_ms(2026, 1, 31, 12), 0, _ms(2026, 8, 1)),
        (_ms(2026, 8, 31, 12), 0, _ms(2027, 3, 1)),
        (_ms(2023, 8, 31), 0, _ms(2024, 3, 1)),
        (_ms(2026, 2, 28, 15, 59, 59), 480, _ms(2026, 8, 31, 16)),
        (_ms(2026, 2, 28, 16), 480, _ms(2026, 9, 30, 16)),
    ],
)
def test_six_months_ahead(at: Millis, offset: int, end: Millis) -> None:
    assert month_end_ms(at, 6, offset) == end


@pytest.mark.rule("L-1.6")
@given(TIMES, OFFSETS)
def test_a_period_is_half_a_month_of_the_street(time_ms: int, offset: int) -> None:
    local = EPOCH + timedelta(milliseconds=time_ms, minutes=offset)
    period = period_of(Millis(time_ms), offset)
    assert period == (local.year * 12 + local.month - 1) * 2 + (local.day > 15)
    assert period_start_ms(period, offset) <= time_ms < period_start_ms(period + 1, offset)
    month = pool_period_of(Millis(time_ms), offset)
    assert month == local.year * 12 + local.month - 1
    assert pool_period_start_ms(month, offset) == period_start_ms(2 * month, offset)


@pytest.mark.rule("L-1.6")
@pytest.mark.parametrize(
    ("period", "first"),
    [
        ((2026 * 12 + 1) * 2, _ms(2026, 2, 1)),
        ((2026 * 12 + 1) * 2 + 1, _ms(2026, 2, 16)),
        ((2026 * 12 + 11) * 2 + 1, _ms(2026, 12, 16)),
        ((2027 * 12) * 2, _ms(2027, 1, 1)),
    ],
)
def test_periods_begin_on_the_first_and_the_sixteenth(period: int, first: Millis) -> None:
    assert period_start_ms(period, 0) == first
    assert period_start_ms(period, 480) == first - 8 * 3_600_000
