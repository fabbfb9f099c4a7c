"""A returned annex beside the one that was sent: matched rows, changed cells, what cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.model.findings import Finding
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Severity
from coverage_engine.reporting.annexes import ANNEXES, AnnexRows, annex_rows
from coverage_engine.reporting.figures import figure_values
from coverage_engine.reporting.form import number_of
from coverage_engine.reporting.layout import Layout
from coverage_engine.reporting.wording import wording
from coverage_engine.returned_annexes.reading import ReturnedSheet, read_return
from coverage_engine.returned_annexes.return_rules import Effect, ReturnRules, return_rules


@dataclass(frozen=True)
class AnnexReturn:
    """交回的附件: the sheet, its rows matched to ids, the changes it makes, the texts kept, the findings.

    `changes` has id, field, before, after (texts; null for not known), column, row; `kept` has id columns and
    the kept columns; `rows` has the typed cells of the matched rows with their ids.
    """

    sheet: ReturnedSheet
    rules: ReturnRules
    rows: pl.DataFrame
    changes: pl.DataFrame
    planner_texts: pl.DataFrame
    findings: tuple[Finding, ...]


CHANGES = {
    "id": pl.Int64,
    "field": pl.String,
    "name": pl.String,
    "before": pl.String,
    "after": pl.String,
    "column": pl.String,
    "row": pl.Int32,
}


def issued_annexes(plan: Plan) -> dict[str, AnnexRows]:
    """The annexes as they are sent out for the plan's division."""
    return {name: annex_rows(plan, name) for name in ANNEXES}


def compare_return(file: Path, issued: dict[str, AnnexRows]) -> AnnexReturn:
    """Read one returned workbook and compare it with what was sent.

    Raises:
        LedgerError: the file cannot be read, or holds none of the annexes.
    """
    sheet = read_return(file, {name: annex.layout for name, annex in issued.items()})
    sent, rules = issued[sheet.annex], return_rules()[sheet.annex]
    findings: list[Finding] = []
    matched = _matched(sheet, sent, rules, findings)
    changed = _changed(sheet, sent, rules, matched, findings)
    typed = _typed(matched, sent)
    findings += _totals(sheet, sent.layout, typed)
    return AnnexReturn(sheet, rules, typed, changed, _planner_texts(sent, rules, matched), tuple(findings))


# ---------------------------------------------------------------------------------------------- private


def _key(columns: tuple[str, ...]) -> pl.Expr:
    parts = [pl.col(column).cast(pl.String).fill_null("") for column in columns]
    first = parts[-1] if columns[-1] == "credit_code" else parts[0]
    return pl.when(first != "").then(pl.concat_str(*parts, separator="\x1f"))


def _shown(sent: AnnexRows) -> pl.DataFrame:
    """The sent cells as the texts that a reader of the workbook sees, with the ids and their number."""
    texts = [
        pl.coalesce(
            *(pl.col(name).cast(pl.String) for name in (number_of(column), column.key) if name in sent.rows),
            pl.lit(column.unknown),
        )
        .str.strip_chars()
        .str.replace(r"^(\d+)\.0$", "${1}")
        .alias(column.key)
        for column in sent.layout.columns
    ]
    return sent.rows.select(texts).with_columns(sent.ids.get_columns())


def _matched(
    sheet: ReturnedSheet, sent: AnnexRows, rules: ReturnRules, findings: list[Finding]
) -> pl.DataFrame:
    """Returned rows with the ids of the sent ones and the sent texts as `sent:<key>`."""
    issued, left, matches = _shown(sent), sheet.rows, []
    for columns in rules.keys:
        known = issued.with_columns(_key(columns).alias("key")).unique("key", keep="none").drop_nulls("key")
        keyed = left.with_columns(_key(columns).alias("key"))
        known = known.rename({name: f"sent:{name}" for name in known.columns if name in left.columns})
        matches.append(keyed.join(known, on="key", how="inner", maintain_order="left").drop("key"))
        left = left.join(matches[-1], on="row", how="anti")
    matched = pl.concat(matches, how="diagonal").sort("row")
    twice = pl.struct(*sent.ids.columns).is_duplicated()
    for row in matched.filter(twice).iter_rows(named=True):
        findings.append(_finding(sheet, "return.twice", row, "同一家出现两行", "每家一行，请合并"))
    matched = matched.filter(~twice)
    for row in left.iter_rows(named=True):
        findings.append(
            _finding(sheet, "return.unknown", row, "下发的表里没有这一家", "请补录企业台账或园区台账")
        )
    return matched


