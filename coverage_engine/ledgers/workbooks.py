"""Workbooks (.xlsx, .xlsm, .xls), read with calamine: formulas are never computed, links never followed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.large_sheets import Allowance
from coverage_engine.ledgers.text_files import grid_of
from coverage_engine.ledgers.workbook_extent import Extent, extents
from coverage_engine.ledgers.workbook_parts import sheet_names

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 2 * 1024**3
_MOST_RATIO = 100
_MOST_CELLS = 30_000_000
_EXACT_BELOW = 1e15
"""Excel keeps 15 digits; a longer number has lost its tail already."""


@dataclass(frozen=True)
class SheetGrid:
    """A sheet's name, cells (columns `c0`, `c1` …; one row for each Excel row) and hidden parts."""

    name: str
    grid: pl.DataFrame
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


def workbook_grids(data: bytes, file: str) -> list[SheetGrid]:
    """Every sheet of a workbook; numbers of hidden rows and columns are counted from 1.

    Raises:
        LedgerError: not a workbook, password-protected, damaged, without content, or swollen beyond reason.
    """
    found = _examined(data, file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = [
            SheetGrid(name, _grid(workbook, name, file), *_hidden(found.get(name)))
            for name in workbook.sheet_names
        ]
    except CalamineError as error:
        raise LedgerError(
            f"工作簿打不开：{file}", "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再试。"
        ) from error
    if all(sheet.grid.is_empty() for sheet in grids):
        raise LedgerError(f"工作簿是空的：{file}", "请填入数据；空白台账可用 coverage-engine template 生成。")
    return grids


# ---------------------------------------------------------------------------------------------- private


def _examined(data: bytes, file: str) -> dict[str, Extent]:
    """Extents by sheet name, of a workbook that may be laid out; an old .xls can only hold 65,536 rows."""
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_STREAM in data:
            raise LedgerError(
                f"工作簿有打开密码：{file}",
                "请用 Excel 或 WPS 打开，在“文件—信息—保护工作簿”里去掉密码，保存后再试。",
            )
        return {}
    if not data.startswith(_ZIP_MAGIC):
        raise LedgerError(
            f"{file} 的扩展名是 Excel，内容却不是 Excel 工作簿（可能是文本或网页改名而来）",
            "文本请把扩展名改为 .csv；网页导出的表请用 Excel 打开后另存为 .xlsx。",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_swollen(sum(entry.file_size for entry in archive.infolist()), data, file)
            names = sheet_names(archive)
            found = {}
            allowance = Allowance(archive, file)
            for part, extent in extents(archive, allowance):
                found[names.get(part, part)] = extent
            allowance.close()
            return found
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


def _grid(workbook: CalamineWorkbook, name: str, file: str) -> pl.DataFrame:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise LedgerError(
            f"工作表“{name}”的行列过多：{file}", "请删去数据以外的空白行列，或分成几个文件后再试。"
        )
    return grid_of(_records(sheet))


def _records(sheet: Any) -> Iterator[list[str]]:
    """The rows from Excel row 1 and column A on, each cell as the text that it shows."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield before + [cell if type(cell) is str else _shown(cell) for cell in row]


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number(value: float) -> str:
    if abs(value) >= _EXACT_BELOW:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)
