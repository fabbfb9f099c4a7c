"""What is to be drawn beside the one map of a plan, and on which outlines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Drawing:
    """出图要求: which maps, which paper sheets, whose boundaries.

    `maps`: `whole` draws one map of the plan's division, `cities` also one of every city, `counties` also one
    of every county. `sheets`: any of pdf, png, svg. `boundaries`: the user's own GeoJSON in place of the
    shipped outlines, in the coordinate system `boundary_system` (wgs84, cgcs2000, gcj02 or bd09).
    `review_number`: 审图号 of the boundaries, printed on every map.
    """

    maps: str = "whole"
    sheets: tuple[str, ...] = ()
    boundaries: Path | None = None
    boundary_system: str = "wgs84"
    review_number: str | None = None
