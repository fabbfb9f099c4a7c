"""Writing of ledgers: a sheet as it will stand in a file, and the files themselves."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

LAYOUTS = ("mixed", "csv", "xlsx")
KINDS = (
    "企业台账",
    "园区台账",
    "总部分支台账",
    "产业链台账",
    "行业协会台账",
    "工会台账",
    "党组织台账",
    "团属社团台账",
    "智慧团建导出",
    "联合团组织覆盖台账",
    "行业主管部门台账",
    "属地力量台账",
    "品牌工作台账",
    "青年之家台账",
    "建团成果台账",
    "学校团员数量台账",
    "发展团员编号台账",
)
WORKBOOK = "其他台账.xlsx"
WHOLE_WORKBOOK = "台账.xlsx"
_ROWS_IN_WORKBOOK = 6_000
_CREATED = datetime(2019, 5, 20)


@dataclass(frozen=True)
class Sheet:
    """A ledger as written: rows above the header, one or two header rows, body, rows below.

    `keys` are canonical headers, `headers` those written; `groups` names the merged group over each column
    ("" for a header that spans both rows); `overlay` replaces single cells of the body by text, keyed by
    (body row from 0, column from 0).
    """

    kind: str
    body: pl.DataFrame
    keys: Sequence[str]
    headers: Sequence[str]
    above: Sequence[Sequence[str]] = ()
    groups: Sequence[str] = ()
    below: Sequence[Sequence[Any]] = ()
    overlay: Mapping[tuple[int, int], str] = field(default_factory=dict)
    encoding: str = "utf-8-sig"

    @property
    def first_row(self) -> int:
        """Excel row of the first body row."""
        return len(self.above) + (2 if self.groups else 1) + 1

    def header_rows(self) -> list[list[str]]:
        """The header as a grid of texts, as a merged header reads when its merges are dissolved."""
        if not self.groups:
            return [list(self.headers)]
        upper, lower, last = [], [], ""
        for header, group in zip(self.headers, self.groups, strict=True):
            upper.append(header if not group else group if group != last else "")
            lower.append(header if group else "")
            last = group
        return [upper, lower]


def plain_sheet(kind: str, frame: pl.DataFrame) -> Sheet:
    """A sheet with canonical headers and nothing else."""
    return Sheet(kind, frame, frame.columns, frame.columns)


def column_letter(number: int) -> str:
    """Excel's letter of a column counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def file_of(sheet: Sheet, layout: str) -> str:
    """File that a sheet goes to; in the mixed layout long ledgers are csv, because xlsx would be slow."""
    if layout == "xlsx":
        return WHOLE_WORKBOOK
    long = sheet.kind == "企业台账" or sheet.body.height > _ROWS_IN_WORKBOOK
    return f"{sheet.kind}.csv" if layout == "csv" or long else WORKBOOK


def write_ledgers(sheets: Sequence[Sheet], folder: Path, layout: str) -> None:
    """Writes every sheet into its file."""
    books: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        name = file_of(sheet, layout)
        if name.endswith(".csv"):
            write_csv(sheet, folder / name)
        else:
            books.setdefault(name, []).append(sheet)
    for name, members in books.items():
        write_workbook(members, folder / name)


def write_csv(sheet: Sheet, file: Path) -> None:
    """One ledger as csv in the sheet's encoding; headers with line breaks are written in one line."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    width = len(sheet.headers)
    writer.writerows(_padded(texts, width) for texts in sheet.above)
    writer.writerows([text.replace("\n", "") for text in texts] for texts in sheet.header_rows())
    stream.write(_body_as_text(sheet).write_csv(include_header=False))
    writer.writerows(_padded(cells, width) for cells in sheet.below)
    file.write_bytes(stream.getvalue().encode(sheet.encoding))


def write_workbook(sheets: Sequence[Sheet], file: Path) -> None:
    """Ledgers as the sheets of one workbook with a fixed creation date.

    Row by row with little memory, unless a header has to be merged over two rows.
    """
    lean = not any(sheet.groups for sheet in sheets)
    book = xlsxwriter.Workbook(str(file), {"constant_memory": lean})
    book.set_properties({"created": _CREATED, "author": "", "comments": "本样例企业均为虚构"})
    header = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.kind)
        for number, texts in enumerate(sheet.above):
            _write_row(page, number, texts, None)
        _write_header(page, sheet, header)
        first = sheet.first_row - 1
        for number, cells in enumerate(sheet.body.iter_rows()):
            for column, cell in enumerate(cells):
                _write_cell(page, first + number, column, sheet.overlay.get((number, column), cell), day)
        for number, below in enumerate(sheet.below):
            _write_row(page, first + sheet.body.height + number, below, None)
    book.close()


# ---------------------------------------------------------------------------------------------- private


def _padded(row: Sequence[Any], width: int) -> list[Any]:
    return [*row, *[""] * (width - len(row))]


def _body_as_text(sheet: Sheet) -> pl.DataFrame:
    """The body with its overlaid texts; a column without any keeps its type."""
    columns: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.overlay.items():
        columns.setdefault(column, {})[row] = text
    changed = []
    for column, texts in columns.items():
        series = sheet.body.to_series(column).cast(pl.String)
        changed.append(series.scatter(list(texts.keys()), list(texts.values())))
    return sheet.body.with_columns(changed)


def _write_header(page: Any, sheet: Sheet, style: Any) -> None:
    row = len(sheet.above)
    for number, texts in enumerate(sheet.header_rows()):
        _write_row(page, row + number, texts, style)
    start = 0
    while start < len(sheet.groups):
        group, stop = sheet.groups[start], start + 1
        while group and stop < len(sheet.groups) and sheet.groups[stop] == group:
            stop += 1
        last_row = row if group else row + 1
        if (last_row, stop - 1) != (row, start):
            page.merge_range(row, start, last_row, stop - 1, group or sheet.headers[start], style)
        start = stop


def _write_row(page: Any, row: int, cells: Sequence[Any], style: Any) -> None:
    for column, cell in enumerate(cells):
        _write_cell(page, row, column, cell, style)


def _write_cell(page: Any, row: int, column: int, cell: Any, style: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(row, column, cell)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, style)
    else:
        page.write_number(row, column, cell)
