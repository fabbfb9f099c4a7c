"""Cells put where a table format says they stand, with bounds on what all of them may come to."""

from __future__ import annotations

from dataclasses import dataclass, field

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet, Range
from coverage_engine.ledgers.files.text_files import grid_of

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_MOST_CELLS, _MOST_FILLED, _MOST_LETTERS = 4_000_000, 600_000, 64 * 1024**2
_MOST_TAGS = 1_500_000
"""Read in ten seconds; what is larger has to come as a workbook or a text."""
_MOST_MERGED = _MOST_HIDDEN = 10_000
_MOST_SHEETS = 1_024


@dataclass
class Room:
    """How much the sheets of one file may still hold."""

    file: str
    sheets: int = _MOST_SHEETS
    cells: int = _MOST_CELLS
    filled: int = _MOST_FILLED
    letters: int = _MOST_LETTERS
    tags: int = _MOST_TAGS

    def take_tag(self) -> None:
        """Takes off a tag, which may hold nothing.

        Raises:
            LedgerError: it is more than are left.
        """
        self.tags -= 1
        if self.tags < 0:
            self.take(cells=self.cells + 1)

    def take(self, *, sheets: int = 0, cells: int = 0, filled: int = 0, letters: int = 0) -> None:
        """Takes off what is about to be laid out.

        Raises:
            LedgerError: it is more than is left.
        """
        self.sheets -= sheets
        self.cells -= cells
        self.filled -= filled
        self.letters -= letters
        if self.sheets < 0 or self.cells < 0 or self.filled < 0 or self.letters < 0:
            raise LedgerError(
                f"表里的行列或文字过多，未读取：{self.file}",
                "请删去数据以外的行列，或分成几个文件，另存为 .xlsx 后再试。",
            )


@dataclass
class SheetCells:
    """The cells of one sheet while it is being read; rows and columns are counted from 0."""

    room: Room
    name: str
    visibility: str = "visible"
    of_1904: bool = False
    rows: list[list[str]] = field(default_factory=list)
    width: int = 0
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unstored: list[tuple[int, int]] = field(default_factory=list)

    def put(self, row: int, column: int, text: str, times: int = 1) -> None:
        """Writes a text, whose letters have been taken off, into a cell, or into so many side by side.

        Raises:
            LedgerError: no sheet reaches so far, or there is no room left.
        """
        last = column + times
        if row >= _MOST_ROWS or last > _MOST_COLUMNS or times < 1:
            self.room.take(cells=_MOST_CELLS + 1)
        height = len(self.rows)
        if row >= height or last > self.width:
            taller, wider = max(height, row + 1), max(self.width, last)
            self.room.take(cells=taller * wider - height * self.width)
            self.width = wider
            self.rows += [[] for _ in range(height, taller)]
        self.room.take(filled=times, letters=(times - 1) * len(text))
        cells = self.rows[row]
        if len(cells) < last:
            cells += [""] * (last - len(cells))
        cells[column:last] = [text] * times

    def merge(self, row: int, column: int, down: int, across: int) -> None:
        """Notes down that a cell covers so many further rows and columns."""
        if (down or across) and len(self.merged) < _MOST_MERGED:
            bottom, right = min(row + down, _MOST_ROWS - 1), min(column + across, _MOST_COLUMNS - 1)
            self.merged.append((row, column, bottom, right))

    def hide_row(self, row: int, times: int = 1) -> None:
        """Notes down hidden rows."""
        self.hidden_rows |= set(range(row + 1, row + 1 + min(times, _MOST_HIDDEN - len(self.hidden_rows))))

    def hide_column(self, column: int, times: int = 1) -> None:
        """Notes down hidden columns."""
        most = min(times, _MOST_HIDDEN - len(self.hidden_columns))
        self.hidden_columns |= set(range(column + 1, column + 1 + most))

    def sheet(self) -> ForeignSheet:
        """The sheet as it was put together."""
        return ForeignSheet(
            self.name,
            grid_of(self.rows),
            tuple(sorted(self.hidden_rows)),
            tuple(sorted(self.hidden_columns)),
            tuple(self.merged),
            self.visibility,
            self.of_1904,
            tuple(self.unstored),
        )