def _changed(
    sheet: ReturnedSheet,
    sent: AnnexRows,
    rules: ReturnRules,
    matched: pl.DataFrame,
    findings: list[Finding],
) -> pl.DataFrame:
    first, last = sent.layout.columns[0].key, {effect.column for effect in rules.effects} | set(rules.kept)
    changes: dict[tuple[int, str], dict[str, Any]] = {}
    clashing: set[tuple[int, str]] = set()
    for column in sent.layout.columns:
        if column.key == first:
            continue
        edited = matched.filter(pl.col(column.key) != pl.col(f"sent:{column.key}"))
        if column.key not in last:
            for row in edited.iter_rows(named=True):
                issued = (
                    f"“{column.header}”由 {row[f'sent:{column.key}'] or '空'} 改为 {row[column.key] or '空'}"
                )
                findings.append(
                    _finding(sheet, "return.not_taken", row, f"{issued}，未采用", "请在台账中改", column.key)
                )
        for effect in (effect for effect in rules.effects if effect.column == column.key):
            for row in edited.iter_rows(named=True):
                value = _value(sheet, effect, row, findings)
                if value is None:
                    continue
                at = (int(row[rules.id]), effect.field)
                after = value or None
                former = changes.get(at)
                if former is not None and former["column"] == column.key and former["after"] != after:
                    clashing.add(at)
                    findings.append(
                        _finding(
                            sheet, "return.clash", row, "同一企业的两行改得不一样", "请改成一致", column.key
                        )
                    )
                changes[at] = {
                    "id": at[0],
                    "field": effect.field,
                    "name": row["name"],
                    "before": row[f"sent:{column.key}"],
                    "after": after,
                    "column": column.key,
                    "row": row["row"],
                }
    unchanged = [change for at, change in sorted(changes.items()) if at not in clashing]
    return pl.DataFrame(unchanged, schema=CHANGES)


def _value(sheet: ReturnedSheet, effect: Effect, row: dict[str, Any], findings: list[Finding]) -> str | None:
    """The value that a cell gives its field, "" for not known, None where it has no say or cannot be read."""
    text = row[effect.column]
    if not text:
        return ""
    if effect.words is not None:
        if text in effect.words:
            return effect.words[text]
        others = [each for each in return_rules()[sheet.annex].effects if each.column == effect.column]
        if not any(text in (each.words or {}) for each in others):
            wanted = f"可填 {'、'.join(effect.words)}"
            findings.append(_finding(sheet, "return.word", row, f"认不出“{text}”", wanted, effect.column))
        return None
    if text.isdecimal() and text.isascii():
        return str(int(text))
    findings.append(
        _finding(sheet, "return.count", row, f"“{text}”不是整数", "请填不带单位的整数", effect.column)
    )
    return None


def _planner_texts(sent: AnnexRows, rules: ReturnRules, matched: pl.DataFrame) -> pl.DataFrame:
    """Hand-filled texts that differ from what was sent, by id."""
    texts = [
        pl.when((pl.col(key) != pl.col(f"sent:{key}")) & (pl.col(key) != "")).then(pl.col(key)).alias(key)
        for key in rules.kept
    ]
    return matched.select(*sent.ids.columns, *texts).filter(
        pl.any_horizontal(pl.col(key).is_not_null() for key in rules.kept)
    )


def _typed(matched: pl.DataFrame, sent: AnnexRows) -> pl.DataFrame:
    """The returned cells in the types of the sent ones, in the sent form's column order, with ids and row."""
    cells = [
        _cast(pl.when(pl.col(name) != "").then(pl.col(name)), dtype).alias(name)
        for name, dtype in sent.rows.schema.items()
        if name in matched.columns
    ]
    grouped = [name for name in sent.rows.columns if name.startswith("by:")]
    ids = sent.ids.columns
    beside = sent.rows.select(grouped).with_columns(sent.ids.get_columns()).unique(ids, maintain_order=True)
    free = [column.key for column in sent.layout.columns if column.key not in sent.rows.columns]
    texts = [pl.when(pl.col(key) != "").then(pl.col(key)).alias(key) for key in free]
    return matched.select(*ids, "row", *cells, *texts).join(beside, on=ids, how="left", maintain_order="left")


def _cast(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d", strict=False) if dtype == pl.Date else text.cast(dtype, strict=False)


def _totals(sheet: ReturnedSheet, layout: Layout, rows: pl.DataFrame) -> list[Finding]:
    """Totals that do not add up to the rows above them."""
    findings, plain = [], {total.label for total in layout.totals if not total.distinct}
    values = figure_values(layout.figures, rows)
    for total in sheet.totals:
        for figure in layout.figures:
            text, value = total.get(figure.stands_in, ""), values[figure.name]
            if total["label"] not in plain or figure.divided_by or not figure.stands_in or not text:
                continue
            shown = str(wording()["unknown_number"]) if figure.sum and value is None else str(value or 0)
            if text != shown:
                lines = f"合计“{figure.name}”写的是 {text}，逐行相加为 {shown}"
                row = {"row": None, "name": figure.name}
                findings.append(
                    _finding(sheet, "return.total", row, lines, "以逐行为准，请恢复公式", figure.stands_in)
                )
    return findings


def _finding(
    sheet: ReturnedSheet, code: str, row: dict[str, Any], value: str, remedy: str, column: str = "name"
) -> Finding:
    letter = sheet.letters.get(column, "A")
    cell = f"{letter}{row['row']}" if row["row"] else letter
    severity = Severity.ERROR if code in ("return.word", "return.count", "return.clash") else Severity.WARNING
    who = row.get("name") or ""
    return Finding(
        code,
        severity,
        sheet.file,
        sheet.sheet,
        cell,
        f"{who}：{value}",
        remedy,
        remedy,
        sheet.annex,
        row["row"],
    )
