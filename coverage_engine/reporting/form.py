"""One printed form on one worksheet: corner, title, seal line, two-row header, rows, totals, notes.

A4 landscape, one page wide, header repeated on each page, panes frozen under it. Text is written as text
whatever it looks like; a totals cell is a formula that carries its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import polars as pl

from coverage_engine.reporting.book import Book
from coverage_engine.reporting.fitting import Fitting, header_height
from coverage_engine.reporting.layout import Column
from coverage_engine.reporting.rows import DataRows
from coverage_engine.reporting.wording import fonts, wording

HEADER_ROW = 3
"""0-based first row of the two-row header."""
FIRST_DATA_ROW = HEADER_ROW + 2

_A4 = 9
_THIN = 1


@dataclass(frozen=True)
class TotalCell:
    """A cell of a totals row: a label, or a formula with the value it gives and its number format."""

    value: Any
    formula: str = ""
    show: str = "0"

    @classmethod
    def of_sum(cls, value: Any, formula: str, show: str = "0") -> TotalCell:
        """A sum, or the word for a number that nobody knows: a formula would show it as nought."""
        return cls(str(wording()["unknown_number"])) if value is None else cls(value, formula, show)


@dataclass(frozen=True)
class Form:
    """Everything that one worksheet shows.

    `rows` holds the data by column key; columns in `computed` hold formulas instead, one for each row.
    `totals` rows hold cells by column key; `closing` are the lines below the table. `left_line` and
    `right_line` stand under the title in place of 填报单位 and 填报日期.
    """

    sheet: str
    title: str
    columns: Sequence[Column]
    rows: pl.DataFrame
    corner: str = ""
    left_line: str | None = None
    right_line: str | None = None
    computed: Mapping[str, Sequence[TotalCell]] = field(default_factory=dict)
    totals: Sequence[Mapping[str, TotalCell]] = ()
    closing: Sequence[str] = ()
    freeze_columns: int = 0
    font_size: float = 11


def draw_form(book: Book, form: Form) -> None:
    """Add one worksheet with the form."""
    sheet = book.workbook.add_worksheet(form.sheet)
    for number, column in enumerate(form.columns):
        sheet.set_column(number, number, column.width)
    set_page(sheet)
    sheet.repeat_rows(HEADER_ROW, HEADER_ROW + 1)
    sheet.freeze_panes(FIRST_DATA_ROW, form.freeze_columns)
    _draw_heading(book, sheet, form)
    _draw_header(book, sheet, form)
    _draw_rows(book, sheet, form)
    last = FIRST_DATA_ROW + max(form.rows.height, 1) - 1
    _draw_choices(sheet, form.columns, last)
    for total in form.totals:
        last += 1
        _draw_total(book, sheet, form, total, last)
    for text in form.closing:
        last += 1
        sheet.set_row(last, 20)
        sheet.write_string(last, 0, text, book.style(font_size=11))


def data_rows(form: Form) -> DataRows | None:
    """The data of a form as it stands on its worksheet; none where it has none."""
    if not form.rows.height:
        return None
    widths = tuple((column.key, column.width) for column in form.columns)
    return DataRows(FIRST_DATA_ROW + 1, pl.DataFrame(_all_cells(form)), Fitting(widths, form.font_size))


def set_page(sheet: Any) -> None:
    """A4 landscape, one page wide, page numbers at the foot."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer(f"&C{wording()['page_line']}")


# ---------------------------------------------------------------------------------------------- private


def _draw_heading(book: Book, sheet: Any, form: Form) -> None:
    end = len(form.columns) - 1
    left = wording()["unit_line"] if form.left_line is None else form.left_line
    right = wording()["date_line"] if form.right_line is None else form.right_line
    sheet.set_row(0, 22)
    sheet.set_row(1, 36)
    sheet.set_row(2, 22)
    if form.corner:
        sheet.write_string(0, 0, form.corner, book.style(font_name=fonts()["head"], font_size=14))
    heading = book.style(font_name=fonts()["title"], font_size=20, bold=True, align="center")
    sheet.merge_range(1, 0, 1, end, form.title, heading)
    middle = _middle(form.columns)
    sheet.merge_range(2, 0, 2, middle, left, book.style(font_size=11))
    aligned = book.style(font_size=11, align="right")
    if end - middle > 1:
        sheet.merge_range(2, middle + 1, 2, end, right, aligned)
    else:
        sheet.write_string(2, end, right, aligned)


def _middle(columns: Sequence[Column]) -> int:
    """The column at which half the width of the form is reached; two columns at least on either side."""
    half, reached = sum(column.width for column in columns) / 2, 0.0
    for number, column in enumerate(columns):
        reached += column.width
        if reached >= half:
            return min(max(number, 1), max(len(columns) - 3, 1))
    return 1


