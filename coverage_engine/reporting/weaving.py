"""Data rows and shared texts of many workbooks at once, as text of their parts.

A province has hundreds of small lists: made one by one, each small frame costs a thousand times its work.
So sheets that look alike are stacked, across the workbooks, and a stack is one frame; rows leave in slices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

import polars as pl

from coverage_engine.reporting.fitting import row_heights
from coverage_engine.reporting.rows import HEIGHT, ROW, DataRows, escaped, row_text, styles_of

_SLICE = 10_000
# The sheet and the workbook that a row belongs to, and where a text occurs first.
_SHEET, _BOOK = "sheet of the row", "workbook of the row"
_PLACE, _TEXT, _NUMBER, _ROWS = "place", "text", "number", "rows"
_MOST_ROWS, _MOST_COLUMNS = 2**27, 2**15


@dataclass(frozen=True)
class Template:
    """A sheet's data rows, the styled empty row that they replace, and the workbook they belong to."""

    book: int
    rows: DataRows
    styled_row: str


class Weaving:
    """The data rows of the sheets of some workbooks, and their texts behind those each workbook has.

    Both are told in order: the rows of each sheet as given, the texts of each workbook by its number.
    """

    def __init__(self, sheets: Sequence[Template], known: Sequence[int]) -> None:
        self._stacks = _stacked(sheets)
        occurring = pl.concat([stack.texts() for stack in self._stacks] or [_NO_TEXTS])
        firsts = occurring.drop_nulls(_TEXT).group_by(_BOOK, _TEXT).agg(pl.col(_PLACE).min()).sort(_PLACE)
        shift = pl.DataFrame({_BOOK: range(len(known)), "known": known}, {_BOOK: pl.Int32, "known": pl.Int64})
        numbered = firsts.join(shift, on=_BOOK, how="left", maintain_order="left").with_columns(
            (pl.int_range(pl.len(), dtype=pl.Int64).over(_BOOK) + pl.col("known")).alias(_NUMBER)
        )
        self._counts = dict(numbered.group_by(_BOOK).len().iter_rows())
        numbers = occurring.join(numbered, on=[_BOOK, _TEXT], how="left", maintain_order="left")[_NUMBER]
        self._rows = _rows_by_stack(self._stacks, numbers)
        self._texts = groupby(_pieces(numbered, _BOOK, _entry()), key=lambda piece: piece[0])

    def rows(self, sheet: int) -> Iterator[bytes]:
        """The rows of the sheet of a number, in slices (UTF-8)."""
        stack = next(at for at, stack in enumerate(self._stacks) if sheet in stack.sheets)
        _, pieces = next(self._rows[stack])
        return (text for _, text in pieces)

    def texts(self, book: int) -> Iterator[bytes]:
        """The entries of the texts of the workbook of a number, in slices (UTF-8)."""
        if not self._counts.get(book):
            return iter(())
        _, pieces = next(self._texts)
        return (text for _, text in pieces)

    def count(self, book: int) -> int:
        """How many texts a workbook gains."""
        return int(self._counts.get(book, 0))


# ---------------------------------------------------------------------------------------------- private

_NO_TEXTS = pl.DataFrame(schema={_BOOK: pl.Int32, _PLACE: pl.Int64, _TEXT: pl.String})


