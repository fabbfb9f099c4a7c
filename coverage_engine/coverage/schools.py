"""附件2控制表: schools by the education figures, counts only; private schools first, whole-school gaps named.

A county or city whose difference is more than 5 % of the education figure (equality passes) has to explain it
(R9). A school with a figure missing leaves its county and city undecided: unknown is not no.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy

_PROVINCE = "410000"
_PERMILLE = 1000


def school_facts(schools: pl.DataFrame, divisions: pl.DataFrame) -> pl.DataFrame:
    """The ledger rows with city, county, differences and the facts that duties of schools name."""
    counties = divisions.filter(pl.col("level") == "county").select(
        pl.col("code").alias("division_code"),
        pl.col("code").alias("county_code"),
        pl.col("parent_code").alias("county_of"),
    )
    counted, entered = pl.col("education_members"), pl.col("system_members")
    some = counted > 0
    return (
        schools.join(counties, on="division_code", how="left", maintain_order="left")
        .with_columns(
            city_code=pl.coalesce("county_of", "division_code"),
            difference=entered - counted,
            school_listed=pl.lit(True),
            both_figures=counted.is_not_null() & entered.is_not_null(),
            has_student_members=some,
            school_league=pl.col("league_organisation"),
            some_entered=entered > 0,
            all_entered=entered >= counted,
            graduates_marked=pl.lit(None, pl.Boolean),
        )
        .with_columns(
            missed=(-pl.col("difference")).clip(0, None),
            difference_permille=pl.col("difference").abs() * _PERMILLE // counted.clip(1, None),
            whole_gap=some & (~pl.col("some_entered") | ~pl.col("school_league")),
        )
    )


def school_sheet(facts: pl.DataFrame) -> pl.DataFrame:
    """The control sheet `schools`: by city and county, private schools first, whole-school gaps on top."""
    ordered = facts.sort(
        "city_code",
        "county_code",
        ~pl.col("private").fill_null(False),
        ~pl.col("whole_gap").fill_null(False),
        "name",
        "source",
        "row",
        nulls_last=True,
    )
    return conform(ordered.with_columns(whole_gap=answer_word("whole_gap")), DUTY_TABLES["schools"])


def school_division_facts(facts: pl.DataFrame, divisions: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Sums per county, city and province with `beyond_five_percent` and `difference_explained`."""
    permille = policy.number("school_difference_permille")
    beyond = pl.col("difference").abs() * _PERMILLE > pl.col("education_members") * permille
    explained = pl.col("explanation").is_not_null() & (pl.col("explanation") != "")
    rows = facts.with_columns(unexplained=beyond.fill_null(False) & ~explained)
    levels = [
        _summed(rows.filter(pl.col("county_code").is_not_null()), "county_code", "county"),
        _summed(rows, "city_code", "city"),
        _summed(rows.with_columns(province_code=pl.lit(_PROVINCE)), "province_code", "province"),
    ]
    names = divisions.select("level", pl.col("code").alias("division_code"), pl.col("name").alias("division"))
    return (
        pl.concat(levels)
        .join(names, on=["level", "division_code"], how="left", maintain_order="left")
        .with_columns(
            difference=pl.col("system_members") - pl.col("education_members"),
            complete=pl.col("unknown_schools") == 0,
        )
        .with_columns(
            difference_permille=pl.col("difference").abs()
            * _PERMILLE
            // pl.col("education_members").clip(1, None),
            beyond_five_percent=pl.when("complete").then(beyond),
            difference_explained=pl.col("unexplained") == 0,
        )
    )


def school_division_sheet(facts: pl.DataFrame) -> pl.DataFrame:
    """The control sheet `school_divisions`: province, cities, counties."""
    order = pl.col("level").replace_strict({"province": 0, "city": 1, "county": 2}, return_dtype=pl.Int8)
    worded = facts.with_columns(
        beyond=answer_word("beyond_five_percent"), explained=answer_word("difference_explained")
    )
    return conform(worded.sort(order, "division_code"), DUTY_TABLES["school_divisions"])


def answer_word(column: str) -> pl.Expr:
    """A three-valued column as yes, no, unknown."""
    fact = pl.col(column)
    return (
        pl.when(fact.is_null()).then(pl.lit("unknown")).when(fact).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )


# ---------------------------------------------------------------------------------------------- private


def _summed(rows: pl.DataFrame, key: str, level: str) -> pl.DataFrame:
    both = pl.col("both_figures")
    gap = pl.col("whole_gap").fill_null(False)
    return (
        rows.group_by(key)
        .agg(
            pl.len().cast(pl.Int64).alias("schools"),
            pl.col("private").fill_null(False).sum().cast(pl.Int64).alias("private_schools"),
            (~both).sum().cast(pl.Int64).alias("unknown_schools"),
            pl.col("education_members").filter(both).sum(),
            pl.col("system_members").filter(both).sum(),
            pl.col("missed").sum(),
            pl.col("unexplained").sum().cast(pl.Int64),
            gap.sum().cast(pl.Int64).alias("whole_gaps"),
            (gap & pl.col("private").fill_null(False)).sum().cast(pl.Int64).alias("private_gaps"),
        )
        .rename({key: "division_code"})
        .with_columns(level=pl.lit(level))
    )
