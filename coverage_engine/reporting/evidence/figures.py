"""Which figures a place shows, what each is called on a page, and which rows it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.ranges import count_range, rate_range
from coverage_engine.reporting.wording import wording
from coverage_engine.reporting.wording_shapes import EvidenceFile

Row = dict[str, Any]
_RANGES = frozenset({"base", "own", "rate", "joint", "joint_rate"})


@cache
def evidence_words() -> dict[str, Any]:
    """The whole of `reports/evidence.toml`."""
    return checked_content(EvidenceFile, "reports", "evidence.toml")


@dataclass(frozen=True)
class Figure:
    """数: one figure of one denominator; `marks` are the classes that a counted row has."""

    category: Row
    entry: Row

    @property
    def anchor(self) -> str:
        """Its name on a page, such as `operating-own`."""
        return f"{self.category['key'].removeprefix('tier:')}-{self.entry['key']}"

    @property
    def marks(self) -> tuple[str, ...]:
        """The classes of the rows that it counts."""
        return tuple(mark.format(c=self.category["letter"]) for mark in self.entry["rows"])

    def value(self, row: Row, none: str) -> str:
        """What is printed of one place's counts."""
        key = self.entry["key"]
        if key in ("rate", "joint_rate"):
            return rate_range(row[f"{key}_low"], row[f"{key}_high"], none)
        if key in ("base", "own", "joint"):
            name = "denominator" if key == "base" else key
            return count_range(row[f"{name}_low"], row[f"{name}_high"])
        return f"{row[key]:,}"

    def sentence(self, row: Row, lang: str) -> str:
        """What the figure is made of; a range also of the firms presumed in it and the rows turned back."""
        text = str(self.entry[f"{lang}_text"]).format(**row)
        for name, words in (("presumed", "presumed_text"), ("set_aside", "aside_text")):
            if self.entry["key"] in _RANGES and row[name]:
                text += str(evidence_words()[lang][words]).format(count=row[name])
        return text


@cache
def figures() -> tuple[Figure, ...]:
    """Every figure in the order of the pages."""
    words = evidence_words()
    entries = {entry["key"]: entry for entry in words["figures"]}
    return tuple(
        Figure(category, entries[key])
        for category in words["categories"]
        for key in words["shown"][category["key"].partition(":")[0]]
    )


def place_page(level: str, code: str | None, undivided: bool = False) -> str:
    """File name of a place's page; firms of which only the city is known have one of their own."""
    return f"{level}-{code or 'none'}{'-undivided' if undivided else ''}.html"


def figure_page(row: Row) -> str:
    """The page of the place that a row of the plan's table `coverage` tells of."""
    undivided = row["level"] == "county" and (row["division"] or "").endswith(wording()["undivided"])
    return place_page(row["level"], row["division_code"], undivided)


def missing_anchor(number: int, alone: bool) -> str:
    """Name on a page of the enterprises that lack the fact of this number (alone: nothing else)."""
    return f"k{number}-{'single' if alone else 'among'}"


def place_figures(plan: Plan) -> dict[str, dict[str, Row]]:
    """Page → denominator → counts, rates and what the rates divide by."""
    pages = [figure_page(row) for row in plan["coverage"].iter_rows(named=True)]
    rows = plan["coverage"].with_columns(
        gap=pl.col("must") + pl.col("should"), page=pl.Series(pages, dtype=pl.String)
    )
    rated = rows.join(_bases(plan), on=["page", "category"], how="left", maintain_order="left")
    by_page: dict[str, dict[str, Row]] = {}
    # A row turned back is one more firm of which nothing is known: either rate may divide by it.
    bases = rated.with_columns(pl.col("^.*_base$").fill_null(0) + pl.col("set_aside").fill_null(0))
    for row in bases.iter_rows(named=True):
        by_page.setdefault(row["page"], {})[row["category"]] = row
    return by_page


def pages_of_firms(firms: pl.DataFrame) -> dict[str, pl.Expr]:
    """For each level the page on which an enterprise counts."""
    city = pl.col("city_code").fill_null("none")
    county = pl.col("county_code").fill_null(city + "-undivided")
    return {
        "county": pl.lit("county-") + county + ".html",
        "city": pl.lit("city-") + city + ".html",
        "province": pl.lit("province-410000.html"),
    }


# ---------------------------------------------------------------------------------------------- private


def _bases(plan: Plan) -> pl.DataFrame:
    """What the lowest and the highest rate divide by: page, category and four counts."""
    firms = plan["enterprises"].select("enterprise_id", "city_code", "county_code")
    counted = plan["counted"].join(firms, on="enterprise_id", how="inner", maintain_order="left")
    surely, open_ = pl.col("inside") == "yes", pl.col("inside") == "unknown"
    counts = {}
    for name, fact in (("own", pl.col("own")), ("joint", pl.col("covered"))):
        counts[f"{name}_most_base"] = (surely | (open_ & (fact != "yes"))).sum().cast(pl.Int64)
        counts[f"{name}_least_base"] = (surely | (open_ & (fact != "no"))).sum().cast(pl.Int64)
    parts = [
        counted.group_by(page.alias("page"), "category").agg(**counts)
        for page in pages_of_firms(firms).values()
    ]
    return pl.concat(parts)
