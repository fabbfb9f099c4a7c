"""Data rows of a worksheet as text of its part, made for whole columns at once.

A workbook library that is asked cell by cell spends its time on being asked: a hundred thousand rows take
minutes and gigabytes. Here the cells of a column are one expression and rows leave in slices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from xlsxwriter.utility import xl_col_to_name

_SLICE = 10_000
_LONGEST_TEXT = 32_767
_DAY_NOUGHT = date(1899, 12, 30)
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# XML 1.0 has no place for these; the office format spells them out.
_SPELT = {chr(code): f"_x{code:04X}_" for code in range(32) if chr(code) not in "\t\n"}
_LOOKS_SPELT = r"_(x[0-9a-fA-F]{4}_)"
_TEMPLATE_CELL = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"/>')


@dataclass(frozen=True)
class DataRows:
    """The data of one worksheet: the first row (from 1), cells by column, heights of the rows in points.

    A column of structs holds formulas: `formula` without its sign, and the `value` that it gives.
    """

    first: int
    cells: pl.DataFrame
    heights: pl.Series


class SharedTexts:
    """Every different text of some data rows once, numbered from a first number on."""

    def __init__(self, parts: Sequence[DataRows], first: int) -> None:
        texts = [part.cells.select(pl.col(pl.String)).unpivot()["value"] for part in parts]
        held = pl.concat(texts) if texts else pl.Series("value", [], pl.String)
        known = held.unique(maintain_order=True).drop_nulls()
        self._known = known.filter(known != "")
        self._first = first
        self._kind = pl.Enum(self._known)

    def __len__(self) -> int:
        return self._known.len()

    def numbered(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The cells with each text's number in its place; null for no text."""
        text = pl.col(pl.String)
        place = pl.when(text != "").then(text).cast(self._kind).to_physical()
        return cells.with_columns(place.cast(pl.Int64) + self._first)

    def entries(self) -> Iterator[str]:
        """The texts as entries of the part that holds them, in slices."""
        for at in range(0, self._known.len(), _SLICE):
            text = pl.col("text")
            spaced = text.str.contains(r"^\s|\s$")
            opening = (
                pl.when(spaced).then(pl.lit('<si><t xml:space="preserve">')).otherwise(pl.lit("<si><t>"))
            )
            entry = pl.concat_str(opening, escaped(text), pl.lit("</t></si>"))
            yield self._known.slice(at, _SLICE).to_frame("text").select(entry.str.join("")).item()


def escaped(text: pl.Expr) -> pl.Expr:
    """Text as the content of an element: within the length of a cell, nothing in it can be markup."""
    held = text.str.slice(0, _LONGEST_TEXT - 1).str.replace_all("[\ufffe\uffff]", "\ufffd")
    spelt = held.str.replace_all(_LOOKS_SPELT, "_x005F_$1")
    table = _MARKS | _SPELT
    return spelt.str.replace_many(list(table), list(table.values()))


def row_texts(part: DataRows, template: str, texts: SharedTexts) -> Iterator[str]:
    """The rows as text in slices; `template` is a row with an empty cell of the right style in each column.

    Raises:
        ValueError: the template has not one cell for each column.
    """
    styles = tuple(_TEMPLATE_CELL.findall(template))
    if len(styles) != part.cells.width:
        raise ValueError(f"{len(styles)} styled cells for {part.cells.width} columns")
    row = _row(tuple(zip(styles, part.cells.schema.items(), strict=True)))
    for at in range(0, part.cells.height, _SLICE):
        first = part.first + at
        shown = texts.numbered(part.cells.slice(at, _SLICE)).with_columns(
            pl.int_range(first, first + pl.len()).cast(pl.String).alias(_ROW),
            part.heights.slice(at, _SLICE).cast(pl.Int64).cast(pl.String).alias(_HEIGHT),
        )
        yield shown.select(row.str.join("")).item()


# Private

_ROW, _HEIGHT = "row of the sheet", "height of the row"


@lru_cache(maxsize=64)
def _row(columns: tuple[tuple[str, tuple[str, pl.DataType]], ...]) -> pl.Expr:
    """A row of numbered cells as text, from the style, name and kind of each; many sheets have the same."""
    cells = [_cell(number, style, name, kind) for number, (style, (name, kind)) in enumerate(columns)]
    opening = [
        pl.lit('<row r="'),
        pl.col(_ROW),
        pl.lit('" ht="'),
        pl.col(_HEIGHT),
        pl.lit('" customHeight="1">'),
    ]
    return pl.concat_str(*opening, *cells, pl.lit("</row>"))


def _cell(number: int, style: str, name: str, kind: pl.DataType) -> pl.Expr:
    place = pl.concat_str(pl.lit(f'<c r="{xl_col_to_name(number)}'), pl.col(_ROW), pl.lit(f'" s="{style}"'))
    marked = ' t="s">' if kind == pl.String else ">"
    filled = pl.concat_str(place, pl.lit(marked), _value(name, kind), pl.lit("</c>"))
    return pl.coalesce(filled, place + pl.lit("/>"))


def _value(name: str, kind: pl.DataType) -> pl.Expr:
    """What a cell holds, with its marks; null for an empty cell."""
    cell = pl.col(name)
    if isinstance(kind, pl.Struct):
        formula = cell.struct.field("formula").str.replace_many(list(_MARKS), list(_MARKS.values()))
        known = pl.concat_str(pl.lit("<v>"), cell.struct.field("value"), pl.lit("</v>"))
        return pl.concat_str(pl.lit("<f>"), formula, pl.lit("</f>"), known.fill_null(""))
    if kind == pl.Date:
        told = (cell - _DAY_NOUGHT).dt.total_days()
    else:
        told = cell.cast(pl.Int8) if kind == pl.Boolean else cell
    return pl.concat_str(pl.lit("<v>"), told.cast(pl.String), pl.lit("</v>"))
