"""Possible partners (可联合的企业) of a firm in a joint branch: in its building, or near and in its trade."""

from __future__ import annotations

import math

import polars as pl

_EARTH_METRES = 6_371_008.8
# A sphere may tell a distance half a percent too short: within this, the geodesic one is within the radius.
_SURELY = 0.994


def partners(candidates: pl.DataFrame, radius: int) -> list[list[int]]:
    """For each firm the firms of its building, and those of its trade within the radius, in order."""
    near: list[set[int]] = [set() for _ in range(candidates.height)]
    for housed in _places_of(candidates, "place"):
        for firm in housed:
            near[firm].update(other for other in housed if other != firm)
    located = candidates.with_row_index("at").filter(pl.col("location") == "given")
    for (_trade,), same in located.group_by(["section"], maintain_order=True):
        if same["section"].null_count() == 0:
            for firm, others in _within(same, radius):
                near[firm].update(others)
    return [sorted(each) for each in near]


# --- private ------------------------------------------------------------------------------------------------


def _places_of(candidates: pl.DataFrame, key: str) -> list[list[int]]:
    """Rows that share a building of one county, by its first row."""
    placed = candidates.with_row_index("at").filter(pl.col(key).is_not_null())
    rows = placed.group_by("county_code", key, maintain_order=True).agg("at")["at"]
    return [each for each in rows.to_list() if len(each) > 1]


def _within(firms: pl.DataFrame, radius: int) -> list[tuple[int, list[int]]]:
    """Each firm's row with the rows of the others within so many metres.

    Firms are laid into cells as high and at least as wide as the radius, so that only the cells around are
    looked at: a few neighbours each do not need a tree, nor the second that loading one takes.
    """
    reach = _SURELY * radius / _EARTH_METRES
    points = [
        (row, math.radians(latitude), math.radians(longitude))
        for row, latitude, longitude in firms.select("at", "latitude", "longitude").iter_rows()
    ]
    north = max((abs(latitude) for _, latitude, _ in points), default=0.0)
    wide = reach / max(math.cos(min(north + reach, math.pi / 2)), 1e-9)
    cells: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    for point in points:
        cells.setdefault((int(point[1] // reach), int(point[2] // wide)), []).append(point)
    found = []
    for (high, far), held in cells.items():
        around = [
            point for up in (-1, 0, 1) for on in (-1, 0, 1) for point in cells.get((high + up, far + on), ())
        ]
        for row, latitude, longitude in held:
            others = [
                other
                for other, up, on in around
                if other != row and _angle(latitude, longitude, up, on) <= reach
            ]
            found.append((row, others))
    return found


def _angle(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The angle between two points of a sphere, in radians like their coordinates."""
    up = math.sin((other_latitude - latitude) / 2)
    on = math.sin((other_longitude - longitude) / 2)
    return 2 * math.asin(math.sqrt(up * up + math.cos(latitude) * math.cos(other_latitude) * on * on))
