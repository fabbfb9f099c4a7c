"""Words that the sheets of an action list share: texts with places, and the marks of late days."""

from __future__ import annotations

from functools import reduce

import polars as pl

from coverage_engine.reporting.action_layout import ActionLayout
from coverage_engine.reporting.deadline import Deadline, day_words


def is_late(last: Deadline) -> pl.Expr:
    """Whether a step is due after the notice's deadline; never for a plan made after it."""
    return pl.lit(False) if last.passed else (pl.col("due") > last.due).fill_null(False)


def warning(layout: ActionLayout, last: Deadline) -> pl.Expr:
    """Whether the day `due` comes after the deadline, or on a holiday; null for neither."""
    late = layout.late_mark.format(deadline=day_words(last.due).partition("年")[2])
    holiday = pl.col("due").is_in(sorted(last.holidays))
    return pl.when(is_late(last)).then(pl.lit(late)).when(holiday).then(pl.lit(layout.holiday_mark))


def filled(form: str, **values: pl.Expr) -> pl.Expr:
    """A text with `{name}` places filled by expressions, values never read as places again."""
    pieces = [piece.partition("}") for piece in form.split("{")]
    opening, places = pieces[0][0], pieces[1:]
    parts = [part for name, _, after in places for part in (values[name], pl.lit(after))]
    return reduce(lambda left, right: left + right, parts, pl.lit(opening))
