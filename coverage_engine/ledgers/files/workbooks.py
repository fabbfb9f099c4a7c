"""Workbooks: .xlsx and .xlsm read with calamine, .xls, .et and .ods by their own readers.

Formulas are never computed, links never followed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet
from coverage_engine.ledgers.files.large_sheets import Allowance
from coverage_engine.ledgers.files.old_sheets import old_sheets, password_protected
from coverage_engine.ledgers.files.old_workbooks import OLD_MAGIC, examined_old_workbook, is_old_workbook
from coverage_engine.ledgers.files.open_documents import is_open_document, open_document_sheets
from coverage_engine.ledgers.files.row_stretches import LargeSheets, NotInStretches
from coverage_engine.ledgers.files.sheet_marks import (
    SheetMarks,
    marks_of_archive,
    marks_of_workbook,
    without_cells,
)
from coverage_engine.ledgers.files.shown_cells import shown_rows
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.files.workbook_extent import Extent, extents
from coverage_engine.ledgers.files.workbook_parts import opened_archive, sheet_names

ZIP_MAGIC = b"PK\x03\x04"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 2 * 1024**3
_MOST_RATIO = 100
_MOST_CELLS = 30_000_000


@dataclass(frozen=True)
class SheetGrid:
    """A sheet's name, cells (columns `c0`, `c1` …; one row for each Excel row) and hidden parts."""

    name: str
    grid: pl.DataFrame
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    marks: SheetMarks = field(default_factory=SheetMarks)


def workbook_grids(data: bytes, file: str) -> list[SheetGrid]:
    """Every sheet of a workbook; numbers of hidden rows and columns are counted from 1.

    Raises:
        LedgerError: not a workbook, password-protected, damaged, without content, or swollen beyond reason.
    """
    if is_old_workbook(data):
        if data.startswith(OLD_MAGIC) and _ENCRYPTED_STREAM in data:
            raise password_protected(file)
        return grids_of(old_sheets(examined_old_workbook(data, file), file), file)
    if not data.startswith(ZIP_MAGIC):
        raise LedgerError(f"{file} 不是 Excel 工作簿", "请核对文件，用 Excel 或 WPS 另存为 .xlsx 后再试。")
    try:
        with opened_archive(data) as archive:
            _refuse_swollen(sum(entry.file_size for entry in archive.infolist()), data, file)
            if is_open_document(archive):
                return grids_of(open_document_sheets(archive, file), file)
            examined = _examined(archive, file)
        return _not_empty(_sheets(data, file, examined), file)
    except zipfile.BadZipFile as error:
        raise _damaged(file) from error


def grids_of(sheets: Sequence[ForeignSheet], file: str) -> list[SheetGrid]:
    """Sheets of another reader as those of a workbook.

    Raises:
        LedgerError: none holds anything.
    """
    grids = [
        SheetGrid(
            sheet.name,
            without_cells(sheet.grid, marks.uncalculated),
            sheet.hidden_rows,
            sheet.hidden_columns,
            marks,
        )
        for sheet in sheets
        for marks in (_marks(sheet),)
    ]
    return _not_empty(grids, file)


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Examined:
    """Extents by sheet name, the parts of large sheets, and the marks of all."""

    extents: dict[str, Extent]
    large: dict[str, str]
    marks: dict[str, SheetMarks]


def _marks(sheet: ForeignSheet) -> SheetMarks:
    return SheetMarks(
        hidden="" if sheet.visibility == "visible" else sheet.visibility,
        merged=tuple((top + 1, left + 1, bottom + 1, right + 1) for top, left, bottom, right in sheet.merged),
        uncalculated=tuple((row + 1, column + 1) for row, column in sheet.unstored),
        of_1904=sheet.of_1904,
    )


def _sheets(data: bytes, file: str, examined: _Examined) -> list[SheetGrid]:
    extent_by_sheet, large, marks = examined.extents, examined.large, examined.marks
    names, read = list(large), {}
    with _reading_library(file):
        if not large or large.keys() != extent_by_sheet.keys():
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
            names = workbook.sheet_names
            read = {name: _whole_grid(workbook, name, file) for name in names if name not in large}
            marks = marks or marks_of_workbook(workbook)
            del workbook
        read |= _large_grids(data, {name: large[name] for name in names if name in large}, file)
    return [
        SheetGrid(
            name, without_cells(read[name], mark.uncalculated), *_hidden(extent_by_sheet.get(name)), mark
        )
        for name in names
        for mark in (marks.get(name, SheetMarks()),)
    ]


@contextmanager
def _reading_library(file: str) -> Iterator[None]:
    """The library refuses in its own words, or panics, which is no exception of the usual kind."""
    try:
        yield
    except CalamineError as error:
        raise LedgerError(
            f"工作簿打不开：{file}", "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再试。"
        ) from error
    except (ValueError, OverflowError) as error:
        raise _damaged(file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(file) from error


def _not_empty(grids: list[SheetGrid], file: str) -> list[SheetGrid]:
    if all(sheet.grid.is_empty() for sheet in grids):
        raise LedgerError(f"工作簿是空的：{file}", "请填入数据；空白台账可用 coverage-engine template 生成。")
    return grids


def _damaged(file: str) -> LedgerError:
    return LedgerError(f"工作簿已损坏：{file}", "请向报送单位重新索取，或从备份恢复后再试。")


def _examined(archive: zipfile.ZipFile, file: str) -> _Examined:
    """What the parts of a workbook that may be laid out tell of its sheets."""
    names = sheet_names(archive)
    extent_by_sheet, large, parts = {}, {}, {}
    allowance = Allowance(archive, file)
    for part, extent in extents(archive, allowance):
        extent_by_sheet[names.get(part, part)] = extent
        parts[names.get(part, part)] = (part, extent)
        if part in allowance.large and extent.ordered and not extent.unaddressed:
            large[names.get(part, part)] = part
    allowance.close()
    return _Examined(extent_by_sheet, large, marks_of_archive(archive, parts))


def _hidden(extent: Extent | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if extent is None:
        return (), ()
    return tuple(sorted(extent.hidden_rows)), tuple(sorted(extent.hidden_columns))


def _refuse_swollen(declared: int, data: bytes, file: str) -> None:
    if declared > _MOST_BYTES or (declared > 10 * 1024**2 and declared > _MOST_RATIO * len(data)):
        raise LedgerError(
            f"工作簿解开后过大，疑似异常文件，未读取：{file}",
            "请核对来源；确是台账的，请在 Excel 中只留有数据的行列，另存后再试。",
        )


def _large_grids(data: bytes, parts: dict[str, str], file: str) -> dict[str, pl.DataFrame]:
    """Large sheets by name, in stretches of rows where they are written as spreadsheets write them."""
    if not parts:
        return {}
    read = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = LargeSheets(archive)
        for name, part in parts.items():
            try:
                read[name] = sheets.grid(part)
            except NotInStretches:
                read[name] = _whole_grid(CalamineWorkbook.from_filelike(io.BytesIO(data)), name, file)
    return read


def _whole_grid(workbook: CalamineWorkbook, name: str, file: str) -> pl.DataFrame:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise LedgerError(
            f"工作表“{name}”的行列过多：{file}", "请删去数据以外的空白行列，或分成几个文件后再试。"
        )
    return grid_of(shown_rows(sheet.iter_rows(), sheet.start[1] if sheet.start else 0))
