"""Findings as a workbook to work through: grouped, in full, and the quarantined rows whole, to be mended."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.ledgers.handing_out.print_setup import fit_to_page
from coverage_engine.ledgers.handing_out.returned_sheets import withheld_columns, write_returned
from coverage_engine.ledgers.handing_out.row_heights import height_of
from coverage_engine.ledgers.kinds import ledger_kind
from coverage_engine.ledgers.tables.cleaning import rule_names
from coverage_engine.model.findings import Findings
from coverage_engine.model.output_mark import FINDINGS_MARK
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.vocabulary import Severity, label

_HEADERS = ("级别", "文件", "工作表", "单元格", "内容", "要求", "怎么改", "编码")
_WIDTHS = (8, 22, 18, 12, 36, 34, 60, 26)
_MOST_ROWS = 1_000_000


def write_findings(findings: Findings, snapshot: Snapshot, file: Path) -> None:
    """An .xlsx with 汇总, 核查问题, 读取账目 and a 退回-<工作表> for each sheet with rows turned back.

    A 退回 sheet has the rows whole under the headers of their own sheet, to be mended in place and handed in
    again.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), options) as workbook:
        created = datetime.combine(snapshot.as_of, time())
        workbook.set_properties({"title": "核查问题", "category": FINDINGS_MARK, "created": created})
        formats = {
            "header": workbook.add_format(
                {"bold": True, "bg_color": "#E8EEF4", "border": 1, "valign": "vcenter"}
            ),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
            "plain": workbook.add_format({"num_format": "@"}),
        }
        ordered = _ordered(findings.table)
        _write_summary(workbook.add_worksheet("汇总"), ordered, formats)
        _write_all(workbook.add_worksheet("核查问题"), ordered, formats)
        _write_account(workbook.add_worksheet("读取账目"), snapshot, formats)
        if snapshot["cleanings"].height:
            _write_cleanings(workbook.add_worksheet("清洗"), snapshot, formats)
        write_returned(workbook, snapshot, findings.table, formats)


# ---------------------------------------------------------------------------------------------- private


def _ordered(table: pl.DataFrame) -> pl.DataFrame:
    ranks = {severity.value: rank for rank, severity in enumerate(Severity)}
    return (
        table.with_row_index("_order")
        .with_columns(_rank=pl.col("severity").replace_strict(ranks, return_dtype=pl.Int32))
        .sort("_rank", "_order")
    )


def _write_summary(sheet: Any, table: pl.DataFrame, formats: dict[str, Any]) -> None:
    grouped = table.group_by("_rank", "code", "file", "sheet", maintain_order=True).agg(
        pl.col("severity").first(),
        pl.len().alias("count"),
        pl.col("cell").first(),
        pl.col("found").first(),
        pl.col("remedy").first(),
    )
    headers = ("级别", "文件", "工作表", "个数", "例：单元格", "例：内容", "怎么改", "编码")
    widths = (8, 22, 18, 8, 12, 36, 70, 28)
    _head(sheet, headers, widths, formats)
    for row, entry in enumerate(grouped.iter_rows(named=True), start=1):
        cells = (
            label(Severity(entry["severity"])), entry["file"], entry["sheet"], entry["count"],
            entry["cell"], entry["found"], entry["remedy"], entry["code"],
        )  # fmt: skip
        _write_row(sheet, row, cells, formats["text"])
        sheet.set_row(row, height_of(cells, widths))


def _write_all(sheet: Any, table: pl.DataFrame, formats: dict[str, Any]) -> None:
    _head(sheet, _HEADERS, _WIDTHS, formats)
    sheet.autofilter(0, 0, min(table.height, _MOST_ROWS), len(_HEADERS) - 1)
    columns = ("severity", "file", "sheet", "cell", "found", "wanted", "remedy", "code")
    for row, entry in enumerate(table.head(_MOST_ROWS).select(columns).iter_rows(), start=1):
        _write_row(sheet, row, (label(Severity(entry[0])), *entry[1:]), formats["text"])
        sheet.set_row(row, height_of(entry, _WIDTHS))


def _write_account(sheet: Any, snapshot: Snapshot, formats: dict[str, Any]) -> None:
    headers = (
        "文件",
        "工作表",
        "台账",
        "读取行数",
        "采用",
        "退回",
        "表头、合计、空行等",
        "退回表里留空的列（涉及个人）",
    )
    _head(sheet, headers, (28, 22, 20, 10, 10, 10, 20, 24), formats)
    columns = ("file", "sheet", "kind", "rows_read", "accepted", "quarantined", "recognised", "source")
    withheld = withheld_columns(snapshot)
    for row, entry in enumerate(snapshot["sources"].select(columns).iter_rows(), start=1):
        kind = ledger_kind(entry[2]).sheet if entry[2] else "（未认出）"
        cells = (*entry[:2], kind, *entry[3:-1], withheld.get(entry[-1], ""))
        _write_row(sheet, row, cells, formats["text"])


def _write_cleanings(sheet: Any, snapshot: Snapshot, formats: dict[str, Any]) -> None:
    headers = ("文件", "工作表", "行", "列", "原文", "采用", "规则", "不该用的，命令后加")
    _head(sheet, headers, (28, 22, 8, 18, 40, 40, 10, 22), formats)
    names = rule_names()
    placed = (
        snapshot["cleanings"]
        .join(snapshot["sources"].select("source", "file", "sheet"), on="source", how="left")
        .join(
            snapshot["source_columns"].unique(["source", "field"], keep="first"),
            on=["source", "field"],
            how="left",
        )
        .sort("source", "row", "field", "rule")
        .head(_MOST_ROWS)
    )
    columns = ("file", "sheet", "row", "header", "original", "result", "rule")
    for row, entry in enumerate(placed.select(columns).iter_rows(), start=1):
        name = names.get(entry[-1], entry[-1])
        _write_row(sheet, row, (*entry[:-1], name, f"--no-clean {name}"), formats["text"])


def _head(sheet: Any, headers: Any, widths: Any, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    fit_to_page(sheet)
    sheet.repeat_rows(0)
    for index, (header, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, header, formats["header"])


def _write_row(sheet: Any, row: int, cells: Any, cell_format: Any) -> None:
    for index, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(row, index, cell, cell_format)
        else:
            sheet.write_string(row, index, cell or "", cell_format)
