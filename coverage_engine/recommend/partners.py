"""Possible partners (可联合的企业) of a firm in a joint branch: in its building, or near and in its trade."""

from __future__ import annotations

import math

import polars as pl

from coverage_engine.frames.coding import Coding, number

_EARTH_METRES = 6_371_008.8
# A sphere may tell a distance half a percent too short: within this, the geodesic one is within the radius.
_SURELY = 0.994
# Rows and columns of the grid that firms are laid into, so that a cell and its trade stand in one integer.
_GRID = 2**25
_CELL = Coding(
    "cell",
    (number("trade", 2**13 - 1), number("row", _GRID - 1), number("column", _GRID - 1)),
    compared=True,
).weights
# Steps from a cell to itself and to half of the cells around it; the other half look back.
_ONWARD = [up * _CELL["row"] + on for up, on in ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1))]


def partners(candidates: pl.DataFrame, radius: int) -> list[list[int]]:
    """For each firm the firms of its building, and those of its trade within the radius, in order."""
    firms = candidates.with_row_index("firm").lazy()
    pairs = pl.concat([_housed_together(firms), _of_one_trade(firms, _SURELY * radius / _EARTH_METRES)])
    apart = pairs.filter(pl.col("firm") != pl.col("other"))
    # A pair is one integer, which is sorted in no time.
    first, second, size = pl.col("firm").cast(pl.Int64), pl.col("other").cast(pl.Int64), candidates.height
    both = pl.concat(
        [apart.select(first * size + second), apart.select((second * size + first).alias("firm"))]
    )
    packed = both.collect()["firm"].sort().unique(maintain_order=True)
    near: list[list[int]] = [[] for _ in range(size)]
    unpacked = pl.DataFrame({"firm": packed // size, "other": packed % size})
    for firm, others in unpacked.group_by("firm", maintain_order=True).agg("other").iter_rows():
        near[firm] = others
    return near


# ---------------------------------------------------------------------------------------------- private


def _housed_together(firms: pl.LazyFrame) -> pl.LazyFrame:
    """Pairs of firms that share a building of one county."""
    housed = firms.filter(pl.col("place").is_not_null()).select("firm", "county_code", "place")
    others = housed.rename({"firm": "other"})
    return housed.join(others, on=["county_code", "place"], nulls_equal=True).select("firm", "other")


def _of_one_trade(firms: pl.LazyFrame, reach: float) -> pl.LazyFrame:
    """Pairs of firms of one trade within an angle of the sphere.

    Firms are laid into cells as high and at least as wide as the angle, so that only the cells around are
    looked at.
    """
    given = firms.filter((pl.col("location") == "given") & pl.col("section").is_not_null())
    located = given.select("firm", "section", *(pl.col(name).radians() for name in ("latitude", "longitude")))
    placed = located.select("firm", "latitude", "longitude", _cell(reach).alias("cell"))
    looking = placed.with_columns(pl.lit(pl.Series([_ONWARD])).first().alias("step")).explode("step")
    met = looking.with_columns(pl.col("cell") + pl.col("step")).join(placed, on="cell", suffix="_other")
    return met.filter(_angle() <= reach).select("firm", pl.col("firm_other").alias("other"))


def _cell(reach: float) -> pl.Expr:
    """Trade, row and column of a point's cell, packed; columns are wide enough for the northernmost firm."""
    north = pl.min_horizontal(pl.col("latitude").abs().max() + reach, pl.lit(math.pi / 2))
    wide = reach / pl.max_horizontal(north.cos(), pl.lit(1e-9))
    row, column = (pl.col("latitude") / reach).floor(), (pl.col("longitude") / wide).floor()
    trade = pl.col("section").rank("dense").cast(pl.Int64)
    return (
        trade * _CELL["trade"]
        + (row.cast(pl.Int64) + _GRID // 2) * _CELL["row"]
        + (column.cast(pl.Int64) + _GRID // 2)
    )


def _angle() -> pl.Expr:
    """The angle between two points of a sphere, in radians like their coordinates."""
    latitude, other = pl.col("latitude"), pl.col("latitude_other")
    up, on = (((pl.col(f"{name}_other") - pl.col(name)) / 2).sin() for name in ("latitude", "longitude"))
    return 2 * (up * up + latitude.cos() * other.cos() * on * on).sqrt().arcsin()
