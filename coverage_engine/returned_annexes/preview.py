"""回填预览: a workbook with what the returned annexes change, what is kept, and what could not be taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.reporting.book import Book
from coverage_engine.reporting.form import Form, draw_form
from coverage_engine.reporting.layout import Column
from coverage_engine.returned_annexes.rolling_up import RollUp

_CHANGES = (
    Column("number", "序号", 6),
    Column("file", "文件", 26),
    Column("cell", "单元格", 10),
    Column("name", "企业或园区", 34, align="left"),
    Column("header", "列", 18),
    Column("before", "下发时", 16),
    Column("after", "交回时", 16),
)
_FINDINGS = (
    Column("number", "序号", 6),
    Column("file", "文件", 26),
    Column("cell", "单元格", 10),
    Column("found", "问题", 60, align="left"),
    Column("wanted", "应为", 30, align="left"),
    Column("remedy", "怎么办", 30, align="left"),
)


def write_preview(rolled: RollUp, as_of: date, file: Path) -> None:
    """Write the preview: sheets 改动 and 问题, ready to print."""
    changes, findings = _changes(rolled), rolled.findings.table
    with Book(file, "回填预览", as_of) as book:
        draw_form(book, Form("改动", "附件回填：改动预览", _CHANGES, changes, left_line="", right_line=""))
        counts = findings.select(
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("number"),
            *(column.key for column in _FINDINGS[1:]),
        )
        draw_form(book, Form("问题", "附件回填：问题清单", _FINDINGS, counts, left_line="", right_line=""))


# ---------------------------------------------------------------------------------------------- private


def _changes(rolled: RollUp) -> pl.DataFrame:
    rows = [
        {
            "file": annex.sheet.file,
            "cell": f"{annex.sheet.letters[row['column']]}{row['row']}",
            "name": row["name"],
            "header": annex.sheet.headers[row["column"]],
            "before": row["before"] or "（空）",
            "after": row["shown"] or "（空）",
        }
        for annex in rolled.returned
        for row in _shown(annex.changes, annex.sheet.rows)
    ]
    schema = {column.key: pl.String for column in _CHANGES[1:]}
    table = pl.DataFrame(rows, schema=schema)
    return table.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("number"), *schema)


def _shown(changes: pl.DataFrame, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """One entry for each edited cell, though a cell may change two facts, with the text that stands in it."""
    texts = {row["row"]: row for row in rows.iter_rows(named=True)}
    cells = changes.unique(["row", "column"], maintain_order=True)
    return [{**row, "shown": texts[row["row"]][row["column"]]} for row in cells.iter_rows(named=True)]
