"""Working days: a date that falls on a weekend moves to the next Monday."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def working_day(start: date, offset: int) -> date:
    """The day `offset` calendar days after `start`, moved to the next working day."""
    day = start + timedelta(days=offset)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
