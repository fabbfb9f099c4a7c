"""OpenDocument spreadsheets (.ods, 开放文档表格), as LibreOffice and WPS write them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from coverage_engine.ledgers.files.cell_placing import Room, SheetCells
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet
from coverage_engine.ledgers.files.old_sheets import password_protected
from coverage_engine.ledgers.files.workbook_parts import pass_through, unpacked
from coverage_engine.ledgers.files.xml_events import in_utf8, listen

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_MOST_BYTES = 512 * 1024**2
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{_OASIS}{part}:1.0 " for part in ("table", "office", "text", "style"))
_SPREADSHEET = f"{_OFFICE}spreadsheet"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_PASSED_OVER = frozenset(
    {f"{_OFFICE}annotation", f"{_TABLE}tracked-changes", f"{_TABLE}shapes", f"{_OFFICE}forms"}
    | {f"{_TEXT}ruby-text", f"{_TABLE}dde-links", f"{_TABLE}named-expressions"}
)
_COLLAPSED = frozenset({"collapse", "filter"})
_NUMBERS = frozenset({"float", "percentage", "currency"})
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")


def open_document_sheets(archive: zipfile.ZipFile, file: str) -> list[ForeignSheet]:
    """Every sheet of an OpenDocument spreadsheet; numbers are kept as they are written.

    Raises:
        LedgerError: password-protected, damaged, or reaching further than a sheet can.
        BadZipFile: a part is missing or is not of its declared size or checksum.
    """
    parts = {entry.filename: entry for entry in archive.infolist()}
    if _CONTENT not in parts or parts[_CONTENT].file_size > _MOST_BYTES:
        raise zipfile.BadZipFile("no content, or too much of it")
    for name, entry in parts.items():
        if name == _MANIFEST and b"encryption-data" in b"".join(unpacked(archive, entry)):
            raise password_protected(file)
        if name != _CONTENT:
            pass_through(archive, entry)
    document = _Document(Room(file))
    listen(unpacked(archive, parts[_CONTENT]), document, file)
    return [cells.sheet() for cells in document.sheets]


def flat_document_sheets(data: bytes, file: str) -> list[ForeignSheet]:
    """The same of a document that is one XML file (.fods).

    Raises:
        LedgerError: damaged, or reaching further than a sheet can.
    """
    document = _Document(Room(file))
    listen([in_utf8(data, file)], document, file)
    return [cells.sheet() for cells in document.sheets]


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is an OpenDocument file."""
    names = set(archive.namelist())
    return _CONTENT in names and "xl/workbook.xml" not in names


# ---------------------------------------------------------------------------------------------- private


@dataclass
class _Document:
    """What has been told of the spreadsheet so far; rows and columns are counted from 0."""

    room: Room
    sheets: list[SheetCells] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    passed_over: int = 0
    style: str = ""
    hidden_styles: set[str] = field(default_factory=set)
    row: int = 0
    rows: int = 1
    column: int = 0
    layout_column: int = 0
    row_cells: list[tuple[int, str, int]] = field(default_factory=list)
    cell: dict[str, str] | None = None
    text: list[str] = field(default_factory=list)
    in_paragraph: bool = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens, with its attributes."""
        self.room.take_tag()
        parent = self.parents[-1] if self.parents else ""
        self.parents.append(name)
        if self.passed_over or name in _PASSED_OVER or (name == f"{_TABLE}table" and parent != _SPREADSHEET):
            self.passed_over += 1
        elif self.cell is not None:
            self._within_cell(name, attributes)
        elif name == f"{_STYLE}style":
            self.style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self.hidden_styles.add(self.style)
        elif name == f"{_TABLE}table":
            self._begin_sheet(attributes)
        elif not self.sheets:
            return
        elif name == f"{_TABLE}table-column":
            times = _times(attributes.get(f"{_TABLE}number-columns-repeated"))
            if attributes.get(f"{_TABLE}visibility") in _COLLAPSED:
                self.sheets[-1].hide_column(self.layout_column, times)
            self.layout_column += times
        elif name == f"{_TABLE}table-row":
            self.rows, self.column = _times(attributes.get(f"{_TABLE}number-rows-repeated")), 0
            if attributes.get(f"{_TABLE}visibility") in _COLLAPSED:
                self.sheets[-1].hide_row(self.row, self.rows)
        elif name in _CELLS:
            self.cell, self.text, self.in_paragraph = attributes, [], False

    def end(self, name: str) -> None:
        """An element closes: a cell, row or sheet is complete."""
        self.parents.pop()
        if self.passed_over:
            self.passed_over -= 1
        elif name in _CELLS and self.cell is not None:
            self._end_cell(self.cell)
        elif name == f"{_TABLE}table-row" and self.sheets:
            self._end_row()

    def letters(self, text: str) -> None:
        """Text, of the cell that is open."""
        if self.in_paragraph and not self.passed_over:
            self.room.take(letters=len(text))
            self.text.append(text)

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        self.room.take(sheets=1)
        hidden = attributes.get(f"{_TABLE}style-name") in self.hidden_styles
        name = attributes.get(f"{_TABLE}name", "")
        self.sheets.append(SheetCells(self.room, name, "hidden" if hidden else "visible"))
        self.row = self.layout_column = 0

    def _within_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name in (f"{_TEXT}p", f"{_TEXT}h"):
            self.text += ["\n"] if self.in_paragraph else []
            self.in_paragraph = True
        elif name == f"{_TEXT}s":
            self.text.append(" " * min(_times(attributes.get(f"{_TEXT}c")), 100))
        elif name in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            self.text.append("\t" if name == f"{_TEXT}tab" else "\n")

    def _end_cell(self, attributes: dict[str, str]) -> None:
        times = _times(attributes.get(f"{_TABLE}number-columns-repeated"))
        text = _shown(attributes, "".join(self.text))
        if text:
            self.row_cells.append((self.column, text, times))
        elif f"{_TABLE}formula" in attributes:
            self.sheets[-1].unstored.append((self.row, self.column))
        down = _times(attributes.get(f"{_TABLE}number-rows-spanned")) - 1
        across = _times(attributes.get(f"{_TABLE}number-columns-spanned")) - 1
        self.sheets[-1].merge(self.row, self.column, down, across)
        self.column += times
        self.cell, self.in_paragraph = None, False

    def _end_row(self) -> None:
        """Empty rows and cells, however often repeated, only move the place of those after them."""
        for row in range(self.row, self.row + self.rows) if self.row_cells else ():
            for column, text, times in self.row_cells:
                self.sheets[-1].put(row, column, text, times)
        self.row_cells = []
        self.row += self.rows


def _times(written: str | None) -> int:
    if written is None or not re.fullmatch(r"[0-9]+", written.strip()):
        return 1
    return max(1, int(written.strip()[:12]))


def _shown(attributes: dict[str, str], text: str) -> str:
    kind = attributes.get(f"{_OFFICE}value-type", "")
    if kind in _NUMBERS:
        return attributes.get(f"{_OFFICE}value", text)
    if kind == "date":
        return _MIDNIGHT.sub("", attributes.get(f"{_OFFICE}date-value", text)).replace("T", " ")
    if kind == "boolean":
        return attributes.get(f"{_OFFICE}boolean-value", text).upper()
    if kind == "string" and not text:
        return attributes.get(f"{_OFFICE}string-value", "")
    return text
