"""Outlines of the map: which counties and cities are drawn for a division, and where its edges lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from coverage_engine.model.plan import Division

Shapes = Mapping[str, Any]


@dataclass(frozen=True)
class Outlines:
    """Features of the counties and cities that are drawn, and the box [[south, west], [north, east]]."""

    counties: list[dict[str, Any]]
    cities: list[dict[str, Any]]
    bounds: list[list[float]]


def outlines_of(division: Division, shapes: Shapes) -> Outlines:
    """Counties of the division; every city outline, so that a city map shows its neighbours."""
    counties = [_plain(feature) for feature in _features(shapes, "county") if _within(feature, division)]
    cities = [_plain(feature) for feature in _features(shapes, "city")]
    return Outlines(counties, cities, _bounds(counties or cities))


def centres(shapes: Shapes) -> pl.DataFrame:
    """Interior point and size of every division.

    Columns: level, code, name, city (name of its city), centre_lon, centre_lat, area_km2.
    """
    rows = [
        {
            "level": level,
            "code": feature["properties"]["code"],
            "name": feature["properties"]["name"],
            "city": feature["properties"].get("city_name", feature["properties"]["name"]),
            "centre_lon": feature["properties"]["lon"],
            "centre_lat": feature["properties"]["lat"],
            "area_km2": feature["properties"]["area_km2"],
        }
        for level in ("city", "county")
        for feature in _features(shapes, level)
    ]
    texts, reals = ("level", "code", "name", "city"), ("centre_lon", "centre_lat", "area_km2")
    schema = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(reals, pl.Float64)}
    return pl.DataFrame(rows, schema=schema)


def _features(shapes: Shapes, level: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = shapes[level]["features"]
    return sorted(features, key=lambda feature: str(feature["properties"]["code"]))


def _within(feature: Mapping[str, Any], division: Division) -> bool:
    properties = feature["properties"]
    if division.level == "city":
        return bool(properties["city_code"] == division.code)
    return division.level == "province" or bool(properties["code"] == division.code)


def _plain(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature["properties"]
    return {
        "type": "Feature",
        "properties": {name: properties[name] for name in ("code", "name", "lon", "lat")},
        "geometry": feature["geometry"],
    }


def _bounds(features: list[dict[str, Any]]) -> list[list[float]]:
    points = [point for feature in features for point in _points(feature["geometry"]["coordinates"])]
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return [[min(latitudes), min(longitudes)], [max(latitudes), max(longitudes)]]


def _points(coordinates: list[Any]) -> Iterator[list[float]]:
    if isinstance(coordinates[0], (int, float)):
        yield coordinates
        return
    for part in coordinates:
        yield from _points(part)
