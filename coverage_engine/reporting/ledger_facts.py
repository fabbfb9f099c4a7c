"""Facts of the forms drawn from ledgers alone: schools, number segments, League statistics; counts only."""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.ranges import percent
from coverage_engine.reporting.scope import within
from coverage_engine.reporting.wording import has_words, wording

_KINDS = {
    "committees": "league_committee",
    "work_committees": "work_committee",
    "general_branches": "general_branch",
    "branches": "league_branch",
}


def school_facts(plan: Plan) -> pl.DataFrame:
    """Every school of the plan's division with what the education office counts beside the system's count."""
    names = plan.snapshot["divisions"].select(code="code", place="name", parent="parent_code", level="level")
    schools = within(plan, plan.snapshot["schools"]).join(
        names, left_on="division_code", right_on="code", how="left", maintain_order="left"
    )
    cities = names.select(parent="code", above="place")
    schools = schools.join(cities, on="parent", how="left", maintain_order="left")
    is_city = (pl.col("level") == "city").fill_null(False)
    words = wording()
    kind = pl.when("private").then(pl.lit(words["school_private"])).when(~pl.col("private"))
    base, system = pl.col("education_members"), pl.col("system_members")
    return schools.with_columns(
        city=pl.when(is_city).then("place").otherwise("above").fill_null(words["unplaced"]),
        county=pl.when(is_city).then(None).otherwise("place").fill_null(words["undivided"]),
        kind_word=kind.then(pl.lit(words["school_public"])).otherwise(pl.lit(words["answers"]["unknown"])),
        difference=system - base,
        rate_word=_rate(base, system),
        league_has=has_words(pl.col("league_organisation")),
    )


def segment_facts(plan: Plan) -> pl.DataFrame:
    """Every issued segment of development numbers with its size and what is left of it.

    The ledger names units, not divisions: a plan of one city or county has no rows.
    """
    segments = plan.snapshot["number_segments"]
    if plan.division.level != "province":
        segments = segments.clear()
    first, last = (pl.col(name).cast(pl.Int64, strict=False) for name in ("first", "last"))
    return segments.with_columns(issued=last - first + 1).with_columns(
        unused=pl.col("issued") - pl.col("used")
    )


def league_facts(plan: Plan) -> pl.DataFrame:
    """League organisations in 智慧团建 by 行业类别: how many of each kind, and members; for the province."""
    known = plan.snapshot["league_organisations"]
    if plan.division.level != "province":
        known = known.clear()
    category = pl.col("category").fill_null(wording()["answers"]["unknown"])
    return (
        known.group_by(category.alias("category"))
        .agg(
            **{name: (pl.col("kind") == kind).sum().cast(pl.Int64) for name, kind in _KINDS.items()},
            league_members=pl.col("league_members").sum(),
        )
        .sort("category")
    )


# ---------------------------------------------------------------------------------------------- private


def _rate(base: pl.Expr, system: pl.Expr) -> pl.Expr:
    share = pl.when(base > 0).then((system - base).abs() / base)
    return share.map_elements(percent, return_dtype=pl.String)
