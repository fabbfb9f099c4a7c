"""A unit's own blank .xlsx filled in place: its header is recognised, its format, merges and formulas stay.

The only module that imports openpyxl (extra `letters`). A column is found by its heading, by an alias in
`reports/blanks.toml`, or by a named cell that bears the column's key or heading.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coverage_engine.content import checked_content
from coverage_engine.errors import ContentError, LedgerError, complete_installation
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.annexes import AnnexRows, annex_rows
from coverage_engine.reporting.layout import Column
from coverage_engine.reporting.packages import repacked
from coverage_engine.reporting.wording_shapes import BlanksFile

_LOOKED_AT = 30
_LEAST_COLUMNS = 3
_BRACKETS = re.compile(r"[(（].*?[)）]")
_NOT_TEXT = re.compile(r"[^\w]|_")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LONGEST = 32_767


@dataclass(frozen=True)
class FilledBlank:
    """What became of a blank: columns filled, by Excel letter, and headings that no fact was found for."""

    file: Path
    rows: int
    filled: Mapping[str, str]
    left: tuple[str, ...]


def fill_blank(plan: Plan, annex: str, blank: Path, file: Path) -> FilledBlank:
    """Fill a unit's own blank of an annex (`annex_3` …) with the rows of the plan's division.

    Raises:
        ContentError: openpyxl is not installed.
        LedgerError: the blank cannot be opened, or fewer than three of its headings are recognised.
    """
    openpyxl = _openpyxl()
    issued = annex_rows(plan, annex)
    try:
        book = openpyxl.load_workbook(blank)
    except Exception as error:
        raise LedgerError(f"空白表打不开：{blank}", "请用 Excel 或 WPS 另存为 .xlsx 后再试。") from error
    recognised = max(
        (_places(book, sheet, issued) for sheet in book.worksheets), key=lambda at: len(at.columns)
    )
    if len(recognised.columns) < _LEAST_COLUMNS:
        raise LedgerError(
            f"{blank.name} 的表头认不出来", "请在 reports/blanks.toml 里补上本表的叫法，或给表头单元格命名。"
        )
    _fill(recognised, issued)
    buffer = io.BytesIO()
    book.save(buffer)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(repacked(buffer.getvalue(), plan.as_of))
    letters = {openpyxl.utils.get_column_letter(number): key for number, key in recognised.columns.items()}
    return FilledBlank(file, issued.rows.height, letters, tuple(recognised.left))


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Places:
    sheet: Any
    first: int
    columns: dict[int, str]
    left: list[str]


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        remedy = complete_installation("letters") + "程序自带版式的附件不受影响。"
        raise ContentError("填写本单位的空白表还需要 openpyxl", remedy) from error
    return openpyxl


@cache
def _aliases() -> dict[str, list[str]]:
    return dict(checked_content(BlanksFile, "reports", "blanks.toml")["aliases"])


def _plain(text: object) -> str:
    """A heading without brackets' content, spaces and marks, in half width."""
    folded = unicodedata.normalize("NFKC", str(text or ""))
    return _NOT_TEXT.sub("", _BRACKETS.sub("", folded)).lower()


def _known(columns: Sequence[Column]) -> dict[str, str]:
    """Key of the column by every plain heading that means it; the column's own words win over aliases."""
    known: dict[str, str] = {}
    for column in columns:
        for text in (column.key, f"{column.group}{column.header}", "" if column.group else column.header):
            known.setdefault(_plain(text), column.key)
    for column in columns:
        for text in _aliases().get(column.key, ()):
            known.setdefault(_plain(text), column.key)
    known.pop("", None)
    return known


def _places(book: Any, sheet: Any, issued: AnnexRows) -> _Places:
    """The header of one sheet: the rows that name most columns, and the first row below them."""
    known, merged = _known(issued.layout.columns), _merged(sheet)
    named = {cell: known[_plain(name)] for name, cell in _named_cells(book, sheet) if _plain(name) in known}
    best = _Places(sheet, 1, {}, [])
    for row in range(1, min(sheet.max_row, _LOOKED_AT) + 1):
        columns: dict[int, str] = {}
        left, last = [], row
        for number in range(1, sheet.max_column + 1):
            text, end = _heading(sheet, merged, row, number)
            above = _heading(sheet, merged, row - 1, number)[0] if row > 1 else ""
            key = known.get(_plain(f"{above}{text}")) or known.get(_plain(text))
            if key and key not in columns.values() and text:
                columns[number], last = key, max(last, end)
            elif text:
                left.append(text)
        for (at, number), key in named.items():
            if at == row and key not in columns.values():
                columns[number] = key
        if len(columns) > len(best.columns):
            best = _Places(sheet, last + 1, columns, left)
    return best


