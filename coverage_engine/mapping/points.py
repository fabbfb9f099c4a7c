"""Enterprises of the map as packed columns, in the order of the cells that the page draws by."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from coverage_engine.mapping.names import packed_names
from coverage_engine.mapping.packed_links import packed_links
from coverage_engine.mapping.packing import Numbers, narrowest, packed_column
from coverage_engine.mapping.placing import placed
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import CoverageState, Obligation, Tier

# Places are drawn to one ten-thousandth of a degree, about ten metres: less than a symbol at the last zoom.
_DEGREE = 10_000
# Cells of 0.05 degrees are what the page draws by.
_CELL = 500
UNKNOWN_BYTE = 255
"""Stands in the page for a word or number that is not there."""
# How exactly a place is known: as given, around the centre of its division, not at all (listed, not drawn).
_GIVEN, _APPROXIMATE, _UNPLACED = 0, 1, 2
_WANTED = (
    *("enterprise_id", "name", "credit_code", "city", "county", "city_code", "county_code"),
    *("coverage_state", "obligation", "tiers", "priority_rank", "verified", "ground_text", "missing_facts"),
    *("longitude", "latitude", "location"),
)
_KIND = ("symbol", "state", "obligation", "tiers_bits")


def shown_enterprises(plan: Plan, centres: pl.DataFrame, palette: dict[str, Any]) -> pl.DataFrame:
    """Targets and covered enterprises with their places and codes, in the order of their map cells.

    `division_index` is the position of city and county in `divisions_of`.
    """
    covered = pl.col("coverage_state").is_in([CoverageState.OWN.value, CoverageState.JOINT.value])
    wanted = pl.col("is_target").fill_null(False) | covered.fill_null(False)
    shown = plan["enterprises"].filter(wanted).select(_WANTED)
    located = placed(shown, "enterprise_id", centres, palette["points"]).with_columns(_whether_placed())
    first = plan["recommendations"].filter(pl.col("rank") == 1).select("enterprise_id", path1="path")
    rows = located.join(first, on="enterprise_id", how="left", maintain_order="left")
    symbols = [symbol["key"] for symbol in palette["symbols"]]
    coded = _in_cells(rows).with_columns(_codes(symbols))
    return coded.join(
        divisions_of(coded).with_row_index("division_index"),
        on=["city", "county"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def divisions_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs of city and county that occur, in order."""
    return rows.select("city", "county").unique().sort("city", "county", nulls_last=True)


def packed_points(rows: pl.DataFrame, links: pl.DataFrame) -> dict[str, Any]:
    """The columns that the page draws, filters, lists and searches by, for rows of `shown_enterprises`."""
    kinds = rows.select(_KIND).unique().sort(_KIND)
    kind = rows.join(kinds.with_row_index("kind"), on=_KIND, how="left", maintain_order="left")["kind"]
    columns = {
        "kind": kind,
        "approximate": rows["approximate"],
        "division_index": rows["division_index"],
        "rank": rows["priority_rank"].fill_null(0),
        "path1": rows["path1"].fill_null(0),
    }
    return {
        "count": rows.height,
        "unplaced": int((rows["approximate"] == _UNPLACED).sum()),
        "approximate": int((rows["approximate"] == _APPROXIMATE).sum()),
        "divisions": [[city or "", county or ""] for city, county in divisions_of(rows).iter_rows()],
        "kind_columns": _KIND,
        "kinds": [list(row) for row in kinds.iter_rows()],
        "cells": _packed_cells(rows),
        "columns": {name: packed_column(column, narrowest(column)) for name, column in columns.items()},
        "links": packed_links(links, rows["enterprise_id"]),
        "names": packed_names(rows["name"]),
    }


# ---------------------------------------------------------------------------------------------- private


def _whether_placed() -> list[pl.Expr]:
    """Firms without any place stay in lists and counts; their coordinates are zero and never drawn."""
    nowhere = pl.col("place_lon").is_null() | pl.col("place_lat").is_null()
    known = pl.when("approximate").then(_APPROXIMATE).otherwise(_GIVEN)
    return [
        pl.when(nowhere).then(_UNPLACED).otherwise(known).alias("approximate"),
        *(pl.when(nowhere).then(0.0).otherwise(name).alias(name) for name in ("place_lon", "place_lat")),
    ]


def _in_cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by cell from south to north, within a cell likewise; `north` and `east` count in the cell."""
    columns = {"place_lat": ("cell_row", "north"), "place_lon": ("cell_column", "east")}
    for place, (cell, inside) in columns.items():
        steps = (pl.col(place) * _DEGREE).round().cast(pl.Int32)
        rows = rows.with_columns((steps // _CELL).alias(cell), (steps % _CELL).alias(inside))
    return rows.sort("cell_row", "cell_column", "north", "east", "enterprise_id")


def _packed_cells(rows: pl.DataFrame) -> dict[str, Any]:
    """The cells with their numbers of firms; places in them, northward as steps from the firm before."""
    cells = rows.group_by("cell_row", "cell_column", maintain_order=True).len()
    north: Numbers = rows["north"].to_numpy().astype(np.int64)
    steps = np.diff(north, prepend=0)
    first = np.concatenate([[0], np.cumsum(cells["len"].to_numpy())[:-1]]).astype(np.int64)
    if rows.height:
        steps[first] = north[first]
    return {
        "count": cells.height,
        "size": _CELL,
        "degree": _DEGREE,
        "columns": {
            "row": packed_column(cells["cell_row"], "i32"),
            "column": packed_column(cells["cell_column"], "i32"),
            "firms": packed_column(cells["len"], "u32"),
        },
        "places": {"north": packed_column(steps, "u16"), "east": packed_column(rows["east"], "u16")},
    }


def _codes(symbols: list[str]) -> list[pl.Expr]:
    """Words as their position in the vocabulary; 255 where there is none."""
    return [
        _position("coverage_state", list(CoverageState)).alias("state"),
        _position("obligation", list(Obligation)).alias("obligation"),
        _tier_bits().alias("tiers_bits"),
        _symbol(symbols).alias("symbol"),
    ]


def _position(column: str, words: list[Any]) -> pl.Expr:
    positions = {word.value: index for index, word in enumerate(words)}
    return pl.col(column).replace_strict(positions, default=UNKNOWN_BYTE, return_dtype=pl.Int32)


def _tier_bits() -> pl.Expr:
    listed = pl.col("tiers").fill_null("").str.split(";")
    bits = [listed.list.contains(tier.value).cast(pl.Int32) * 2**bit for bit, tier in enumerate(Tier)]
    return pl.sum_horizontal(bits)


def _symbol(symbols: list[str]) -> pl.Expr:
    """Covered firms by their state, the others by their duty, then by what is not known."""
    state, obligation = pl.col("coverage_state"), pl.col("obligation")
    rules = [
        (state == CoverageState.OWN.value, "own"),
        (state == CoverageState.JOINT.value, "joint"),
        (obligation == Obligation.MUST_ESTABLISH.value, "must"),
        (obligation == Obligation.SHOULD_ESTABLISH.value, "should"),
        (
            (state == CoverageState.UNKNOWN.value) | (obligation == Obligation.UNDETERMINED.value),
            "unknown",
        ),
        (state == CoverageState.YOUTH_ONLY.value, "youth_only"),
    ]
    chosen = pl.lit(symbols.index("other"))
    for condition, key in reversed(rules):
        chosen = pl.when(condition.fill_null(False)).then(pl.lit(symbols.index(key))).otherwise(chosen)
    return chosen
