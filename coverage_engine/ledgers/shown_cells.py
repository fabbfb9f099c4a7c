"""The cells of a sheet as the texts that they show: numbers without float noise, days in ISO form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

_EXACT_BELOW = 1e15
"""Excel keeps 15 digits; a longer number has lost its tail already."""


def shown_rows(rows: Iterable[Sequence[object]], before: int) -> Iterator[list[str]]:
    """Rows of cells as texts, behind so many empty columns."""
    empty = [""] * before
    for row in rows:
        yield empty + [cell if type(cell) is str else _shown(cell) for cell in row]


# ---------------------------------------------------------------------------------------------- private


def _shown(cell: object) -> str:
    if type(cell) is float:
        return _number(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number(value: float) -> str:
    if abs(value) >= _EXACT_BELOW:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)
