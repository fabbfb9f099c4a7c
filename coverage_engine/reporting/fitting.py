"""How high a row must be for its wrapped text: not every program fits rows by itself when it opens a file.

Widths are column widths in characters of the default font (7 pixels and a margin each); a Chinese character
is as wide as its font size, any other half of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import polars as pl

from coverage_engine.reporting.layout import Column

_PIXELS_A_CHARACTER = 7
_PIXELS_A_POINT = 4 / 3
_LINE_SPACING = 1.4
_PADDING = 3.0
_HIGHEST_ROW = 409.0


def row_heights(columns: Sequence[Column], rows: pl.DataFrame, font_size: float) -> list[float]:
    """Height in points of each row of the data, from its longest text."""
    lines = [
        _broken_lines(rows[column.key], column.width, font_size)
        if rows[column.key].str.contains("\n", literal=True).any()
        else _lines(pl.col(column.key), column.width, font_size)
        for column in columns
        if rows.schema.get(column.key) == pl.String
    ]
    if not lines:
        return [_height(1, font_size)] * rows.height
    most = rows.select(pl.max_horizontal(*lines, pl.lit(1, pl.Int64))).to_series()
    return [_height(number, font_size) for number in most.to_list()]


def header_height(columns: Sequence[Column], font_size: float, least: float) -> float:
    """Height in points of a header row, at least the given one."""
    texts = pl.DataFrame({column.key: [column.header] for column in columns})
    return max(row_heights(columns, texts, font_size)[0], least)


# Private


def _lines(text: pl.Expr, width: float, font_size: float) -> pl.Expr:
    """Lines that a text takes, counted in half characters: UTF-8 spends three bytes on a Chinese one."""
    halves = (text.str.len_bytes() + text.str.len_chars() + 1) // 2
    a_line = 2 * max(int(width * _PIXELS_A_CHARACTER / (font_size * _PIXELS_A_POINT)), 1)
    return ((halves + a_line - 1) // a_line).cast(pl.Int64)


def _broken_lines(texts: pl.Series, width: float, font_size: float) -> pl.Series:
    """Lines of texts that have line breaks of their own."""
    each = _lines(pl.element(), width, font_size)
    return texts.str.split("\n").list.eval(each).list.sum().cast(pl.Int64)


def _height(lines: int, font_size: float) -> float:
    return min(float(ceil(lines * font_size * _LINE_SPACING + _PADDING)), _HIGHEST_ROW)
