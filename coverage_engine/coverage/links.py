"""Links of enterprises: headquarters with branch offices, leader with associated enterprises."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def enterprise_links(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The plan table `links`, told from both ends; hubs that are not in the 企业台账 have no row."""
    ends = [
        _ends(
            tables["branch_offices"],
            tables["headquarters"],
            "headquarters_id",
            "headquarters",
            "branch_office",
        ),
        _ends(tables["associated_enterprises"], tables["leaders"], "leader_id", "leader", "associated"),
    ]
    return pl.concat(ends).unique()


def _ends(spokes: pl.DataFrame, hubs: pl.DataFrame, key: str, hub: str, spoke: str) -> pl.DataFrame:
    pairs = (
        spokes.select("enterprise_id", key)
        .join(hubs.select(key, pl.col("enterprise_id").alias("other_id")), on=key, how="inner")
        .drop_nulls(["enterprise_id", "other_id"])
        .filter(pl.col("enterprise_id") != pl.col("other_id"))
        .select("enterprise_id", "other_id")
    )
    back = pairs.select(pl.col("other_id").alias("enterprise_id"), pl.col("enterprise_id").alias("other_id"))
    return pl.concat(
        [pairs.with_columns(pl.lit(hub).alias("kind")), back.with_columns(pl.lit(spoke).alias("kind"))]
    )
