"""Whose firms stand in for the unknown ones: like firms of the county, else of wider places."""

from __future__ import annotations

import polars as pl

from coverage_engine.coverage.strata import OF, PLACES

_POOLS: tuple[list[str], ...] = (["city_code", "county_code", "size"], ["city_code", "size"], ["size"], [])
"""From the nearest to the widest."""

_KNOWN = ("tt", "tf", "ft", "ff")
_PATTERNS = {"tu": ("tt", "tf"), "ut": ("tt", "ft"), "uf": ("ff", "tf"), "uu": _KNOWN}
"""What is unknown (first letter D, second N; t yes, f no, u unknown) → the known firms to compare with."""


def imputed(cells: pl.DataFrame, least: int) -> pl.DataFrame:
    """One row per place and pattern with unknown firms: how many, and the shares of those they are like."""
    unknown = cells.filter(pl.sum_horizontal(*_PATTERNS) > 0)
    parts = []
    for (category, evidence), rows in sorted(
        unknown.partition_by("category", "evidence", as_dict=True).items()
    ):
        like = "^" + str(evidence).replace("u", "[tf]").replace("o", "[tc]") + "$"
        donors = cells.filter((pl.col("category") == category) & pl.col("evidence").str.contains(like))
        for number, keys in enumerate(_POOLS):
            sums = donors.group_by("numerator", *keys).agg(
                pl.col(name).sum().alias(f"{name}_{number}") for name in _KNOWN
            )
            rows = rows.join(sums, on=["numerator", *keys], how="left", maintain_order="left")
        filled = rows.with_columns(pl.col("^[tf][tf]_\\d$").fill_null(0))
        parts += [_of_pattern(filled, pattern, least) for pattern in _PATTERNS]
    return pl.concat(parts) if parts else _of_pattern(_without_pools(cells), "uu", least)


# ---------------------------------------------------------------------------------------------- private


def _without_pools(cells: pl.DataFrame) -> pl.DataFrame:
    empty = cells.clear()
    pools = [f"{name}_{number}" for number in range(len(_POOLS)) for name in _KNOWN]
    return empty.with_columns(pl.lit(0, pl.Int64).alias(name) for name in pools)


def _of_pattern(cells: pl.DataFrame, pattern: str, least: int) -> pl.DataFrame:
    like = _PATTERNS[pattern]
    totals = [pl.sum_horizontal(f"{name}_{number}" for name in like) for number in range(len(_POOLS))]
    widest = len(_POOLS) - 1
    chosen: pl.Expr = pl.lit(widest)
    for number in reversed(range(widest)):
        chosen = pl.when(totals[number] >= least).then(pl.lit(number)).otherwise(chosen)
    rows = cells.filter(pl.col(pattern) > 0).with_columns(pool_level=chosen)
    picked = {
        name: pl.coalesce(
            pl.when(pl.col("pool_level") == number).then(pl.col(f"{name}_{number}"))
            for number in range(len(_POOLS))
        )
        for name in ("tt", "tf", "ft", "ff")
    }
    names = [
        pl.concat_str([pl.lit(f"{pattern}{number}"), "evidence", *keys], separator="|")
        for number, keys in enumerate(_POOLS)
    ]
    pool = pl.coalesce(
        pl.when(pl.col("pool_level") == number).then(name) for number, name in enumerate(names)
    )
    return rows.select(
        *PLACES,
        *OF,
        pool.alias("pool"),
        pl.col(pattern).alias("unknown"),
        pl.sum_horizontal(picked[name] for name in like).alias("known"),
        (picked["tt"] if pattern != "uf" else pl.lit(0, pl.Int64)).alias("in_covered"),
        (picked["tf"] if pattern != "ut" else pl.lit(0, pl.Int64)).alias("in_bare"),
        pl.lit(pattern != "uf").alias("may_cover"),
        pl.lit(pattern != "ut").alias("may_bare"),
        pl.lit(pattern == "tu").alias("surely_in"),
    )
