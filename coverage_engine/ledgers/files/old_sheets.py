"""The sheets of an old workbook (.xls, .et; Excel 2 to 2003), read with xlrd from records examined before.

Excel 95 and older write letters in the code page of the office's computer, and Chinese programs often name
another page than they use, or none: unless a page of another script is named, such texts are read as GB18030.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import xlrd
from xlrd.sheet import Sheet

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet
from coverage_engine.ledgers.files.old_workbooks import OldBook, OldPart
from coverage_engine.ledgers.files.shown_cells import shown_rows
from coverage_engine.ledgers.files.text_files import grid_of

_VISIBILITY = {0: "visible", 1: "hidden", 2: "very_hidden"}
_OTHER_SCRIPTS = frozenset({874, 932, 949, 950, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 1361})
_DAYS_TO_9999 = 2_958_466


def old_sheets(book: OldBook, file: str) -> list[ForeignSheet]:
    """Every sheet of an old workbook.

    Raises:
        LedgerError: password-protected, or damaged.
    """
    try:
        opened = xlrd.open_workbook(
            file_contents=book.stream,
            logfile=io.StringIO(),
            encoding_override=None if book.code_page in _OTHER_SCRIPTS else "gb18030",
            on_demand=True,
            ragged_rows=True,
        )
        return [_sheet(opened, number, book) for number in range(opened.nsheets)]
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise password_protected(file) from error
        raise _damaged(file) from error
    # Whatever a damaged record leads to, the file is what is wrong.
    except Exception as error:
        raise _damaged(file) from error


def password_protected(file: str) -> LedgerError:
    """A workbook that opens with a password only."""
    return LedgerError(
        f"工作簿有打开密码：{file}",
        "请用 Excel 或 WPS 打开，在“文件—信息—保护工作簿”里去掉密码，保存后再试。",
    )


# ---------------------------------------------------------------------------------------------- private


def _sheet(opened: xlrd.Book, number: int, book: OldBook) -> ForeignSheet:
    sheet = opened.sheet_by_index(number)
    part = book.parts[number] if number < len(book.parts) else OldPart()
    read = ForeignSheet(
        sheet.name,
        grid_of(shown_rows(_rows(sheet, opened.datemode), 0)),
        tuple(sorted(part.hidden_rows)),
        tuple(sorted(part.hidden_columns)),
        tuple(part.merged),
        _VISIBILITY.get(sheet.visibility, "hidden"),
        bool(opened.datemode),
    )
    opened.unload_sheet(number)
    return read


def _rows(sheet: Sheet, datemode: int) -> Iterator[Sequence[object]]:
    special = {xlrd.XL_CELL_DATE, xlrd.XL_CELL_BOOLEAN, xlrd.XL_CELL_ERROR}
    for number in range(sheet.nrows):
        values, types = sheet.row_values(number), sheet.row_types(number)
        if special.isdisjoint(types):
            yield values
        else:
            yield [_value(value, kind, datemode) for value, kind in zip(values, types, strict=True)]


def _value(value: object, kind: int, datemode: int) -> object:
    if kind == xlrd.XL_CELL_DATE and isinstance(value, float):
        return _moment(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#N/A")
    return value


def _moment(days: float, datemode: int) -> object:
    """A day, with its time if it has one; a number that is no day stays a number."""
    if not 1 <= days < _DAYS_TO_9999 - (1462 if datemode else 0):
        return days
    # Excel takes 1900 for a leap year.
    start = datetime(1904, 1, 1) if datemode else datetime(1899, 12, 30 if days >= 60 else 31)
    return start + timedelta(seconds=round(days * 86_400))


def _damaged(file: str) -> LedgerError:
    return LedgerError(f"工作簿已损坏：{file}", "请向报送单位重新索取，或从备份恢复后再试。")
