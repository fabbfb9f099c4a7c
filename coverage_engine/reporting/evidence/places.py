"""The places of a plan that have an evidence page, and how many enterprises of each lack which fact."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.evidence.figures import Row, missing_anchor, pages_of_firms


@dataclass(frozen=True)
class Place:
    """地区: its page, name and level, and the page of the place above it (empty for the plan's own)."""

    page: str
    name: str
    level: str
    above: str


def places(plan: Plan, counts: dict[str, dict[str, Row]]) -> list[Place]:
    """Every place that has figures (`place_figures`), by level and code."""
    divisions = plan.snapshot["divisions"].select("level", "code", "parent_code", "name")
    cities = {code: name for level, code, _, name in divisions.rows() if level == "city"}
    parents = {code: above for level, code, above, _ in divisions.rows() if level == "county"}
    listed = []
    for page, by_category in counts.items():
        row = next(iter(by_category.values()))
        code, level, name = row["division_code"], row["level"], row["division"] or ""
        above = ""
        if level == "county":
            undivided = page.endswith("-undivided.html")
            city = code if undivided else parents.get(code, "")
            above = f"city-{city or 'none'}.html"
            name = name if undivided or cities.get(city) == name else f"{cities.get(city, '')}{name}"
        elif level == "city":
            above = "province-410000.html"
        own = level == plan.division.level and code == plan.division.code
        listed.append(Place(page, name, level, "" if own else above))
    return sorted(listed, key=lambda place: place.page)


def missing_counts(firms: pl.DataFrame, missing: list[str]) -> dict[str, dict[str, int]]:
    """Page → anchor of a missing fact → enterprises."""
    numbers = {fact: number for number, fact in enumerate(missing)}
    lacking = firms.filter(pl.col("missing_facts").fill_null("") != "").with_columns(
        alone=~pl.col("missing_facts").str.contains(";", literal=True),
        fact=pl.col("missing_facts").str.split(";"),
    )
    by_page: dict[str, dict[str, int]] = defaultdict(dict)
    for page in pages_of_firms(firms).values():
        counted = lacking.explode("fact").group_by(page.alias("page"), "fact", "alone").len()
        for name, fact, alone, count in counted.iter_rows():
            by_page[name][missing_anchor(numbers[fact], alone)] = count
    return by_page
