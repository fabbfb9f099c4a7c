"""Plausibility of an enterprise's numbers: no part exceeds the whole."""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog

_PARTS = (
    ("league_members", "团员数", "count.members_exceed_employees"),
    ("young_employees", "青年数", "count.young_exceed_employees"),
)


def check_numbers(rows: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Enterprise rows; a part that exceeds 从业人员数 becomes unknown, the whole is kept."""
    for key, name, code in _PARTS:
        bad = pl.col(key) > pl.col("employees")
        words = pl.format("{}{}，从业人员数{}", pl.lit(name), pl.col(key), pl.col("employees"))
        troubled = rows.filter(bad).with_columns(found=pl.col(key).cast(pl.String), detail=words)
        log.add_rows(code, troubled, key)
        rows = rows.with_columns(pl.when(bad).then(None).otherwise(pl.col(key)).alias(key))
    _tell_more_members_than_young(rows, log)
    return rows


# ---------------------------------------------------------------------------------------------- private


def _tell_more_members_than_young(rows: pl.DataFrame, log: FindingLog) -> None:
    """Either number may be the wrong one, and older cadres keep their membership: both are kept."""
    words = pl.format("团员数{}，青年数{}", pl.col("league_members"), pl.col("young_employees"))
    troubled = rows.filter(pl.col("league_members") > pl.col("young_employees"))
    log.add_rows(
        "count.members_exceed_young",
        troubled.with_columns(found=pl.col("league_members").cast(pl.String), detail=words),
        "league_members",
    )
