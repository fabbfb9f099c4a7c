"""编制说明: the sheet that tells how a workbook was made: date, policy, denominators, files with hashes."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.book import Book
from coverage_engine.reporting.form import set_page
from coverage_engine.reporting.plan_json import division_coverage, software_version
from coverage_engine.reporting.rows import DataRows
from coverage_engine.reporting.wording import fonts, translated, wording

_ACCOUNTED = ("file", "sheet", "kind", "rows_read", "accepted", "quarantined", "recognised", "sha256")

_ROW_HEIGHT = 30


def draw_provenance(book: Book, plan: Plan, title: str) -> None:
    """Add the sheet `说明` to an annex or an action list."""
    words = wording()["provenance"]
    sheet = book.workbook.add_worksheet(words["sheet"])
    set_page(sheet)
    for number, width in enumerate(words["widths"]):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 30)
    sheet.write_string(
        0, 0, f"{title}　{words['title']}", book.style(font_name=fonts()["title"], font_size=16)
    )
    row = 2
    for name, text in _statements(plan):
        sheet.write_string(row, 0, name, book.style(font_name=fonts()["head"], font_size=11))
        sheet.write_string(row, 1, text, book.style(font_size=11))
        row += 1
    _draw_files(book, sheet, plan, row + 1)


# ---------------------------------------------------------------------------------------------- private


def _statements(plan: Plan) -> list[tuple[str, str]]:
    """Name and sentence of everything but the files."""
    words = wording()["provenance"]
    statements = [
        (words["as_of"], f"{plan.as_of.year}年{plan.as_of.month}月{plan.as_of.day}日"),
        (words["division"], f"{plan.division.name}（{plan.division.code}）"),
        (words["policy"], plan.policy_version),
        (words["software"], f"coverage-engine {software_version()}"),
    ]
    statements += [(words["denominators"], text) for text in denominators(plan)]
    return statements + [(words["presumptions"], text) for text in presumed(plan)]


def presumed(plan: Plan) -> list[str]:
    """What is presumed because the ledgers do not say it, each once, in Chinese."""
    notes = plan.snapshot["presumptions"]["message"].unique(maintain_order=True).to_list()
    return [text for text in notes if text]


def denominators(plan: Plan) -> list[str]:
    """The denominators of the plan's division in words, smallest and largest where facts are missing."""
    words = wording()
    figures = {row["category"]: row for row in division_coverage(plan).iter_rows(named=True)}
    sentences = []
    for entry in words["denominators"]:
        if entry["key"] in figures:
            low, high = (figures[entry["key"]][name] for name in ("denominator_low", "denominator_high"))
            form = "denominator_text" if low == high else "denominator_range_text"
            sentences.append(
                words["provenance"][form].format(
                    name=entry["zh"], low=low, high=high, meaning=entry["zh_meaning"]
                )
            )
    return sentences


def _draw_files(book: Book, sheet: Any, plan: Plan, first: int) -> None:
    words = wording()["provenance"]
    sheet.write_string(first, 0, words["files"], book.style(font_name=fonts()["head"], font_size=11))
    for number, header in enumerate(words["columns"]):
        sheet.write_string(first + 1, number, header, book.boxed(font_name=fonts()["head"]))
    files = plan.snapshot["sources"].sort("source").select(_ACCOUNTED)
    kind = translated(pl.col("kind"), wording()["ledger_kinds"]).fill_null(words["unknown_kind"])
    for number, type_ in enumerate(files.dtypes):
        sheet.write_blank(first + 2, number, None, book.boxed("left" if type_ == pl.String else "center"))
    if files.height:
        book.add_rows(DataRows(first + 3, files.with_columns(kind), _ROW_HEIGHT))
