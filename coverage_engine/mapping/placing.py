"""Where things stand on the map: given places as they are, approximate ones spread around their centre.

Many firms are known only to lie in a county; drawn on its one interior point they would hide each other.
They are spread in a sunflower pattern by id, marked as approximate, and always the same.
"""

from __future__ import annotations

import math

import polars as pl

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_KM_PER_DEGREE = 111.32


def placed(frame: pl.DataFrame, key: str, centres: pl.DataFrame, points: dict[str, float]) -> pl.DataFrame:
    """Adds `place_lon`, `place_lat` (null where even the city is unknown) and `approximate`.

    Wants the columns `key`, city_code, county_code, longitude, latitude, location; `centres` of outlines.py.
    """
    located = _with_centres(frame, centres).with_columns(
        (
            pl.col("longitude").is_null()
            | pl.col("latitude").is_null()
            | (pl.col("location") == "approximate").fill_null(False)
        ).alias("approximate")
    )
    return located.with_columns(_spread(key, points)).with_columns(
        pl.when("approximate")
        .then(
            pl.col("centre_lon") + pl.col("east_km") / (_KM_PER_DEGREE * pl.col("centre_lat").radians().cos())
        )
        .otherwise("longitude")
        .alias("place_lon"),
        pl.when("approximate")
        .then(pl.col("centre_lat") + pl.col("north_km") / _KM_PER_DEGREE)
        .otherwise("latitude")
        .alias("place_lat"),
    )


def _with_centres(frame: pl.DataFrame, centres: pl.DataFrame) -> pl.DataFrame:
    """The centre of the county, or of the city where no county is known, and the size of either."""
    columns = ("centre_lon", "centre_lat", "area_km2")
    for level in ("county", "city"):
        of_level = centres.filter(pl.col("level") == level).select(
            pl.col("code").alias(f"{level}_code"),
            *(pl.col(name).alias(f"{level}_{name}") for name in columns),
        )
        frame = frame.join(of_level, on=f"{level}_code", how="left", maintain_order="left")
    return frame.with_columns(
        pl.coalesce("county_centre_lon", "city_centre_lon", "longitude").alias("centre_lon"),
        pl.coalesce("county_centre_lat", "city_centre_lat", "latitude").alias("centre_lat"),
        pl.coalesce("county_area_km2", "city_area_km2").alias("area_km2"),
        pl.coalesce("county_code", "city_code").alias("spread_group"),
    )


def _spread(key: str, points: dict[str, float]) -> list[pl.Expr]:
    """Sunflower: the k-th of n points at radius R·√((k+½)/n); R grows with n, up to a limit."""
    group = ["spread_group", "approximate"]
    order = pl.col(key).rank("ordinal").over(group) - 1
    many = pl.len().over(group)
    inside = points["spread_share"] * (pl.col("area_km2") / math.pi).sqrt()
    reach = pl.min_horizontal(points["spread_km"] * many.sqrt(), inside)
    radius = reach * ((order + 0.5) / many).sqrt()
    angle = order * _GOLDEN_ANGLE
    return [(radius * angle.cos()).alias("east_km"), (radius * angle.sin()).alias("north_km")]