@dataclass(frozen=True)
class _Stack:
    """The data rows of sheets that look alike, one under another, and the numbers of the sheets."""

    sheets: frozenset[int]
    styles: tuple[str, ...]
    kinds: tuple[tuple[str, pl.DataType], ...]
    frame: pl.DataFrame

    @property
    def text_columns(self) -> list[str]:
        return [name for name, kind in self.kinds if kind == pl.String]

    def texts(self) -> pl.DataFrame:
        """Each text of the stack, column by column: its workbook, and its place there in reading order."""
        row = pl.int_range(pl.len(), dtype=pl.Int64)
        return pl.concat(
            [
                self.frame.select(
                    _BOOK,
                    ((pl.col(_SHEET).cast(pl.Int64) * _MOST_COLUMNS + number) * _MOST_ROWS + row).alias(
                        _PLACE
                    ),
                    pl.when(pl.col(name) != "").then(name).alias(_TEXT),
                )
                for number, name in enumerate(self.text_columns)
            ]
            or [_NO_TEXTS]
        )

    def row_slices(self, numbers: pl.Series) -> Iterator[tuple[int, bytes]]:
        """Number of the sheet and text of its rows, in slices; `numbers` are those of `texts`."""
        height = self.frame.height
        shown = self.frame.with_columns(
            numbers.slice(at * height, height).alias(name) for at, name in enumerate(self.text_columns)
        )
        return _pieces(shown, _SHEET, row_text(self.styles, self.kinds))


def _stacked(sheets: Sequence[Template]) -> list[_Stack]:
    alike: dict[Any, list[int]] = {}
    for number, sheet in enumerate(sheets):
        styles = styles_of(sheet.styled_row, sheet.rows)
        kind = (styles, tuple(sheet.rows.cells.schema.items()), sheet.rows.height)
        alike.setdefault(kind, []).append(number)
    return [
        _Stack(frozenset(numbers), styles, kinds, _stack([(at, sheets[at]) for at in numbers], height))
        for (styles, kinds, height), numbers in alike.items()
    ]


def _stack(sheets: Sequence[tuple[int, Template]], height: Any) -> pl.DataFrame:
    """The cells of the sheets with their heights, row numbers, sheets and workbooks."""
    cells = pl.concat([sheet.rows.cells for _, sheet in sheets])
    plain = isinstance(height, int)
    heights = pl.repeat(height, cells.height, eager=True) if plain else row_heights(height, cells)
    sizes = [sheet.rows.cells.height for _, sheet in sheets]
    starts = accumulate(sizes, initial=0)
    marks = {
        _SHEET: [at for at, _ in sheets],
        _BOOK: [sheet.book for _, sheet in sheets],
        ROW: [sheet.rows.first - start for (_, sheet), start in zip(sheets, starts, strict=False)],
        _ROWS: sizes,
    }
    each = pl.DataFrame(marks).select(pl.exclude(_ROWS).repeat_by(_ROWS).explode())
    return cells.hstack(each).with_columns(
        pl.col(_SHEET, _BOOK).cast(pl.Int32),
        (pl.col(ROW) + pl.int_range(pl.len())).cast(pl.String),
        heights.cast(pl.Int64).cast(pl.String).alias(HEIGHT),
    )


def _rows_by_stack(stacks: Sequence[_Stack], numbers: pl.Series) -> list[Any]:
    slices, at = [], 0
    for stack in stacks:
        length = stack.frame.height * len(stack.text_columns)
        slices.append(groupby(stack.row_slices(numbers.slice(at, length)), key=lambda piece: piece[0]))
        at += length
    return slices


def _pieces(frame: pl.DataFrame, key: str, text: pl.Expr) -> Iterator[tuple[int, bytes]]:
    """Key and joined text of neighbouring rows of one key, in slices of the frame.

    The text is never one of Python's own, which would be made of its bytes and turned into them again.
    """
    joined = pl.col("told").str.join("").cast(pl.Binary)
    for at in range(0, frame.height, _SLICE):
        part = frame.slice(at, _SLICE).select(key, text.alias("told"))
        yield from part.group_by(key, maintain_order=True).agg(joined).iter_rows()


def _entry() -> pl.Expr:
    """A text as an entry of the part that holds the shared ones."""
    spaced = pl.col(_TEXT).str.contains(r"^\s|\s$")
    opening = pl.when(spaced).then(pl.lit('<si><t xml:space="preserve">')).otherwise(pl.lit("<si><t>"))
    return pl.concat_str(opening, escaped(pl.col(_TEXT)), pl.lit("</t></si>"))
