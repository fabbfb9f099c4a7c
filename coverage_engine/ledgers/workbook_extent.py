"""How far the cells of a workbook reach and what is hidden in it, found by a scan of its bytes.

The reading library makes room for the whole rectangle from first to last cell, so a stray (or planted) cell
in XFD1048576 would take all memory of the machine. The scan looks at the bytes only and lays out nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coverage_engine.ledgers.workbook_parts import sheet_names, unpacked

_LONGEST_TAG = 1 << 20
_QUOTES = (ord('"'), ord("'"))
_LETTERS, _DIGITS = 3, 7
_LETTER_SPAN, _DIGIT_SPAN = np.uint8(25), np.uint8(9)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d+)")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\b([^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_PLACE = re.compile(rb"\b(r|min)\s*=\s*[\"'](\d+)")
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b")
_MOST_COLUMNS = 16_384
_MOST_HIDDEN = 10_000
_SHEET_FILE = re.compile(r"sheets?/[^/]+\.xml$")


@dataclass
class Extent:
    """What a sheet's bytes tell: farthest row and column, cells with content, hidden rows and columns.

    `ordered`: no cell stands in a row above that of a cell before it. `formulas`, `merged`: may be there.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    unaddressed: int = 0
    tagged_rows: int = 0
    in_longest_row: int = 0
    in_open_row: int = 0
    last_row: int = 0
    ordered: bool = True
    formulas: bool = False
    merged: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def reach(self) -> int:
        """Cells of the rectangle from A1 to the farthest cell."""
        further = self.in_longest_row if self.unaddressed else 0
        return self.rows * min(self.columns + further, _MOST_COLUMNS)

    @property
    def empty(self) -> int:
        """Cells without content in that rectangle."""
        return max(0, self.reach - self.filled)


class Watch(Protocol):
    """Who is asked, and may refuse, while sheets are looked at."""

    def begin(self, entry: zipfile.ZipInfo) -> None:
        """Before a sheet."""

    def watch(self, extent: Extent) -> None:
        """After each stretch of it."""

    def end(self, extent: Extent) -> None:
        """After the whole sheet."""


def extents(archive: zipfile.ZipFile, watch: Watch | None = None) -> Iterator[tuple[str, Extent]]:
    """File name in the archive and extent of every sheet, one after the other."""
    named = {part.lower() for part in sheet_names(archive)}
    for entry in archive.infolist():
        if entry.filename.lower() in named or _SHEET_FILE.search(entry.filename):
            if watch:
                watch.begin(entry)
            extent = _extent(archive, entry, watch)
            if watch:
                watch.end(extent)
            yield entry.filename, extent


# ---------------------------------------------------------------------------------------------- private


def _extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, watch: Watch | None) -> Extent:
    extent = Extent()
    rest = b""
    for chunk in unpacked(archive, entry):
        text = rest + chunk
        end = text.rfind(b">") + 1
        if not end and len(text) < _LONGEST_TAG:
            rest = text
            continue
        rest = text[end:] if end and len(text) - end < _LONGEST_TAG else b""
        _look_at(extent, text[: len(text) - len(rest)])
        if watch:
            watch.watch(extent)
    _look_at(extent, rest)
    return extent


def _look_at(extent: Extent, text: bytes) -> None:
    """Adds what a stretch of whole tags tells. A cell with content closes a value or an inline text."""
    marks = np.frombuffer(text + bytes(_LETTERS + _DIGITS + 2), dtype=np.uint8)
    addressed = _reach(extent, text, marks)
    extent.filled += text.count(b"v>") // 2 + text.count(b"is>") // 2
    cells = _cells(marks)
    extent.unaddressed += max(0, len(cells) - text.count(b":c>") - addressed)
    rows = [found.start() for found in _ROW_TAG.finditer(text)] if len(cells) > addressed else []
    if rows or extent.unaddressed:
        _count_unaddressed(extent, text, cells, rows)
    else:
        extent.tagged_rows += text.count(b"<row")
    if b"hidden" in text:
        _hide(extent, text)
    extent.formulas |= b"<f" in text or b":f" in text
    extent.merged |= b"mergeCell" in text


