"""Impossible facts: a part above its whole, a day after the day of the plan. Both cells are named.

Of two values that cannot both be true the less trusted one becomes unknown, so that no duty rests on it; one
that two others contradict becomes unknown as well. How far each is trusted stands in
`data/ledgers/words/plausibility.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import ledger_kind, ledger_kinds
from coverage_engine.ledgers.word_shapes import PlausibilityFile

_OWN = ("source", "row")
_THEIRS = ("_their_source", "_their_row")


def check_numbers(rows: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Enterprise rows whose own numbers contradict each other: the less trusted ones unknown, and told."""
    rules = _content()["part"]
    involved = sorted({rule[side] for rule in rules for side in ("part", "whole")})
    wrong: dict[str, list[pl.Expr]] = {name: [] for name in involved}
    for rule in rules:
        part, whole = rule["part"], rule["whole"]
        bad = (pl.col(part) > pl.col(whole)).fill_null(False)
        _tell_part(rows.filter(bad), rule, log)
        for name in (part, whole):
            wrong[name].append(bad)
    trusted = _content()["trust"]["order"]
    unknown = {name: _given_up(name, rules, wrong[name], trusted) for name in involved}
    _tell_outvoted(rows, rules, wrong, unknown, log)
    return rows.with_columns(
        pl.when(unknown[name]).then(None).otherwise(pl.col(name)).alias(name) for name in involved
    )


def check_days(rows: Mapping[str, pl.DataFrame], as_of: date, log: FindingLog) -> dict[str, pl.DataFrame]:
    """The ledgers without days and years after the day of the plan: these become unknown, and are told."""
    checked = dict(rows)
    for kind in ledger_kinds():
        for column in kind.columns:
            if column.type == "date" and column.stored:
                late, day = pl.col(column.key) > as_of, pl.col(column.key).dt.to_string("%Y-%m-%d")
            elif column.key in _content()["days"]["years"]:
                late, day = pl.col(column.key) > as_of.year, pl.col(column.key).cast(pl.String)
            else:
                continue
            frame = checked[kind.kind]
            if frame.is_empty():
                continue
            future = frame.filter(late).with_columns(found=day, detail=pl.lit(as_of.isoformat()))
            log.add_rows("date.in_future", future, column.key)
            checked[kind.kind] = frame.with_columns(
                pl.when(late).then(None).otherwise(pl.col(column.key)).alias(column.key)
            )
    return checked


def check_counts_elsewhere(
    linked: Mapping[str, pl.DataFrame], enterprises: pl.DataFrame, log: FindingLog
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Counts that another ledger gives of an enterprise, held against its staff.

    `linked` has `enterprise_id` in each table. A count above the staff is told with both cells; it becomes
    unknown, or the staff does where that ledger is trusted more.
    """
    checked = dict(linked)
    for rule in _content()["elsewhere"]:
        table, key = checked[rule["table"]], rule["count"]
        staff = enterprises.select(
            "enterprise_id", "employees", _their_source="source", _their_row="row"
        ).filter(pl.col("employees").is_not_null())
        both = table.join(staff, on="enterprise_id", how="inner", maintain_order="left")
        over = both.filter(pl.col(key) > pl.col("employees"))
        if over.is_empty():
            continue
        words = pl.format(
            "{} 的从业人员数 {}，{} 的{} {}；{}按不知道处理",
            log.cell("employees", *_THEIRS), pl.col("employees"), log.cell(rule["field"]),
            pl.lit(rule["label"]), pl.col(key), pl.lit(rule["gives_up"]),
        )  # fmt: skip
        excess = over.with_columns(found=pl.col(key).cast(pl.String), detail=words)
        log.add_rows("count.above_employees", excess, rule["field"])
        ids = over["enterprise_id"].unique().implode()
        if rule["trusted"]:
            enterprises = _without(enterprises, "employees", ids)
        else:
            checked[rule["table"]] = _without(table, key, ids)
    return checked, enterprises


# ---------------------------------------------------------------------------------------------- private


@cache
def _content() -> dict[str, Any]:
    return checked_content(PlausibilityFile, "data", "ledgers", "words", "plausibility.toml")


def _given_up(name: str, rules: list[dict[str, str]], wrong: list[pl.Expr], trusted: list[str]) -> pl.Expr:
    """Where a value is the less trusted of two that cannot both be true, or two others contradict it."""
    mine = [rule for rule in rules if name in (rule["part"], rule["whole"])]
    less = [
        bad
        for rule, bad in zip(mine, wrong, strict=True)
        if name == max(rule["part"], rule["whole"], key=trusted.index)
    ]
    outvoted = pl.sum_horizontal(bad.cast(pl.Int8) for bad in wrong) >= 2
    return pl.any_horizontal(*less, outvoted)


def _tell_part(troubled: pl.DataFrame, rule: dict[str, str], log: FindingLog) -> None:
    if troubled.is_empty():
        return
    words = pl.format(
        "{} 的{} {}，{} 的{} {}",
        log.cell(rule["part"]), pl.lit(_header(rule["part"])), pl.col(rule["part"]),
        log.cell(rule["whole"]), pl.lit(_header(rule["whole"])), pl.col(rule["whole"]),
    )  # fmt: skip
    findings = troubled.with_columns(found=pl.col(rule["part"]).cast(pl.String), detail=words)
    log.add_rows(rule["code"], findings, rule["part"])


def _tell_outvoted(
    rows: pl.DataFrame,
    rules: list[dict[str, str]],
    wrong: Mapping[str, list[pl.Expr]],
    unknown: Mapping[str, pl.Expr],
    log: FindingLog,
) -> None:
    """A whole that two parts exceed is told in its own cell."""
    for whole in dict.fromkeys(rule["whole"] for rule in rules):
        parts = [rule["part"] for rule in rules if rule["whole"] == whole]
        if len(parts) < 2:
            continue
        both = pl.sum_horizontal(bad.cast(pl.Int8) for bad in wrong[whole]) >= 2
        outvoted = rows.filter(both & unknown[whole])
        if outvoted.is_empty():
            continue
        words = pl.concat_str(
            [pl.format("{} 的{} {}", log.cell(p), pl.lit(_header(p)), pl.col(p)) for p in parts],
            separator="，",
        )
        findings = outvoted.with_columns(found=pl.col(whole).cast(pl.String), detail=words)
        log.add_rows("count.outvoted", findings, whole)


def _header(key: str) -> str:
    return ledger_kind("enterprises").column(key).header


def _without(table: pl.DataFrame, key: str, ids: pl.Series) -> pl.DataFrame:
    return table.with_columns(
        pl.when(pl.col("enterprise_id").is_in(ids)).then(None).otherwise(pl.col(key)).alias(key)
    )
