"""A table as files for machines: CSV (UTF-8 with BOM) and Parquet.

CSV is also opened in spreadsheets, so text that a spreadsheet would take for a formula gets an apostrophe in
front and every text is quoted; Parquet keeps the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import polars as pl

from coverage_engine.errors import UnknownTableError
from coverage_engine.model.columns import Column, Table, in_described_order

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet read a CSV text as a formula."""

_DECIMALS = 6
# Of zstandard's levels: the usual third takes a fifth longer for a twentieth of the size.
_EFFORT = 1
# Rows that are made into CSV together; by the thousand, as is usual, it takes half as long again.
_ROWS_TOGETHER = 8192


def write_table(frame: pl.DataFrame, table: Table, folder: Path, *, parquet: bool = True) -> None:
    """Write `<name>.csv` and `<name>.parquet`: the described columns but the ledger address, in order.

    Raises:
        UnknownTableError: a described column is not there, or one is there that no description names.
    """
    names = _written(frame, table)
    shown = in_described_order(frame, table).select(names)
    if parquet:
        file = folder / f"{table.name}.parquet"
        shown.write_parquet(file, compression="zstd", compression_level=_EFFORT)
    write_csv(shown, folder / f"{table.name}.csv")


def write_csv(frame: pl.DataFrame, file: Path) -> None:
    """Write a frame as CSV that no spreadsheet takes for formulas."""
    unarmed(frame).write_csv(
        file,
        include_bom=True,
        float_precision=_DECIMALS,
        quote_style="non_numeric",
        batch_size=_ROWS_TOGETHER,
    )


def unarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts that a spreadsheet cannot take for a formula; most columns hold none that it could."""
    least = frame.select(pl.lit("A").alias(""), pl.col(pl.String).min())
    # Every formula starts with a character below the letters: where no text does, none need be looked at.
    suspected = [name for name, text in zip(least.columns, least.row(0), strict=True) if (text or "A") < "A"]
    text = pl.col(suspected)
    armed = text.str.contains(rf"^[{re.escape(''.join(FORMULA_STARTS))}]")
    return frame.with_columns(pl.when(armed).then("'" + text).otherwise(text).name.keep())


# ---------------------------------------------------------------------------------------------- private


def _written(frame: pl.DataFrame, table: Table) -> list[str]:
    """The columns to be written, in the described order."""
    names = [name for column in table.written for name in _meant(column, frame, table)]
    strange = [name for name in frame.columns if name not in {*names, *table.names}]
    if strange:
        raise UnknownTableError(
            f"表 {table.name} 有没有描述过的列：{'、'.join(strange)}",
            "请在 coverage_engine/model/tables 里给这张表加上这些列的描述。",
        )
    return names


def _meant(column: Column, frame: pl.DataFrame, table: Table) -> Iterator[str]:
    """The column itself; of one that stands for many, all that are there."""
    if column.name.endswith("*"):
        yield from (name for name in frame.columns if fnmatchcase(name, column.name))
    elif column.name in frame.columns:
        yield column.name
    else:
        raise UnknownTableError(
            f"表 {table.name} 缺少描述过的列：{column.name}", "请让写出这张表的程序给出这一列。"
        )
