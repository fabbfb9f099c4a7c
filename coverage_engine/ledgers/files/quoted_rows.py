"""The rows of a text ledger: quotes hold a cell together over separators and line breaks, if they must.

A line break inside quotes joins two lines into one row only where the row comes out as wide as the ledger
and none of the lines joined looks like a row of its own. Otherwise the quote is a mark like any other, told
with its line: no line of the file is swallowed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import polars as pl

from coverage_engine.ledgers.files.text_lines import after_quote, cells_of, closing

_LONGEST_CELL = 32_767
"""Signs that a cell of a spreadsheet can hold: a longer one with line breaks came from no spreadsheet."""
_LONGEST_LINE = 131_072
"""Signs of a cell that the reader of the standard library takes."""
_USUAL_SHARE = 5
_EVEN_SHARE = 0.9


@dataclass(frozen=True)
class Rows:
    """`cells` is a frame with `line` (first line of each row, from 0) and `cells` (a list of texts).

    `strays` are line and column (both from 0) of quotes taken as marks, `breaks` first and last line of rows
    with line breaks inside quotes; `usual` are the widths that rows of this file have.
    """

    cells: pl.DataFrame
    strays: Sequence[tuple[int, int]]
    breaks: Sequence[tuple[int, int]]
    usual: frozenset[int]


def rows_of(text: str, separator: str, header: Sequence[str]) -> Rows:
    """All rows of a text; `header` are the cells of its header, none where it is not known."""
    lines = pl.Series("cells", [text], dtype=pl.String).str.split("\n").explode()
    numbered = pl.DataFrame({"cells": lines}).with_row_index("line")
    quoted = lines.str.contains('"', literal=True)
    plain = numbered.filter(~quoted).with_columns(pl.col("cells").str.split(separator))
    if not quoted.any():
        return Rows(plain, (), (), _usual(plain, header))
    whole = lines.str.contains(_well_quoted(separator)) & (lines.str.len_chars() < _LONGEST_LINE)
    cut = numbered.filter(quoted & whole)
    proper = cut.with_columns(_lists(csv.reader(cut["cells"].to_list(), delimiter=separator)))
    usual = _usual(pl.concat([plain, proper]), header)
    walk = _Walk(lines, separator, usual, _even(plain, usual))
    walk.through((quoted & ~whole).arg_true().to_list())
    narrow = cut.filter(~proper["cells"].list.len().is_in(list(usual)))["line"].to_list()
    walk.mark(number for number in narrow if number not in walk.joined and walk.joined_by_quotes(number))
    walked = pl.DataFrame({"line": pl.Series(list(walk.rows), dtype=pl.UInt32)})
    done = pl.Series([*walk.joined, *walk.rows], dtype=pl.UInt32)
    left = pl.concat([plain, proper]).filter(~pl.col("line").is_in(done.implode()))
    cells = pl.concat([left, walked.with_columns(_lists(walk.rows.values()))]).sort("line")
    return Rows(cells, walk.strays, walk.breaks, usual)


# ---------------------------------------------------------------------------------------------- private


def _lists(rows: Iterable[Sequence[str]]) -> pl.Series:
    """Rows of cells as a column of lists, made from one long column: much faster than list by list."""
    cell_lists = list(rows)
    lengths = pl.DataFrame({"row": range(len(cell_lists)), "cells": map(len, cell_lists)})
    owner = lengths.select(pl.col("row").repeat_by("cells").explode()).to_series()
    flat = pl.Series("cells", list(chain.from_iterable(cell_lists)), dtype=pl.String)
    cells = pl.DataFrame({"row": owner, "cells": flat})
    return cells.group_by("row", maintain_order=True).agg("cells")["cells"]


def _even(plain: pl.DataFrame, usual: frozenset[int]) -> bool:
    """Whether nine of ten lines without quotes are equally wide: else a short row means nothing."""
    widths = plain.filter(pl.col("cells").list.join("") != "")["cells"].list.len()
    return bool(widths.is_in(list(usual)).sum() >= _EVEN_SHARE * len(widths) > 0)


def _well_quoted(separator: str) -> str:
    """A line of whole cells: without quotes, or in quotes that begin and end with the cell."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"{re.escape(separator)}]*)'
    return rf"^{cell}(?:{re.escape(separator)}{cell})*$"


