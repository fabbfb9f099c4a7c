"""The panels of the paper sheet: gap rates, workload circles, hot spots, ranked table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from coverage_engine.content import BilingualFile, checked_content
from coverage_engine.mapping.outlines import Outlines
from coverage_engine.mapping.page import basemap_note, palette_of
from coverage_engine.mapping.sheet_counties import County, counties_of, table_cells
from coverage_engine.model.plan import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MM = 1 / 25.4
_EDGE, _CITY_EDGE = "#8d7f73", "#3d3d3d"


class Sheet:
    """One sheet being drawn."""

    def __init__(
        self, plan: Plan, outlines: Outlines, sheet: dict[str, Any], lang: str, review_number: str | None
    ) -> None:
        self.plan, self.outlines, self.sheet = plan, outlines, sheet
        self.texts: dict[str, Any] = sheet["en" if lang == "en" else "zh"]
        page_texts = checked_content(BilingualFile, "maps", "page.toml")["en" if lang == "en" else "zh"]
        self.basemap_note = basemap_note(page_texts, review_number)
        self.palette = palette_of(plan)
        self.counties = counties_of(plan)

    def draw(self, figure: Figure) -> None:
        """Four panels, a heading and a footer."""
        texts = self.texts
        values = {
            "division": self.plan.division.name,
            "as_of": self.plan.as_of.isoformat(),
            "policy": self.plan.policy_version,
        }
        figure.text(0.03, 0.955, texts["title"].format(**values), fontsize=15, weight="bold")
        figure.text(0.03, 0.93, texts["subtitle"].format(**values), fontsize=8.5)
        figure.text(0.97, 0.955, texts["footer"], fontsize=10, ha="right", color="#a01515")
        figure.text(0.03, 0.02, self.basemap_note, fontsize=7.5)
        self._gap(self._panel(figure, (0.02, 0.49, 0.47, 0.42), texts["gap"]))
        self._circles(self._panel(figure, (0.51, 0.49, 0.47, 0.42), texts["circles"]))
        self._hot(self._panel(figure, (0.02, 0.04, 0.47, 0.42), texts["hot"]))
        self._table(figure)

    def _panel(self, figure: Figure, box: tuple[float, float, float, float], title: str) -> Axes:
        from math import cos, radians

        axes: Axes = figure.add_axes(box)
        (south, west), (north, east) = self.outlines.bounds
        margin = 0.02 * max(north - south, east - west)
        axes.set_xlim(west - margin, east + margin)
        axes.set_ylim(south - margin, north + margin)
        # Legends stand at the right, the map at the left.
        axes.set_aspect(1 / cos(radians((south + north) / 2)), adjustable="box", anchor="W")
        axes.axis("off")
        figure.text(box[0] + 0.01, box[1] + box[3] - 0.005, title, fontsize=10, weight="bold")
        return axes

    def _fill(self, axes: Axes, style: Any) -> None:
        """Every county in its style, city outlines above."""
        from matplotlib.collections import PathCollection

        for feature in self.outlines.counties:
            county = self.counties.get(feature["properties"]["code"])
            axes.add_collection(PathCollection([_outline(feature)], **style(county)))
        drawn = {feature["properties"]["code"][:4] for feature in self.outlines.counties}
        cities = [feature for feature in self.outlines.cities if feature["properties"]["code"][:4] in drawn]
        lines: dict[str, Any] = {"facecolors": "none", "edgecolors": _CITY_EDGE, "linewidths": 0.9}
        axes.add_collection(PathCollection([_outline(feature) for feature in cities], **lines))

    def _gap(self, axes: Axes) -> None:
        gap = self.palette["gap"]

        self._fill(axes, self._gap_style)
        limits = [f"{limit:.0%}" for limit in gap["breaks"]]
        names = [self.texts["below"].format(high=limits[0])]
        names += [self.texts["between"].format(low=low, high=high) for low, high in pairwise(limits)]
        names.append(self.texts["above"].format(low=limits[-1]))
        rows = [
            (self._cell(colour, False, 0), name) for colour, name in zip(gap["colours"], names, strict=True)
        ]
        rows.append((self._cell(gap["colours"][1], True, 1), self.texts["small"].format(n=gap["small_base"])))
        rows.append((self._cell(gap["empty"], False, 0), self.texts["empty"]))
        self._patches(axes, rows)

    def _gap_style(self, county: County | None) -> dict[str, Any]:
        """Class colour, hatched where the base is small, plain where there is no rate."""
        gap = self.palette["gap"]
        if county is None or county.drawn_gap is None:
            return {"facecolors": gap["empty"], "edgecolors": _EDGE, "linewidths": 0.4}
        level = sum(county.drawn_gap >= limit for limit in gap["breaks"])
        return self._cell(gap["colours"][level], county.base[0] < gap["small_base"], level)

    def _cell(self, colour: str, small: bool, level: int) -> dict[str, Any]:
        # Hatches take the colour of the edge: light on the two dark classes.
        ink = ("#ffffff" if level >= 3 else "#5a3a1a") if small else _EDGE
        return {
            "facecolors": colour,
            "edgecolors": ink,
            "linewidths": 0.4,
            "hatch": "//////" if small else None,
        }

    def _circles(self, axes: Axes) -> None:
        self._fill(axes, lambda _: {"facecolors": "#ffffff", "edgecolors": _EDGE, "linewidths": 0.4})
        places = {f["properties"]["code"]: f["properties"] for f in self.outlines.counties}
        shown = sorted(
            (county for county in self.counties.values() if county.backlog and county.code in places),
            key=lambda county: (-county.backlog, county.code),
        )
        if not shown:
            return
        most = shown[0].backlog
        self._dots(axes, [(places[c.code]["lon"], places[c.code]["lat"], c.backlog) for c in shown], most)
        steps = sorted({most, max(1, most // 4), max(1, most // 20)}, reverse=True)
        handles = [self._legend_dot(step, most) for step in steps]
        labels = [self.texts["firms"].format(n=f"{step:,}") for step in steps]
        axes.legend(handles, labels, **{**_LEGEND, "handlelength": 3.6}, labelspacing=1.8)

    def _dots(self, axes: Axes, places: Sequence[tuple[float, float, int]], most: int) -> None:
        style = self.palette["circles"]
        axes.scatter(
            [place[0] for place in places],
            [place[1] for place in places],
            s=[self._area(place[2], most) for place in places],
            facecolor=style["colour"],
            alpha=0.45,
            linewidth=0.8,
            edgecolor="#000000",
            zorder=5,
        )

    def _area(self, firms: int, most: int) -> float:
        """Marker area in square points."""
        diameter = 2 * self.sheet["largest_circle_mm"] * _MM * 72
        return float(diameter**2) * firms / most

    def _legend_dot(self, firms: int, most: int) -> Any:
        from matplotlib.lines import Line2D

        size = self._area(firms, most) ** 0.5
        style: dict[str, Any] = {"marker": "o", "linestyle": "none", "markeredgecolor": "#000000"}
        return Line2D([], [], markersize=size, markerfacecolor="#9aa7b6", **style)

    def _hot(self, axes: Axes) -> None:
        styles = {
            "hot": {"facecolors": "#6b6b6b", "edgecolors": "#000000", "linewidths": 1.4},
            "cold": {"facecolors": "#ffffff", "edgecolors": "#2b2b2b", "linewidths": 0.9, "hatch": "......"},
            "none": {"facecolors": "#f1f1f1", "edgecolors": _EDGE, "linewidths": 0.4},
        }
        self._fill(axes, lambda county: styles.get(county.hot if county else "none", styles["none"]))
        many = {word: sum(c.hot == word for c in self.counties.values()) for word in styles}
        rows = [
            (styles["hot"], self.texts["hot_yes"].format(n=many["hot"])),
            (styles["cold"], self.texts["hot_no"].format(n=many["cold"])),
            (styles["none"], self.texts["hot_none"]),
        ]
        self._patches(axes, rows)

    def _patches(self, axes: Axes, rows: Sequence[tuple[dict[str, Any], str]]) -> None:
        from matplotlib.patches import Patch

        names = {"facecolors": "facecolor", "edgecolors": "edgecolor", "linewidths": "linewidth"}
        handles = [Patch(**{names.get(key, key): value for key, value in style.items()}) for style, _ in rows]
        axes.legend(handles, [text for _, text in rows], **_LEGEND)

    def _table(self, figure: Figure) -> None:
        ranked = sorted(self.counties.values(), key=lambda county: (-county.backlog, county.code))
        rows = [county for county in ranked if county.backlog][: self.sheet["rows"]]
        axes = figure.add_axes((0.51, 0.055, 0.47, 0.395))
        axes.axis("off")
        figure.text(0.52, 0.455, self.texts["table"].format(n=len(rows)), fontsize=10, weight="bold")
        if not rows:
            return
        height = min(0.99, 0.052 * (len(rows) + 1))
        box: Any = (0.0, 0.99 - height, 1.0, height)
        table = axes.table(
            cellText=[table_cells(county) for county in rows],
            colLabels=self.texts["columns"],
            colWidths=[0.23, 0.13, 0.19, 0.18, 0.27],
            cellLoc="right",
            bbox=box,
        )
        table.auto_set_font_size(False)
        table.set_fontsize(7.5)
        for (row, column), cell in table.get_celld().items():
            cell.set_linewidth(0.4)
            if row == 0:
                cell.set_facecolor("#eeeeee")
            if column == 0:
                cell.set_text_props(ha="left")


# ---------------------------------------------------------------------------------------------- private


_LEGEND: dict[str, Any] = {
    "loc": "center left",
    "bbox_to_anchor": (1.02, 0.45),
    "frameon": False,
    "fontsize": 8,
    "handlelength": 2.2,
    "handleheight": 1.2,
}


def _outline(feature: dict[str, Any]) -> Any:
    """All rings of a feature as one compound outline, holes left open."""
    from matplotlib.path import Path as Outline

    return Outline.make_compound_path(*(Outline(ring, closed=True) for ring in _rings(feature["geometry"])))


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon
