"""Data rows of a worksheet as text of its part: the cells of a column are one expression.

A workbook library that is asked cell by cell spends its time on being asked: a hundred thousand rows take
minutes and gigabytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from coverage_engine.reporting.fitting import Fitting

ROW, HEIGHT = "row of the sheet", "height of the row"
"""Columns of the rows to be told: their numbers and their heights in points."""

_LONGEST_TEXT = 32_767
_DAY_NOUGHT = date(1899, 12, 30)
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# XML 1.0 has no place for these; the office format spells them out.
_SPELT = {chr(code): f"_x{code:04X}_" for code in range(32) if chr(code) not in "\t\n"}
_LOOKS_SPELT = r"_(x[0-9a-fA-F]{4}_)"
# Looked for letter by letter, and as they stand: both far quicker than replacing what is seldom there.
_SUSPECTED, _SUSPECTED_WORDS = r"[\x00-\x1f&<>]", ("_x", "\ufffe", "\uffff")
_TEMPLATE_CELL = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"/>')


@dataclass(frozen=True)
class DataRows:
    """The data of one worksheet: the first row (from 1), cells by column, the heights of the rows.

    A column of structs holds formulas: `formula` without its sign, and the `value` that it gives; or numbers:
    `number`; beside either the `word` that stands where there is none. Rows are as high as their text
    needs, or of one height in points.
    """

    first: int
    cells: pl.DataFrame
    height: Fitting | int


def escaped(text: pl.Expr) -> pl.Expr:
    """Text as the content of an element: within the length of a cell, nothing in it can be markup."""
    return text.map_batches(_escaped, return_dtype=pl.String, is_elementwise=True)


def styles_of(template: str, part: DataRows) -> tuple[str, ...]:
    """The style of each column, from a row with an empty cell of the right style in each.

    Raises:
        ValueError: the row has not one cell for each column.
    """
    styles = tuple(_TEMPLATE_CELL.findall(template))
    if len(styles) != part.cells.width:
        raise ValueError(f"{len(styles)} styled cells for {part.cells.width} columns")
    return styles


@lru_cache(maxsize=64)
def row_text(styles: tuple[str, ...], columns: tuple[tuple[str, pl.DataType], ...]) -> pl.Expr:
    """A row as text, from the style, name and kind of each column; many sheets have the same.

    The columns of text hold their numbers among the shared texts; `ROW` and `HEIGHT` are texts too.
    """
    opening = [
        pl.lit('<row r="'),
        pl.col(ROW),
        pl.lit('" ht="'),
        pl.col(HEIGHT),
        pl.lit('" customHeight="1">'),
    ]
    cells = [
        part
        for number, (style, (name, kind)) in enumerate(zip(styles, columns, strict=True))
        for part in _cell(number, style, name, kind)
    ]
    return pl.concat_str(*opening, *cells, pl.lit("</row>"))


# ---------------------------------------------------------------------------------------------- private


def _escaped(texts: pl.Series) -> pl.Series:
    """Only the few texts with a mark that must be spelt, or too long for a cell, are written anew."""
    suspected = (texts.str.len_bytes() >= _LONGEST_TEXT) | texts.str.contains(_SUSPECTED)
    for mark in _SUSPECTED_WORDS:
        suspected |= texts.str.contains(mark, literal=True)
    places = suspected.fill_null(False).arg_true()
    if not len(places):
        return texts
    shortened = (
        texts.gather(places).str.slice(0, _LONGEST_TEXT - 1).str.replace_all("[\ufffe\uffff]", "\ufffd")
    )
    spelt = shortened.str.replace_all(_LOOKS_SPELT, "_x005F_$1")
    table = _MARKS | _SPELT
    return texts.clone().scatter(places, spelt.str.replace_many(list(table), list(table.values())))


def _cell(number: int, style: str, name: str, kind: pl.DataType) -> tuple[pl.Expr, ...]:
    """The parts of a cell in turn: copied once, into the row, and not from text to longer text."""
    begun = f'" s="{style}"' + (' t="s">' if kind == pl.String else ">")
    content = pl.coalesce(_value(begun, name, kind), pl.lit(f'" s="{style}"/>'))
    return pl.lit(f'<c r="{xl_col_to_name(number)}'), pl.col(ROW), content


def _value(begun: str, name: str, kind: pl.DataType) -> pl.Expr:
    """A cell from its style on; null for an empty one."""
    cell = pl.col(name)
    if isinstance(kind, pl.Struct):
        cell_writer = _formula if "formula" in kind.to_schema() else _number
        opening = pl.lit(f'{begun[:-1]} t="inlineStr"><is><t>')
        word = pl.concat_str(opening, escaped(cell.struct.field("word")), pl.lit("</t></is></c>"))
        return pl.coalesce(cell_writer(begun, cell), word)
    if kind == pl.Date:
        number = (cell - _DAY_NOUGHT).dt.total_days()
    else:
        number = cell.cast(pl.Int8) if kind == pl.Boolean else cell
    return pl.concat_str(pl.lit(f"{begun}<v>"), number.cast(pl.String), pl.lit("</v></c>"))


def _formula(begun: str, cell: pl.Expr) -> pl.Expr:
    formula = cell.struct.field("formula").str.replace_many(list(_MARKS), list(_MARKS.values()))
    known = pl.concat_str(pl.lit("<v>"), cell.struct.field("value"), pl.lit("</v>"))
    return pl.concat_str(pl.lit(f"{begun}<f>"), formula, pl.lit("</f>"), known.fill_null(""), pl.lit("</c>"))


def _number(begun: str, cell: pl.Expr) -> pl.Expr:
    number = cell.struct.field("number").cast(pl.String)
    return pl.concat_str(pl.lit(f"{begun}<v>"), number, pl.lit("</v></c>"))
