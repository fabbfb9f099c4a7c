"""Geography of the sample: the counties of the 2019-05 edition, points inside them, Chinese map systems."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from coverage_engine.divisions import table
from coverage_engine.samples.streams import Array
from coverage_engine.samples.vocabularies import city_weights

EDITION = "2019-05"
_SEMI_MAJOR = 6378245.0
_ECCENTRICITY = 0.00669342162296594323


@dataclass(frozen=True)
class Counties:
    """县（市、区）: arrays by county number; `city` is the city's number, points are WGS-84 degrees."""

    code: Array
    name: Array
    city: Array
    city_code: Array
    city_name: Array
    longitude: Array
    latitude: Array
    weight: Array
    towns: tuple[Array, ...]

    @property
    def full_name(self) -> Array:
        """City and county, as a planner writes it; 济源 stands once."""
        city = self.city_name[self.city]
        return np.where(city == self.name, self.name, city + self.name)

    @property
    def urban(self) -> Array:
        """Is a district of a city."""
        return np.array([name.endswith("区") or code == table.JIYUAN for code, name in self._pairs()])

    def _pairs(self) -> list[tuple[str, str]]:
        return list(zip(self.code.tolist(), self.name.tolist(), strict=True))


@cache
def counties() -> Counties:
    """The counties of the edition in code order, weighted by city share and number of townships."""
    rows = table.divisions(EDITION)
    cities = [row for row in rows if row.level == "city"]
    county_rows = [row for row in rows if row.level == "county"]
    number = {row.code: index for index, row in enumerate(cities)}
    towns = _towns(
        {row.code_2024: row.code for row in county_rows} | {row.code: row.code for row in county_rows}
    )
    names = [np.array(towns.get(row.code, ["城关镇"]), dtype=object) for row in county_rows]
    city = np.array([number[row.parent_code] for row in county_rows])
    parts = np.array([len(town) + 4.0 for town in names])
    share = np.array([city_weights()[row.code] for row in cities])
    weight = parts / np.bincount(city, parts)[city] * share[city]
    return Counties(
        np.array([row.code for row in county_rows], dtype=object),
        np.array([row.name for row in county_rows], dtype=object),
        city,
        np.array([row.code for row in cities], dtype=object),
        np.array([row.name for row in cities], dtype=object),
        np.array([row.longitude for row in county_rows], dtype=float),
        np.array([row.latitude for row in county_rows], dtype=float),
        weight / weight.sum(),
        tuple(names),
    )


def points_inside(rng: np.random.Generator, county: Array) -> tuple[Array, Array]:
    """One point in each row's county: dense about its interior point, never outside its shape."""
    places = counties()
    longitude, latitude = places.longitude[county].copy(), places.latitude[county].copy()
    offset = rng.normal(0.0, 0.32, (2, 6, len(county)))
    order = np.argsort(county, kind="stable")
    starts = np.searchsorted(county[order], np.arange(len(places.code) + 1))
    for index, rings in enumerate(_rings()):
        rows = order[starts[index] : starts[index + 1]]
        if not len(rows):
            continue
        corners = np.concatenate(rings)
        reach = (corners.max(axis=0) - corners.min(axis=0)) / 2
        open_rows = rows
        for attempt in range(6):
            x = places.longitude[index] + offset[0, attempt, open_rows] * reach[0]
            y = places.latitude[index] + offset[1, attempt, open_rows] * reach[1]
            hit = inside(rings, x, y)
            longitude[open_rows[hit]], latitude[open_rows[hit]] = x[hit], y[hit]
            open_rows = open_rows[~hit]
    return longitude, latitude


def in_county(county: Array, longitude: Array, latitude: Array) -> Array:
    """Does each point lie inside the shape of its row's county."""
    order = np.argsort(county, kind="stable")
    starts = np.searchsorted(county[order], np.arange(len(counties().code) + 1))
    within = np.zeros(len(county), bool)
    for index, rings in enumerate(_rings()):
        rows = order[starts[index] : starts[index + 1]]
        within[rows] = inside(rings, longitude[rows], latitude[rows])
    return within


def inside(rings: list[Array], x: Array, y: Array) -> Array:
    """Even-odd rule: which points lie inside the rings of one shape."""
    within = np.zeros(len(x), bool)
    for ring in rings:
        x0, y0 = ring[:-1, 0][:, None], ring[:-1, 1][:, None]
        x1, y1 = ring[1:, 0][:, None], ring[1:, 1][:, None]
        span = (y0 > y) != (y1 > y)
        slope = (x1 - x0) / np.where(y1 == y0, 1.0, y1 - y0)
        within ^= (np.sum(span & (x < x0 + (y - y0) * slope), axis=0) % 2).astype(bool)
    return within


def to_gcj02(longitude: Array, latitude: Array) -> tuple[Array, Array]:
    """WGS-84 degrees as GCJ-02 degrees, the system of most Chinese street maps."""
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(latitude)
    magic = 1.0 - _ECCENTRICITY * np.sin(radians) ** 2
    north = np.degrees(north / (_SEMI_MAJOR * (1.0 - _ECCENTRICITY) / magic**1.5))
    east = np.degrees(east / (_SEMI_MAJOR / np.sqrt(magic) * np.cos(radians)))
    return longitude + east, latitude + north


def to_bd09(longitude: Array, latitude: Array) -> tuple[Array, Array]:
    """WGS-84 degrees as BD-09 degrees, the system of one Chinese street map."""
    x, y = to_gcj02(longitude, latitude)
    turn = np.pi * 3000.0 / 180.0
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * turn)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * turn)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


# ---------------------------------------------------------------------------------------------- private


@cache
def _rings() -> tuple[list[Array], ...]:
    shapes = {
        feature["properties"]["code"]: feature["geometry"]
        for feature in table.shapes(EDITION, "county")["features"]
    }
    return tuple(_shape_rings(shapes[code]) for code in counties().code)


def _shape_rings(geometry: dict[str, object]) -> list[Array]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    assert isinstance(parts, list)
    return [np.asarray(ring, dtype=float) for part in parts for ring in part]


def _towns(edition_code: dict[str, str]) -> dict[str, list[str]]:
    towns: dict[str, list[str]] = {}
    for row in table.townships():
        code = edition_code.get(row["gb_county"] or "")
        if code and row["name"].endswith(("镇", "乡", "街道")):
            towns.setdefault(code, []).append(row["name"])
    return towns
