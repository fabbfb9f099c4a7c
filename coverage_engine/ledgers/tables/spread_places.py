"""Where a row belongs, when a sheet spreads it over several columns or tells it only by an address.

省、市、县分列的台账: the parts are read as one text under the column of type division, so that everything
after sees one place. A sheet with addresses and no such column keeps an empty one, for the address to fill.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.ledgers.kinds import PLACE_PARTS, LedgerColumn, LedgerKind, reading_words
from coverage_engine.ledgers.tables.sheet_columns import PlacedColumn


def with_division(
    rows: pl.DataFrame, columns: Sequence[PlacedColumn], kind: LedgerKind
) -> tuple[pl.DataFrame, tuple[PlacedColumn, ...]]:
    """`rows` and `columns` of a sheet with its column of type division, wherever it tells the place."""
    division, placed = kind.division, {place.column.key: place for place in columns}
    if division is None:
        return rows, tuple(columns)
    parts = [placed[key] for key in PLACE_PARTS if key in placed]
    if parts:
        joined = rows.with_columns(_joined(placed, division).alias(division.key))
        added = () if division.key in placed else (_standing_at(parts[-1], division),)
        return joined, (*columns, *added)
    if division.key not in placed and "address" in placed:
        empty = rows.with_columns(pl.lit(None, dtype=pl.String).alias(division.key))
        return empty, (*columns, _standing_at(placed["address"], division))
    return rows, tuple(columns)


def spread_over(columns: Sequence[PlacedColumn]) -> tuple[str, ...]:
    """The headers over which a sheet spreads its places; none where one column holds them."""
    if not any(place.column.key in PLACE_PARTS for place in columns):
        return ()
    return tuple(place.header for place in columns if place.column.key in (*PLACE_PARTS, "division_code"))


# ---------------------------------------------------------------------------------------------- private


def _standing_at(place: PlacedColumn, division: LedgerColumn) -> PlacedColumn:
    return PlacedColumn(place.index, place.header, division)


def _joined(placed: dict[str, PlacedColumn], division: LedgerColumn) -> pl.Expr:
    """Province, city and county as one text; a county that repeats what stands before it is taken alone."""
    province, city, county = (
        pl.col(key).fill_null("") if key in placed else pl.lit("") for key in (*PLACE_PARTS, division.key)
    )
    city = city.replace(dict.fromkeys(reading_words()["places"]["no_city"], ""))
    above = pl.concat_str(province, city)
    repeats = ((city != "") & county.str.starts_with(city)) | (
        (province != "") & county.str.starts_with(province)
    )
    full_place = pl.when(repeats).then(county).otherwise(pl.concat_str(above, county))
    return pl.when(full_place != "").then(full_place)
