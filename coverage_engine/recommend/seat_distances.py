"""How far (距离) a firm lies from the seat of its joint branch, in whole geodesic metres.

The metres are those that geopy measures. Of short lines a closed formula says so too, within a hundredth of a
millimetre; geopy is asked where that could round otherwise, and for all that is far apart.
"""

from __future__ import annotations

import math

import polars as pl

_PLACED = [f"{of}{name}" for of in ("", "seat_") for name in ("latitude", "longitude")]
# Metres: the ellipsoid WGS84; lines that the formula is asked for; room for its error, five hundred times it.
_EQUATOR, _FLATTENING = 6_378_137.0, 1 / 298.257223563
_SHORT, _DOUBT = 20_000, 0.005


def metres_to_seat(rows: pl.DataFrame) -> pl.Series:
    """Whole metres of each row; null where firm or seat has no coordinates of its own.

    Columns: `latitude`, `longitude`, `location`, and the same of the seat with `seat_` before.
    """
    given = (pl.col("location") == "given") & (pl.col("seat_location") == "given")
    line = pl.col("line")
    surely = (line < _SHORT) & ((line - line.floor() - 0.5).abs() > _DOUBT) & _beside_each_other()
    measured = (
        rows.select(*_PLACED, given.alias("given"), _short_line().alias("line"))
        .with_columns(surely.alias("surely"))
        .with_columns(
            pl.when("given", "surely").then(line.round()).cast(pl.Int64).alias("metres"),
            (pl.col("given") & ~pl.col("surely")).fill_null(False).alias("asked"),
        )
    )
    return measured["metres"].scatter(measured["asked"].arg_true(), _geodesic(measured.filter("asked")))


# ---------------------------------------------------------------------------------------------- private


def _short_line() -> pl.Expr:
    """Metres of a short geodesic line (Bowring, The direct and inverse problems for short geodesic lines on
    the ellipsoid, 1981); 0 for one place."""
    north, east, seat_north, seat_east = (pl.col(name).radians() for name in _PLACED)
    second = _FLATTENING * (2 - _FLATTENING) / (1 - _FLATTENING) ** 2
    squared = 1 + second * north.cos() ** 2
    across, along = (1 + second * north.cos() ** 4).sqrt(), squared.sqrt()
    half, rise = across * (seat_east - east) / 2, seat_north - north
    bent = 1 + 3 * second / (4 * squared) * rise * (2 * north + rise * 2 / 3).sin()
    up = rise / (2 * along) * bent
    on = half.sin() * (along * north.cos() * up.cos() - north.sin() * up.sin()) / across
    chord = ((up.sin() * half.cos()) ** 2 + on**2).sqrt()
    return chord.arcsin() / squared * (2 * _EQUATOR * math.sqrt(1 + second))


def _beside_each_other() -> pl.Expr:
    """Less than a degree apart either way: the formula knows neither date line nor other hemisphere."""
    pairs = (("latitude", "seat_latitude"), ("longitude", "seat_longitude"))
    return pl.all_horizontal((pl.col(here) - pl.col(seat)).abs() < 1 for here, seat in pairs)


def _geodesic(apart: pl.DataFrame) -> list[int]:
    """The metres of rows with firm and seat in different places, measured one by one."""
    if apart.is_empty():
        return []
    from geopy.distance import geodesic

    # One measuring tape for all: laying out the ellipsoid anew takes as long as measuring.
    tape = geodesic()
    return [
        round(tape.measure((north, east), (seat_north, seat_east)) * 1000)
        for north, east, seat_north, seat_east in apart.select(_PLACED).iter_rows()
    ]
