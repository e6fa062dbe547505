"""Days, months and periods of the street in plain integers (L-1.5, L-1.6).

The street has one fixed offset from UTC and no summer time, so that every node of every year
finds the same end of a month. Dates are computed after Howard Hinnant's "chrono-compatible
low-level date algorithms": the proleptic Gregorian calendar with years that begin in March.
"""

from functools import lru_cache
from typing import Final

from liandao_node.types import Millis

MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS
FIRST_HALF_DAYS: Final = 15
"""Of a month: the rest is its second clearing period."""
_ERA_DAYS: Final = 146_097  # 400 years
_EPOCH_SHIFT_DAYS: Final = 719_468  # from 0000-03-01 to 1970-01-01


def day_of(time_ms: Millis, utc_offset_minutes: int) -> int:
    """The street's day, counted from 1970-01-01."""
    return (time_ms + utc_offset_minutes * MINUTE_MS) // DAY_MS


def day_start_ms(day: int, utc_offset_minutes: int) -> Millis:
    """First millisecond of the street's day."""
    return Millis(day * DAY_MS - utc_offset_minutes * MINUTE_MS)


def year_and_month(day: int) -> tuple[int, int]:
    """Year and month (1 to 12) of a day counted from 1970-01-01."""
    era, day_of_era = divmod(day + _EPOCH_SHIFT_DAYS, _ERA_DAYS)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    from_march = (5 * day_of_year + 2) // 153
    month = from_march + 3 if from_march < 10 else from_march - 9
    return era * 400 + year_of_era + (month <= 2), month


def first_of_month(year: int, month: int) -> int:
    """Day number of the first of a month (1 to 12)."""
    years = year - (month <= 2)
    era, year_of_era = divmod(years, 400)
    from_march = month - 3 if month > 2 else month + 9
    day_of_year = (153 * from_march + 2) // 5
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _ERA_DAYS + day_of_era - _EPOCH_SHIFT_DAYS


@lru_cache(maxsize=64)
def _month_end_day(day: int, months_ahead: int) -> int:
    year, month = year_and_month(day)
    months = year * 12 + month - 1 + months_ahead + 1
    return first_of_month(months // 12, months % 12 + 1)


def month_end_ms(time_ms: Millis, months_ahead: int, utc_offset_minutes: int) -> Millis:
    """First millisecond after the street's month that lies ``months_ahead`` of ``time_ms``'s."""
    day = _month_end_day(day_of(time_ms, utc_offset_minutes), months_ahead)
    return Millis(day * DAY_MS - utc_offset_minutes * MINUTE_MS)


def period_of(time_ms: Millis, utc_offset_minutes: int) -> int:
    """The clearing period: half a month, days 1 to 15 and 16 to the end (L-1.6)."""
    day = day_of(time_ms, utc_offset_minutes)
    year, month = year_and_month(day)
    second = day - first_of_month(year, month) >= FIRST_HALF_DAYS
    return (year * 12 + month - 1) * 2 + second


def period_start_ms(period: int, utc_offset_minutes: int) -> Millis:
    """First millisecond of a clearing period; the next one's is its end."""
    months, second = divmod(period, 2)
    day = first_of_month(months // 12, months % 12 + 1) + second * FIRST_HALF_DAYS
    return Millis(day * DAY_MS - utc_offset_minutes * MINUTE_MS)


def pool_period_of(time_ms: Millis, utc_offset_minutes: int) -> int:
    """The pool's period: a month, numbered year * 12 + month - 1 (L-1.6)."""
    return period_of(time_ms, utc_offset_minutes) // 2


def pool_period_start_ms(pool_period: int, utc_offset_minutes: int) -> Millis:
    """First millisecond of the pool's period; the next one's is its end."""
    return period_start_ms(pool_period * 2, utc_offset_minutes)
