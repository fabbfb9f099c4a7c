"""Opening what was handed in: files and folders become raw sheets, every cell as the text that it shows.

Nothing is interpreted here. A file that cannot be opened becomes a `FileTrouble` with words; the reading
decides whether enough is left to go on.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.formats import WEB_SUFFIXES, NoTableError, sheets_by_content
from coverage_engine.ledgers.files.handed_in_folders import FileTrouble, FolderWalk, shown_name
from coverage_engine.ledgers.files.invisible_signs import without_invisible
from coverage_engine.ledgers.files.own_outputs import (
    RETURNED_ROWS,
    is_findings_workbook,
    is_mapping_workbook,
    is_output,
)
from coverage_engine.ledgers.files.row_widths import SHIFTS
from coverage_engine.ledgers.files.sheet_marks import SheetMarks
from coverage_engine.ledgers.files.text_files import FAULTS, read_text

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods"}) | WEB_SUFFIXES
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_MOST_BYTES = 1024**3
_PANIC = "PanicException"
"""What a reader written in Rust raises where it gives up: no `Exception`, and of a class without a module."""


@dataclass(frozen=True)
class RawSheet:
    """A sheet as it lies in the file: `grid` has text columns `c0`, `c1` … and a row for each Excel row.

    Of several tables on one sheet each is a part of its own, with so many rows of the sheet `above` it.
    Hidden rows and columns are counted from 1, as in the file; they are read like all others. `marks` are of
    the whole sheet: its merged cells and formulas stand where they stand in the file. `faults` (columns:
    `FAULTS`) are what opening it found odd, `shifts` (`SHIFTS`) the rows whose cells may stand under wrong
    headers; their rows are counted in the whole sheet. In `masked_columns`, counted from 0, some cells had
    numbers or names of people, which are hidden. A sheet `of_mapping` is no list: it says how lists are read.
    """

    file: str
    sha256: str
    sheet: str
    grid: pl.DataFrame
    above: int = 0
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    marks: SheetMarks = field(default_factory=SheetMarks)
    faults: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAULTS))
    shifts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHIFTS))
    masked_columns: tuple[int, ...] = ()
    of_mapping: bool = False


Opened = tuple[list[RawSheet], list[FileTrouble]]


def open_sources(sources: Sequence[str | Path], progress: Callable[[str], None] | None = None) -> Opened:
    """All sheets of the files and folders handed in, in order, and the files that could not be read.

    Raises:
        LedgerError: a source does not exist, a folder holds no ledgers, or the only file cannot be read.
    """
    files, troubles = ledger_files(sources)
    sheets: list[RawSheet] = []
    for file in files:
        if progress:
            progress(f"读取 {shown_name(file.name)}")
        try:
            sheets += map(at_the_door, _read(file))
        except LedgerError as error:
            if len(files) == 1:
                raise
            troubles.append(
                FileTrouble(_trouble_code(error), shown_name(file.name), error.problem, error.remedy)
            )
    return sheets, troubles


def at_the_door(sheet: RawSheet) -> RawSheet:
    """A sheet without signs that nobody sees; that there were some is told once."""
    grid, cells = without_invisible(sheet.grid)
    if not cells:
        return sheet
    fault = {"code": ["text.invisible_signs"], "row": [None], "found": [f"{cells} 格"], "detail": [""]}
    return replace(sheet, grid=grid, faults=pl.concat([sheet.faults, pl.DataFrame(fault, schema=FAULTS)]))


def ledger_files(sources: Sequence[str | Path]) -> tuple[list[Path], list[FileTrouble]]:
    """The ledger files of files and folders, in order, each real file once, and the files passed over.

    Raises:
        LedgerError: a source does not exist or is no plain file, or a folder holds no ledgers.
    """
    files: list[Path] = []
    walk = FolderWalk()
    for source in map(Path, sources):
        if source.is_dir():
            files += _folder_files(source, walk)
        elif source.exists():
            _refuse_no_ledger_file(source)
            if walk.first_seen(source):
                files.append(source)
        else:
            shown = shown_name(str(source))
            raise LedgerError(f"找不到文件：{shown}", "请核对路径是否写对，或把台账文件复制到该处后再试。")
    return files, walk.troubles


# ---------------------------------------------------------------------------------------------- private


class _OwnOutputError(LedgerError):
    """A result of the product was handed in as a ledger."""


def _trouble_code(error: LedgerError) -> str:
    if isinstance(error, _OwnOutputError):
        return "file.own_output"
    return "file.unknown_type" if isinstance(error, NoTableError) else "file.unreadable"


def _folder_files(folder: Path, walk: FolderWalk) -> list[Path]:
    before = len(walk.troubles)
    readable: list[Path] = []
    for file in walk.files(folder):
        if file.suffix.lower() in WORKBOOK_SUFFIXES | TEXT_SUFFIXES:
            readable.append(file)
        else:
            walk.troubles.append(
                FileTrouble(
                    "file.unknown_type",
                    shown_name(file.name),
                    f"不认识的文件类型 {shown_name(file.suffix)}",
                    "如是台账，请另存为 .xlsx 或 .csv 后放回文件夹；不是台账可不理会。",
                )
            )
    if not readable:
        passed = [
            f"{trouble.file}：{trouble.problem}"
            for trouble in walk.troubles[before:]
            if trouble.code != "file.unknown_type"
        ]
        raise LedgerError(
            f"文件夹“{shown_name(folder.name)}”里没有台账文件（.xlsx、.xls、.csv）"
            + "".join(f"；{words}" for words in passed[:3]),
            "请把企业台账等文件放进这个文件夹，或用 coverage-engine template 生成空白台账填写。",
        )
    return readable


def _refuse_no_ledger_file(file: Path) -> None:
    shown = shown_name(file.name)
    if not stat.S_ISREG(file.stat().st_mode):
        raise LedgerError(
            f"不是普通文件（是管道、设备等），没有打开：{shown}", "请把台账存为普通文件后再试。"
        )
    if file.suffix.lower() not in WORKBOOK_SUFFIXES | TEXT_SUFFIXES:
        raise LedgerError(f"不认识的文件类型：{shown}", "请另存为 .xlsx（Excel 工作簿）或 .csv 后再试。")


def _read(file: Path) -> list[RawSheet]:
    """The sheets of a file; whatever a reader stumbles over is a refusal in words.

    Raises:
        LedgerError: the file cannot be used.
    """
    shown = shown_name(file.name)
    try:
        return _sheets_of(file)
    except LedgerError:
        raise
    except MemoryError as error:
        raise LedgerError(
            f"内存不够，读不下：{shown}", "请按县（市、区）分成几个文件，或换内存大的电脑再试。"
        ) from error
    except OSError as error:
        raise LedgerError(
            f"打不开文件：{shown}", "请核对文件没有被别的程序占用、您有权读取它，再试。"
        ) from error
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        raise LedgerError(
            f"文件已损坏或不合格式，读不下去：{shown}",
            "请用 Excel 或 WPS 打开核对，另存为新的 .xlsx 后再试；打不开的，请向报送单位重新索取。",
        ) from error


def _sheets_of(file: Path) -> list[RawSheet]:
    shown = shown_name(file.name)
    size = file.stat().st_size
    if size > _MOST_BYTES:
        raise LedgerError(
            f"文件过大（{size / 1024**2:.0f} MB，最多 {_MOST_BYTES // 1024**2} MB），未读取：{shown}",
            "请只留台账的行和列，或按县（市、区）分成几个文件后再试。",
        )
    data = file.read_bytes()
    if not data.strip():
        raise LedgerError(f"文件是空的：{shown}", "请核对是否导出完整，重新导出后再试。")
    if is_output(data, shown):
        raise _OwnOutputError(
            f"这是本软件写出的结果，不是台账：{shown}",
            "请交原来的台账；确要用其中的数据的，请复制到空白台账（coverage-engine template）里再交。",
        )
    digest = hashlib.sha256(data).hexdigest()
    sheets = sheets_by_content(data, shown, Path(shown).stem)
    if sheets is None:
        table = read_text(data, shown)
        return [
            RawSheet(shown, digest, Path(shown).stem, table.grid, faults=table.faults, shifts=table.shifts)
        ]
    returned_only = is_findings_workbook(data)
    of_mapping = is_mapping_workbook(data, [sheet.name for sheet in sheets])
    return [
        RawSheet(
            shown,
            digest,
            sheet.name,
            sheet.grid,
            hidden_rows=sheet.hidden_rows,
            hidden_columns=sheet.hidden_columns,
            marks=sheet.marks,
            of_mapping=of_mapping,
        )
        for sheet in sheets
        if not returned_only or sheet.name.startswith(RETURNED_ROWS)
    ]
