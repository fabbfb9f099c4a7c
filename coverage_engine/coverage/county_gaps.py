"""County estimates for maps: smoothed gap rates with their intervals, and hot spots on them."""

from __future__ import annotations

import polars as pl

from coverage_engine.coverage.hot_spots import Neighbours, hot_spots
from coverage_engine.coverage.smoothing import smoothed_gaps

ESTIMATED: tuple[str, ...] = ("duty_bound", "eligible", "operating")
"""Denominators whose gap rates are estimated."""


def county_estimates(coverage: pl.DataFrame, neighbours: Neighbours) -> pl.DataFrame:
    """The plan table `county_estimates`: one row per county and denominator of `ESTIMATED`.

    `coverage` is the plan table of that name for the whole snapshot; rates of all its counties are compared.
    """
    counties = coverage.filter(pl.col("level") == "county").sort("division_code", "division")
    gaps = [smoothed_gaps(counties.filter(pl.col("category") == category)) for category in ESTIMATED]
    return pl.concat([_with_hot_spots(rows, neighbours) for rows in gaps])


def _with_hot_spots(rows: pl.DataFrame, neighbours: Neighbours) -> pl.DataFrame:
    rated = rows.drop_nulls("gap_smoothed")
    spots = hot_spots(dict(zip(rated["division_code"], rated["gap_smoothed"], strict=True)), neighbours)
    table = pl.DataFrame(
        [(code, *spot) for code, spot in spots.items()],
        schema={"division_code": pl.String, "hot_z": pl.Float64, "hot_p": pl.Float64, "hot": pl.String},
        orient="row",
    )
    return rows.join(table, on="division_code", how="left", maintain_order="left")
