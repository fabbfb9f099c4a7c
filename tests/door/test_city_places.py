"""The lists of one city's departments: where every firm lies that any of them tells."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from coverage_engine.divisions.resolver import resolver
from coverage_engine.ledgers.files.raw_sheets import open_sources
from coverage_engine.ledgers.reading import lay_out_all
from coverage_engine.ledgers.tables.row_places import places_of_rows

CITY = Path(__file__).parents[3] / "shared" / "cases" / "city"
ZONES = {"高新区", "平原示范区"}


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    """Name, city and county of every row of a list of firms that names them in a column now known."""
    sheets, _ = open_sources([CITY / "raw"])
    parts = []
    for layout in lay_out_all(sheets):
        if layout.kind and layout.kind.kind == "enterprises" and not layout.missing:
            resolved = places_of_rows(layout.rows, layout, "division_code", resolver("2019-05")).resolved
            parts.append(
                resolved.select("city_code", "county_code").with_columns(
                    layout.rows["name"], sheet=pl.lit(layout.raw.sheet)
                )
            )
    return pl.concat(parts, how="diagonal")


def test_no_firm_of_the_city_lies_in_a_wrong_county(told) -> None:
    truth = pl.read_csv(CITY / "truth.csv", infer_schema_length=0).select("name", "county", "county_name")
    known = truth.join(told, on="name", how="inner")
    assert set(known["city_code"].drop_nulls()) == {"410700"}
    ordinary = known.filter(~pl.col("county_name").is_in(ZONES)).drop_nulls("county_code")
    assert ordinary.filter(pl.col("county_code") != pl.col("county")).is_empty()
    assert ordinary["name"].n_unique() > 150


def test_the_sheets_of_zones_give_the_city_and_leave_the_county_open(told) -> None:
    zones = told.filter(pl.col("sheet").is_in(ZONES))
    assert set(zones["city_code"]) <= {"410700"}
    assert zones["county_code"].null_count() == zones.height
