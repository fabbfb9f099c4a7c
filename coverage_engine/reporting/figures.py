"""Figures of a form: each as a worksheet formula and as the value that the formula gives.

The value is counted from the very cells that are written, by the same definition, so that a reader that
does not calculate shows the same number as one that does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl
from xlsxwriter.utility import xl_range_abs

from coverage_engine.reporting.layout import Figure


@dataclass(frozen=True)
class Cells:
    """Where the data of a form stand: sheet, first and last row (0-based), column of each key."""

    sheet: str
    first: int
    last: int
    columns: Mapping[str, int]

    def range(self, key: str) -> str:
        """The data cells of one column as an absolute reference with its sheet."""
        return _column_range(self.sheet, self.first, self.last, self.columns[key])


Criterion = tuple[str, str]
"""Key of a column and a criterion as formula text, e.g. ("party", '"有"')."""


@dataclass(frozen=True)
class FigureSource:
    """Figures over the data cells of one sheet, under criteria that always hold."""

    figures: Sequence[Figure]
    cells: Cells
    criteria: Sequence[Criterion] = ()


def figure_formula(figure: Figure, cells: Cells, criteria: Sequence[Criterion] = ()) -> str:
    """The worksheet formula of a figure over all rows that meet the criteria."""
    if figure.divided_by:
        top, bottom = (_sum_formula(cells, key, criteria) for key in (figure.of, figure.divided_by))
        return f'=IF({bottom}=0,"",{top}/{bottom})'
    if figure.sum:
        return f"={_sum_formula(cells, figure.of, criteria)}"
    wanted = [f'"{word}"' for word in figure.count] if figure.count else ['">0"']
    return "=" + "+".join(_count_formula(cells, [(figure.of, word), *criteria]) for word in wanted)


def figure_value(figure: Figure) -> pl.Expr:
    """What the formula gives, as an expression over the written columns.

    A sum over rows of which not one has a known number is null: nobody knows it.
    """
    if figure.divided_by:
        bottom = pl.col(figure.divided_by).sum()
        return pl.when(bottom != 0).then(pl.col(figure.of).sum() / bottom)
    if figure.sum:
        is_known = pl.col(figure.of).is_not_null().any() | (pl.len() == 0)
        return pl.when(is_known).then(pl.col(figure.of).sum())
    if figure.count:
        return pl.sum_horizontal(_matches(figure.of, word).sum() for word in figure.count)
    return (pl.col(figure.of) > 0).sum()


def figure_values(figures: Sequence[Figure], rows: pl.DataFrame) -> dict[str, float | int | None]:
    """Every figure over all rows, by its name."""
    return rows.select(figure_value(figure).alias(figure.name) for figure in figures).row(0, named=True)


# ---------------------------------------------------------------------------------------------- private


@cache
def _column_range(sheet: str, first: int, last: int, column: int) -> str:
    return f"'{sheet}'!{xl_range_abs(first, column, last, column)}"


def _sum_formula(cells: Cells, key: str, criteria: Sequence[Criterion]) -> str:
    if not criteria:
        return f"SUM({cells.range(key)})"
    return f"SUMIFS({cells.range(key)},{_criteria(cells, criteria)})"


def _count_formula(cells: Cells, criteria: Sequence[Criterion]) -> str:
    name = "COUNTIF" if len(criteria) == 1 else "COUNTIFS"
    return f"{name}({_criteria(cells, criteria)})"


def _criteria(cells: Cells, criteria: Sequence[Criterion]) -> str:
    return ",".join(f"{cells.range(key)},{criterion}" for key, criterion in criteria)


def _matches(key: str, word: str) -> pl.Expr:
    text, bare = pl.col(key), word.strip("*")
    if word.startswith("*"):
        return text.str.contains(bare, literal=True)
    return text.str.starts_with(bare) if word.endswith("*") else text == bare