def _usual(rows: pl.DataFrame, header: Sequence[str]) -> frozenset[int]:
    """Widths of rows: that of the header, and those that a fifth of the filled lines have."""
    filled = rows.select(width=pl.col("cells").list.len(), some=pl.col("cells").list.first() != "")
    widths = filled.filter(pl.col("some") | (pl.col("width") > 1))["width"].value_counts().rows()
    least = max(2, sum(times for _, times in widths) / _USUAL_SHARE)
    usual = {width for width, times in widths if times >= least and width > 1}
    return frozenset({*usual, *([len(header)] if header else ())})


@dataclass
class _Walk:
    """Goes through the lines whose quotes are not in order, and joins the lines that belong together."""

    lines: pl.Series
    separator: str
    usual: frozenset[int]
    even: bool
    rows: dict[int, list[str]] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    strays: list[tuple[int, int]] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def widest(self) -> int:
        """From so many cells on a line looks like a row, however many it has."""
        return max(self.usual, default=1)

    def through(self, numbers: Sequence[int]) -> None:
        """Cuts these lines into rows; a line joined to one above is no row of its own."""
        last = -1
        for number in numbers:
            if number > last:
                last = self._row(number)

    def mark(self, numbers: Iterable[int]) -> None:
        """Cuts these lines at every separator: their quotes are marks."""
        for number in numbers:
            self.rows[number] = self.lines[number].split(self.separator)
            self.strays += [(number, at) for at, cell in enumerate(self.rows[number]) if '"' in cell]

    def joined_by_quotes(self, number: int) -> bool:
        """Whether stray quotes hold cells of a line together: without them it is as wide as all others."""
        return self.even and self.lines[number].count(self.separator) + 1 in self.usual

    def _row(self, first: int) -> int:
        """Cuts the row that begins on a line; the last line of it."""
        row: list[str] = []
        strays: list[tuple[int, int]] = []
        line, begin = first, 0
        while begin >= 0:
            cells, odd, opening = cells_of(self.lines[line], self.separator, begin)
            close = self._close(line) if opening else None
            complete = opening.column if opening and close else len(cells)
            strays += [(line, len(row) + column) for column in odd if column < complete]
            row += cells[:complete]
            if opening is None or close is None:
                break
            row.append(self._between(line, opening.begin, *close))
            line, begin = close[0], after_quote(self.lines[close[0]], self.separator, close[1]) + 1
            if begin > len(self.lines[line]):
                break
        if line > first and len(row) not in {1, *self.usual}:
            row, odd, _ = cells_of(self.lines[first], self.separator)
            line, strays = first, [(first, column) for column in odd]
        if line == first and len(row) not in self.usual and self.joined_by_quotes(first):
            self.mark([first])
            return first
        self.rows[first] = row
        self.strays += strays
        if line > first:
            self.joined.update(range(first + 1, line + 1))
            self.breaks.append((first, line))
        return line

    def _close(self, opened: int) -> tuple[int, int] | None:
        """Line and place of the quote that closes a cell left open; none where its quote must be a mark."""
        signs = 0
        for number in range(opened + 1, len(self.lines)):
            line = self.lines[number]
            signs += len(line) + 1
            if signs > _LONGEST_CELL or self._is_row(line):
                return None
            close = closing(line, 0) if '"' in line else -1
            if close >= 0:
                return (number, close) if after_quote(line, self.separator, close) >= 0 else None
        return None

    def _is_row(self, line: str) -> bool:
        width = len(cells_of(line, self.separator)[0])
        return bool(line.strip()) and (width in self.usual or width >= self.widest)

    def _between(self, opened: int, begin: int, closed: int, close: int) -> str:
        """The text of a cell from a place of one line to a place of a later one."""
        inner = self.lines[opened + 1 : closed].to_list()
        return "\n".join([self.lines[opened][begin:], *inner, self.lines[closed][:close]]).replace('""', '"')