def _draw_header(book: Book, sheet: Any, form: Form) -> None:
    columns, size = form.columns, form.font_size
    style = book.boxed(font_name=fonts()["head"], font_size=size)
    upper, lower = HEADER_ROW, HEADER_ROW + 1
    grouped = [column for column in columns if column.group]
    single = [column for column in columns if not column.group]
    below = header_height(grouped, size, 24) if grouped else 18
    sheet.set_row(upper, max(22, header_height(single, size, 18) - below) if single else 22)
    sheet.set_row(lower, below)
    for group, numbered in groupby(enumerate(columns), key=lambda pair: pair[1].group):
        placed = list(numbered)
        first, last = placed[0][0], placed[-1][0]
        if not group:
            for number, column in placed:
                sheet.merge_range(upper, number, lower, number, column.header, style)
            continue
        if first == last:
            sheet.write_string(upper, first, group, style)
        else:
            sheet.merge_range(upper, first, upper, last, group, style)
        for number, column in placed:
            sheet.write_string(lower, number, column.header, style)


def _draw_rows(book: Book, sheet: Any, form: Form) -> None:
    """One row of empty styled cells, and in its place the data when the book is written."""
    for number, (column, values) in enumerate(zip(form.columns, _all_cells(form), strict=True)):
        shown = _shown(form, column, values)
        style = book.boxed(column.align, font_size=form.font_size, **shown)
        sheet.write_blank(FIRST_DATA_ROW, number, None, style)
    rows = data_rows(form)
    if rows is not None:
        book.add_rows(rows)


def _shown(form: Form, column: Column, values: pl.Series) -> dict[str, str]:
    """The number format of a column, none for text."""
    if form.computed.get(column.key):
        return {"num_format": form.computed[column.key][0].show}
    if values.dtype == pl.String:
        return {}
    if number_of(column) in form.rows.columns:
        return {"num_format": column.show}
    return {"num_format": "yyyy-mm-dd" if values.dtype == pl.Date else "0"}


def _all_cells(form: Form) -> list[pl.Series]:
    return [_cells(form, column) for column in form.columns]


def _cells(form: Form, column: Column) -> pl.Series:
    """What a column shows: its data, its formulas with their values, or nothing."""
    if form.computed.get(column.key):
        cells = form.computed[column.key]
        texts = [None if cell.value is None else str(cell.value) for cell in cells]
        parts = {
            "formula": [cell.formula.removeprefix("=") or None for cell in cells],
            "value": texts,
            "word": [None if cell.formula else text for cell, text in zip(cells, texts, strict=True)],
        }
        return pl.DataFrame(parts, dict.fromkeys(parts, pl.String)).to_struct(column.key)
    if column.key in form.rows.columns:
        return _numbers_or_words(form.rows, column)
    return pl.Series(column.key, [None] * form.rows.height, pl.String)


def _numbers_or_words(rows: pl.DataFrame, column: Column) -> pl.Series:
    """The cells of a column; numbers and words side by side where the layout has both."""
    cells, number = rows[column.key], number_of(column)
    if number in rows.columns:
        pairs = rows.select(number=pl.col(number).cast(pl.Float64), word=pl.col(column.key))
        return pairs.to_struct(column.key)
    if column.unknown and cells.dtype != pl.String and cells.null_count():
        word = pl.when(pl.col(column.key).is_null()).then(pl.lit(column.unknown))
        return rows.select(number=pl.col(column.key), word=word).to_struct(column.key)
    return cells


def number_of(column: Column) -> str:
    """The name under which rows hold the number that a column shows in the place of its words."""
    return f"number:{column.key}"


def _draw_choices(sheet: Any, columns: Sequence[Column], last: int) -> None:
    for number, column in enumerate(columns):
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            sheet.data_validation(FIRST_DATA_ROW, number, last, number, rule)


def _draw_total(book: Book, sheet: Any, form: Form, total: Mapping[str, TotalCell], row: int) -> None:
    sheet.set_row(row, 24)
    look = {"border": _THIN, "font_name": fonts()["head"], "font_size": form.font_size}
    filled = [number for number, column in enumerate(form.columns) if column.key in total]
    label_end = [*filled, len(form.columns)][1] - 1
    for number, column in enumerate(form.columns):
        cell = total.get(column.key)
        if cell is None and number > label_end:
            sheet.write_blank(row, number, None, book.boxed())
        elif cell is None:
            continue
        elif not cell.formula and label_end > number:
            sheet.merge_range(row, number, row, label_end, cell.value, book.style(align="center", **look))
        elif not cell.formula:
            sheet.write_string(row, number, cell.value, book.style(align="center", **look))
        else:
            # Shrinking keeps a long number from turning into ####.
            style = book.style(align="center", shrink=True, num_format=cell.show, **look)
            sheet.write_formula(row, number, cell.formula, style, "" if cell.value is None else cell.value)
