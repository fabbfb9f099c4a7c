"""One printed form on one worksheet: corner, title, seal line, two-row header, rows, totals, notes.

A4 landscape, one page wide, header repeated on each page, panes frozen under it. Text is written as text
whatever it looks like; a totals cell is a formula that carries its value.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from coverage_engine.reporting.fitting import header_height, row_heights
from coverage_engine.reporting.layout import Column
from coverage_engine.reporting.wording import fonts, wording

HEADER_ROW = 3
"""0-based first row of the two-row header."""
FIRST_DATA_ROW = HEADER_ROW + 2

_A4 = 9
_LONGEST_TEXT = 32_767
_THIN = 1


@dataclass(frozen=True)
class TotalCell:
    """A cell of a totals row: a label, or a formula with the value it gives and its number format."""

    value: Any
    formula: str = ""
    show: str = "0"


@dataclass(frozen=True)
class Form:
    """Everything that one worksheet shows.

    `rows` holds the data by column key; columns in `computed` hold formulas instead, one for each row.
    `totals` rows hold cells by column key; `closing` are the lines below the table. `left_line` and
    `right_line` stand under the title in place of 填报单位 and 填报日期. A `sparse` form leaves empty cells
    unwritten and rules the table by one conditional format: for long lists with many of them.
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
    sparse: bool = False


class Book:
    """A workbook of forms with its few cell formats, written when its `with` block ends without an error.

    Its creation date is the as-of date, never a clock.
    """

    def __init__(self, file: Path, title: str, as_of: date) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.workbook = xlsxwriter.Workbook(
            str(file),
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties({"title": title, "created": datetime.combine(as_of, time())})
        self._collects = gc.isenabled()
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **changes: Any) -> Any:
        """The cell format of body text with changes; each is made once."""
        key = tuple(sorted(changes.items()))
        if key not in self._formats:
            body = {"font_name": fonts()["body"], "font_size": 11, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format({**body, **changes})
        return self._formats[key]

    def boxed(self, align: str = "center", **changes: Any) -> Any:
        """The format of a cell inside the ruled table."""
        return self.style(border=_THIN, align=align, text_wrap=True, **changes)

    def __enter__(self) -> Book:
        # A workbook is very many small objects that all live until it is written: collecting meanwhile is
        # a fifth of the time and frees nothing.
        gc.disable()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.workbook.close()
        finally:
            if self._collects:
                gc.enable()


def printable(text: pl.Expr) -> pl.Expr:
    """Text that a cell can hold: within the length limit, no character that XML forbids, never markup."""
    held = text.str.slice(0, _LONGEST_TEXT - 1).str.replace_all("[\ufffe\uffff]", "\ufffd")
    # The writer takes a text from <r> to </r> for ready-made rich text; a blank behind it keeps it text.
    markup = held.str.starts_with("<r>") & held.str.ends_with("</r>")
    return pl.when(markup).then(held + " ").otherwise(held).name.keep()


def draw_form(book: Book, form: Form) -> None:
    """Add one worksheet with the form."""
    sheet = book.workbook.add_worksheet(form.sheet)
    rows = form.rows.with_columns(printable(pl.col(pl.String)))
    size = form.font_size
    for number, column in enumerate(form.columns):
        plain = book.style(align=column.align, text_wrap=True, font_size=size) if form.sparse else None
        sheet.set_column(number, number, column.width, plain)
    set_page(sheet)
    sheet.repeat_rows(HEADER_ROW, HEADER_ROW + 1)
    sheet.freeze_panes(FIRST_DATA_ROW, form.freeze_columns)
    _draw_heading(book, sheet, form)
    _draw_header(book, sheet, form)
    for row, height in enumerate(row_heights(form.columns, rows, size), FIRST_DATA_ROW):
        sheet.set_row(row, height)
    for number, column in enumerate(form.columns):
        styles = _CellStyles(book, column, size, form.sparse)
        if column.key in form.computed:
            _draw_computed(sheet, number, form.computed[column.key], styles)
        else:
            _draw_cells(sheet, number, column, rows, styles)
    last = FIRST_DATA_ROW + max(rows.height, 1) - 1
    if form.sparse:
        rule = {"type": "formula", "criteria": "=TRUE", "format": book.workbook.add_format({"border": _THIN})}
        sheet.conditional_format(FIRST_DATA_ROW, 0, last, len(form.columns) - 1, rule)
    _draw_choices(sheet, form.columns, last)
    for total in form.totals:
        last += 1
        _draw_total(book, sheet, form, total, last)
    for text in form.closing:
        last += 1
        sheet.set_row(last, 20)
        sheet.write_string(last, 0, text, book.style(font_size=11))


def set_page(sheet: Any) -> None:
    """A4 landscape, one page wide, page numbers at the foot."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer(f"&C{wording()['page_line']}")


# Private


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


@dataclass(frozen=True)
class _CellStyles:
    """The formats of one column's data cells, boxed one by one unless the form is sparse."""

    book: Book
    column: Column
    font_size: float
    sparse: bool

    def of(self, **changes: Any) -> Any:
        border = {} if self.sparse else {"border": _THIN}
        shape = {"align": self.column.align, "text_wrap": True, "font_size": self.font_size}
        return self.book.style(**shape, **border, **changes)


def _draw_cells(sheet: Any, number: int, column: Column, rows: pl.DataFrame, styles: _CellStyles) -> None:
    known = column.key in rows.columns and not rows.is_empty()
    cells = rows[column.key] if known else pl.Series([None] * max(rows.height, 1), dtype=pl.String)
    write, style = _writer(sheet, styles, cells.dtype)
    blank = styles.of()
    for row, value in enumerate(cells.to_list(), FIRST_DATA_ROW):
        if value is not None and value != "":
            write(row, number, value, style)
        elif not styles.sparse:
            sheet.write_blank(row, number, None, blank)


def _draw_computed(sheet: Any, number: int, cells: Sequence[TotalCell], styles: _CellStyles) -> None:
    for row, cell in enumerate(cells, FIRST_DATA_ROW):
        style = styles.of(num_format=cell.show)
        sheet.write_formula(row, number, cell.formula, style, "" if cell.value is None else cell.value)


def _writer(sheet: Any, styles: _CellStyles, dtype: pl.DataType) -> tuple[Any, Any]:
    if dtype == pl.String:
        return sheet.write_string, styles.of()
    if dtype == pl.Date:
        return sheet.write_datetime, styles.of(num_format="yyyy-mm-dd")
    return sheet.write_number, styles.of(num_format="0")


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