def _merged(sheet: Any) -> dict[tuple[int, int], Any]:
    return {
        (row, number): area
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for number in range(area.min_col, area.max_col + 1)
    }


def _heading(sheet: Any, merged: Mapping[tuple[int, int], Any], row: int, number: int) -> tuple[str, int]:
    """Text at a place, through merged cells, and the last row that it covers."""
    area = merged.get((row, number))
    if area is None:
        return str(sheet.cell(row, number).value or "").strip(), row
    return str(sheet.cell(area.min_row, area.min_col).value or "").strip(), area.max_row


def _named_cells(book: Any, sheet: Any) -> list[tuple[str, tuple[int, int]]]:
    cells = []
    for scope in (book.defined_names, sheet.defined_names):
        for name, defined in scope.items():
            for title, where in defined.destinations:
                if title == sheet.title and ":" not in where:
                    cell = sheet[where.replace("$", "")]
                    cells.append((name, (cell.row, cell.column)))
    return cells


def _fill(places: _Places, issued: AnnexRows) -> None:
    sheet, first, count = places.sheet, places.first, issued.rows.height
    total = _total_row(sheet, first)
    room = (total or sheet.max_row + 1) - first
    if total is not None and count > room:
        _move_down(sheet, total, count - room)
        _widen_sums(sheet, total + count - room, (first, total - 1), first + count - 1)
    styles = {number: copy(sheet.cell(first, number)._style) for number in range(1, sheet.max_column + 1)}
    height = sheet.row_dimensions[first].height
    for row in range(first, first + count):
        if row >= first + room or not sheet.cell(row, 1).has_style:
            for number, style in styles.items():
                sheet.cell(row, number)._style = copy(style)
            sheet.row_dimensions[row].height = height
    for number, key in places.columns.items():
        if key in issued.rows.columns:
            for row, value in enumerate(issued.rows[key].to_list(), first):
                _write(sheet.cell(row, number), value)


def _total_row(sheet: Any, first: int) -> int | None:
    """The first row below the header whose first texts say 合计, or that begins the footer."""
    words = {_plain(word) for word in _aliases()["total"]}
    for row in range(first, sheet.max_row + 1):
        texts = [_plain(sheet.cell(row, number).value) for number in range(1, min(sheet.max_column, 4) + 1)]
        if words & set(texts) or any(text.startswith(("审核人", "填表人", "说明", "注")) for text in texts):
            return row
    return None


def _move_down(sheet: Any, start: int, by: int) -> None:
    """Move everything from a row on: cells, merges, heights."""
    last, heights = sheet.max_row, {}
    areas = [area for area in list(sheet.merged_cells.ranges) if area.min_row >= start]
    for area in areas:
        sheet.unmerge_cells(str(area))
    for row in range(start, last + 1):
        heights[row + by] = sheet.row_dimensions[row].height
    letter = _openpyxl().utils.get_column_letter(sheet.max_column)
    sheet.move_range(f"A{start}:{letter}{last}", rows=by)
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height
    for area in areas:
        area.shift(row_shift=by)
        sheet.merge_cells(str(area))


def _widen_sums(sheet: Any, start: int, rows: tuple[int, int], last: int) -> None:
    """Ranges over the old data rows in the formulas below now cover the new ones."""
    old = re.compile(rf"(\$?[A-Z]{{1,3}}\$?){rows[0]}:(\$?[A-Z]{{1,3}}\$?){rows[1]}\b")
    for line in sheet.iter_rows(min_row=start):
        for cell in line:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.value = old.sub(rf"\g<1>{rows[0]}:\g<2>{last}", cell.value)


def _write(cell: Any, value: object) -> None:
    """A value into a cell; text stays text whatever it looks like. Parts of merged cells are left alone."""
    if value is None or type(cell).__name__ == "MergedCell":
        return
    if isinstance(value, str):
        cell.value = _FORBIDDEN.sub(" ", value)[:_LONGEST]
        cell.data_type = "s"
    else:
        cell.value = value
