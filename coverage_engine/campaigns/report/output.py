"""A campaign result as files: tables (CSV and Parquet), one workbook, one report page."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.campaigns.report.report_page import campaign_page, page_words
from coverage_engine.campaigns.report.result import CampaignResult
from coverage_engine.dictionary.dictionary_page import write_dictionary
from coverage_engine.dictionary.table_files import write_table
from coverage_engine.model.output_mark import OUTPUT_MARK
from coverage_engine.model.tables import CAMPAIGN_TABLES, Tables

_SHEETS = {
    "scenarios": ("情景", "Scenarios"),
    "starts": ("起步名单", "Starts"),
    "closed": ("逐月新覆盖", "Closed by month"),
    "differences": ("两两之差", "Differences"),
    "counties": ("分县区", "Counties"),
    "tornado": ("假设影响", "Tornado"),
    "backtest": ("回测", "Back-test"),
    "reached": ("谁会被覆盖", "Reached"),
    "assumptions": ("假设及来源", "Assumptions"),
}
_ROWS_AT_MOST = 20_000


def write_campaign(result: CampaignResult, folder: Path, lang: str = "zh") -> None:
    """`index.html`, `campaign.xlsx` and `tables/*.csv|parquet`; the same result gives the same bytes."""
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    for name, frame in result.tables.items():
        write_table(frame, CAMPAIGN_TABLES[name], tables)
    write_dictionary(Tables(CAMPAIGN_TABLES[name] for name in result.tables), tables, lang)
    _write_workbook(result, folder / "campaign.xlsx", lang)
    (folder / "index.html").write_text(campaign_page(result, lang), "utf-8")


def _write_workbook(result: CampaignResult, file: Path, lang: str) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        title = page_words(lang)["title"]
        created = datetime.combine(result.as_of, time())
        book.set_properties({"title": title, "category": OUTPUT_MARK, "created": created})
        head = book.add_format({"bold": True, "bg_color": "#F5F1EC", "border": 1, "text_wrap": True})
        real = book.add_format({"num_format": "0.00"})
        for name, titles in _SHEETS.items():
            table = result.tables.get(name)
            if table is not None and table.width:
                sheet = book.add_worksheet(titles[1 if lang == "en" else 0])
                _fill(sheet, table.head(_ROWS_AT_MOST), (head, real))
                if table.height > _ROWS_AT_MOST:
                    sheet.write_string(_ROWS_AT_MOST + 1, 0, f"… {table.height} → tables/{name}.csv")


def _fill(sheet: Any, table: pl.DataFrame, formats: tuple[Any, Any]) -> None:
    head, real = formats
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, (name, kind) in enumerate(table.schema.items()):
        sheet.write_string(0, column, name, head)
        values = table[name].to_list()
        width = max([len(name), *(_width(value) for value in values[:200])], default=8)
        sheet.set_column(column, column, min(max(width + 1, 8), 40))
        for row, value in enumerate(values, 1):
            if value is None:
                continue
            if kind == pl.String:
                sheet.write_string(row, column, value)
            elif kind == pl.Boolean:
                sheet.write_boolean(row, column, value)
            elif kind == pl.Date:
                sheet.write_string(row, column, value.isoformat())
            else:
                sheet.write_number(row, column, value, real if kind.is_float() else None)


def _width(value: Any) -> int:
    return sum(2 if ord(letter) > 255 else 1 for letter in str(value)) if isinstance(value, str) else 8
