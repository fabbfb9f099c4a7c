"""Text ledgers (.csv, .tsv, .txt): encoding and separator are found out, and no line is swallowed.

What is odd about a line is told with its number: a stray quote, cells beyond the header, another separator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

import polars as pl

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.quoted_rows import Rows, rows_of
from coverage_engine.ledgers.files.row_widths import SHIFTS, row_widths
from coverage_engine.ledgers.files.separators import Head, head_of
from coverage_engine.ledgers.files.text_encodings import decode

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_CHUNK_ROWS = 50_000
_MOST_COLUMNS = 2_048
_MOST_CELLS, _MOST_OTHER_CELLS = 30_000_000, 4_000_000
"""Cells of a ledger: a million rows with 28 columns; and of a text without the headers of one."""
_LEAST_HEADERS = 3
_LONGEST_CELL = 131_072
_SHOWN = 10
FAULTS = {"code": pl.String, "row": pl.Int64, "found": pl.String, "detail": pl.String}


@dataclass(frozen=True)
class TextTable:
    """The cells of a text ledger and its `faults`: code of the finding, row (none for the whole), words.

    `shifts` (columns: `SHIFTS`) are the rows whose cells may stand under other headers than their own.
    """

    grid: pl.DataFrame
    faults: pl.DataFrame
    shifts: pl.DataFrame


def text_grid(data: bytes, file: str) -> pl.DataFrame:
    """The cells of a text file as a grid of texts (columns `c0`, `c1` …), one row for each Excel row.

    Raises:
        LedgerError: as `read_text`.
    """
    return read_text(data, file).grid


def read_text(data: bytes, file: str) -> TextTable:
    """The cells of a text file, one row for each Excel row, and what is odd about its lines.

    Raises:
        LedgerError: a workbook under a text name, bytes that no known encoding explains, or more columns,
            cells or signs in a cell than any ledger has.
    """
    if data.startswith((_ZIP_MAGIC, _OLE_MAGIC)):
        raise LedgerError(
            f"{file} 的扩展名是文本，内容却是 Excel 工作簿", "请把扩展名改为 .xlsx 或 .xls 后再试。"
        )
    text = decode(data, file)
    head = head_of(text)
    rows = rows_of(text, head.separator, head.cells)
    width = _width(rows, head, file)
    grid = rows.cells.select(
        pl.col("cells").list.get(index, null_on_oob=True).alias(f"c{index}") for index in range(width)
    )
    faults, shifts = _oddities(rows, head)
    return TextTable(_without_tail(_stripped(grid)), faults, shifts)


def grid_of(records: Iterable[Sequence[str]]) -> pl.DataFrame:
    """Records of texts, perhaps of unequal length, as a grid; outer spaces dropped, empty cells null."""
    return joined_grids([_stripped(_columns(chunk)) for chunk in _chunks(iter(records))])


def joined_grids(grids: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Grids one below the other as one, without the empty rows at its end."""
    if not grids:
        return pl.DataFrame(schema={"c0": pl.String})
    return _without_tail(pl.concat(grids, how="diagonal", rechunk=True))


# ---------------------------------------------------------------------------------------------- private


def _width(rows: Rows, head: Head, file: str) -> int:
    """The columns of the widest row.

    Raises:
        LedgerError: more columns, cells, or signs in a cell than any ledger has.
    """
    widths = rows.cells["cells"].list.len()
    width = int(widths.max() or 0)  # type: ignore[arg-type]
    if width > _MOST_COLUMNS:
        line = rows.cells["line"][widths.arg_max() or 0] + 1
        raise LedgerError(
            f"{file} 第 {line} 行有 {width} 格，超过 {_MOST_COLUMNS} 列，未读取",
            "台账没有这么多列：请核对这一行的分隔符，删去多余的列后再试。",
        )
    ledger = head.matched >= _LEAST_HEADERS
    if width * len(widths) > (_MOST_CELLS if ledger else _MOST_OTHER_CELLS):
        raise LedgerError(
            f"{file} 有 {len(widths)} 行、{width} 列，认出的台账表头只有 {head.matched} 列，未读取",
            "请只留台账的列，或按县（市、区）分成几个文件后再试；不是台账的请移走。",
        )
    _refuse_long_cell(rows, file)
    return width


def _refuse_long_cell(rows: Rows, file: str) -> None:
    together = rows.cells["cells"].list.join("").str.len_chars()
    for at in (together > _LONGEST_CELL).arg_true():
        longest = max(map(len, rows.cells["cells"][at]))
        if longest > _LONGEST_CELL:
            raise LedgerError(
                f"{file} 第 {rows.cells['line'][at] + 1} 行有一格长达 {longest} 个字符，未读取",
                f"一格最多 {_LONGEST_CELL} 个字符：请核对这一格是否混入了图片或别的文件，删去后再试。",
            )


def _oddities(rows: Rows, head: Head) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is odd about lines, by row, and the rows that may be shifted."""
    quotes, breaks = _stray_quotes(rows), _breaks(rows)
    if head.line is None:
        return pl.concat([quotes, breaks]), pl.DataFrame(schema=SHIFTS)
    widths = row_widths(rows, head)
    faults = [_as_faults(code, frame) for code, frame in widths.faults]
    return pl.concat([quotes, *faults, breaks]), widths.shifts


def _stray_quotes(rows: Rows) -> pl.DataFrame:
    lines, columns = zip(*rows.strays, strict=True) if rows.strays else ((), ())
    row = rows.cells["line"].search_sorted(pl.Series(lines, dtype=pl.UInt32), side="right")
    places = [
        f"文件第 {line + 1} 行第 {column + 1} 格的引号" for line, column in zip(lines, columns, strict=True)
    ]
    return _as_faults("text.stray_quote", pl.DataFrame({"row": row.cast(pl.Int64), "found": places}))


def _breaks(rows: Rows) -> pl.DataFrame:
    """Lines joined into rows, told once: with them the lines of the file add up."""
    if not rows.breaks:
        return pl.DataFrame(schema=FAULTS)
    places = "、".join(f"{first + 1}–{last + 1}" for first, last in rows.breaks[:_SHOWN])
    more = "…" if len(rows.breaks) > _SHOWN else ""
    in_words = f"{len(rows.breaks)} 行的格里有换行（文件第 {places}{more} 行）"
    return _as_faults("text.line_breaks", pl.DataFrame({"row": [None], "found": [in_words]}))


def _as_faults(code: str, rows: pl.DataFrame) -> pl.DataFrame:
    filled = rows.with_columns(code=pl.lit(code), detail=pl.lit(""))
    return filled.select(pl.col(name).cast(dtype) for name, dtype in FAULTS.items())


def _stripped(grid: pl.DataFrame) -> pl.DataFrame:
    """The cells without outer spaces; empty ones are null."""
    return grid.with_columns(pl.all().str.strip_chars().replace("", None))


def _chunks(records: Iterator[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    while chunk := list(islice(records, _CHUNK_ROWS)):
        yield chunk


def _columns(chunk: list[Sequence[str]]) -> pl.DataFrame:
    width = max((len(record) for record in chunk), default=0)
    if not width:
        return pl.DataFrame({"c0": [None] * len(chunk)}, schema={"c0": pl.String})
    columns = zip_longest(*chunk, fillvalue="")
    return pl.DataFrame([pl.Series(f"c{i}", cells, dtype=pl.String) for i, cells in enumerate(columns)])


def _without_tail(grid: pl.DataFrame) -> pl.DataFrame:
    """Without the empty rows after the last filled one."""
    filled = grid.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    return grid.head(int(filled[-1]) + 1 if len(filled) else 0)
