"""Merged cells below the header: what is written once for several rows is meant for each of them.

Words, places and days are filled down. A number is not: nobody can tell whether it is each row's or all rows'
together, so that it becomes unknown; so does a code that stands for rows of different names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import LedgerColumn

_UNCLEAR_TYPES = frozenset({"count", "percent"})
_Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MergedColumn:
    """What was done in one column: `spans` of rows in the file, `cells` filled; none where it is unclear."""

    index: int
    column: LedgerColumn
    spans: tuple[tuple[int, int], ...]
    cells: int
    unclear: bool


def fill_down(
    raw: RawSheet, columns: dict[int, LedgerColumn], first: int, data: pl.Series
) -> tuple[RawSheet, tuple[MergedColumn, ...]]:
    """The sheet with merged cells of its stored columns filled down from row `first` (0-based in the grid).

    `data` are the numbers in the file of the rows that are data.
    """
    begin, end = raw.above + first + 1, raw.above + raw.grid.height
    tall = [span for span in raw.marks.merged if span[2] > span[0] >= begin and span[0] <= end]
    if not tall:
        return raw, ()
    numbers = data.to_numpy().astype(np.int64)
    merged_columns: list[MergedColumn] = []
    grid = raw.grid
    for index, column in columns.items():
        spans = _apart([(top, min(bottom, end)) for top, left, bottom, _ in tall if left == index + 1])
        written = grid.to_series(index).is_not_null().to_numpy()
        spans = [
            span for span in spans if written[span[0] - raw.above - 1] and _data_rows_in(numbers, span) > 1
        ]
        if not column.stored or not spans:
            continue
        clear = _clear(column, columns, tall)
        if plain := [span for span in spans if clear is None or span in clear]:
            grid, cells = _filled(grid, index, plain, raw.above, numbers)
            merged_columns.append(MergedColumn(index, column, tuple(plain), cells, unclear=False))
        if unclear := [span for span in spans if clear is not None and span not in clear]:
            tops = [top - raw.above - 1 for top, _ in unclear]
            grid = grid.with_columns(grid.to_series(index).scatter(tops, None))
            merged_columns.append(MergedColumn(index, column, tuple(unclear), 0, unclear=True))
    return replace(raw, grid=grid), tuple(entry for entry in merged_columns if entry.unclear or entry.cells)


def wide_rows(raw: RawSheet) -> list[int]:
    """Numbers in the file of the rows whose cells are merged over half of the table: titles of sections."""
    least = max(3, (raw.grid.width + 1) // 2)
    return sorted(
        {top for top, left, bottom, right in raw.marks.merged if top == bottom and right - left >= least - 1}
    )


# ---------------------------------------------------------------------------------------------- private


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of rows one after the other; those that overlap an earlier one are no merged cells."""
    apart: list[tuple[int, int]] = []
    for top, bottom in sorted(spans):
        if bottom > top and (not apart or top > apart[-1][1]):
            apart.append((top, bottom))
    return apart


def _data_rows_in(numbers: _Rows, span: tuple[int, int]) -> int:
    """Rows of data in a span."""
    low, high = np.searchsorted(numbers, [span[0], span[1] + 1])
    return int(high - low)


def _clear(
    column: LedgerColumn, columns: dict[int, LedgerColumn], tall: Sequence[tuple[int, int, int, int]]
) -> set[tuple[int, int]] | None:
    """The spans whose value is surely each row's; None: all are."""
    if column.type in _UNCLEAR_TYPES:
        return set()
    if column.type != "credit_code":
        return None
    named = {index + 1 for index, other in columns.items() if other.required and other.type == "text"}
    return {(top, bottom) for top, left, bottom, _ in tall if left in named}


def _filled(
    grid: pl.DataFrame, index: int, spans: Sequence[tuple[int, int]], above: int, numbers: _Rows
) -> tuple[pl.DataFrame, int]:
    """The grid with one column filled down, and how many cells of data rows that were."""
    rows = np.concatenate([np.arange(top, bottom) for top, bottom in spans]) - above
    tops = np.repeat([top for top, _ in spans], [bottom - top for top, bottom in spans]) - above - 1
    cells = grid.to_series(index)
    blank = cells.gather(rows).is_null().to_numpy()
    rows, tops = rows[blank], tops[blank]
    filled = cells.scatter(pl.Series(rows, dtype=pl.UInt32), cells.gather(tops)) if len(rows) else cells
    return grid.with_columns(filled), int(np.isin(rows + above + 1, numbers).sum())
