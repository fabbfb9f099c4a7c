"""A comparison as a workbook: enterprises added, changed, dropped; contradictions; rows by table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.model.output_mark import OUTPUT_MARK
from coverage_engine.workspace.comparison import Comparison

_WORDS = {"added": "新增", "changed": "变更", "dropped": "减少"}
_HEADERS = {
    "change": "变化",
    "name": "企业名称",
    "credit_code": "统一社会信用代码",
    "county_code": "区划代码",
    "field": "项目",
    "before": "原值",
    "after": "新值",
    "table": "数据表",
    "added": "新增行",
    "dropped": "减少行",
    "code": "问题",
    "file": "文件",
    "sheet": "工作表",
    "cell": "单元格",
    "found": "现值",
    "remedy": "处理办法",
    "new": "本次新出现",
}
_MOST_ROWS = 1_000_000
_DAY = datetime(2019, 1, 1)
"""Fixed, so that the same comparison gives the same bytes."""


def write_comparison(comparison: Comparison, file: Path) -> None:
    """Writes the workbook; texts stay texts, so no cell can be taken for a formula."""
    file.parent.mkdir(parents=True, exist_ok=True)
    enterprises = comparison.enterprises.with_columns(pl.col("change").replace(_WORDS))
    contradictions = comparison.contradictions.with_columns(
        pl.when("new").then(pl.lit("是")).otherwise(pl.lit("否")).alias("new")
    )
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties({"category": OUTPUT_MARK, "created": _DAY})
        for title, frame in (
            ("企业变化", enterprises),
            ("相互矛盾", contradictions),
            ("各表行数", comparison.tables),
        ):
            _sheet(book, title, frame.head(_MOST_ROWS))


# ---------------------------------------------------------------------------------------------- private


def _sheet(book: Any, title: str, frame: pl.DataFrame) -> None:
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, _HEADERS.get(name, name), head)
    sheet.set_column(0, max(len(frame.columns) - 1, 0), 18)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(frame.iter_rows(), start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
