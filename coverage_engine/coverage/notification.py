"""Draft of a 通报: league table of cities or counties with fairness guards, and lists over the thresholds.

A draft for a person to decide on. A rank is one more than the number of divisions that are surely better: two
divisions whose difference lies within the doubt (missing facts and chance of small numbers, 95 %) do not push
each other down. Small bases are told apart and never ranked.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy

_THRESHOLDS = {
    "slow_work": "reported_slow_permille",
    "missed_members": "reported_missed_members",
    "low_entry": "reported_entry_permille",
}
_NORMAL_95 = 1.959964
_PERMILLE = 1000


def league_table(
    estimates: pl.DataFrame, coverage: pl.DataFrame, level: str, category: str = "operating"
) -> pl.DataFrame:
    """The table `league_table` of one level (city | county) by own + joint coverage."""
    rated = estimates.filter(
        (pl.col("level") == level) & (pl.col("category") == category) & (pl.col("numerator") == "joint")
    )
    counted = (
        coverage.filter((pl.col("level") == level) & (pl.col("category") == category))
        .group_by("division_code")
        .agg(pl.col("joint_low", "verified", "unknown").sum())
        .with_columns(claimed=pl.col("joint_low") - pl.col("verified"))
    )
    divisions = rated.join(counted, on="division_code", how="left").sort("division_code")
    ranked = divisions.join(_ranks(divisions), on="division_code", how="left")
    order = [pl.col("rank").fill_null(10_000), -pl.col("point").fill_null(-1.0), pl.col("division_code")]
    return conform(ranked.sort(order), DUTY_TABLES["league_table"])


def notices(
    policy: Policy, coverage: pl.DataFrame, sheets: Mapping[str, pl.DataFrame], level: str = "county"
) -> pl.DataFrame:
    """The table `notices`: slow work, missed reports, missed members, low entry (thresholds of the policy).

    `sheets` are the control sheets, `coverage` the plan's figures.
    """
    parts = [
        _slow_work(policy, coverage, level),
        _missed_reports(policy, sheets["unit_duties"]),
        _missed_members(policy, sheets["school_divisions"], level),
        _low_entry(policy, sheets["segments"]),
    ]
    return pl.concat([conform(part, DUTY_TABLES["notices"]) for part in parts])


# ---------------------------------------------------------------------------------------------- private


def _ranks(divisions: pl.DataFrame) -> pl.DataFrame:
    """Rank of each division that is large enough: surely better ones + 1."""
    missing = (pl.col("interval_high") - pl.col("interval_low")) / (2 * _NORMAL_95)
    # Off 0 and 1, so that a small division with all or none has its doubt too.
    base = pl.col("surely")
    share = (pl.col("point") * base + 1) / (base + 2)
    large = divisions.filter(~pl.col("small_base") & pl.col("point").is_not_null()).select(
        "division_code", "point", doubt=missing**2 + share * (1 - share) / base.clip(1, None)
    )
    gap = pl.col("point_right") - pl.col("point")
    better = gap > _NORMAL_95 * (pl.col("doubt") + pl.col("doubt_right")).sqrt()
    return (
        large.join(large, how="cross")
        .group_by("division_code")
        .agg((better.sum() + 1).cast(pl.Int32).alias("rank"))
    )


def _slow_work(policy: Policy, coverage: pl.DataFrame, level: str) -> pl.DataFrame:
    limit, base = policy.number("reported_slow_permille"), policy.number("small_base")
    rows = (
        coverage.filter((pl.col("category") == "duty_bound") & (pl.col("level") == level))
        .group_by("division_code")
        .agg(pl.col("division").sort().first(), pl.col("denominator_low", "own_high").sum())
        .filter(
            (pl.col("denominator_low") >= base)
            & (pl.col("own_high") * _PERMILLE < pl.col("denominator_low") * limit)
        )
        .with_columns(figure=pl.col("own_high") * _PERMILLE // pl.col("denominator_low"))
        .sort("figure", "division_code")
    )
    text = pl.format("{}：必须建团的企业{}家，最多建成{}家", "division", "denominator_low", "own_high")
    return _worded(rows.with_columns(name="division"), "slow_work", text, policy)


def _missed_reports(policy: Policy, unit_duties: pl.DataFrame) -> pl.DataFrame:
    rows = unit_duties.filter((pl.col("duty") == "R12") & (pl.col("met") != "yes")).sort("division_code")
    text = pl.format("{}：没有上报企业台账，是否零报告待确认", "name")
    return _worded(rows.with_columns(figure=pl.lit(0)), "missed_report", text, policy)


def _missed_members(policy: Policy, divisions: pl.DataFrame, level: str) -> pl.DataFrame:
    limit = policy.number("reported_missed_members")
    rows = divisions.filter((pl.col("level") == level) & (pl.col("missed") >= limit)).sort(
        "missed", "division_code", descending=[True, False]
    )
    text = pl.format("{}：学校领域漏统{}人，成建制漏统{}所", "division", "missed", "whole_gaps")
    return _worded(rows.with_columns(figure="missed", name="division"), "missed_members", text, policy)


def _low_entry(policy: Policy, segments: pl.DataFrame) -> pl.DataFrame:
    limit = policy.number("reported_entry_permille")
    known = segments.filter(pl.col("used").is_not_null() & pl.col("entered").is_not_null())
    rows = (
        known.group_by("unit")
        .agg(pl.col("used", "entered").sum())
        .filter((pl.col("used") > 0) & (pl.col("entered") * _PERMILLE < pl.col("used") * limit))
        .with_columns(
            figure=pl.col("entered") * _PERMILLE // pl.col("used"), division_code=pl.lit(None, pl.String)
        )
        .sort("figure", "unit")
    )
    text = pl.format("{}：新发展团员{}人，录入{}人", "unit", "used", "entered")
    return _worded(rows.with_columns(name="unit"), "low_entry", text, policy)


def _worded(rows: pl.DataFrame, kind: str, text: pl.Expr, policy: Policy) -> pl.DataFrame:
    key = _THRESHOLDS.get(kind)
    threshold = policy.number(key) if key else 0
    clause = policy.values[key].clause if key else policy.duty("R12").clause
    return rows.with_columns(kind=pl.lit(kind), threshold=pl.lit(threshold), text=text, clause=pl.lit(clause))
