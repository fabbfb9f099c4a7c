"""Where things are: coordinates converted to WGS-84, missing ones put at the county's interior point."""

from __future__ import annotations

from functools import cache

import polars as pl

from coverage_engine.divisions.coordinates import boxes, to_wgs84
from coverage_engine.divisions.table import divisions
from coverage_engine.ledgers.finding_log import FindingLog

_SYSTEMS = ("wgs84", "gcj02", "bd09")
_CONVERTED = {"_order": pl.UInt32, "wgs_longitude": pl.Float64, "wgs_latitude": pl.Float64}
_MARGIN = 0.1
"""Degrees; outlines are simplified and a firm may sit on the border."""


def place_points(
    rows: pl.DataFrame, edition: str, with_system: frozenset[int], log: FindingLog
) -> pl.DataFrame:
    """Rows with `longitude`, `latitude` in WGS-84 and `location` (given | approximate | null).

    `rows` have longitude, latitude, coordinate_system, county_code, source, row; `with_system` are the
    sources that have a column for the system.
    """
    given = rows.with_columns(
        both=pl.col("longitude").is_not_null() & pl.col("latitude").is_not_null(),
        either=pl.col("longitude").is_not_null() | pl.col("latitude").is_not_null(),
    )
    if given["either"].any():
        _tell_unusable(given, with_system, log)
    converted = _converted(given.with_row_index("_order"))
    boxed = _with_boxes(converted, edition)
    inside_province = pl.col("wgs_longitude").is_between(*_province(edition, 0)) & pl.col(
        "wgs_latitude"
    ).is_between(*_province(edition, 1))
    inside_county = pl.col("wgs_longitude").is_between(
        pl.col("west") - _MARGIN, pl.col("east") + _MARGIN
    ) & pl.col("wgs_latitude").is_between(pl.col("south") - _MARGIN, pl.col("north") + _MARGIN)
    _tell_outside(boxed.filter(~inside_province), "coordinates.outside_province", log)
    _tell_outside(boxed.filter(inside_province & ~inside_county), "coordinates.outside_county", log)
    usable = inside_province.fill_null(False)
    return boxed.with_columns(
        longitude=pl.when(usable).then("wgs_longitude").otherwise("interior_longitude"),
        latitude=pl.when(usable).then("wgs_latitude").otherwise("interior_latitude"),
        location=pl.when(usable)
        .then(pl.lit("given"))
        .when(pl.col("interior_longitude").is_not_null())
        .then(pl.lit("approximate")),
    ).select(*rows.columns, "location")


# ---------------------------------------------------------------------------------------------- private


def _tell_unusable(given: pl.DataFrame, with_system: frozenset[int], log: FindingLog) -> None:
    position = pl.concat_str(
        [pl.col(name).cast(pl.String).fill_null("空") for name in ("longitude", "latitude")], separator="，"
    )
    positioned = given.with_columns(found=position)
    log.add_rows("coordinates.incomplete", positioned.filter(pl.col("either") & ~pl.col("both")), "longitude")
    unknown = positioned.filter(pl.col("both") & pl.col("coordinate_system").is_null())
    named = unknown.filter(pl.col("source").is_in(sorted(with_system)))
    log.add_rows("coordinates.no_system", named, "coordinate_system")
    unnamed = unknown.filter(~pl.col("source").is_in(sorted(with_system)))
    for source, count in unnamed.group_by("source").len().sort("source").iter_rows():
        log.add("coordinates.no_system", source, field="longitude", found=f"没有坐标系列（{count} 行）")


def _converted(given: pl.DataFrame) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=_CONVERTED)]
    for system in _SYSTEMS if given["both"].any() else ():
        part = given.filter(pl.col("both") & (pl.col("coordinate_system") == system))
        longitude, latitude = to_wgs84(part["longitude"].to_numpy(), part["latitude"].to_numpy(), system)
        parts.append(
            part.select("_order", pl.Series("wgs_longitude", longitude), pl.Series("wgs_latitude", latitude))
        )
    return given.join(pl.concat(parts), on="_order", how="left", maintain_order="left")


def _with_boxes(rows: pl.DataFrame, edition: str) -> pl.DataFrame:
    """Box and interior point of each row's county."""
    outlines, interior = _counties(edition)
    return rows.join(outlines, on="county_code", how="left", maintain_order="left").join(
        interior, on="county_code", how="left", maintain_order="left"
    )


@cache
def _counties(edition: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Boxes and interior points of all counties."""
    outlines = pl.DataFrame(
        [(code, *box) for code, box in sorted(boxes(edition).items())],
        schema=["county_code", "west", "south", "east", "north"],
        orient="row",
    ).unique("county_code")
    interior = pl.DataFrame(
        [(row.code, row.longitude, row.latitude) for row in divisions(edition) if row.level == "county"],
        schema={"county_code": pl.String, "interior_longitude": pl.Float64, "interior_latitude": pl.Float64},
        orient="row",
    )
    return outlines, interior


@cache
def _province(edition: str, axis: int) -> tuple[float, float]:
    every = boxes(edition).values()
    return min(box[axis] for box in every) - _MARGIN, max(box[axis + 2] for box in every) + _MARGIN


def _tell_outside(rows: pl.DataFrame, code: str, log: FindingLog) -> None:
    if rows.is_empty():
        return
    position = pl.concat_str(
        pl.col("longitude").round(5).cast(pl.String),
        pl.lit("，"),
        pl.col("latitude").round(5).cast(pl.String),
    )
    log.add_rows(
        code, rows.with_columns(found=position, detail=pl.col("county_code").fill_null("")), "longitude"
    )
