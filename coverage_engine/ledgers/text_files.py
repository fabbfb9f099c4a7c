"""Text ledgers (.csv, .tsv, .txt): encoding and separator are found out, decoding is strict."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest

import polars as pl

from coverage_engine.errors import LedgerError

_SEPARATORS = (",", "\t", ";", "，", "|")
_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_CHUNK_ROWS = 50_000


def text_grid(data: bytes, file: str) -> pl.DataFrame:
    """The cells of a text file as a grid of texts (columns `c0`, `c1` …), one row for each Excel row.

    Raises:
        LedgerError: a workbook under a text name, or bytes that no known encoding explains.
    """
    if data.startswith((_ZIP_MAGIC, _OLE_MAGIC)):
        raise LedgerError(
            f"{file} 的扩展名是文本，内容却是 Excel 工作簿", "请把扩展名改为 .xlsx 或 .xls 后再试。"
        )
    text = decode(data, file)
    separator = _separator(text)
    if '"' not in text:
        return _without_tail(_stripped(_split(text, separator)))
    try:
        return grid_of(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise LedgerError(
            f"{file} 的引号不成对，无法分列", "请用 Excel 打开检查引号，另存为 .xlsx 后再试。"
        ) from error


def decode(data: bytes, file: str) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Raises:
        LedgerError: no encoding fits; names the line of the first bad byte.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")
    worst = 0
    for encoding in encodings:
        try:
            return _plain(data.decode(encoding), file)
        except UnicodeDecodeError as error:
            worst = max(worst, error.start)
    line = data.count(b"\n", 0, worst) + 1
    raise LedgerError(
        f"{file} 第 {line} 行附近的文字编码无法识别",
        "请用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再试。",
    )


def grid_of(records: Iterable[Sequence[str]]) -> pl.DataFrame:
    """Records of texts, perhaps of unequal length, as a grid; outer spaces dropped, empty cells null."""
    return joined_grids([_stripped(_columns(chunk)) for chunk in _chunks(iter(records))])


def joined_grids(grids: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Grids one below the other as one, without the empty rows at its end."""
    if not grids:
        return pl.DataFrame(schema={"c0": pl.String})
    return _without_tail(pl.concat(grids, how="diagonal", rechunk=True))


# ---------------------------------------------------------------------------------------------- private


def _plain(text: str, file: str) -> str:
    if "\0" in text:
        raise LedgerError(f"{file} 里有二进制内容，不是文本", "请核对文件；是 Excel 工作簿的，请用原扩展名。")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _separator(text: str) -> str:
    """The separator that occurs most in the line of the first thirty that has most of any."""
    lines = list(islice(iter(text.splitlines()), 30)) if len(text) < 100_000 else text[:100_000].splitlines()
    counts = [
        (line.count(mark), -_SEPARATORS.index(mark), mark) for line in lines[:30] for mark in _SEPARATORS
    ]
    most = max(counts, default=(0, 0, ","))
    return most[2] if most[0] else ","


def _split(text: str, separator: str) -> pl.DataFrame:
    """The cells of a text without quotes: every line is a row."""
    # Split by the table library: lines as texts of Python's own would be made of bytes and into them again.
    cells = pl.Series("cells", [text], dtype=pl.String).str.split("\n").explode().str.split(separator)
    width = int(cells.list.len().max() or 0)  # type: ignore[arg-type]
    return pl.DataFrame({"cells": cells}).select(
        pl.col("cells").list.get(index, null_on_oob=True).alias(f"c{index}") for index in range(width)
    )


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
