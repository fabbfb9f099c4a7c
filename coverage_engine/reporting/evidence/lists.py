"""Plain tables: reasons of the first targets, who is not listed, findings one by one, rows of each sheet."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Severity, labels
from coverage_engine.reporting.evidence.figures import Row, evidence_words, pages_of_firms
from coverage_engine.reporting.scope import reasons_of_others
from coverage_engine.reporting.wording import not_listed, path_titles
from coverage_engine.reporting.wording_shapes import OverviewFile


def start_parts(plan: Plan, firms: pl.DataFrame, lang: str) -> list[Row]:
    """Every reason of the best path of the first targets: its points, cell and clause."""
    text, titles = evidence_words()[lang], path_titles(plan, lang)
    count = checked_content(OverviewFile, "reports", "overview.toml")["first_targets"]
    first = firms.filter("is_target").sort("priority_rank", "enterprise_id", nulls_last=True).head(count)
    chosen = pl.col("enterprise_id").is_in(first["enterprise_id"].implode())
    best = plan["recommendations"].filter(chosen, pl.col("rank") == 1).select("enterprise_id", "path")
    reasons = (
        plan["reasons"]
        .filter(chosen)
        .join(best, on=["enterprise_id", "path"], how="semi")
        .sort("enterprise_id", "step")
    )
    first = first.join(best, on="enterprise_id", how="left", maintain_order="left")
    parts = []
    for firm in first.iter_rows(named=True):
        own = reasons.filter(pl.col("enterprise_id") == firm["enterprise_id"])
        rows = [[_reason_text(row, name) for name in _REASON] for row in own.iter_rows(named=True)]
        path = text["start_path"].format(number=firm["path"], title=titles.get(firm["path"], ""))
        title = f"{firm['priority_rank']}　{firm['name']}　{path if firm['path'] else ''}"
        parts.append(_part(f"r{firm['enterprise_id']}", title, text["start_columns"], rows))
    return parts


def findings_parts(plan: Plan, lang: str) -> list[Row]:
    """Every finding, under its severity and code."""
    text, words = evidence_words()[lang], labels(Severity, lang)
    columns = ("file", "sheet", "cell", "found", "wanted", "remedy")
    ordered = plan["findings"].sort("severity", "code", "file", "sheet", "row", "cell", nulls_last=True)
    parts = []
    kinds = ordered.partition_by("severity", "code", as_dict=True, maintain_order=True)
    for (severity, code), findings in kinds.items():
        word = words.get(str(severity), str(severity))
        rows = [[word, *(value or "" for value in row)] for row in findings.select(columns).iter_rows()]
        parts.append(
            _part(f"{severity}-{code}", f"{word} · {code}：{findings.height}", text["findings_columns"], rows)
        )
    return parts


def sources_parts(plan: Plan, lang: str) -> list[Row]:
    """Every sheet with its rows by what became of them, and the quarantined ones one by one."""
    text = evidence_words()[lang]
    quarantine = plan.snapshot["quarantine"].sort("source", "row")
    parts = []
    for sheet in plan.snapshot["sources"].sort("source").iter_rows(named=True):
        own = quarantine.filter(pl.col("source") == sheet["source"]).select("row", "reason")
        fields = {name: "" if value is None else value for name, value in sheet.items()}
        title = text["sources_text"].format(**fields)
        rows = [list(row) for row in own.iter_rows()]
        parts.append(_part(f"s{sheet['source']}", title, text["quarantine_columns"], rows))
    return parts


def not_listed_parts(plan: Plan, firms: pl.DataFrame, lang: str) -> list[Row]:
    """Where the enterprises are that are no targets, reason by reason in the order of the overview."""
    reasons = reasons_of_others(plan, lang)
    placed = firms.with_columns(reason=not_listed(plan, lang)).drop_nulls("reason")
    codes = ("city_code", "county_code")
    counted = placed.group_by("reason", *codes, "city", "county").agg(count=pl.len())
    ordered = counted.sort(*codes, nulls_last=True)
    columns = evidence_words()[lang]["not_listed_columns"]
    parts = []
    for number, entry in enumerate(reasons):
        own = ordered.filter(pl.col("reason") == entry["reason"]).select("city", "county", "count")
        rows = [[city or "", county or "", f"{count:,}"] for city, county, count in own.iter_rows()]
        parts.append(_part(f"n{number}", f"{entry['reason']}：{entry['count']:,}", columns, rows))
    return parts


def rows_turned_back(plan: Plan) -> dict[str, list[Row]]:
    """Page → the rows of the enterprise ledger that its ranges count as perhaps one more firm.

    A row is listed once: by its county, else with its city's firms of no county, else at the province.
    """
    rows, named = plan.snapshot["set_aside"], plan.snapshot["sources"].select("source", "file", "sheet")
    reasons = plan.snapshot["quarantine"].select("source", pl.col("row").cast(rows.schema["row"]), "reason")
    pages, placed = pages_of_firms(rows), pl.col("city_code").is_not_null()
    placed_rows = (
        rows.with_columns(page=pl.when(placed).then(pages["county"]).otherwise(pages["province"]))
        .join(named, on="source", how="left", maintain_order="left")
        .join(reasons, on=["source", "row"], how="left", maintain_order="left")
    )
    by_page: dict[str, list[Row]] = {}
    for row in placed_rows.sort("source", "row").iter_rows(named=True):
        by_page.setdefault(row["page"], []).append(row)
    return by_page


# ---------------------------------------------------------------------------------------------- private

_REASON = ("fact", "value", "contribution", "cell", "clause", "text")


def _reason_text(row: Row, name: str) -> str:
    value = row[name]
    return f"{value:,}" if isinstance(value, int) else value or ""


def _part(anchor: str, title: str, heads: list[str], rows: list[list[Any]]) -> Row:
    return {"anchor": anchor, "title": title, "heads": heads, "rows": rows}
