"""How far (距离) a firm lies from the seat of its joint branch, in whole geodesic metres."""

from __future__ import annotations

import polars as pl

_PLACED = [f"{of}{name}" for of in ("", "seat_") for name in ("latitude", "longitude")]


def metres_to_seat(rows: pl.DataFrame) -> pl.Series:
    """Whole metres of each row; null where firm or seat has no coordinates of its own.

    Columns: `latitude`, `longitude`, `location`, and the same of the seat with `seat_` before.
    """
    given = (pl.col("location") == "given") & (pl.col("seat_location") == "given")
    same = pl.all_horizontal(pl.col(name) == pl.col(f"seat_{name}") for name in ("latitude", "longitude"))
    placed = rows.select(*_PLACED, given.alias("given"), (given & ~same).alias("apart"))
    metres = placed.select(pl.when("given").then(pl.lit(0)).cast(pl.Int64).alias("metres"))["metres"]
    apart = placed["apart"].fill_null(False)
    return metres.scatter(apart.arg_true(), _geodesic(placed.filter(apart)))


# ---------------------------------------------------------------------------------------------- private


def _geodesic(apart: pl.DataFrame) -> list[int]:
    """The metres of rows with firm and seat in different places."""
    from geopy.distance import geodesic

    # One measuring tape for all: laying out the ellipsoid anew takes as long as measuring.
    tape = geodesic()
    return [
        round(tape.measure((north, east), (seat_north, seat_east)) * 1000)
        for north, east, seat_north, seat_east in apart.select(_PLACED).iter_rows()
    ]
