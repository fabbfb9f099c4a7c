"""A sheet of any table format, as far as its reader can tell what it looks like."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


@dataclass(frozen=True)
class ForeignSheet:
    """A sheet's name and cells (columns `c0`, `c1` …; one row for each row of the sheet).

    Hidden rows and columns are counted from 1. Of `merged` cells only the first holds the text. `visibility`
    is `visible`, `hidden` or `very_hidden`. `unstored` are cells (row, column, from 0) whose formula has no
    value.
    """

    name: str
    grid: pl.DataFrame
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[Range, ...] = ()
    visibility: str = "visible"
    of_1904: bool = False
    unstored: tuple[tuple[int, int], ...] = ()
