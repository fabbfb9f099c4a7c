"""Every kind of map page where there is no network at all: nothing is asked, nothing is complained of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.content import checked_content
from coverage_engine.mapping import page as page_module
from coverage_engine.mapping import write_map
from coverage_engine.model.drawing import Drawing, Period
from coverage_engine.model.plan import Division, Plan

Make = Callable[..., Plan]
DIVISIONS = {
    "province": Division("410000", "河南省", "province"),
    "city": Division("410100", "郑州市", "city"),
    "county": Division("410122", "中牟县", "county"),
}
TILES = """url = "https://tiles.example/{z}/{x}/{y}.png"
system = "gcj02"
review_number = "GS(2019)1719号"
"""


@pytest.fixture
def kinds(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Path]:
    """One page of every kind: level, language, other dates with a tile layer left off, county files."""
    province = make_plan(60)
    tiles = tmp_path / "tiles.toml"
    tiles.write_text(TILES, "utf-8")
    period = Period("2019-05-31", province["coverage"], province["county_estimates"])
    asked = [(f"{level}.html", make_plan(60, division=of), {}) for level, of in DIVISIONS.items()]
    asked.append(("english.html", province, {"lang": "en"}))
    asked.append(("dates.html", province, {"drawing": Drawing(periods=(period,), tiles=tiles)}))
    for name, plan, options in asked:
        write_map(plan, outlines, tmp_path / name, **options)

    def few_in_page(shape: type, *parts: str) -> dict[str, Any]:
        found = checked_content(shape, *parts)
        points = {**found.get("points", {}), "details_in_page_up_to": 10}
        return {**found, "points": points} if parts[-1] == "palette.toml" else found

    monkeypatch.setattr(page_module, "checked_content", few_in_page)
    write_map(province, outlines, tmp_path / "files.html")
    return [*(tmp_path / name for name, _, _ in asked), tmp_path / "files.html"]


@pytest.mark.browser
def test_every_kind_of_page_is_whole_where_no_network_interface_exists(
    kinds: list[Path], look_without_network: Callable[[list[Path]], dict[str, Any]]
) -> None:
    assert len(look_without_network(kinds)) == len(kinds)
