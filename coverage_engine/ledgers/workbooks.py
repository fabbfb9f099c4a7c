"""Workbooks (.xlsx, .xlsm, .xls), read with calamine: formulas are never computed, links never followed."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.large_sheets import Allowance
from coverage_engine.ledgers.old_workbooks import counts_from_1904, examine_old_workbook
from coverage_engine.ledgers.row_stretches import LargeSheets, NotInStretches
from coverage_engine.ledgers.sheet_marks import SheetMarks, marks_of_archive, marks_of_workbook, without_cells
from coverage_engine.ledgers.shown_cells import shown_rows
from coverage_engine.ledgers.text_files import grid_of
from coverage_engine.ledgers.workbook_extent import Extent, extents
from coverage_engine.ledgers.workbook_parts import sheet_names

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
    found, large, marks = _examined(data, file)
    try:
        names, read = list(large), {}
        if not large or large.keys() != found.keys():
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
            names = workbook.sheet_names
            read = {name: _whole_grid(workbook, name, file) for name in names if name not in large}
            marks = marks or marks_of_workbook(
                workbook, data.startswith(_OLE_MAGIC) and counts_from_1904(data)
            )
            del workbook
        read |= _large_grids(data, {name: large[name] for name in names if name in large}, file)
    except CalamineError as error:
        raise LedgerError(
            f"工作簿打不开：{file}", "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再试。"
        ) from error
    grids = [
        SheetGrid(name, without_cells(read[name], mark.uncalculated), *_hidden(found.get(name)), mark)
        for name in names
        for mark in (marks.get(name, SheetMarks()),)
    ]
    if all(sheet.grid.is_empty() for sheet in grids):
        raise LedgerError(f"工作簿是空的：{file}", "请填入数据；空白台账可用 coverage-engine template 生成。")
    return grids


# ---------------------------------------------------------------------------------------------- private


def _examined(data: bytes, file: str) -> tuple[dict[str, Extent], dict[str, str], dict[str, SheetMarks]]:
    """Extents by sheet name, the parts of large sheets, and marks, of a workbook that may be laid out.

    An old .xls can only hold 65,536 rows.
    """
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_STREAM in data:
            raise LedgerError(
                f"工作簿有打开密码：{file}",
                "请用 Excel 或 WPS 打开，在“文件—信息—保护工作簿”里去掉密码，保存后再试。",
            )
        examine_old_workbook(data, file)
        return {}, {}, {}
    if not data.startswith(_ZIP_MAGIC):
        raise LedgerError(
            f"{file} 的扩展名是 Excel，内容却不是 Excel 工作簿（可能是文本或网页改名而来）",
            "文本请把扩展名改为 .csv；网页导出的表请用 Excel 打开后另存为 .xlsx。",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_swollen(sum(entry.file_size for entry in archive.infolist()), data, file)
            names = sheet_names(archive)
            found, large, parts = {}, {}, {}
            allowance = Allowance(archive, file)
            for part, extent in extents(archive, allowance):
                found[names.get(part, part)] = extent
                parts[names.get(part, part)] = (part, extent)
                if part in allowance.large and extent.ordered and not extent.unaddressed:
                    large[names.get(part, part)] = part
            allowance.close()
            return found, large, marks_of_archive(archive, parts)
    # The archive reader calls a way of packing that it does not know not implemented.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise LedgerError(f"工作簿已损坏：{file}", "请向报送单位重新索取，或从备份恢复后再试。") from error


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
