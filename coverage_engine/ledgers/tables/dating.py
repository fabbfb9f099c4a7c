"""底数截止日期: the day the ledgers speak of, found in them and told with its ground, or told missing.

Where nobody gave it: the latest 导出日期 of the 智慧团建 export, else the latest date in a file or sheet
name, else above a header, else in a footer that says what day it is. Without any, today is taken, which is a
warning.
Days to come are no such dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coverage_engine.arguments import is_possible_day
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import reading_words
from coverage_engine.ledgers.tables.named_days import dates_in
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.ledgers.tables.values import cast_column

UNDATED, DATED = "as_of_today", "as_of"
"""Subjects of presumptions: today was taken for want of a date; a date was found in the ledgers."""

_NEAR = 10


@dataclass(frozen=True)
class Dated:
    """The as-of day; `subject` and `message` say where it was found, and are empty where it was given."""

    day: date
    subject: str = ""
    message: str = ""


def as_of_day(layouts: Sequence[Layout], given: date | None, log: FindingLog) -> Dated:
    """The day given, else the one that the ledgers tell, else today; what was not given is told."""
    if given is not None:
        return Dated(given)
    for place, dated_texts in (
        ("智慧团建导出的“导出日期”", _exported(layouts)),
        ("文件名或工作表名", _in_names(layouts)),
        ("表头上方", _above(layouts)),
        ("表尾", _in_footers(layouts)),
    ):
        possible = (entry for entry in dated_texts if is_possible_day(entry[0]) and entry[0] <= date.today())
        days = sorted(possible, key=lambda entry: entry[0])
        if days:
            day, source, text = days[-1]
            log.add("as_of.taken", source, found=f"{day.isoformat()}，取自{place}“{text}”")
            message = f"底数截止日期 {day.isoformat()} 取自{place}“{text}”；如有不同，请用 --as-of 写明。"
            return Dated(day, DATED, message)
    today = date.today()
    first = layouts[0].source if layouts else None
    log.add("as_of.undated", first, found=f"没有日期，暂按今天 {today.isoformat()}")
    message = f"台账没有写明日期，底数截止日期暂按今天 {today.isoformat()}；请用 --as-of 写明。"
    return Dated(today, UNDATED, message)


# ---------------------------------------------------------------------------------------------- private

_DatedTexts = Iterator[tuple[date, int, str]]


def _exported(layouts: Sequence[Layout]) -> _DatedTexts:
    for layout in layouts:
        if layout.kind and layout.kind.kind == "league_organisations" and "exported" in layout.rows.columns:
            values = cast_column(layout.rows["exported"], layout.kind.column("exported")).values
            for day in values.drop_nulls().unique().to_list():
                yield day, layout.source, day.isoformat()


def _in_names(layouts: Sequence[Layout]) -> _DatedTexts:
    for layout in layouts:
        if layout.kind:
            for name in (Path(layout.raw.file).stem, layout.raw.sheet):
                yield from ((day, layout.source, name) for day in dates_in(name))


def _above(layouts: Sequence[Layout]) -> _DatedTexts:
    for layout in layouts:
        if layout.kind and layout.header_row:
            for cell in _cells(layout, 0, layout.header_row - layout.raw.above - 1):
                yield from ((day, layout.source, cell) for day in dates_in(cell))


def _in_footers(layouts: Sequence[Layout]) -> _DatedTexts:
    """Dates in the last rows that are no data and say that they hold one."""
    words = reading_words()["dating"]["words"]
    for layout in layouts:
        if layout.kind is None:
            continue
        height = layout.raw.grid.height
        data = set(layout.rows["row"].tail(_NEAR).to_list())
        for at in range(max(height - _NEAR, 0), height):
            if at + 1 + layout.raw.above in data:
                continue
            line = " ".join(_cells(layout, at, at + 1))
            if any(word in line for word in words):
                yield from ((day, layout.source, day.isoformat()) for day in dates_in(line))


def _cells(layout: Layout, begin: int, end: int) -> list[str]:
    rows = layout.raw.grid.slice(begin, max(end - begin, 0)).rows()
    return [cell for row in rows for cell in row if cell]
