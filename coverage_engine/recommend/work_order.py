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
DECIDING = ("enterprise_id", "obligation", "priority_rank", "young_employees")
"""Columns of the enterprises that decide the order."""
_DUTIES = {"must_establish": 3, "should_establish": 2, "undetermined": 1}


def with_work_order(
    recommendations: pl.DataFrame, enterprises: pl.DataFrame, book: PathBook, rule: str = DEFAULT_RULE
) -> pl.DataFrame:
    """Adds `expected_young`, `staff_hours`, `days` to all rows and `work_order` to those of rank 1.

    Raises:
        ValueError: no such rule.
    """
    known = enterprises.select(*DECIDING)
    places = work_order(recommendations.filter(pl.col("rank") == 1), known, book, rule)
    return with_figures(recommendations, known.join(places, on="enterprise_id", how="left"), book)


def work_order(
    firsts: pl.DataFrame, known: pl.DataFrame, book: PathBook, rule: str = DEFAULT_RULE
) -> pl.DataFrame:
    """`enterprise_id` and `work_order` of the first recommendations.

    Columns of these: `enterprise_id`, `path`, `probability`, `probability_low`; of `known`: `DECIDING`.

    Raises:
        ValueError: no such rule.
    """
    if rule not in RULES:
        raise ValueError(f"no such rule: {rule}")
    firms = firsts.join(known, on="enterprise_id", how="left").with_columns(
        *_costs(book),
        _millionths("probability").alias("chance"),
        _millionths("probability_low").alias("worst"),
        pl.col("obligation").replace_strict(_DUTIES, default=0, return_dtype=pl.Int64).alias("duty"),
    )
    expected = pl.col("chance") * pl.col("young_employees")
    firms = firms.with_columns(
        expected.alias("expected"), (expected.fill_null(-1) // pl.col("staff_hours")).alias("hourly")
    )
    ordered = firms.sort(_keys(rule)).select("enterprise_id")
    return ordered.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("work_order"))


def with_figures(recommendations: pl.DataFrame, known: pl.DataFrame, book: PathBook) -> pl.DataFrame:
    """Adds `expected_young`, `staff_hours`, `days`, and `work_order` where the path is the first.

    `known` has `young_employees` and `work_order` of each enterprise.
    """
    figures = known.select("enterprise_id", "young_employees", "work_order")
    expected = _millionths("probability") * pl.col("young_employees")
    return recommendations.join(figures, on="enterprise_id", how="left", maintain_order="left").with_columns(
        *_costs(book),
        (expected // 1000 / 1000).alias("expected_young"),
        pl.when(pl.col("rank") == 1).then("work_order").alias("work_order"),
    )


# ---------------------------------------------------------------------------------------------- private


def _costs(book: PathBook) -> list[pl.Expr]:
    """Hours and days of each row's path."""
    hours = {path.number: path.staff_hours for path in book.paths}
    days = {path.number: max(action.day for action in path.actions) for path in book.paths}
    return [
        pl.col("path").replace_strict(by_path, return_dtype=pl.Int64).alias(name)
        for name, by_path in (("staff_hours", hours), ("days", days))
    ]


def _keys(rule: str) -> list[pl.Expr]:
    """What the first recommendations are ordered by."""
    keys = {
        "benefit": [-pl.col("duty"), -pl.col("hourly")],
        "fastest": [pl.col("days"), -pl.col("chance")],
        "surest": [-pl.col("worst"), -pl.col("chance")],
        "young": [-pl.col("expected").fill_null(-1)],
    }[rule]
    return [*keys, pl.col("priority_rank").cast(pl.Int64).fill_null(2**40), pl.col("enterprise_id")]


def _millionths(column: str) -> pl.Expr:
    return (pl.col(column) * MILLION).round().cast(pl.Int64)
