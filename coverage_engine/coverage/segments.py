"""附件1控制表: number segments by counts: issued = used + unused, used = entered, none twice.

A development number has 12 digits: 4 year, 2 province, 6 serial. Only counts are handled; no single number in
use is ever read.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy

_PROBLEMS = {
    "well_formed": "编号不是12位、年度或省码不合、止号小于起号",
    "year_prefix": "编号前四位与年度不一致",
    "within_segment": "已用数超过下达数",
    "not_overlapping": "与别的号段重号",
    "used_equals_entered": "已用数与已录入数不等",
    "unused_explained": "未用编号没有说明",
}


def segment_facts(segments: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The ledger rows with `issued`, `unused` and the facts that duties of segments name."""
    number = r"^\d{4}" + f"{policy.number('development_number_province'):02d}" + r"\d{6}$"
    year = pl.col("year").cast(pl.String)
    since = policy.number("development_since_year")
    shaped = segments.with_columns(
        name=pl.col("unit"),
        well_formed=(
            pl.col("first").str.contains(number)
            & pl.col("last").str.contains(number)
            & (pl.col("first").str.slice(0, 6) == pl.col("last").str.slice(0, 6))
            & (pl.col("last") >= pl.col("first"))
        ).fill_null(False),
        year_prefix=pl.col("first").str.starts_with(year) & pl.col("last").str.starts_with(year),
        since_2017=pl.col("year") >= since,
        year_2019=pl.col("year") == policy.number("entry_month_rule_year"),
        unit_named=pl.col("unit").is_not_null() & (pl.col("unit") != ""),
        numbers_used=pl.col("used") > 0,
        used_equals_entered=pl.col("used") == pl.col("entered"),
    ).with_columns(
        pl.when("well_formed").then(pl.col("first").cast(pl.Int64, strict=False)).alias("start"),
        pl.when("well_formed").then(pl.col("last").cast(pl.Int64, strict=False)).alias("end"),
    )
    return (
        _with_overlaps(shaped)
        .with_columns(
            issued=pl.col("end") - pl.col("start") + 1,
            unused=pl.col("end") - pl.col("start") + 1 - pl.col("used"),
        )
        .with_columns(
            within_segment=pl.col("unused") >= 0,
            unused_explained=_unused_explained(),
            late_within_month=pl.lit(None, pl.Boolean),
            members_moved=pl.lit(None, pl.Boolean),
            followed_up=pl.lit(None, pl.Boolean),
        )
    )


def segment_sheet(facts: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """The control sheet `segments`, in the order of unit, year and first number."""
    problems = [
        pl.when(pl.col(name).not_()).then(pl.lit(words))
        for name, words in _PROBLEMS.items()
        if name != "not_overlapping"
    ]
    problems.insert(3, pl.when("overlapping").then(pl.lit(_PROBLEMS["not_overlapping"])))
    accounted = answers.filter(pl.col("duty") == "R5").select("source", "row", accounted="met")
    return conform(
        facts.with_columns(pl.concat_str(problems, separator="；", ignore_nulls=True).alias("problems"))
        .join(accounted, on=["source", "row"], how="left", maintain_order="left")
        .sort("unit", "year", "first", "source", "row"),
        DUTY_TABLES["segments"],
    )


# ---------------------------------------------------------------------------------------------- private


def _with_overlaps(segments: pl.DataFrame) -> pl.DataFrame:
    """Adds `overlapping`: the segment shares a number with another one."""
    ordered = segments.sort("start", "end", "source", "row", nulls_last=True)
    reached = pl.col("end").cum_max().shift(1)
    shares = (pl.col("start") <= reached).fill_null(False) | (
        pl.col("start").shift(-1) <= pl.col("end")
    ).fill_null(False)
    return ordered.with_columns(overlapping=shares & pl.col("well_formed"))


def _unused_explained() -> pl.Expr:
    """Nothing unused, or said why; unknown where the number used is unknown and nothing is said."""
    explained = pl.col("explanation").is_not_null() & (pl.col("explanation") != "")
    return (pl.col("unused") <= 0) | explained
