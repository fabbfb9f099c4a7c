"""What a workbook says beside the texts of cells: hidden sheets, merged cells, uncalculated formulas.

A formula whose result was never stored shows nothing, and one that a program wrote shows a stand-in (0) until
Excel has calculated it: neither is a value. Rows and columns are counted from 1.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, WorksheetNotFound

from coverage_engine.ledgers.files.workbook_extent import Extent
from coverage_engine.ledgers.files.workbook_parts import BOOK, sheet_states, unpacked

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells."""

_MOST_MERGED = 200_000
_MOST_FORMULAS = 1_000_000
_LONGEST_ROW = 1 << 24
_OF_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_TO_CALCULATE = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb"mergeCell\b[^>]*\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v\b[^>]*>([^<]*)</)?"
)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_ZERO = re.compile(rb"\s*-?0(?:\.0*)?(?:[eE][+-]?\d+)?\s*")


@dataclass(frozen=True)
class SheetMarks:
    """Of one sheet: `hidden` is "", "hidden" or "very_hidden"; `uncalculated` are cells (row, column).

    `of_1904`: the workbook counts its days from 1904, so that a bare day number is meant so too.
    """

    hidden: str = ""
    merged: tuple[Span, ...] = ()
    uncalculated: tuple[tuple[int, int], ...] = ()
    of_1904: bool = False


def marks_of_archive(
    archive: zipfile.ZipFile, parts: Mapping[str, tuple[str, Extent]]
) -> dict[str, SheetMarks]:
    """The marks of every sheet of an .xlsx; `parts` has part and extent by sheet name."""
    states = sheet_states(archive)
    book = archive.read(BOOK) if BOOK in archive.namelist() else b""
    of_1904, to_calculate = _OF_1904.search(book) is not None, _TO_CALCULATE.search(book) is not None
    marks = {}
    for name, (part, extent) in parts.items():
        mark = SheetMarks(states.get(name, ""), of_1904=of_1904)
        if extent.formulas or extent.merged:
            mark = _looked_through(mark, archive, part, to_calculate)
        marks[name] = mark
    return marks


def marks_of_workbook(workbook: CalamineWorkbook) -> dict[str, SheetMarks]:
    """The marks of every sheet of a workbook whose parts are named unusually, as the library tells them."""
    states = {sheet.name: _state(sheet.visible) for sheet in workbook.sheets_metadata}
    return {name: SheetMarks(states.get(name, ""), _merged(workbook, name)) for name in workbook.sheet_names}


def without_cells(grid: pl.DataFrame, cells: Collection[tuple[int, int]]) -> pl.DataFrame:
    """A grid in which these cells (row and column from 1) are blank."""
    by_column: dict[int, list[int]] = defaultdict(list)
    for row, column in cells:
        if row <= grid.height and column <= grid.width:
            by_column[column - 1].append(row - 1)
    blanked = [grid.to_series(column).scatter(rows, None) for column, rows in by_column.items()]
    return grid.with_columns(blanked) if blanked else grid


# ---------------------------------------------------------------------------------------------- private


def _state(visible: SheetVisibleEnum) -> str:
    if visible == SheetVisibleEnum.Hidden:
        return "hidden"
    return "very_hidden" if visible == SheetVisibleEnum.VeryHidden else ""


def _merged(workbook: CalamineWorkbook, name: str) -> tuple[Span, ...]:
    try:
        ranges = workbook.get_sheet_by_name(name).merged_cell_ranges or []
    except (CalamineError, WorksheetNotFound):
        return ()
    spans = ((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges)
    return tuple(sorted(spans))[:_MOST_MERGED]


def _looked_through(mark: SheetMarks, archive: zipfile.ZipFile, part: str, to_calculate: bool) -> SheetMarks:
    merged: list[Span] = []
    uncalculated: list[tuple[int, int]] = []
    for text in _stretches(archive, part):
        if b"mergeCell" in text:
            merged += [
                (int(top), _column(left), int(bottom), _column(right))
                for left, top, right, bottom in _MERGED.findall(text)
            ]
        if b"f>" in text or b"<f" in text or b":f" in text:
            uncalculated += _uncalculated(text, to_calculate)
        del merged[_MOST_MERGED:], uncalculated[_MOST_FORMULAS:]
    return replace(mark, merged=tuple(sorted(merged)), uncalculated=tuple(uncalculated))


def _stretches(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a sheet in stretches of whole rows, and of whole tags after the last row."""
    rest = b""
    for chunk in unpacked(archive, archive.getinfo(part)):
        text = rest + chunk
        end = text.rfind(b"row>") + len(b"row>")
        if end < len(b"row>") or b"sheetData>" in text[end:]:
            end = text.rfind(b">") + 1 if b"mergeCell" in text or len(text) > _LONGEST_ROW else 0
        rest = text[end:]
        if end:
            yield text[:end]
    yield rest


def _uncalculated(text: bytes, to_calculate: bool) -> Iterator[tuple[int, int]]:
    for attributes, stored, value in _FORMULA.findall(text):
        if value.strip():
            stands_in = to_calculate and _ZERO.fullmatch(value) is not None
        else:
            stands_in = not (stored and _TEXT_RESULT.search(attributes))
        if stands_in and (place := _PLACE.search(attributes)):
            yield int(place[2]), _column(place[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
