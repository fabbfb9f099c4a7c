"""What is to be drawn beside the one map of a plan, on which outlines, and how it stood at other times."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine.arguments import Rule, check, instance, maybe, one_of

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Period:
    """时点: the figures of all divisions as they stood earlier, or would stand after a simulated campaign.

    `name` is shown as it is; `simulated` tells which of the two it is. `coverage` and `county_estimates` are
    tables of those names in `PLAN_TABLES`.
    """

    name: str
    coverage: pl.DataFrame
    county_estimates: pl.DataFrame
    simulated: bool = False


_RULES = {
    "maps": one_of(("whole", "cities", "counties")),
    "sheets": Rule(
        "由 pdf、png、svg 组成的元组",
        lambda kinds: isinstance(kinds, tuple | list) and set(kinds) <= {"pdf", "png", "svg"},
    ),
    "boundaries": maybe(instance(Path, "边界文件的路径（Path）")),
    "boundary_system": one_of(("wgs84", "cgcs2000", "gcj02", "bd09")),
    "review_number": maybe(instance(str, "审图号的文字")),
    "tiles": maybe(instance(Path, "在线底图配置文件的路径（Path）")),
}


@dataclass(frozen=True)
class Drawing:
    """出图要求: which maps, which paper sheets, whose boundaries, which other times, which online tiles.

    `maps`: `whole` draws one map of the plan's division, `cities` also one of every city, `counties` also one
    of every county. `sheets`: any of pdf, png, svg. `boundaries`: the user's own GeoJSON in place of the
    shipped outlines, in the coordinate system `boundary_system` (wgs84, cgcs2000, gcj02 or bd09).
    `review_number`: 审图号 of the boundaries, printed on every map. `periods`: earlier ones in their order,
    then simulated ones. `tiles`: a file that describes an online tile layer; without it no map asks for
    anything.
    """

    maps: str = "whole"
    sheets: tuple[str, ...] = ()
    boundaries: Path | None = None
    boundary_system: str = "wgs84"
    review_number: str | None = None
    periods: tuple[Period, ...] = ()
    tiles: Path | None = None

    def __post_init__(self) -> None:
        """Refuses what cannot be drawn.

        Raises:
            ArgumentError: an unknown kind of map, sheet or coordinate system, or no file.
        """
        for name, rule in _RULES.items():
            check("Drawing", name, getattr(self, name), rule)

    @property
    def stated_review(self) -> str | None:
        """审图号 to print: as given, "" for own boundaries without one, None for shipped outlines."""
        own = self.boundaries is not None
        return (self.review_number or "") if own else self.review_number
