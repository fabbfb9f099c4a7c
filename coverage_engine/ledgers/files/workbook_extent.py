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

from coverage_engine.ledgers.files.workbook_parts import sheet_names, unpacked

_LONGEST_TAG = 1 << 20
_QUOTES = (ord('"'), ord("'"))
_LETTERS, _DIGITS = 3, 7
_LETTER_SPAN, _DIGIT_SPAN = np.uint8(25), np.uint8(9)
_PLAIN_TAG = b"<c r="
_TAG = re.compile(
    rb"<(?:[^\s<>/:\"'=]+:)?(c|row)(?=[\s/>])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>",
)
_CLOSING = re.compile(rb"</[^\s<>/:\"'=]+:c\s*>")
_NUMBER = re.compile(rb"\sr\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ADDRESS = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW_NUMBER = re.compile(rb"[0-9]{1,9}")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\b([^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_PLACE = re.compile(rb"\b(r|min)\s*=\s*[\"'](\d{1,7})[\"']")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet of a workbook can hold."""
_FAR_BELOW = re.compile(
    rb"v>\s*(-(?:[0-9]{11,400}(?:\.[0-9]*)?|[0-9]{1,400}(?:\.[0-9]{0,400})?[eE]\+?[0-9]{1,5}))\s*<"
)
_LEAST_NUMBER = -1e11
"""Days before that are beyond what the reading library can reckon with."""
_MOST_HIDDEN = 10_000
_SHEET_FILE = re.compile(r"sheets?/[^/]+\.xml$")


@dataclass
class Extent:
    """What a sheet's bytes tell: farthest row and column, cells with content, hidden rows and columns.

    `ordered`: no cell stands in a row above that of a cell before it. `sound`: every cell that names its
    place names one that a sheet has, and no number is far below those of days. `formulas`, `merged`: may be
    there.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    unaddressed: int = 0
    open_row: int = 0
    marked_rows: int = 0
    in_longest_row: int = 0
    in_open_row: int = 0
    last_row: int = 0
    ordered: bool = True
    formulas: bool = False
    merged: bool = False
    sound: bool = True
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def reach(self) -> int:
        """Cells of the rectangle from A1 to the farthest cell."""
        if not self.unaddressed:
            return self.rows * self.columns
        return max(self.rows, self.marked_rows) * min(self.columns + self.in_longest_row, MOST_COLUMNS)

    @property
    def empty(self) -> int:
        """Cells without content in that rectangle."""
        return max(0, self.reach - self.filled)

    def widen(self, row: int, column: int) -> None:
        """Notes down a cell that names its place."""
        self.sound &= 0 < row <= MOST_ROWS and 0 < column <= MOST_COLUMNS
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        self.ordered &= row >= self.last_row
        self.last_row = row


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
    marks = np.frombuffer(text + bytes(_LETTERS + _DIGITS + len(_PLAIN_TAG) + 2), dtype=np.uint8)
    cells = _cells(marks)
    if _all_plain(extent, marks, cells):
        extent.open_row = max(extent.open_row + text.count(b"<row"), extent.last_row)
    else:
        _look_at_tags(extent, text, len(cells))
    extent.filled += text.count(b"v>") // 2 + text.count(b"is>") // 2
    if b">-" in text and any(float(number[1]) < _LEAST_NUMBER for number in _FAR_BELOW.finditer(text)):
        extent.sound = False
    if b"hidden" in text:
        _hide(extent, text)
    extent.formulas |= b"<f" in text or b":f" in text
    extent.merged |= b"mergeCell" in text


def _cells(marks: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where tags of the name `c` stand; of prefixed ones the closing tags too."""
    at = np.flatnonzero(marks[1:-1] == ord("c"))
    before = marks[at]
    at = at[(before == ord("<")) | (before == ord(":"))]
    after = marks[at + 2]
    tags: npt.NDArray[np.int64] = at[(after <= ord(" ")) | (after == ord(">")) | (after == ord("/"))]
    return tags


def _all_plain(extent: Extent, marks: npt.NDArray[np.uint8], cells: npt.NDArray[np.int64]) -> bool:
    """Widens the extent if every cell begins as spreadsheets write it (`<c r="B2"`); else nothing is done."""
    for offset, sign in enumerate(_PLAIN_TAG):
        if not (marks[cells + offset] == sign).all():
            return False
    at = cells + len(_PLAIN_TAG)
    quote = marks[at]
    column, at = _number_at(marks, at + 1, ord("A"), _LETTER_SPAN, _LETTERS, 1)
    row, at = _number_at(marks, at, ord("0"), _DIGIT_SPAN, _DIGITS, 0)
    closed = (marks[at] == quote) & ((quote == _QUOTES[0]) | (quote == _QUOTES[1]))
    if not (closed & (row > 0) & (column > 0)).all():
        return False
    if len(row):
        ordered = bool((row[1:] >= row[:-1]).all())
        extent.widen(int(row[0]), int(column[0]))
        extent.widen(int(row.max()), int(column.max()))
        extent.ordered &= ordered
        extent.last_row = int(row[-1])
    return True


def _look_at_tags(extent: Extent, text: bytes, cells: int) -> None:
    """The same one tag after the other. Without addresses only their order tells where cells stand."""
    seen = len(_CLOSING.findall(text))
    for tag in _TAG.finditer(text):
        written = _NUMBER.search(tag[2]) if tag[2] else None
        place = (written[1] or written[2] or b"") if written else None
        if tag[1] == b"row":
            _open_row(extent, place)
            continue
        seen += 1
        extent.in_open_row += 1
        extent.in_longest_row = max(extent.in_longest_row, extent.in_open_row)
        if place is None:
            extent.unaddressed += 1
        elif address := _ADDRESS.fullmatch(place):
            extent.widen(int(address[2]), _column(address[1]))
        else:
            extent.sound = False
    # A tag that none of the patterns knows could name any place.
    extent.sound &= seen >= cells


def _open_row(extent: Extent, number: bytes | None) -> None:
    extent.in_open_row = 0
    if number is None:
        extent.open_row = max(extent.open_row, extent.last_row) + 1
    elif _ROW_NUMBER.fullmatch(number):
        extent.open_row = int(number)
    else:
        extent.sound = False
    extent.marked_rows = max(extent.marked_rows, extent.open_row)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


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


def _hide(extent: Extent, text: bytes) -> None:
    """Notes down hidden rows and columns (of a hidden range of columns the first)."""
    for kind, attributes in _HIDDEN.findall(text):
        place = _PLACE.search(attributes)
        hidden = extent.hidden_rows if kind == b"row" else extent.hidden_columns
        if place and len(hidden) < _MOST_HIDDEN:
            hidden.add(int(place[2]))
