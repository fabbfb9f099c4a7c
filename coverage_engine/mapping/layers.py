"""The plan's tables as the data of the county and park layers."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.mapping.packing import packed_json
from coverage_engine.mapping.placing import placed
from coverage_engine.model.drawing import Period
from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import COVERAGE_FIGURES

CATEGORIES = ("duty_bound", "eligible", "operating")
_ESTIMATES = ("known", "known_gap", "gap_smoothed", "gap_low", "gap_high", "hot_z", "hot_p", "hot")
_PARK_TEXTS = ("name", "city", "county")
_PARK_FACTS = ("work_committee", "party", "approximate")
_PARK_COUNTS = ("enterprises", "non_public", "own", "joint", "uncovered_duty", "rate_low", "rate_high")


# What only pages and annexes tell would make every map a thirtieth larger.
_UNDRAWN = ("set_aside", "hollow", "own_hollow", "presumed")
_DRAWN_FIGURES = tuple(
    name
    for name in COVERAGE_FIGURES
    if name not in _UNDRAWN and not name.startswith(("point", "joint_point"))
)


def division_figures(plan: Plan) -> dict[str, Any]:
    """Rows of the table `coverage` by level, with each denominator's figures in the order of `columns`.

    Counties also have `estimates` by denominator, in the order of `estimate_columns`.
    """
    return {
        "columns": _DRAWN_FIGURES,
        "estimate_columns": _ESTIMATES,
        "categories": CATEGORIES,
        "rows": _rows(plan["coverage"], plan["county_estimates"]),
    }


def period_figures(period: Period, plan: Plan) -> dict[str, Any]:
    """Name and packed rows of another time, of the divisions that the plan itself has."""
    here = plan["coverage"].select("level", "division_code").unique()
    coverage = period.coverage.join(here, on=["level", "division_code"], how="semi")
    rows = _rows(coverage, period.county_estimates)
    return {"name": period.name, "simulated": period.simulated, "rows": packed_json(rows)}


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


def _rows(coverage: pl.DataFrame, estimates: pl.DataFrame) -> list[dict[str, Any]]:
    figures = coverage.filter(pl.col("category").is_in(CATEGORIES))
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for record in figures.sort("level", "division_code", "division", "category").iter_rows(named=True):
        place = (record["level"], record["division_code"], record["division"])
        row = rows.setdefault(
            place, {"level": place[0], "code": place[1], "name": place[2] or place[1], "figures": {}}
        )
        row["figures"][record["category"]] = [record[name] for name in _DRAWN_FIGURES]
    for record in estimates.iter_rows(named=True):
        county = rows.get(("county", record["division_code"], record["division"]))
        if county is not None:
            county.setdefault("estimates", {})[record["category"]] = [record[name] for name in _ESTIMATES]
    return list(rows.values())


def _with_codes(parks: pl.DataFrame, centres: pl.DataFrame) -> pl.DataFrame:
    """Codes of city and county from their names: county names alone (鼓楼区) stand in more than one city."""
    counties = centres.filter(pl.col("level") == "county").select(
        "city", pl.col("name").alias("county"), pl.col("code").alias("county_code")
    )
    cities = centres.filter(pl.col("level") == "city").select("city", pl.col("code").alias("city_code"))
    return parks.join(counties, on=["city", "county"], how="left", maintain_order="left").join(
        cities, on="city", how="left", maintain_order="left"
    )
