"""The plan's tables as the data of the county and park layers."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.mapping.placing import placed
from coverage_engine.model.plan import Plan

CATEGORIES = ("duty_bound", "eligible", "operating")
_FIGURES = (
    "denominator_low",
    "denominator_high",
    "own_low",
    "own_high",
    "joint_low",
    "joint_high",
    "rate_low",
    "rate_high",
    "joint_rate_low",
    "joint_rate_high",
    "must",
    "should",
    "undetermined",
    "targets",
)
_ESTIMATES = ("known", "known_gap", "gap_smoothed", "gap_low", "gap_high", "hot_z", "hot_p", "hot")
_PARK_TEXTS = ("name", "city", "county")
_PARK_FACTS = ("work_committee", "party", "approximate")
_PARK_COUNTS = ("enterprises", "non_public", "own", "joint", "uncovered_duty", "rate_low", "rate_high")


def division_figures(plan: Plan) -> dict[str, Any]:
    """Rows of the table `coverage` by level, with each denominator's figures in the order of `columns`.

    Counties also have `estimates` by denominator, in the order of `estimate_columns`.
    """
    figures = plan["coverage"].filter(pl.col("category").is_in(CATEGORIES))
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for record in figures.sort("level", "division_code", "division").iter_rows(named=True):
        place = (record["level"], record["division_code"], record["division"])
        row = rows.setdefault(
            place, {"level": place[0], "code": place[1], "name": place[2] or place[1], "figures": {}}
        )
        row["figures"][record["category"]] = [record[name] for name in _FIGURES]
    for record in plan["county_estimates"].iter_rows(named=True):
        found = rows.get(("county", record["division_code"], record["division"]))
        if found is not None:
            found.setdefault("estimates", {})[record["category"]] = [record[name] for name in _ESTIMATES]
    return {
        "columns": _FIGURES,
        "estimate_columns": _ESTIMATES,
        "categories": CATEGORIES,
        "rows": list(rows.values()),
    }


def park_points(plan: Plan, centres: pl.DataFrame, points: dict[str, float]) -> dict[str, Any]:
    """Parks as plain columns; those without a usable place are counted as unplaced."""
    located = placed(_with_codes(plan["parks"], centres), "park_id", centres, points)
    drawn = located.drop_nulls(["place_lon", "place_lat"]).sort("park_id")
    columns = (*_PARK_TEXTS, *_PARK_FACTS, *_PARK_COUNTS)
    return {
        **{name: drawn[name].to_list() for name in columns},
        "longitude": drawn["place_lon"].round(5).to_list(),
        "latitude": drawn["place_lat"].round(5).to_list(),
        "unplaced": located.height - drawn.height,
    }


# ---------------------------------------------------------------------------------------------- private


def _with_codes(parks: pl.DataFrame, centres: pl.DataFrame) -> pl.DataFrame:
    """Codes of city and county from their names: county names alone (鼓楼区) stand in more than one city."""
    counties = centres.filter(pl.col("level") == "county").select(
        "city", pl.col("name").alias("county"), pl.col("code").alias("county_code")
    )
    cities = centres.filter(pl.col("level") == "city").select("city", pl.col("code").alias("city_code"))
    return parks.join(counties, on=["city", "county"], how="left", maintain_order="left").join(
        cities, on="city", how="left", maintain_order="left"
    )
