"""Numbers as drawing coordinates: curves with bands, tornado bars, the county map month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

import polars as pl

from coverage_engine.divisions.table import edition_of, shapes

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 332.0, 10.0, 190.0
_MAP_WIDTH = 260.0
_FILLS = ("#f5f1ec", "#f6dccf", "#eeb49c", "#dd7f66", "#bf4a3a", "#8c1616")


@dataclass(frozen=True)
class Axis:
    """One scale for all panels: months across, enterprises up."""

    months: int
    top: float

    def point(self, month: float, value: float) -> str:
        """`x,y` of one value."""
        return f"{self.x(month):.1f},{self.y(value):.1f}"

    def x(self, month: float) -> float:
        """Across."""
        return _LEFT + (_RIGHT - _LEFT) * month / max(self.months, 1)

    def y(self, value: float) -> float:
        """Up."""
        return _BOTTOM - (_BOTTOM - _TOP) * max(value, 0.0) / self.top


def curve_panels(closed: pl.DataFrame, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One panel a scenario: its band and mean, the other scenarios' means in grey; one scale for all."""
    axis = Axis(int(closed["month"].max()), _nice(float(closed["q95"].max())))  # type: ignore[arg-type]
    by_key = {key: closed.filter(pl.col("scenario") == key).sort("month") for key in titles}
    lines = {key: _line(axis, rows, "mean") for key, rows in by_key.items()}
    ticks = [
        {"y": round(axis.y(axis.top * step / 4), 1), "label": f"{axis.top * step / 4:g}"} for step in range(5)
    ]
    every = max(axis.months // 4, 1)
    months = [{"x": round(axis.x(m), 1), "label": str(m)} for m in range(0, axis.months + 1, every)]
    return [
        {
            "title": title,
            "ticks": ticks,
            "months": months,
            "band": f"{_line(axis, by_key[key], 'q95')} {_line(axis, by_key[key].reverse(), 'q05')}",
            "mean": lines[key],
            "others": [line for other, line in lines.items() if other != key],
        }
        for key, title in titles.items()
    ]


def _line(axis: Axis, rows: pl.DataFrame, column: str) -> str:
    return " ".join(axis.point(month, value) for month, value in rows.select("month", column).iter_rows())


def _nice(value: float) -> float:
    """The next round number at or above, divisible by four."""
    step = 4.0
    while step < value:
        step *= 2 if str(int(step))[0] != "4" else 2.5
    return step


def tornado_bars(table: pl.DataFrame) -> list[dict[str, float]]:
    """Left edge and width of every bar, and where the base stands, in 200 units."""
    ends = table.select("gain_low", "gain_base", "gain_high")
    low = min((min(row) for row in ends.iter_rows()), default=0.0)
    span = max(max((max(row) for row in ends.iter_rows()), default=0.0) - low, 1e-9)
    return [
        {
            "x": round((min(row) - low) / span * 196, 1),
            "width": round(max((max(row) - min(row)) / span * 196, 1.0), 1),
            "base": round((row[1] - low) / span * 196, 1),
        }
        for row in ends.iter_rows()
    ]


@dataclass(frozen=True)
class MonthMaps:
    """County outlines once, and the fill of every county in some months."""

    outlines: list[dict[str, str]]
    maps: list[dict[str, Any]]
    legend: list[dict[str, str]]
    width: int
    height: int


def month_maps(more: pl.DataFrame, day: Any, months: Sequence[int]) -> MonthMaps:
    """Maps of `more` (columns county_code, county, month, more); nothing where no county is known."""
    features = shapes(edition_of(day), "county")["features"]
    known = {str(feature["properties"]["code"]) for feature in features}
    if not known & set(more["county_code"].to_list()):
        return MonthMaps([], [], [], 0, 0)
    west, south, east, north = _bounds(features)
    scale = _MAP_WIDTH / ((east - west) * cos(radians(34)))
    outlines = [
        {
            "code": str(feature["properties"]["code"]),
            "path": _path(feature["geometry"], (west, north), scale),
        }
        for feature in sorted(features, key=lambda entry: str(entry["properties"]["code"]))
    ]
    steps = _steps(max(more["more"].to_list(), default=0.0))
    maps = [
        {"month": month, "areas": _areas(outlines, more.filter(pl.col("month") == month), steps)}
        for month in months
    ]
    return MonthMaps(outlines, maps, _legend(steps), int(_MAP_WIDTH) + 2, int((north - south) * scale) + 2)


def _steps(top: float) -> list[float]:
    """Class limits from the largest value: twentieth, tenth, quarter, half."""
    return [float(f"{top * share:.1g}") for share in (0.05, 0.1, 0.25, 0.5)]


def _legend(steps: Sequence[float]) -> list[dict[str, str]]:
    labels = [
        "0",
        f"≤ {steps[0]:g}",
        *(f"{low:g}–{high:g}" for low, high in pairwise(steps)),
    ]
    labels.append(f"> {steps[-1]:g}")
    return [{"fill": fill, "label": label} for fill, label in zip(_FILLS, labels, strict=True)]


def _areas(
    outlines: Sequence[Mapping[str, str]], rows: pl.DataFrame, steps: Sequence[float]
) -> list[dict[str, str]]:
    values = {
        code: (name, value) for code, name, value in rows.select("county_code", "county", "more").iter_rows()
    }
    areas = []
    for outline in outlines:
        name, value = values.get(outline["code"], ("", 0.0))
        level = 0 if value < 0.05 else 1 + sum(value > step for step in steps)
        areas.append({"code": outline["code"], "fill": _FILLS[level], "told": f"{name} {value:.1f}"})
    return areas


def _bounds(features: Sequence[Mapping[str, Any]]) -> tuple[float, float, float, float]:
    points = [point for feature in features for ring in _rings(feature["geometry"]) for point in ring]
    east_west, north_south = [point[0] for point in points], [point[1] for point in points]
    return min(east_west), min(north_south), max(east_west), max(north_south)


def _rings(geometry: Mapping[str, Any]) -> list[list[list[float]]]:
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for part in parts for ring in part]


def _path(geometry: Mapping[str, Any], corner: tuple[float, float], scale: float) -> str:
    west, north = corner
    narrow = cos(radians(34))
    lines = []
    for ring in _rings(geometry):
        points = [f"{(p[0] - west) * narrow * scale:.1f} {(north - p[1]) * scale:.1f}" for p in ring]
        vertices = [points[0], *(b for a, b in pairwise(points) if a != b)]
        lines.append("M" + "L".join(vertices) + "Z")
    return "".join(lines)
