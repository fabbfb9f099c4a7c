"""Coordinates: GCJ-02 and BD-09 to WGS-84 in arrays, and the box of each division's outline."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from coverage_engine.divisions.table import shapes

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_SEMI_MAJOR = 6_378_245.0
_ECCENTRICITY = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_STEPS = 4
"""Fixed-point steps; each shrinks the error about a thousandfold."""


def to_wgs84(longitude: Floats, latitude: Floats, system: str) -> tuple[Floats, Floats]:
    """WGS-84 degrees of points in `wgs84`, `gcj02` or `bd09` (CGCS2000 counts as WGS-84)."""
    if system == "wgs84":
        return longitude, latitude
    if system == "bd09":
        longitude, latitude = _bd09_to_gcj02(longitude, latitude)
    return _gcj02_to_wgs84(longitude, latitude)


def wgs84_to_gcj02(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 degrees of WGS-84 points."""
    x, y = longitude - 105.0, latitude - 35.0
    east, north = _shift_east(x, y), _shift_north(x, y)
    radians = latitude / 180.0 * np.pi
    magic = 1 - _ECCENTRICITY * np.sin(radians) ** 2
    root = np.sqrt(magic)
    north = north * 180.0 / ((_SEMI_MAJOR * (1 - _ECCENTRICITY)) / (magic * root) * np.pi)
    east = east * 180.0 / (_SEMI_MAJOR / root * np.cos(radians) * np.pi)
    return longitude + east, latitude + north


@cache
def boxes(edition: str) -> dict[str, Box]:
    """The bounding box of every county and city of one edition, by code."""
    boxes_by_code: dict[str, Box] = {}
    for level in ("city", "county"):
        for feature in shapes(edition, level)["features"]:
            points = np.array(list(_points(feature["geometry"]["coordinates"])), dtype=np.float64)
            west, south = points.min(axis=0)
            east, north = points.max(axis=0)
            boxes_by_code[feature["properties"]["code"]] = (
                float(west),
                float(south),
                float(east),
                float(north),
            )
    return boxes_by_code


# ---------------------------------------------------------------------------------------------- private


def _points(coordinates: list[object]) -> list[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [(float(coordinates[0]), float(coordinates[1]))]  # type: ignore[arg-type]
    return [point for part in coordinates for point in _points(part)]  # type: ignore[arg-type]


def _gcj02_to_wgs84(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    east, north = longitude, latitude
    for _ in range(_STEPS):
        shifted_east, shifted_north = wgs84_to_gcj02(east, north)
        east, north = east + longitude - shifted_east, north + latitude - shifted_north
    return east, north


def _bd09_to_gcj02(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """The published inverse is rough; fixed-point steps on the exact forward formula make it exact."""
    east, north = longitude - 0.0065, latitude - 0.006
    for _ in range(_STEPS):
        shifted_east, shifted_north = _gcj02_to_bd09(east, north)
        east, north = east + longitude - shifted_east, north + latitude - shifted_north
    return east, north


def _gcj02_to_bd09(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    radius = np.sqrt(longitude**2 + latitude**2) + 0.00002 * np.sin(latitude * _BD_TURN)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _shift_north(x: Floats, y: Floats) -> Floats:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    shift += (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    shift += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    shift += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    return np.asarray(shift, dtype=np.float64)


def _shift_east(x: Floats, y: Floats) -> Floats:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    shift += (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    shift += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    shift += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    return np.asarray(shift, dtype=np.float64)
