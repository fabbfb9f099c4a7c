"""The official divisions of one edition: codes, names, parents, interior points, shapes, townships, zones.

Editions: `2019-05` (158 counties) and `2024` (157); see `data/divisions/README.md` for provenance. 济源
419001 is a county-level city under the province: it stands as its own city and as its own only county.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from coverage_engine.content import content_file

EDITIONS: tuple[str, ...] = ("2019-05", "2024")
_FIRST_DAY_OF_2024_EDITION = date(2021, 1, 1)
JIYUAN = "419001"


@dataclass(frozen=True)
class DivisionRow:
    """行政区划: one division; points are WGS-84 degrees, null for the province."""

    code: str
    name: str
    level: str
    parent_code: str
    code_2024: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True)
class CodeChange:
    """A division code that was replaced, with the first year of the new one."""

    old_code: str
    old_name: str
    new_code: str
    new_name: str
    first_year: int


def edition_of(day: date) -> str:
    """The edition of the divisions in force on a day."""
    return EDITIONS[1] if day >= _FIRST_DAY_OF_2024_EDITION else EDITIONS[0]


@cache
def divisions(edition: str) -> tuple[DivisionRow, ...]:
    """Province, cities and counties of one edition; 济源 appears as city and as county."""
    rows: list[DivisionRow] = []
    for row in _rows("henan_divisions.csv"):
        if row["edition"] not in ("both", edition):
            continue
        levels = ("city", "county") if row["code"] == JIYUAN else (row["level"],)
        for level in levels:
            parent = JIYUAN if row["code"] == JIYUAN and level == "county" else row["parent_code"]
            rows.append(
                DivisionRow(
                    row["code"],
                    row["name"],
                    level,
                    parent,
                    row["code_2024"],
                    float(row["lon"]) if row["lon"] else None,
                    float(row["lat"]) if row["lat"] else None,
                )
            )
    return tuple(rows)


@cache
def code_changes() -> tuple[CodeChange, ...]:
    """Every replaced county code since 2012."""
    return tuple(
        CodeChange(row["old_code"], row["old_name"], row["new_code"], row["new_name"], int(row["first_year"]))
        for row in _rows("henan_code_changes.csv")
    )


@cache
def succeeded_by(edition: str) -> dict[str, str]:
    """Each county code that has none in an edition itself, and the code that stands there in its place."""
    present = {row.code for row in divisions(edition)}
    changed = [(change.old_code, change.new_code) for change in code_changes()]
    renamed = [(row.code, row.code_2024) for each in EDITIONS for row in divisions(each) if row.code_2024]
    forward = [pair for pair in (*changed, *renamed) if pair[0] != pair[1]]
    successors = {old: new for old, new in forward if new in present and old not in present}
    back: dict[str, set[str]] = {}
    for old, new in forward:
        if old in present and new not in present:
            back.setdefault(new, set()).add(old)
    # A county made of several has no single former one.
    return successors | {new: next(iter(olds)) for new, olds in back.items() if len(olds) == 1}


@cache
def townships() -> tuple[dict[str, str], ...]:
    """Townships and streets: code, name, city_code, gb_county (may be empty), stat_county(_name)."""
    return tuple(_rows("henan_townships.csv"))


@cache
def zones() -> tuple[dict[str, str], ...]:
    """Development zones by name: level, city_code, host_county_code, leading_industry, as_of, source."""
    return tuple(_rows("henan_zones.csv"))


def shapes(edition: str, level: str) -> dict[str, Any]:
    """GeoJSON outlines of all cities or counties, keyed by `properties.code` (WGS-84, schematic)."""
    name = "henan_city" if level == "city" else f"henan_county_{edition}"
    text = content_file("data", "divisions", f"{name}.simplified.geojson").read_text("utf-8")
    shapes: dict[str, Any] = json.loads(text)
    return shapes


def _rows(name: str) -> list[dict[str, str]]:
    with content_file("data", "divisions", name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
