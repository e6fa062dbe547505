"""Days of the street on the command line: typed as 2026-11-22, shown the same way."""

import argparse
from datetime import UTC, date, datetime, timedelta
from typing import Final

from liandao_node.ledger.calendar import day_start_ms
from liandao_node.types import Millis
from liandao_node.wording import sentence

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def day(text: str) -> int:
    """Days since 1970-01-01."""
    try:
        found = (date.fromisoformat(text) - _EPOCH.date()).days
    except ValueError:
        found = -1
    if found < 1:  # the day before it begins is a moment, too, in every time zone
        raise argparse.ArgumentTypeError(sentence("DAY_BAD", {"text": text}))
    return found


def begin_ms(number: int, offset: int) -> Millis:
    """First moment of a street's day."""
    return day_start_ms(number, offset)


def end_ms(number: int, offset: int) -> Millis:
    """First moment after it."""
    return day_start_ms(number + 1, offset)


def date_of(time_ms: Millis, offset: int) -> str:
    local = _EPOCH + timedelta(milliseconds=time_ms, minutes=offset)
    return local.date().isoformat()
