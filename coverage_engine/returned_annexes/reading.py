"""One returned workbook as a table: which annex it is, its rows by column key, addresses, totals."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.workbooks import SheetGrid, workbook_grids
from coverage_engine.reporting.layout import Column, Layout

_LOOKED_AT = 30
_DAY = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


@dataclass(frozen=True)
class ReturnedSheet:
    """A returned annex: texts by column key with `row` (1-based), totals by label, letters of the columns."""

    annex: str
    file: str
    sha256: str
    sheet: str
    header_row: int
    rows: pl.DataFrame
    totals: tuple[dict[str, str], ...]
    letters: dict[str, str]
    headers: dict[str, str]
    filled_on: date | None


def returned_files(folder: Path) -> list[Path]:
    """The workbooks of a folder and its sub-folders, by name, without what Excel keeps beside an open one."""
    files = (Path(above) / name for above, _, names in os.walk(folder) for name in names)
    return sorted(file for file in files if file.suffix.lower() == ".xlsx" and _is_handed_in(file))


def read_return(file: Path, layouts: dict[str, Layout]) -> ReturnedSheet:
    """The annex in a workbook, whatever the order of its columns.

    Raises:
        LedgerError: the file cannot be read, or holds none of the annexes.
    """
    if not file.is_file():
        raise LedgerError(f"找不到文件：{file}", "请检查文件位置。")
    data, sheets = _opened(file)
    for sheet in sheets:
        texts = [[(cell or "").strip() for cell in row] for row in sheet.grid.iter_rows()]
        for annex, layout in layouts.items():
            parts = _header(texts, layout.columns)
            if parts is not None:
                digest = hashlib.sha256(data).hexdigest()
                return _sheet(annex, layout, (file.name, digest, sheet.name), texts, parts)
    raise LedgerError(
        f"{file.name} 里没有认出附件3、4、5的表头",
        "请用程序写出的附件填报，不要改动表头文字（列的顺序可以变）。",
    )


# ---------------------------------------------------------------------------------------------- private


def _opened(file: Path) -> tuple[bytes, list[SheetGrid]]:
    """The bytes and sheets of a workbook; whatever stops its reader, the other returns are read."""
    try:
        data = file.read_bytes()
        return data, list(workbook_grids(data, file.name))
    except (LedgerError, MemoryError):
        raise
    except Exception as error:
        raise LedgerError(
            f"{file.name} 已损坏或打不开（{type(error).__name__}）",
            "请交表单位用 Excel 或 WPS 另存后重新交。",
        ) from error


def _is_handed_in(file: Path) -> bool:
    return not file.name.startswith(("~", ".")) and file.is_file()


_Heading = tuple[int, dict[str, int]]


def _header(texts: Sequence[Sequence[str]], columns: Sequence[Column]) -> _Heading | None:
    """Row of the header (0-based) and column of each key; all keys have to be there."""
    for row in range(min(len(texts) - 1, _LOOKED_AT)):
        group, named = "", dict[tuple[str, str], int]()
        for number, (upper, lower) in enumerate(zip(texts[row], texts[row + 1], strict=True)):
            group = upper or (group if lower else "")
            named.setdefault((group, lower) if lower else ("", upper), number)
        placed = {column.key: named.get((column.group, column.header)) for column in columns}
        if all(number is not None for number in placed.values()):
            return row, {key: number for key, number in placed.items() if number is not None}
    return None


def _sheet(
    annex: str,
    layout: Layout,
    named: tuple[str, str, str],
    texts: Sequence[Sequence[str]],
    heading: _Heading,
) -> ReturnedSheet:
    file, digest, sheet = named
    header, places = heading
    labels, records, totals = {total.label for total in layout.totals}, [], []
    for number, cells in enumerate(texts[header + 2 :], header + 3):
        values = {key: cells[place] for key, place in places.items()}
        first = cells[0].replace(" ", "")
        if first in labels:
            totals.append({**values, "label": first})
        elif totals or first.startswith(("审核人", "说明")):
            break
        elif any(values[key] for key in values if key != layout.columns[0].key):
            records.append({"row": number, **values})
    schema = {"row": pl.Int32, **dict.fromkeys(places, pl.String)}
    above = " ".join(cell for row in texts[:header] for cell in row)
    lines = _DAY.search(above)
    return ReturnedSheet(
        annex,
        file,
        digest,
        sheet,
        header + 1,
        pl.DataFrame(records, schema=schema),
        tuple(totals),
        {key: _letter(place) for key, place in places.items()},
        {column.key: column.header for column in layout.columns},
        _day(lines),
    )


def _day(text: re.Match[str] | None) -> date | None:
    try:
        return date(*map(int, text.groups())) if text else None
    except ValueError:
        return None


def _letter(number: int) -> str:
    """Excel letter of a 0-based column."""
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)