def _count_unaddressed(extent: Extent, text: bytes, cells: npt.NDArray[np.int64], rows: list[int]) -> None:
    """Rows, and cells in the longest of them: without addresses only their order tells where cells stand."""
    extent.tagged_rows += len(rows)
    extent.rows = max([extent.rows, extent.tagged_rows, *map(int, _ROW.findall(text))])
    in_rows = np.diff(np.searchsorted(cells, rows), prepend=0, append=len(cells))
    in_rows[0] += extent.in_open_row
    extent.in_open_row = int(in_rows[-1])
    extent.in_longest_row = max(extent.in_longest_row, int(in_rows.max()))


def _cells(marks: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where tags of the name `c` stand; of prefixed ones the closing tags too."""
    at = np.flatnonzero(marks[1:-1] == ord("c"))
    before = marks[at]
    at = at[(before == ord("<")) | (before == ord(":"))]
    after = marks[at + 2]
    found: npt.NDArray[np.int64] = at[(after <= ord(" ")) | (after == ord(">")) | (after == ord("/"))]
    return found


def _reach(extent: Extent, text: bytes, marks: npt.NDArray[np.uint8]) -> int:
    """Widens the extent to the cell addresses in quotes (letters, then digits); how many they are."""
    quoted = marks[:-1] == _QUOTES[0]
    if _QUOTES[1] in text:
        quoted |= marks[:-1] == _QUOTES[1]
    # A letter is at most 25 above A; what lies below A wraps round to far above it.
    quotes = np.flatnonzero(quoted & (marks[1:] - np.uint8(ord("A")) <= _LETTER_SPAN))
    at = quotes[_of_address(marks, quotes)] + 1
    column, at = _number_at(marks, at, ord("A"), _LETTER_SPAN, _LETTERS, 1)
    row, at = _number_at(marks, at, ord("0"), _DIGIT_SPAN, _DIGITS, 0)
    address = (row > 0) & ((marks[at] == _QUOTES[0]) | (marks[at] == _QUOTES[1]))
    extent.columns = int(column[address].max(initial=extent.columns))
    rows = row[address]
    extent.rows = int(rows.max(initial=extent.rows))
    if len(rows):
        extent.ordered &= int(rows[0]) >= extent.last_row and bool((rows[1:] >= rows[:-1]).all())
        extent.last_row = int(rows[-1])
    return int(np.count_nonzero(address))


def _number_at(
    marks: npt.NDArray[np.uint8],
    at: npt.NDArray[np.int64],
    zero: int,
    span: np.uint8,
    most: int,
    least: int,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The numbers written at these places in the signs from `zero` on, and the places after them."""
    value = np.zeros(len(at), np.int32)
    base = int(span) + 1
    for _ in range(most):
        sign = marks[at] - np.uint8(zero)
        more = sign <= span
        if not more.any():
            break
        value = np.where(more, value * base + sign + least, value)
        at = at + more
    return value, at


def _of_address(marks: npt.NDArray[np.uint8], quotes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether a quote begins the value of the attribute `r`; blanks around the equals sign count as yes."""
    before, two, three = (marks[np.maximum(quotes - back, 0)] for back in (1, 2, 3))
    named = (before == ord("=")) & (two == ord("r")) & (three <= ord(" "))
    spaced = (before <= ord(" ")) | ((before == ord("=")) & (two <= ord(" ")))
    found: npt.NDArray[np.bool_] = named | spaced
    return found


def _hide(extent: Extent, text: bytes) -> None:
    """Notes down hidden rows and columns (of a hidden range of columns the first)."""
    for kind, attributes in _HIDDEN.findall(text):
        place = _PLACE.search(attributes)
        hidden = extent.hidden_rows if kind == b"row" else extent.hidden_columns
        if place and len(hidden) < _MOST_HIDDEN:
            hidden.add(int(place[2]))
