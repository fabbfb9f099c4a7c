"""Workbooks of control sheets, ask lists, the draft 通报 and the bridge, laid out by `reports/*.toml`.

A column shows a field of its table; answers stand in words, shares as text with a percent sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.dictionary.dictionary_page import write_dictionary
from coverage_engine.dictionary.table_files import write_table
from coverage_engine.errors import PolicyError
from coverage_engine.model.tables import DUTY_TABLES, Tables
from coverage_engine.model.vocabulary import Answer, labels
from coverage_engine.reporting.book import Book
from coverage_engine.reporting.form import Form, draw_form
from coverage_engine.reporting.layout import Column
from coverage_engine.reporting.layout_shapes import BookFile

_ANSWERS = ("accounted", "whole_gap", "beyond", "explained", "applies", "met")


def write_control_sheets(
    tables: Mapping[str, pl.DataFrame], folder: Path, *, as_of: date, policy_version: str
) -> None:
    """Write `control_sheets.xlsx`: number segments, schools, divisions, deadlines, duties still open.

    `tables` are those of `coverage.control_sheets`.
    """
    duties = tables["unit_duties"]
    # What only waits for a person stands as a count beside its deadline.
    lacking = duties["missing"].str.split(";").list.eval(~pl.element().str.starts_with("由人确认")).list.any()
    undone = duties.filter((pl.col("met") == "no") | ((pl.col("missing") != "") & lacking))
    _write("control_sheets.toml", {**tables, "unit_duties": undone}, folder, (as_of, policy_version))


def write_notice_draft(
    tables: Mapping[str, pl.DataFrame], folder: Path, *, as_of: date, policy_version: str
) -> None:
    """Write `notice_draft.xlsx` from the tables league_table and notices; every sheet says it is a draft."""
    _write("notice_draft.toml", tables, folder, (as_of, policy_version))


def write_ask_lists(
    tables: Mapping[str, pl.DataFrame], folder: Path, *, as_of: date, policy_version: str
) -> None:
    """Write `ask_lists.xlsx`: what to ask whom in each county, and the firms at the three-member line."""
    _write("ask_lists.toml", tables, folder, (as_of, policy_version))


def write_bridge(
    tables: Mapping[str, pl.DataFrame], folder: Path, *, as_of: date, policy_version: str
) -> None:
    """Write `bridge.xlsx`: why figures moved between two snapshots, and the firms behind each step."""
    _write("bridge.toml", tables, folder, (as_of, policy_version))


def write_duty_tables(tables: Mapping[str, pl.DataFrame], folder: Path, lang: str = "zh") -> None:
    """Write each table as `<name>.csv` (no text can be taken for a formula), and their dictionary."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in sorted(tables.items()):
        write_table(table, DUTY_TABLES[name], folder, parquet=False)
    write_dictionary(Tables(DUTY_TABLES[name] for name in DUTY_TABLES if name in tables), folder, lang)


# ---------------------------------------------------------------------------------------------- private


def _write(
    layout_file: str, tables: Mapping[str, pl.DataFrame], folder: Path, made: tuple[date, str]
) -> None:
    layout = checked_content(BookFile, "reports", layout_file)
    as_of, version = made
    with Book(folder / layout["file"], layout["title"], as_of) as book:
        for sheet in layout["sheets"]:
            rows = _worded(tables[sheet["table"]], layout)
            columns = [Column(**entry) for entry in sheet["columns"]]
            _refuse_unknown(columns, rows, layout_file)
            form = Form(
                sheet=sheet["sheet"],
                title=sheet["title"],
                columns=columns,
                rows=rows,
                left_line=layout["left"],
                right_line=f"时点 {as_of}　口径 {version}",
                closing=tuple(layout["notes"]),
                freeze_columns=1,
            )
            draw_form(book, form)


def _refuse_unknown(columns: list[Column], rows: pl.DataFrame, file: str) -> None:
    unknown = [column.key for column in columns if column.key not in rows.columns]
    if unknown:
        raise PolicyError(
            f"reports/{file} 里没有这样的栏目：{'、'.join(unknown)}",
            f"可用的栏目：{'、'.join(rows.columns)}。",
        )


def _worded(table: pl.DataFrame, layout: Mapping[str, Any]) -> pl.DataFrame:
    """The table with its codes in words; whole percents where a field holds thousandths."""
    answers = labels(Answer)
    worded_table = table.with_columns(
        pl.col(name).replace(answers) for name in _ANSWERS if name in table.columns
    ).with_columns(
        pl.when(pl.col(name)).then(pl.lit(true)).when(~pl.col(name)).then(pl.lit(false)).alias(name)
        for name, true, false in (("private", "是", "否"), ("league_organisation", "有", "无"))
        if name in table.columns
    )
    if "difference_permille" in table.columns:
        tenths = pl.col("difference_permille")
        worded_table = worded_table.with_columns(percent_text=pl.format("{}.{}%", tenths // 10, tenths % 10))
    if "missing" in table.columns:
        worded_table = worded_table.with_columns(pl.col("missing").str.replace_all(";", "；"))
    if "status" in table.columns:
        worded_table = worded_table.with_columns(status_text=pl.col("status").replace(layout["statuses"]))
    if "duties" in table.columns:
        worded_table = worded_table.with_columns(duties_text=pl.col("duties").str.replace_all(";", "、"))
    if "cause" in table.columns:
        worded_table = worded_table.with_columns(
            cause_text=pl.col("cause").replace(layout["causes"]),
            category_text=pl.col("category").replace(layout["categories"]),
        )
    if "rate_millionths" in table.columns:
        worded_table = worded_table.with_columns(rate_text=_signed_percent())
    if "point" in table.columns:
        return _league_words(worded_table)
    return _notice_words(worded_table, layout) if "kind" in table.columns else worded_table


def _signed_percent() -> pl.Expr:
    """Rates as percent with two digits; changes with their sign."""
    size = pl.col("rate_millionths").abs()
    digits = pl.format("{}.{}", size // 10_000, (size % 10_000 // 100).cast(pl.String).str.zfill(2))
    change = ~pl.col("cause").is_in(["before", "after"])
    sign = pl.when(pl.col("rate_millionths") < 0).then(pl.lit("−")).when(change).then(pl.lit("+"))
    return pl.concat_str(sign.otherwise(pl.lit("")), digits, pl.lit("%"))


def _league_words(table: pl.DataFrame) -> pl.DataFrame:
    def percent(name: str) -> pl.Expr:
        tenths = (pl.col(name) * 1000 + 0.5).floor().cast(pl.Int64)
        return pl.format("{}.{}%", tenths // 10, tenths % 10)

    def span(low: str, high: str) -> pl.Expr:
        return pl.format("{}～{}", percent(low), percent(high)).fill_null("—")

    return table.with_columns(
        rank_text=pl.coalesce(pl.col("rank").cast(pl.String), pl.lit("基数小")),
        point_text=percent("point").fill_null("—"),
        interval_text=span("interval_low", "interval_high"),
        range_text=span("rate_low", "rate_high"),
    )


def _notice_words(table: pl.DataFrame, layout: Mapping[str, Any]) -> pl.DataFrame:
    number, permille = pl.col("threshold").cast(pl.String), (pl.col("threshold") // 10).cast(pl.String)
    threshold_words = pl.col("kind").replace(layout["thresholds"])
    threshold_words = threshold_words.str.replace("{number}", number, literal=True)
    threshold_words = threshold_words.str.replace("{permille}", permille, literal=True)
    return table.with_columns(
        threshold_text=threshold_words, kind_text=pl.col("kind").replace(layout["kinds"])
    )
