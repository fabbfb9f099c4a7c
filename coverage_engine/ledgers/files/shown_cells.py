"""The cells of a sheet as the texts that they show: numbers without float noise, days in ISO form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite

_EXACT_BELOW = 1e15
"""Excel keeps 15 digits; a longer number has lost its tail already."""
_REMEMBERED = 100_000


def shown_rows(rows: Iterable[Sequence[object]], before: int) -> Iterator[list[str]]:
    """Rows of cells as texts, behind so many empty columns."""
    empty = [""] * before
    # Ledgers write the same numbers again and again: each is put into words once.
    numbers: dict[object, str] = {}
    for row in rows:
        shown = [
            cell
            if type(cell) is str
            else (type(cell) is float and numbers.get(cell)) or _shown(cell, numbers)
            for cell in row
        ]
        yield empty + shown if before else shown


# ---------------------------------------------------------------------------------------------- private


def _shown(cell: object, numbers: dict[object, str]) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        text = _number(float(cell))
        if len(numbers) < _REMEMBERED:
            numbers[float(cell)] = text
        return text
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number(value: float) -> str:
    if not isfinite(value):
        return repr(value)
    if abs(value) >= _EXACT_BELOW:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)
