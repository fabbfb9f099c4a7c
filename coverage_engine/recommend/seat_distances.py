"""How far (距离) a firm lies from the seat of its joint branch, in whole geodesic metres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

_PLACED = [f"{of}{name}" for of in ("", "seat_") for name in ("latitude", "longitude")]


def metres_to_seat(rows: pl.DataFrame) -> pl.Series:
    """Whole metres of each row; null where firm or seat has no coordinates of its own.

    Columns: `latitude`, `longitude`, `location`, and the same of the seat with `seat_` before.
    """
    given = (pl.col("location") == "given") & (pl.col("seat_location") == "given")
    same = pl.all_horizontal(pl.col(name) == pl.col(f"seat_{name}") for name in ("latitude", "longitude"))
    apart = pl.when(given & ~same).then(pl.struct(_PLACED)).map_elements(_geodesic, return_dtype=pl.Int64)
    return rows.select(pl.when(given & same).then(pl.lit(0)).otherwise(apart).alias("metres"))["metres"]


# --- private ------------------------------------------------------------------------------------------------


def _geodesic(row: Mapping[str, Any]) -> int:
    from geopy.distance import geodesic

    here, seat = ((row[f"{of}latitude"], row[f"{of}longitude"]) for of in ("", "seat_"))
    metres: float = geodesic(here, seat).m
    return round(metres)
