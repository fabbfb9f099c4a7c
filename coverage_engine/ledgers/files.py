"""Opening what was handed in: files and folders become raw sheets, every cell as the text that it shows.

Nothing is interpreted here. A file that cannot be opened becomes a `FileTrouble` with words; the reading
decides whether enough is left to go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.formats import WEB_SUFFIXES, NoTableError, sheets_by_content
from coverage_engine.ledgers.text_files import text_grid

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods"}) | WEB_SUFFIXES
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_IGNORED_FOLDERS = frozenset({"truth"})


@dataclass(frozen=True)
class RawSheet:
    """A sheet as it lies in the file: `grid` has text columns `c0`, `c1` … and a row for each Excel row.

    Of several tables on one sheet each is a part of its own, with so many rows of the sheet `above` it.
    Hidden rows and columns are counted from 1, as in the file; they are read like all others.
    """

    file: str
    sha256: str
    sheet: str
    grid: pl.DataFrame
    above: int = 0
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class FileTrouble:
    """A file that was not read, with the finding's code and words."""

    code: str
    file: str
    problem: str
    remedy: str


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
            progress(f"读取 {file.name}")
        try:
            sheets += _sheets_of(file)
        except LedgerError as error:
            if len(files) == 1:
                raise
            code = "file.unknown_type" if isinstance(error, NoTableError) else "file.unreadable"
            troubles.append(FileTrouble(code, file.name, error.problem, error.remedy))
    return sheets, troubles


def ledger_files(sources: Sequence[str | Path]) -> tuple[list[Path], list[FileTrouble]]:
    """The ledger files of files and folders, in order, and the files passed over.

    Raises:
        LedgerError: a source does not exist, or a folder holds no ledgers.
    """
    files: list[Path] = []
    troubles: list[FileTrouble] = []
    for source in map(Path, sources):
        if source.is_dir():
            found, passed_over = _folder_files(source)
            troubles += passed_over
        elif source.exists():
            found = [source]
            _refuse_unknown_suffix(source)
        else:
            raise LedgerError(f"找不到文件：{source}", "请核对路径是否写对，或把台账文件复制到该处后再试。")
        files += [file for file in found if file not in files]
    return files, troubles


# ---------------------------------------------------------------------------------------------- private


def _folder_files(folder: Path) -> tuple[list[Path], list[FileTrouble]]:
    found: list[Path] = []
    troubles: list[FileTrouble] = []
    for file in _walk(folder):
        if file.suffix.lower() in WORKBOOK_SUFFIXES | TEXT_SUFFIXES:
            found.append(file)
        else:
            troubles.append(
                FileTrouble(
                    "file.unknown_type",
                    file.name,
                    f"不认识的文件类型 {file.suffix}",
                    "如是台账，请另存为 .xlsx 或 .csv 后放回文件夹；不是台账可不理会。",
                )
            )
    if not found:
        raise LedgerError(
            f"文件夹“{folder.name}”里没有台账文件（.xlsx、.xls、.csv）",
            "请把企业台账等文件放进这个文件夹，或用 coverage-engine template 生成空白台账填写。",
        )
    return found, troubles


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "~$")) or entry.stem.upper().startswith("README"):
            continue
        if entry.is_dir():
            if entry.name not in _IGNORED_FOLDERS:
                yield from _walk(entry)
        else:
            yield entry


def _refuse_unknown_suffix(file: Path) -> None:
    if file.suffix.lower() not in WORKBOOK_SUFFIXES | TEXT_SUFFIXES:
        raise LedgerError(f"不认识的文件类型：{file.name}", "请另存为 .xlsx（Excel 工作簿）或 .csv 后再试。")


def _sheets_of(file: Path) -> list[RawSheet]:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if not data.strip():
        raise LedgerError(f"文件是空的：{file.name}", "请核对是否导出完整，重新导出后再试。")
    sheets = sheets_by_content(data, file.name, file.stem)
    if sheets is None:
        return [RawSheet(file.name, digest, file.stem, text_grid(data, file.name))]
    return [
        RawSheet(
            file.name,
            digest,
            sheet.name,
            sheet.grid,
            hidden_rows=sheet.hidden_rows,
            hidden_columns=sheet.hidden_columns,
        )
        for sheet in sheets
    ]
