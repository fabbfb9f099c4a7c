"""Tables that stand side by side on one sheet, each with the same headers: each becomes a part of its own.

Lists that would be too long for a page are printed so. Columns keep their letters in the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import polars as pl

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import fold_header, ledger_kinds

_LOOKED_AT = 40
_MOST_COLUMNS = 512
_LEAST_HEADERS = 2


def beside(raw: RawSheet) -> list[RawSheet]:
    """The tables of a sheet from left to right; the sheet itself where there is but one."""
    starts = _starts(raw)
    if len(starts) < 2:
        return [raw]
    bounds = [0, *starts[1:], raw.grid.width]
    return [_only(raw, begin, end) for begin, end in pairwise(bounds)]


# ---------------------------------------------------------------------------------------------- private


def _only(raw: RawSheet, begin: int, end: int) -> RawSheet:
    """The sheet with all other columns blank, so that cells keep their places."""
    others = [name for index, name in enumerate(raw.grid.columns) if not begin <= index < end]
    return replace(raw, grid=raw.grid.with_columns(pl.lit(None, pl.String).alias(name) for name in others))


def _starts(raw: RawSheet) -> list[int]:
    """0-based first columns of tables: the first row with the headers of a kind several times decides."""
    for row in raw.grid[:, :_MOST_COLUMNS].head(_LOOKED_AT).iter_rows():
        filled = sum(cell is not None for cell in row)
        if filled < 2 * _LEAST_HEADERS:
            continue
        labels = [fold_header(cell) if cell else "" for cell in row]
        if len(labels) - labels.count("") > len(set(labels) - {""}) and len(starts := _repeated(labels)) > 1:
            return starts
    return []


def _repeated(labels: Sequence[str]) -> list[int]:
    """First columns of groups that each hold all required headers of one kind, the first of them once."""
    for kind in ledger_kinds():
        named = [kind.column_under(label) for label in labels]
        column_keys = [column.key if column else "" for column in named]
        first = kind.required[0].key
        at = [index for index, key in enumerate(column_keys) if key == first]
        if len(at) < 2 or len({labels[index] for index in at}) > 1:
            continue
        starts = [index - _common_before(labels, at) for index in at]
        bounds = [*starts, len(labels)]
        required = {column.key for column in kind.required}
        groups = [set(column_keys[begin:end]) - {""} for begin, end in pairwise(bounds)]
        if all(required <= group and len(group) >= _LEAST_HEADERS for group in groups):
            return starts
    return []


def _common_before(labels: Sequence[str], at: Sequence[int]) -> int:
    """How many headers before the first required one are the same in every table (序号, a code)."""
    nearest = min(later - earlier for earlier, later in pairwise(at))
    count = 0
    while count + 1 < nearest and count < at[0]:
        before = {labels[index - count - 1] for index in at}
        if len(before) > 1 or before == {""}:
            break
        count += 1
    return count
