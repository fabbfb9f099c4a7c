"""XML Spreadsheet 2003 (`XML 表格`), which many web systems export under the name .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from coverage_engine.ledgers.files.cell_placing import Room, SheetCells
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet
from coverage_engine.ledgers.files.xml_events import in_utf8, listen

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{NAMESPACE} "
_X = "urn:schemas-microsoft-com:office:excel "
_VISIBILITY = {"SheetHidden": "hidden", "SheetVeryHidden": "very_hidden"}
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")
_FRACTION = re.compile(r"\.\d+$")


def xml_sheets(data: bytes, file: str) -> list[ForeignSheet]:
    """Every sheet of an XML Spreadsheet 2003; numbers are kept as they are written.

    Raises:
        LedgerError: damaged, with entities, or reaching further than a sheet can.
    """
    book = _Book(Room(file))
    listen([in_utf8(data, file)], book, file)
    return [cells.sheet() for cells in book.sheets]


# ---------------------------------------------------------------------------------------------- private


@dataclass
class _Book:
    """What has been told of the workbook so far; rows and columns are counted from 0."""

    room: Room
    sheets: list[SheetCells] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    of_1904: bool = False
    row: int = -1
    column: int = -1
    across: int = 0
    layout_column: int = -1
    type: str = ""
    formula: bool = False
    text: list[str] = field(default_factory=list)
    text_of: str | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens, with its attributes."""
        self.room.take_tag()
        parent = self.parents[-1] if self.parents else ""
        self.parents.append(name)
        if name == f"{_SS}Worksheet":
            self.room.take(sheets=1)
            self.sheets.append(SheetCells(self.room, attributes.get(f"{_SS}Name", ""), of_1904=self.of_1904))
            self.row, self.layout_column = -1, -1
        elif name == f"{_SS}Column" and self.sheets:
            self._begin_column(attributes)
        elif name == f"{_SS}Row" and self.sheets:
            self._begin_row(attributes)
        elif name == f"{_SS}Cell" and self.sheets and parent == f"{_SS}Row":
            self._begin_cell(attributes)
        elif name == f"{_SS}Data" and parent == f"{_SS}Cell":
            self.type, self.text, self.text_of = attributes.get(f"{_SS}Type", ""), [], "cell"
        elif name in (f"{_X}Visible", f"{_X}Date1904"):
            self.text, self.text_of = [], "option"

    def end(self, name: str) -> None:
        """An element closes: a cell, row or sheet is complete."""
        self.parents.pop()
        if name == f"{_SS}Data" and self.text_of == "cell":
            if text := _shown("".join(self.text), self.type):
                self.sheets[-1].put(self.row, self.column, text)
            self.text_of, self.formula = None, False
        elif name == f"{_SS}Cell" and self.sheets:
            if self.formula:
                self.sheets[-1].unstored.append((self.row, self.column))
            self.column += self.across
            self.across, self.formula = 0, False
        elif name == f"{_X}Visible" and self.sheets:
            self.sheets[-1].visibility = _VISIBILITY.get("".join(self.text).strip(), "visible")
            self.text_of = None
        elif name == f"{_X}Date1904":
            self.of_1904, self.text_of = True, None

    def letters(self, text: str) -> None:
        """Text, of the cell that is open."""
        if self.text_of:
            self.room.take(letters=len(text))
            self.text.append(text)

    def _begin_column(self, attributes: dict[str, str]) -> None:
        span = 1 + _number(attributes.get(f"{_SS}Span"))
        self.layout_column = _number(attributes.get(f"{_SS}Index"), self.layout_column + 2) - 1
        if attributes.get(f"{_SS}Hidden") == "1":
            self.sheets[-1].hide_column(self.layout_column, span)
        self.layout_column += span - 1

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self.row = _number(attributes.get(f"{_SS}Index"), self.row + 2) - 1
        self.column = -1
        span = _number(attributes.get(f"{_SS}Span"))
        if attributes.get(f"{_SS}Hidden") == "1":
            self.sheets[-1].hide_row(self.row, 1 + span)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.column = _number(attributes.get(f"{_SS}Index"), self.column + 2) - 1
        self.across = _number(attributes.get(f"{_SS}MergeAcross"))
        self.formula = f"{_SS}Formula" in attributes
        self.sheets[-1].merge(self.row, self.column, _number(attributes.get(f"{_SS}MergeDown")), self.across)


def _number(written: str | None, otherwise: int = 0) -> int:
    """A whole number that is told of a place; one too long to be one is beyond every sheet."""
    if written is None or not re.fullmatch(r"[0-9]+", written.strip()):
        return otherwise
    return int(written.strip()[:12])


def _shown(text: str, kind: str) -> str:
    if kind == "DateTime":
        return _FRACTION.sub("", _MIDNIGHT.sub("", text.strip())).replace("T", " ")
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    return text
