"""The days that a name or a line of a ledger tells: 20190510, 2019年5月, 2019年一季度.

A month or a quarter stands for its last day; a year alone for none.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

_YEARS = r"(?<!\d)(20[0-4]\d)"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(_YEARS + r"\s*年?\s*第?([一二三四1-4])季度?")
_HALF = re.compile(_YEARS + r"\s*年?\s*(上半年|下半年|年底|年末|底)")
_DAY = re.compile(_YEARS + r"\s*[年./\-_]\s*(\d{1,2})\s*[月./\-_]\s*(\d{1,2})(?!\d)")
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
_PLAIN_DAY = re.compile(_YEARS + rf"(\d{{2}})(\d{{2}})(?={_TIME}(?!\d)|(?!\d))")
"""A day written in digits alone, perhaps with the time of an export behind it: 20190518083012."""
_MONTH = re.compile(_YEARS + r"\s*[年./\-_]\s*(\d{1,2})(?!\d)")
_MONTH_WRITTEN = re.compile(_YEARS + r"\s*年\s*(\d{1,2})\s*月")
_PLAIN_MONTH = re.compile(_YEARS + r"(\d{2})(?!\d)")


def dates_in(text: str) -> list[date]:
    """The days that a text such as 20190510, 2019年5月 or 2019年一季度 names."""
    matches = [match for pattern in (_DAY, _PLAIN_DAY) for match in pattern.finditer(text)]
    days = [_made(match[1], match[2], match[3]) for match in matches]
    if not any(days):
        days = [_last(match[1], 3 * _QUARTERS[match[2]]) for match in _QUARTER.finditer(text)]
        days += [_last(match[1], 6 if match[2] == "上半年" else 12) for match in _HALF.finditer(text)]
    if not any(days):
        months = (_MONTH_WRITTEN, _MONTH, _PLAIN_MONTH)
        days = [_last(match[1], match[2]) for pattern in months for match in pattern.finditer(text)]
    return [day for day in days if day is not None]


# ---------------------------------------------------------------------------------------------- private


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _last(year: str, month: str | int) -> date | None:
    if not 1 <= int(month) <= 12:
        return None
    return date(int(year), int(month), calendar.monthrange(int(year), int(month))[1])
