"""学社衔接: how many schools of each division are surely not ready, and how many a person must confirm."""

from __future__ import annotations

import polars as pl

from coverage_engine.model.tables import DUTY_TABLES, conform, empty
from coverage_engine.policy import Policy

_KEY = "R11"
_ORDER = {"province": 0, "city": 1, "county": 2}


def readiness(
    facts: pl.DataFrame, duties: pl.DataFrame, divisions: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """The table `readiness` from the facts of schools and the answers to R11.

    A school without a League organisation or with members not entered is not ready; one with both still waits
    for a person to confirm that the graduates' branches are marked.
    """
    answers = duties.filter((pl.col("duty") == _KEY) & (pl.col("subject") == "school"))
    judged = facts.join(answers.select("source", "row", "met"), on=["source", "row"], how="inner")
    if judged.is_empty():
        return empty(DUTY_TABLES["readiness"])
    levels = {"county": pl.col("county_code"), "city": pl.col("city_code"), "province": pl.lit("410000")}
    parts = [
        judged.with_columns(division_code=code, level=pl.lit(level))
        .filter(pl.col("division_code").is_not_null())
        .group_by("level", "division_code")
        .agg(
            pl.len().cast(pl.Int64).alias("schools"),
            (pl.col("met") == "no").sum().cast(pl.Int64).alias("not_ready"),
            (~pl.col("school_league")).sum().cast(pl.Int64).alias("without_league"),
            (~pl.col("all_entered")).sum().cast(pl.Int64).alias("not_entered"),
            (pl.col("met") == "unknown").sum().cast(pl.Int64).alias("to_confirm"),
        )
        for level, code in levels.items()
    ]
    names = divisions.select("level", pl.col("code").alias("division_code"), pl.col("name").alias("division"))
    order = pl.col("level").replace_strict(_ORDER, return_dtype=pl.Int8)
    named = (
        pl.concat(parts).join(names, on=["level", "division_code"], how="left").sort(order, "division_code")
    )
    return conform(named.with_columns(due=pl.lit(policy.duty(_KEY).due)), DUTY_TABLES["readiness"])
