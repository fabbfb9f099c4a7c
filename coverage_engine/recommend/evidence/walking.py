"""Distances over a walk in whole numbers: the same metres on every engine.

Coordinates become ten-millionths of a degree. Metres per degree follow the series of the WGS-84 ellipsoid;
over a few kilometres they agree with the geodesic to less than a metre. Only sums and products of floats are
used before a figure is made whole, so that no engine's mathematical library has a say.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.coding import Coding, number
from coverage_engine.frames.dialect import Lazy

UNITS = 10_000_000
"""Units of a coordinate in a degree."""

_RADIANS = 0.017453292519943295
# Fewest nanometres to a unit of latitude (at the equator): no cell may be lower than the radius.
_LEAST_NORTH = 11_057_427
# A degree of longitude has at least so many nanometres to a unit at the equator.
_MOST_EAST = 11_131_900
# Beyond this latitude cells do not get wider; nobody works there.
_LEAST_EAST = 100_000
_NANOMETRES, _MILLIMETRES = 1_000_000_000, 1_000_000
_CELLS, _WORD = 2**31, 2**32
# Words of 32 bits: added and subtracted whole (`told_apart`).
_SPOT = Coding("spot", (number("north", _CELLS - 1), number("east", _WORD - 1)), compared=True)
_SCALES = Coding(
    "scales",
    (
        number("north_scale", 2**25 - 1, "nanometres to a unit"),
        number("east_scale", _WORD - 1, "nanometres to a unit"),
    ),
    compared=True,
)


def placed(frame: Lazy) -> Lazy:
    """Adds `north` and `east` (units, from south pole and date line) and their scales (nanometres)."""
    north, east = ((nw.col(name) * UNITS + 0.5).floor().cast(nw.Int64) for name in ("latitude", "longitude"))
    whole = frame.with_columns((north + 90 * UNITS).alias("north"), (east + 180 * UNITS).alias("east"))
    return (
        _with_cosine(whole, nw.col("latitude"))
        .with_columns(_north_scale().alias("north_scale"), _east_scale().alias("east_scale"))
        .drop("cosine")
    )


def with_spot(frame: Lazy) -> Lazy:
    """Packs `north` and `east` in `spot`, their scales in `scales`: where rows meet in pairs, width costs."""
    return frame.with_columns(
        _SPOT.encode(),
        _SCALES.encode(),
    ).drop("north", "east", "north_scale", "east_scale")


def with_offsets(pairs: Lazy, there: str) -> Lazy:
    """How far both points of the pairs lie apart in units, and the sums of their scales, in columns again.

    `north`, `east` are differences, `north_scale`, `east_scale` sums: the packed words are added up whole.
    """
    apart = nw.col("spot") - nw.col(f"spot{there}") + _WORD // 2
    scales = nw.col("scales") + nw.col(f"scales{there}")
    return pairs.with_columns(
        (apart // _WORD).alias("north"),
        (apart % _WORD - _WORD // 2).alias("east"),
        (scales // _WORD).alias("north_scale"),
        (scales % _WORD).alias("east_scale"),
    )


def with_cells(frame: Lazy, radius: int, *, everywhere: bool = False) -> Lazy:
    """Adds `cell`, more than the radius high and wide.

    `everywhere` gives nine rows for each: its own cell and those around it, where everything within the
    radius lies.
    """
    # A metre more than the radius, for rounding and for cells that narrow towards the pole.
    height = _half_band(radius)
    north, east = nw.col("spot") // _WORD, nw.col("spot") % _WORD
    steps = (-1, 0, 1) if everywhere else (0,)
    banded = nw.concat([frame.with_columns((north // height + step).alias("band")) for step in steps])
    edges = [((nw.col("band") + end) * height - 90 * UNITS).abs() for end in (0, 1)]
    # As wide as at the end of the band where degrees are narrowest. No cosine is less than its parabola.
    angle = nw.max_horizontal(*edges).cast(nw.Float64) * (_RADIANS / UNITS)
    scale = ((1.0 - angle * angle * 0.5) * _MOST_EAST).clip(_LEAST_EAST, None)
    narrow = (nw.lit(float((radius + 1) * _NANOMETRES)) / scale).floor().cast(nw.Int64) + 2
    wide = banded.with_columns((east // narrow + nw.col("band") * _CELLS).alias("middle"))
    celled = nw.concat([wide.with_columns((nw.col("middle") + step).alias("cell")) for step in steps])
    return celled.drop("band", "middle")


def within_band(there: str, radius: int) -> nw.Expr:
    """False where the row's own point and the one in the columns that end in `there` are surely farther."""
    return (nw.col("spot") - nw.col(f"spot{there}")).abs() <= (_half_band(radius) + 1) * _WORD


def _half_band(radius: int) -> int:
    """Units of latitude that are nowhere less than the radius."""
    return (radius + 1) * _NANOMETRES // _LEAST_NORTH + 1


def _cell_of(position: nw.Expr, half: nw.Expr, side: bool) -> nw.Expr:
    """The number of the cell of two halves that a position lies in, or of the one on its nearer side."""
    halves = position // half
    return (halves - 1 + (halves % 2) * 2) // 2 if side else halves // 2


def metres() -> nw.Expr:
    """Whole metres between both points of a pair that is `told_apart`."""
    across, up = _millimetres("east"), _millimetres("north")
    length = (across * across + up * up).cast(nw.Float64).sqrt()
    return (length / 1000 + 0.5).floor().cast(nw.Int64)


def _millimetres(axis: str) -> nw.Expr:
    return (nw.col(axis).abs() * nw.col(f"{axis}_scale")) // (2 * _MILLIMETRES)


def _with_cosine(frame: Lazy, latitude: nw.Expr) -> Lazy:
    """Adds `cosine` by its series."""
    current = frame.with_columns((latitude * _RADIANS).alias("angle"))
    current = current.with_columns((nw.col("angle") * nw.col("angle")).alias("square"))
    cosine = nw.lit(1.0)
    for pair in range(18, 0, -2):
        # Times the reciprocal: Spark writes a quotient out several times over, at every step of nine.
        cosine = nw.lit(1.0) - nw.col("square") * cosine * (1.0 / (pair * (pair - 1)))
    return current.with_columns(cosine.alias("cosine")).drop("angle", "square")


def _north_scale() -> nw.Expr:
    cosine = nw.col("cosine")
    twice = cosine * cosine * 2.0 - 1.0
    fourth = twice * twice * 2.0 - 1.0
    return _whole(nw.lit(111_132.954) - twice * 559.822 + fourth * 1.175)


def _east_scale() -> nw.Expr:
    cosine = nw.col("cosine")
    square = cosine * cosine
    third = cosine * (square * 4.0 - 3.0)
    fifth = cosine * (square * square * 16.0 - square * 20.0 + 5.0)
    return _whole(cosine * 111_412.84 - third * 93.5 + fifth * 0.118)


def _whole(metres_per_degree: nw.Expr) -> nw.Expr:
    """Nanometres to a unit."""
    return (metres_per_degree * (_NANOMETRES / UNITS) + 0.5).floor().cast(nw.Int64)
