"""汇总表: the figures of a form for each city or county, by formula over the form's own sheet."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.figures import Criterion, FigureSource, figure_formula, figure_value
from coverage_engine.reporting.form import FIRST_DATA_ROW, Form, TotalCell
from coverage_engine.reporting.layout import Column, Figure, Summary
from coverage_engine.reporting.scope import places_of
from coverage_engine.reporting.wording import wording

_NUMBER_WIDTH = 6
_KEY_WIDTH = 16
_FIGURE_WIDTH = 11
# Stands in a formula for the number of its row: the formulas of a column differ in nothing else.
_OWN_ROW = "\0"


def summary_form(plan: Plan, summary: Summary, rows: pl.DataFrame, source: FigureSource) -> Form:
    """A summary sheet. Every place of the division is listed, a place without rows with noughts (R12).

    A place that has rows of which nobody knows the number has the word for that.
    """
    grouped = _grouped(plan, summary, rows, source.figures)
    shown = grouped.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("number"), *_by(summary))
    computed = {
        f"figure:{figure.name}": _cells_of(figure, summary, grouped, source) for figure in source.figures
    }
    return Form(
        sheet=summary.sheet,
        title=summary.title,
        columns=_columns(summary, source.figures),
        rows=shown,
        computed=computed,
        totals=[_total(grouped, rows, source)],
        closing=[wording()["signature_line"]],
        freeze_columns=1 + len(summary.by),
    )


# ---------------------------------------------------------------------------------------------- private


def _by(summary: Summary) -> list[str]:
    return [f"by:{key.fact}" for key in summary.by]


def _columns(summary: Summary, figures: Sequence[Figure]) -> list[Column]:
    keys = [Column(f"by:{key.fact}", key.header, _KEY_WIDTH) for key in summary.by]
    counted = [Column(f"figure:{figure.name}", figure.name, _FIGURE_WIDTH) for figure in figures]
    return [Column("number", "序号", _NUMBER_WIDTH), *keys, *counted]


def _grouped(plan: Plan, summary: Summary, rows: pl.DataFrame, figures: Sequence[Figure]) -> pl.DataFrame:
    """One row for each place in the order of the division codes, with the values of all figures."""
    keys = _by(summary)
    known = places_of(plan)
    places = rows.select(keys)
    if {key.fact for key in summary.by} <= set(known.columns):
        listed = known.select(pl.col(key.fact).alias(f"by:{key.fact}") for key in summary.by)
        places = pl.concat([listed, places])
    places = places.unique(maintain_order=True)
    values = [figure_value(figure).alias(figure.name) for figure in figures]
    counted = rows.group_by(keys).agg(*values, pl.lit(True).alias("has_rows"))
    by_place = places.join(counted, on=keys, how="left", maintain_order="left")
    nothing = pl.when(pl.col("has_rows").is_null()).then(0)
    noughts = [figure.name for figure in figures if not figure.divided_by]
    return by_place.with_columns(pl.coalesce(name, nothing).alias(name) for name in noughts).drop("has_rows")


def _cells_of(
    figure: Figure, summary: Summary, grouped: pl.DataFrame, source: FigureSource
) -> list[TotalCell]:
    """The figure for each row of the summary: the formula looks up the key cells of its own row."""
    show = figure.show if figure.divided_by else "0"
    formula = figure_formula(figure, source.cells, [*_criteria(summary), *source.criteria])
    cell = TotalCell if figure.divided_by else TotalCell.of_sum
    return [
        cell(value, formula.replace(_OWN_ROW, str(row)), show)
        for row, value in enumerate(grouped[figure.name].to_list(), FIRST_DATA_ROW + 1)
    ]


def _criteria(summary: Summary) -> list[Criterion]:
    criteria = []
    for number, key in enumerate(summary.by, 1):
        cell = f"${xl_col_to_name(number)}{_OWN_ROW}"
        criteria.append((key.column, f'{cell}&"*"' if key.prefix else cell))
    return criteria


def _unknown(figure: Figure, rows: pl.DataFrame) -> bool:
    return rows.select(figure_value(figure)).item() is None


def _total(grouped: pl.DataFrame, rows: pl.DataFrame, source: FigureSource) -> dict[str, TotalCell]:
    """合计: the sum of the rows above; a rate is taken from the form's own totals."""
    total = {"number": TotalCell(wording()["summary_total"])}
    before = grouped.width - len(source.figures) + 1
    last = FIRST_DATA_ROW + max(grouped.height, 1) - 1
    for number, figure in enumerate(source.figures, before):
        key = f"figure:{figure.name}"
        if figure.divided_by:
            value = rows.select(figure_value(figure)).item()
            total[key] = TotalCell(value, figure_formula(figure, source.cells, source.criteria), figure.show)
        else:
            first, end = (xl_rowcol_to_cell(row, number) for row in (FIRST_DATA_ROW, last))
            value = None if rows.height and _unknown(figure, rows) else grouped[figure.name].sum()
            total[key] = TotalCell.of_sum(value, f"=SUM({first}:{end})")
    return total
