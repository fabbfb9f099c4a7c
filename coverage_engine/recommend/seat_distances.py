"""How far (距离) a firm lies from the seat of its joint branch, in whole metres of the ellipsoid.

Nearly all of these are a few hundred metres, where the ellipsoid is as good as flat: a closed formula tells
them to a millimetre. Where that could round to another metre, or the way is long, geopy measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

_PLACED = [f"{of}{name}" for of in ("", "seat_") for name in ("latitude", "longitude")]
# Half the greater axis of the ellipsoid WGS-84, in metres, and the square of its eccentricity.
_AXIS, _ECCENTRICITY = 6_378_137.0, 0.006_694_379_990_141
# The closed formula errs by less than a millimetre and a millionth, within so many metres.
_ERROR, _SHARE, _NEAR = 0.001, 1e-6, 10_000


def metres_to_seat(rows: pl.DataFrame) -> pl.Series:
    """Whole metres of each row; null where firm or seat has no coordinates of its own.

    Columns: `latitude`, `longitude`, `location`, and the same of the seat with `seat_` before.
    """
    given = (pl.col("location") == "given") & (pl.col("seat_location") == "given")
    told = rows.select(*_PLACED, pl.when(given).then(_flat()).alias("flat"))
    doubt = _ERROR + _SHARE * pl.col("flat")
    sure = (((pl.col("flat") % 1) - 0.5).abs() > doubt) & (pl.col("flat") < _NEAR)
    rounded = pl.when(sure).then((pl.col("flat") + 0.5).floor().cast(pl.Int64))
    measured = pl.when(pl.col("flat").is_not_null() & ~sure).then(pl.struct(_PLACED))
    exact = measured.map_elements(_geodesic, return_dtype=pl.Int64)
    return told.select(pl.coalesce(rounded, exact).alias("metres"))["metres"]


# --- private ------------------------------------------------------------------------------------------------


def _flat() -> pl.Expr:
    """Metres along the ellipsoid, curved as it is half-way between the two points."""
    latitude, seat = pl.col("latitude").radians(), pl.col("seat_latitude").radians()
    middle = (latitude + seat) / 2
    flattened = 1 - _ECCENTRICITY * middle.sin() ** 2
    north = (seat - latitude) * (_AXIS * (1 - _ECCENTRICITY)) / flattened**1.5
    east = (
        (pl.col("seat_longitude") - pl.col("longitude")).radians() * _AXIS * middle.cos() / flattened.sqrt()
    )
    return (north**2 + east**2).sqrt()


def _geodesic(row: Mapping[str, Any]) -> int:
    from geopy.distance import geodesic

    here, seat = ((row[f"{of}latitude"], row[f"{of}longitude"]) for of in ("", "seat_"))
    metres: float = geodesic(here, seat).m
    return round(metres)
