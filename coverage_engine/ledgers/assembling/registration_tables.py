"""By which table of registration types a list writes its codes, where it does not say.

A code such as 130 or 330 means one thing in the table of 2011 and another in that of 2023. A list is written
by one table: several rows with codes that only one table has, and none that only the other has, tell which.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from coverage_engine.content import read_shipped
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.word_shapes import RegistrationTypesFile

_LEAST_ROWS = 3
"""Fewer codes of one table may be slips."""


def with_table_of_list(rows: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Rows with `registration_year` where the other codes of their list tell it; told once for each list."""
    code = pl.col("registration_text").str.extract(r"^\s*(\d{3})(?:\D|$)")
    undated = pl.col("registration_year").is_null()
    codes = rows.filter(undated).select("source", code=code).drop_nulls()
    told = {table: codes.filter(pl.col("code").is_in(only)) for table, only in _only().items()}
    shared = codes.filter(pl.col("code").is_in(_shared()))
    years: dict[int, int] = {}
    for source in shared["source"].unique().sort():
        rows_told = {table: own.filter(pl.col("source") == source).height for table, own in told.items()}
        tables = [table for table, count in rows_told.items() if count]
        if len(tables) == 1 and rows_told[tables[0]] >= _LEAST_ROWS:
            years[source] = tables[0]
            meant = shared.filter(pl.col("source") == source)["code"]
            words = f"{'、'.join(meant.unique().sort())}（{len(meant)} 行）"
            log.add(
                "registration.year_of_list",
                source,
                field="registration_text",
                found=words,
                detail=str(tables[0]),
            )
    if not years:
        return rows
    year = pl.col("source").replace_strict(years, default=None, return_dtype=pl.Int64)
    presumed = pl.when(code.is_in(_shared())).then(year)
    return rows.with_columns(registration_year=pl.coalesce("registration_year", presumed))


# ---------------------------------------------------------------------------------------------- private


@cache
def _codes() -> dict[int, frozenset[str]]:
    content = read_shipped(RegistrationTypesFile, "data", "ledgers", "words", "registration_types.toml")
    return {int(year): frozenset(codes) for year, codes in content.codes.items()}


@cache
def _only() -> dict[int, list[str]]:
    """The codes that stand in one table alone, by its year."""
    return {
        year: sorted(codes - frozenset().union(*(other for each, other in _codes().items() if each != year)))
        for year, codes in _codes().items()
    }


@cache
def _shared() -> list[str]:
    return sorted(frozenset.intersection(*_codes().values()))
