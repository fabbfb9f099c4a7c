"""The palette of the maps: colours and classes from content, the small base from the plan's policy."""

from __future__ import annotations

from typing import Any

from coverage_engine.content import read_content_toml
from coverage_engine.model.plan import Plan


def palette_of(plan: Plan) -> dict[str, Any]:
    """`maps/palette.toml`, with the base below which a county is hatched."""
    palette: dict[str, Any] = read_content_toml("maps", "palette.toml")
    return {**palette, "gap": {**palette["gap"], "small_base": plan.terms.small_base}}
