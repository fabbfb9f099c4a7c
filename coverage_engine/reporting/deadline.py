"""办结时限: the day until which the notice wants results, and the last working day before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from coverage_engine.content import read_shipped
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.wording_shapes import DeadlineFile

_SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    """The notice's due day with its clause, and the days on which nobody works.

    `passed`: a plan was made after it.
    """

    due: date
    clause: str
    holidays: frozenset[date]
    passed: bool = False

    @property
    def last_working_day(self) -> date:
        """The due day, or the last working day before it: 15 June 2019 is a Saturday."""
        day = self.due
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def is_working_day(self, day: date) -> bool:
        """Neither a weekend nor a listed holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays


@cache
def deadline() -> Deadline:
    """The deadline in `reports/deadline.toml`."""
    content = read_shipped(DeadlineFile, "reports", "deadline.toml")
    return Deadline(content.due, content.clause, frozenset(content.holidays))


def deadline_of(plan: Plan) -> Deadline:
    """The deadline of the policy that a plan was judged by."""
    due = plan.terms.hand_in or deadline().due
    return replace(deadline(), due=due, passed=plan.as_of > due)


def day_words(day: date) -> str:
    """A day as `2019年6月15日`, digits without leading noughts (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"
