"""How high a row must be for its wrapped text: not every program fits rows by itself when it opens a file.

Widths are column widths in characters of the default font (7 pixels and a margin each); a Chinese character
is as wide as its font size, any other half of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.reporting.layout import Column

_PIXELS_A_CHARACTER = 7
_PIXELS_A_POINT = 4 / 3
_LINE_SPACING = 1.4
_PADDING = 3.0
_HIGHEST_ROW = 409.0


@dataclass(frozen=True)
class Fitting:
    """What the height of a row depends on beside its text: the columns' widths, the font size in points."""

    widths: tuple[tuple[str, float], ...]
    font_size: float


def row_heights(fitting: Fitting, cells: pl.DataFrame) -> pl.Series:
    """Height in points of each row of cells, from its longest text."""
    size = fitting.font_size
    shown = [(name, width) for name, width in fitting.widths if cells.schema[name] == pl.String]
    breaks = [pl.col(name).str.contains("\n", literal=True).any() for name, _ in shown]
    broken = cells.select(breaks).row(0) if shown else ()
    lines = [
        (_broken_lines if has_breaks else _lines)(pl.col(name), width, size)
        for (name, width), has_breaks in zip(shown, broken, strict=True)
    ]
    most = pl.max_horizontal(*lines, pl.repeat(1, pl.len(), dtype=pl.Int64))
    return cells.select(_height(most, size)).to_series()


def header_height(columns: Sequence[Column], font_size: float, least: float) -> float:
    """Height in points of a header row, at least the given one."""
    return max(_header_height(tuple((column.header, column.width) for column in columns), font_size), least)


# ---------------------------------------------------------------------------------------------- private


@cache
def _header_height(texts: tuple[tuple[str, float], ...], font_size: float) -> float:
    """Kept, because the lists of all counties have the same few headers."""
    lines = [_lines(pl.lit(text), width, font_size) for text, width in texts]
    return float(pl.select(_height(pl.max_horizontal(*lines, 1), font_size)).item())


def _lines(text: pl.Expr, width: float, font_size: float) -> pl.Expr:
    """Lines that a text takes, counted in half characters: UTF-8 spends three bytes on a Chinese one."""
    halves = (text.str.len_bytes() + text.str.len_chars() + 1) // 2
    a_line = 2 * max(int(width * _PIXELS_A_CHARACTER / (font_size * _PIXELS_A_POINT)), 1)
    return ((halves + a_line - 1) // a_line).cast(pl.Int64)


def _broken_lines(text: pl.Expr, width: float, font_size: float) -> pl.Expr:
    """Lines of a text that has line breaks of its own."""
    each = _lines(pl.element(), width, font_size)
    return text.str.split("\n").list.eval(each).list.sum().cast(pl.Int64)


def _height(lines: pl.Expr, font_size: float) -> pl.Expr:
    return (lines * font_size * _LINE_SPACING + _PADDING).ceil().clip(upper_bound=_HIGHEST_ROW)
