"""Coordinates against an independent package."""

from __future__ import annotations

import numpy as np
import prcoords
import pytest

from coverage_engine.divisions.coordinates import boxes, to_wgs84, wgs84_to_gcj02
from coverage_engine.divisions.table import divisions

_METRES_A_DEGREE = 111_000


def _points() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    return random.uniform(110.3, 116.7, 500), random.uniform(31.3, 36.4, 500)


@pytest.mark.parametrize(("system", "forward"), [("gcj02", prcoords.wgs_gcj), ("bd09", prcoords.wgs_bd)])
def test_points_come_back_within_a_millimetre(system: str, forward: object) -> None:
    longitude, latitude = _points()
    shifted = [forward(prcoords.Coords(y, x)) for x, y in zip(longitude, latitude, strict=True)]  # type: ignore[operator]
    east, north = to_wgs84(
        np.array([point.lon for point in shifted]), np.array([point.lat for point in shifted]), system
    )
    assert np.abs(east - longitude).max() * _METRES_A_DEGREE < 0.001
    assert np.abs(north - latitude).max() * _METRES_A_DEGREE < 0.001


def test_the_forward_shift_is_that_of_the_independent_package() -> None:
    longitude, latitude = _points()
    east, north = wgs84_to_gcj02(longitude, latitude)
    other = [prcoords.wgs_gcj(prcoords.Coords(y, x)) for x, y in zip(longitude, latitude, strict=True)]
    assert np.abs(east - np.array([point.lon for point in other])).max() * _METRES_A_DEGREE < 0.05
    assert np.abs(north - np.array([point.lat for point in other])).max() * _METRES_A_DEGREE < 0.05


def test_wgs84_is_left_as_it_is() -> None:
    longitude, latitude = _points()
    east, north = to_wgs84(longitude, latitude, "wgs84")
    assert (east == longitude).all()
    assert (north == latitude).all()


@pytest.mark.parametrize("edition", ["2019-05", "2024"])
def test_every_county_lies_in_its_own_box(edition: str) -> None:
    known = boxes(edition)
    for row in divisions(edition):
        if row.level == "county" and row.longitude is not None and row.latitude is not None:
            west, south, east, north = known[row.code]
            assert west <= row.longitude <= east
            assert south <= row.latitude <= north
