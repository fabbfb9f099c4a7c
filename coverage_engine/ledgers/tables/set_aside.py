"""未入账的企业行: rows of 企业台账 that were turned back, and where they lie as far as their cells tell.

Each may be one more firm. Figures keep them beside their ranges and, where the place is known, within them.
A row with the credit code of a firm that was entered is no further firm, nor is one of another province.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.kinds import ledger_kind
from coverage_engine.ledgers.tables.places import resolve_texts
from coverage_engine.ledgers.tables.row_places import places_of_rows
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.ledgers.tables.values import cast_column
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_CELLS = ("credit_code", "division_code", "address", "top_hundred_rank", "park_id")


def set_aside(
    layouts: Sequence[Layout], quarantine: pl.DataFrame, enterprises: pl.DataFrame, resolver: Resolver
) -> pl.DataFrame:
    """The snapshot table `set_aside`: one row for each firm that may stand in a row turned back."""
    table = SNAPSHOT_TABLES["set_aside"]
    turned_back = quarantine.select("source", pl.col("row").cast(pl.Int64))
    parts = [
        _cells(layout, turned_back, resolver)
        for layout in layouts
        if layout.kind and layout.kind.kind == "enterprises"
    ]
    rows = pl.concat(parts) if parts else pl.DataFrame()
    if rows.is_empty():
        return empty(table)
    further = _further(rows, enterprises["credit_code"])
    placed = _placed(further, resolver)
    return conform(placed.filter(pl.col("problem").ne_missing("division.outside")), table)


# ---------------------------------------------------------------------------------------------- private


def _cells(layout: Layout, turned_back: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """The cells of the rows of a sheet that were turned back, with the place that the sheet tells of them."""
    of_sheet = turned_back.filter(pl.col("source") == layout.source).select("row")
    rows = layout.rows.join(of_sheet, on="row", how="semi", maintain_order="left")
    present = set(rows.columns)
    missing = [pl.lit(None, dtype=pl.String).alias(key) for key in _CELLS if key not in present]
    rows = rows.with_columns(missing)
    places = places_of_rows(rows, replace(layout, rows=rows), "division_code", resolver).resolved
    cells = (pl.col(key).cast(pl.String) for key in _CELLS)
    return rows.select(
        pl.lit(layout.source, pl.Int32).alias("source"),
        "row",
        *cells,
        *(places[name].alias(f"said_{name}") for name in ("city_code", "county_code", "problem")),
    )


def _further(rows: pl.DataFrame, entered: pl.Series) -> pl.DataFrame:
    """The rows without those whose sound code stands at an entered firm or at an earlier such row."""
    codes = cast_column(rows["credit_code"], ledger_kind("enterprises").column("credit_code")).values
    coded = rows.with_columns(codes.alias("credit_code"))
    again = pl.col("credit_code").is_in(entered.drop_nulls().implode()) | (
        pl.col("credit_code").is_not_null() & ~pl.col("credit_code").is_first_distinct()
    )
    return coded.filter(~again.fill_null(False))


def _placed(rows: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Adds city and county: as the sheet tells the place, else from the address, else unknown."""
    by_address = resolve_texts(rows["address"], resolver)
    known = pl.col("said_city_code").is_not_null()
    return (
        rows.with_columns(
            pl.col("top_hundred_rank").is_not_null().alias("top_hundred"),
            pl.col("park_id").is_not_null().alias("park"),
        )
        .with_columns(
            pl.when(known).then(f"said_{level}").otherwise(by_address[level]).alias(level)
            for level in ("city_code", "county_code")
        )
        .with_columns(problem=pl.when(pl.col("said_problem") == "division.outside").then("said_problem"))
    )
