"""The user's own boundary file: GeoJSON outlines of cities and counties in any of four coordinate systems."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coverage_engine.divisions.coordinates import to_wgs84
from coverage_engine.divisions.table import DivisionRow, divisions
from coverage_engine.errors import DivisionError

SYSTEMS: tuple[str, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""Coordinate systems that a file may be in."""

_CODE_NAMES = ("code", "adcode", "区划代码", "行政区划代码", "gb", "PAC", "ADCODE")
_DIGITS = 6
# Three corners, and the first of them again; degrees of longitude and latitude at most.
_LEAST_POINTS = 4
_FARTHEST = (180.0, 90.0)
_KM_PER_DEGREE = 111.32
_REMEDY = "请用 GeoJSON（FeatureCollection），每个要素带行政区划代码（code 或 adcode），并写明坐标系。"


def read_boundaries(file: Path, system: str, edition: str) -> dict[str, Any]:
    """Outlines under "city" and "county" as `divisions.table.shapes` gives them, in WGS-84 degrees.

    Features are matched to the divisions of `edition` by their code (properties `code`, `adcode` or
    行政区划代码; six digits count, so longer codes may stand there). Of two features with one code the first
    is drawn: a county-level city under the province stands among cities and counties.

    Raises:
        DivisionError: not GeoJSON, an unknown coordinate system, or no feature of a known city or county.
    """
    if system not in SYSTEMS:
        raise DivisionError(f"边界文件的坐标系“{system}”不认识", f"请写 {'、'.join(SYSTEMS)} 之一。")
    known = {(row.level, row.code): row for row in divisions(edition)}
    boundaries: dict[str, dict[str, dict[str, Any]]] = {"city": {}, "county": {}}
    for feature in _features(file):
        code = _code(feature)
        for level in boundaries:
            row = known.get((level, code))
            if row is not None and feature.get("geometry") and code not in boundaries[level]:
                boundaries[level][code] = _outline(feature["geometry"], row, known, system)
    if not boundaries["county"]:
        raise DivisionError(f"边界文件 {file.name} 中没有认得出的县（市、区）", _REMEDY)
    return {
        level: {"type": "FeatureCollection", "features": list(features.values())}
        for level, features in boundaries.items()
    }


def _features(file: Path) -> list[dict[str, Any]]:
    try:
        text = json.loads(file.read_text("utf-8-sig"))
        return [dict(feature) for feature in text["features"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DivisionError(f"边界文件 {file.name} 读不出：{type(error).__name__}", _REMEDY) from error


def _code(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return ""
    for name in _CODE_NAMES:
        if properties.get(name) not in (None, ""):
            return str(properties[name]).strip().removeprefix("156")[:6]
    return ""


def _outline(
    geometry: Any, row: DivisionRow, known: Mapping[tuple[str, str], DivisionRow], system: str
) -> dict[str, Any]:
    """The outline converted; one that is no outline is told with the name of its division."""
    try:
        return _converted(geometry, row, known, system)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, RecursionError) as error:
        raise DivisionError(f"边界文件中“{row.name}”的边界不完整，或坐标不是经纬度", _REMEDY) from error


def _converted(
    geometry: Mapping[str, Any], row: DivisionRow, known: Mapping[tuple[str, str], DivisionRow], system: str
) -> dict[str, Any]:
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise DivisionError(f"边界文件中“{row.name}”不是面（{geometry['type']}）", _REMEDY)
    single = geometry["type"] == "Polygon"
    parts = [geometry["coordinates"]] if single else geometry["coordinates"]
    polygons = [[_ring(ring, system) for ring in polygon] for polygon in parts]
    longitude, latitude = row.longitude or 0.0, row.latitude or 0.0
    city = row if row.level == "city" else known[("city", row.parent_code)]
    total = sum(_area(polygon[0]) for polygon in polygons)
    listed = [[ring.tolist() for ring in polygon] for polygon in polygons]
    return {
        "type": "Feature",
        "id": row.code,
        "properties": {
            "code": row.code,
            "name": row.name,
            "city_code": city.code,
            "city_name": city.name,
            "lon": longitude,
            "lat": latitude,
            "area_km2": round(total * _KM_PER_DEGREE**2 * float(np.cos(np.radians(latitude))), 1),
        },
        "geometry": {"type": geometry["type"], "coordinates": listed[0] if single else listed},
    }


def _ring(ring: list[list[float]], system: str) -> npt.NDArray[np.float64]:
    points = np.array([point[:2] for point in ring], dtype=np.float64).reshape(len(ring), 2)
    if len(points) < _LEAST_POINTS or not (np.abs(points) <= _FARTHEST).all():
        raise ValueError(len(points))
    # CGCS2000 and WGS-84 agree to centimetres.
    pairs = "wgs84" if system == "cgcs2000" else system
    converted = np.column_stack(to_wgs84(points[:, 0], points[:, 1], pairs))
    return np.asarray(np.round(converted, _DIGITS), dtype=np.float64)


def _area(ring: npt.NDArray[np.float64]) -> float:
    """Area in square degrees."""
    moved = ring - ring[0]
    return abs(float((moved[:-1, 0] * moved[1:, 1] - moved[1:, 0] * moved[:-1, 1]).sum())) / 2.0
