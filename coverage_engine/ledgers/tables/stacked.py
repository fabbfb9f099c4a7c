"""Several tables stacked on one sheet, blank rows between: each becomes a part with its own header.

A part begins where, after a blank row (and perhaps a title row), a row holds all required headers of a ledger
kind. A header repeated as it stood above begins no new part. Rows keep their numbers in the sheet.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import polars as pl

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import fold_header, ledger_kinds
from coverage_engine.ledgers.tables.side_by_side import beside

_MOST_TRIED = 500
_LEAST_HEADERS = 2


def tables_of(raw: RawSheet) -> list[RawSheet]:
    """The tables of a sheet, from left to right and from top to bottom; the sheet itself if it is one."""
    return [part for column in beside(raw) for part in _below_each_other(column)]


# ---------------------------------------------------------------------------------------------- private


def _below_each_other(raw: RawSheet) -> list[RawSheet]:
    starts = _starts(raw.grid)
    if not starts:
        return [raw]
    bounds = [0, *starts, raw.grid.height]
    return [
        replace(raw, grid=raw.grid.slice(begin, end - begin), above=raw.above + begin)
        for begin, end in pairwise(bounds)
    ]


def _starts(grid: pl.DataFrame) -> list[int]:
    """0-based first rows of the second and further tables, title rows included."""
    filled = grid.select(n=pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)))
    before, two_before = pl.col("n").shift(1), pl.col("n").shift(2)
    tried = filled.select(
        row=pl.int_range(pl.len()),
        titled=before == 1,
        hit=(pl.col("n") >= _LEAST_HEADERS) & ((before == 0) | ((before == 1) & (two_before == 0))),
    ).filter("hit")
    starts: list[int] = []
    known: set[tuple[str, ...]] = set()
    for row, titled in tried.head(_MOST_TRIED).select("row", "titled").iter_rows():
        labels = _labels(grid, row)
        if not _is_header(labels) or labels in known:
            continue
        known.add(labels)
        above = starts[-1] if starts else 0
        if _any_header(grid, above, row, labels):
            starts.append(row - 1 if titled else row)
    return starts


def _labels(grid: pl.DataFrame, row: int) -> tuple[str, ...]:
    return tuple(fold_header(cell) if cell else "" for cell in grid.row(row))


def _is_header(labels: tuple[str, ...]) -> bool:
    filled = [label for label in labels if label]
    for kind in ledger_kinds():
        recognised = {column.key for label in filled if (column := kind.column_under(label))}
        required = {column.key for column in kind.required}
        if required <= recognised and len(recognised) >= max(_LEAST_HEADERS, len(filled) / 2):
            return True
    return False


def _any_header(grid: pl.DataFrame, first: int, row: int, labels: tuple[str, ...]) -> bool:
    """Whether another header stands above, so that this one begins a further table, not the first."""
    looked = range(first, min(row, first + 40))
    above = [_labels(grid, number) for number in looked]
    return labels not in above and any(_is_header(each) for each in above)
