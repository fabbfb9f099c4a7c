"""Work order (工作次序): which target to take up first, by a stated rule that the planner may switch.

    benefit  duty first, then expected young employees per staff hour (the default)
    fastest  the fewest days until the last step, then the chance
    surest   the highest chance with the unknown facts at their worst
    young    the most expected young employees

Ties go to the priority of the target, then to its id. Everything compared is an integer.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.recommend.definitions import MILLION, PathBook

RULES = ("benefit", "fastest", "surest", "young")
DEFAULT_RULE = "benefit"
_DUTIES = {"must_establish": 3, "should_establish": 2, "undetermined": 1}


def with_work_order(
    recommendations: pl.DataFrame, enterprises: pl.DataFrame, book: PathBook, rule: str = DEFAULT_RULE
) -> pl.DataFrame:
    """Adds `expected_young`, `staff_hours`, `days` to all rows and `work_order` to those of rank 1.

    Raises:
        ValueError: no such rule.
    """
    if rule not in RULES:
        raise ValueError(f"no such rule: {rule}")
    hours = {path.number: path.staff_hours for path in book.paths}
    days = {path.number: max(action.day for action in path.actions) for path in book.paths}
    known = enterprises.select("enterprise_id", "obligation", "priority_rank", "young_employees")
    told = recommendations.join(known, on="enterprise_id", how="left", maintain_order="left").with_columns(
        pl.col("path").replace_strict(hours, return_dtype=pl.Int64).alias("staff_hours"),
        pl.col("path").replace_strict(days, return_dtype=pl.Int64).alias("days"),
        _millionths("probability").alias("chance"),
        _millionths("probability_low").alias("worst"),
        pl.col("obligation").replace_strict(_DUTIES, default=0, return_dtype=pl.Int64).alias("duty"),
    )
    young = pl.col("chance") * pl.col("young_employees")
    told = told.with_columns(
        young.alias("expected"), (young.fill_null(-1) // pl.col("staff_hours")).alias("hourly")
    )
    return told.with_columns(
        (pl.col("expected") // 1000 / 1000).alias("expected_young"),
        pl.when(pl.col("rank") == 1).then(_place(rule)).alias("work_order"),
    )


def _place(rule: str) -> pl.Expr:
    """Place of each first recommendation by the rule."""
    keys = {
        "benefit": [-pl.col("duty"), -pl.col("hourly")],
        "fastest": [pl.col("days"), -pl.col("chance")],
        "surest": [-pl.col("worst"), -pl.col("chance")],
        "young": [-pl.col("expected").fill_null(-1)],
    }[rule]
    last = 2**40
    ties = [pl.col("priority_rank").cast(pl.Int64).fill_null(last), pl.col("enterprise_id").cast(pl.Int64)]
    behind = (pl.col("rank") != 1).cast(pl.Int64)
    return pl.struct(behind, *(key.alias(f"key_{at}") for at, key in enumerate([*keys, *ties]))).rank(
        "ordinal"
    )


def _millionths(column: str) -> pl.Expr:
    return (pl.col(column) * MILLION).round().cast(pl.Int64)
