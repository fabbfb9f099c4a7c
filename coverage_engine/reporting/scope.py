"""Which enterprises belong to the division that a plan is made for, and which of them it does not list."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.wording import not_listed


def enterprises_of(plan: Plan) -> pl.DataFrame:
    """The rows of the plan's table `enterprises` that lie in its division."""
    enterprises = plan["enterprises"]
    if plan.division.level == "province":
        return enterprises
    column = "city_code" if plan.division.level == "city" else "county_code"
    return enterprises.filter(pl.col(column) == plan.division.code)


def reasons_of_others(plan: Plan, lang: str) -> list[dict[str, Any]]:
    """Why enterprises are no targets of this round, in how many, most first."""
    reasons = enterprises_of(plan).select(reason=not_listed(plan, lang)).drop_nulls()
    counted = reasons.group_by("reason").agg(count=pl.len())
    return counted.sort(["count", "reason"], descending=[True, False]).to_dicts()


def division_codes(plan: Plan) -> list[str] | None:
    """Codes of the plan's division and of everything under it; None where every code is meant."""
    if plan.division.level == "province":
        return None
    divisions = plan.snapshot["divisions"]
    under = divisions.filter(pl.col("parent_code") == plan.division.code)["code"].to_list()
    return sorted({plan.division.code, *under})


def within(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of any table with a `division_code` that lie in the plan's division."""
    codes = division_codes(plan)
    return frame if codes is None else frame.filter(pl.col("division_code").is_in(codes))


def places_of(plan: Plan) -> pl.DataFrame:
    """Every county of the plan's division in the order of the codes: city, county, place_word."""
    divisions = within(plan, plan.snapshot["divisions"].rename({"code": "division_code"}))
    counties = divisions.filter(pl.col("level") == "county")
    cities = plan.snapshot["divisions"].filter(pl.col("level") == "city")
    named = counties.join(
        cities.select(parent_code="code", city="name"), on="parent_code", how="left", maintain_order="left"
    ).sort("division_code")
    joined = (
        pl.when(pl.col("city") == pl.col("name"))
        .then(pl.col("name"))
        .otherwise(pl.col("city") + pl.col("name"))
    )
    return named.select("city", county="name", place_word=joined)
