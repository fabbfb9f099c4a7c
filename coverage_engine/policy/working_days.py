"""Deadlines: calendar dates that hold as written, with a warning on the last working day before them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """工作日历: public holidays and the weekend days worked for them, by year."""

    holidays: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]
    clauses: Mapping[int, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day; in years without a calendar, Monday to Friday."""
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def last_before(self, due: date) -> date:
        """The due date itself if it is a working day, else the last working day before it."""
        day = due
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def source(self, day: date) -> str:
        """The notice that a year's holidays come from, or that they are not known yet."""
        if day.year in self.years:
            return self.clauses.get(day.year, "")
        return f"{day.year}年放假安排未录入，按周一至周五计"

    def left(self, today: date, due: date) -> int:
        """Working days from today (included) to the due date (included); negative when it has passed."""
        if due < today:
            return -sum(self.is_working(day) for day in _days(due + timedelta(days=1), today))
        return sum(self.is_working(day) for day in _days(today, due))


def entry_due(meeting: date, months: int) -> date:
    """The last day for entering a member passed by the meeting: calendar months, clamped to month end."""
    month = meeting.month - 1 + months
    year, month = meeting.year + month // 12, month % 12 + 1
    return date(year, month, min(meeting.day, monthrange(year, month)[1]))


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
