"""The user's own boundary file, in any of four coordinate systems, in place of the shipped outlines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coverage_engine.divisions.boundaries import SYSTEMS, read_boundaries
from coverage_engine.divisions.coordinates import _gcj02_to_bd09, wgs84_to_gcj02
from coverage_engine.divisions.table import shapes
from coverage_engine.errors import DivisionError

EDITION = "2019-05"


def moved(ring: list[list[float]], system: str) -> list[list[float]]:
    points = np.array(ring)
    place = (points[:, 0], points[:, 1])
    if system in ("gcj02", "bd09"):
        place = wgs84_to_gcj02(*place)
    if system == "bd09":
        place = _gcj02_to_bd09(*place)
    return np.column_stack(place).tolist()


def own_file(folder: Path, system: str, name: str = "adcode") -> Path:
    features = []
    for level in ("city", "county"):
        for feature in shapes(EDITION, level)["features"]:
            geometry = feature["geometry"]
            polygons = geometry["coordinates"]
            several = geometry["type"] == "MultiPolygon"
            parts = polygons if several else [polygons]
            turned = [[moved(ring, system) for ring in polygon] for polygon in parts]
            features.append(
                {
                    "type": "Feature",
                    "properties": {name: feature["properties"]["code"], "anything": "<b>"},
                    "geometry": {"type": geometry["type"], "coordinates": turned if several else turned[0]},
                }
            )
    file = folder / "own.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


def corners(collection: dict[str, Any]) -> np.ndarray:
    found: list[list[float]] = []
    for feature in sorted(collection["features"], key=lambda feature: str(feature["properties"]["code"])):
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        found += [point for polygon in parts for ring in polygon for point in ring]
    return np.array(found)


@pytest.mark.parametrize("system", SYSTEMS)
def test_outlines_come_back_to_a_metre_from_every_coordinate_system(system: str, tmp_path: Path) -> None:
    read = read_boundaries(own_file(tmp_path, system), system, EDITION)
    # 济源 is drawn as a city and as a county; the file's first outline of it stands for both.
    for level in ("city", "county"):
        for collection in (read[level], ours := {"features": list(shapes(EDITION, level)["features"])}):
            collection["features"] = [
                f for f in collection["features"] if f["properties"]["code"] != "419001"
            ]
        assert np.abs(corners(read[level]) - corners(ours)).max() < 1e-5


def test_names_cities_middles_and_sizes_are_those_of_the_divisions(tmp_path: Path) -> None:
    read = read_boundaries(own_file(tmp_path, "wgs84", "行政区划代码"), "wgs84", EDITION)
    shipped = {f["properties"]["code"]: f["properties"] for f in shapes(EDITION, "county")["features"]}
    assert len(read["county"]["features"]) == len(shipped)
    for feature in read["county"]["features"]:
        properties = feature["properties"]
        ours = shipped[properties["code"]]
        assert (properties["name"], properties["city_name"]) == (ours["name"], ours["city_name"])
        assert properties["area_km2"] == pytest.approx(ours["area_km2"], rel=0.15, abs=5)
        assert properties["lon"] == pytest.approx(ours["lon"], abs=1e-4)
    assert "anything" not in json.dumps(read)


@pytest.mark.parametrize(
    ("text", "system", "word"),
    [
        ("不是地图", "wgs84", "读不出"),
        ('{"features": []}', "wgs84", "没有认得出"),
        ('{"features": [{"properties": {"code": "999999"}, "geometry": null}]}', "wgs84", "没有认得出"),
        ('{"features": []}', "mars", "不认识"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_remedy(
    text: str, system: str, word: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.geojson"
    file.write_text(text, "utf-8")
    with pytest.raises(DivisionError, match=word):
        read_boundaries(file, system, EDITION)


SQUARE = [[113.0, 34.0], [114.0, 34.0], [114.0, 35.0], [113.0, 34.0]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"coordinates": [SQUARE]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [SQUARE[:2]]},
        {"type": "Polygon", "coordinates": [[[113.0], [114.0], [114.0], [113.0]]]},
        {"type": "Polygon", "coordinates": [["a", "b", "c", "d"]]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 34.0], *SQUARE]]},
        {"type": "Polygon", "coordinates": [[[3.8e7, 3.4e6], *SQUARE]]},
        {"type": "Polygon", "coordinates": 7},
        {"type": ["Polygon"], "coordinates": [SQUARE]},
        "Polygon",
        [1],
    ],
)
def test_an_outline_that_is_none_is_told_with_its_division(tmp_path: Path, geometry: Any) -> None:
    feature = {"type": "Feature", "properties": {"adcode": "410105"}, "geometry": geometry}
    file = tmp_path / "own.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    with pytest.raises(DivisionError, match="金水区"):
        read_boundaries(file, "wgs84", EDITION)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"features": [1]}', '{"features": [[1, 2]]}', "{}", "7"])
def test_a_file_that_is_no_geojson_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "own.geojson"
    file.write_text(text, "utf-8")
    with pytest.raises(DivisionError, match="读不出"):
        read_boundaries(file, "wgs84", EDITION)


@pytest.mark.parametrize("properties", [None, 7, [1], "410105", {"adcode": [1]}])
def test_features_without_a_code_are_passed_over(tmp_path: Path, properties: Any) -> None:
    feature = {"properties": properties, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    file = tmp_path / "own.geojson"
    file.write_text(json.dumps({"features": [feature]}), "utf-8")
    with pytest.raises(DivisionError, match="没有认得出"):
        read_boundaries(file, "wgs84", EDITION)


def test_a_folder_or_a_missing_file_is_told(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.geojson"):
        with pytest.raises(DivisionError, match="读不出"):
            read_boundaries(file, "wgs84", EDITION)
