"""Doubtful pairs: what the names leave open, kept for a person to answer, the weightiest first.

A pair weighs as many League members as the enterprise has whose coverage or duty the answer may move (at
least one): that is how much of the plan hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.ledgers.decisions import Decision
from coverage_engine.ledgers.name_matching import match_names, match_within, reasons
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_TABLE = SNAPSHOT_TABLES["doubtful_pairs"]


class Doubts:
    """Asks the matcher with the decisions given so far, and collects the pairs it leaves open."""

    def __init__(self, decisions: Sequence[Decision] = ()) -> None:
        self._decisions = tuple(decisions)
        self._frames: list[pl.DataFrame] = []

    def match(self, records: pl.DataFrame, firms: pl.DataFrame, ledger: str) -> pl.DataFrame:
        """Pairs of rows of `records` (numbered in `_order`) and enterprises; asked ones are kept as doubts.

        Columns: `_order`, `enterprise_id`, `name_of_firm`, `verdict`, `how_name`. `records` have `name`,
        `source`, `row`, perhaps `credit_code`, `county_code`, `city_code`; `firms` also `enterprise_id` and
        `league_members`.
        """
        pairs = match_names(records, firms, self._decisions)
        told = _told(pairs, records, firms, ledger)
        self._keep_asked(told)
        return told.select("_order", "enterprise_id", "name_of_firm", "verdict", "how_name")

    def match_within(self, rows: pl.DataFrame, ledger: str) -> pl.DataFrame:
        """Pairs among rows without code (columns as of `match`): asked, or answered by a person before.

        Columns: `_order`, `_other` (the `_order` of the row above it), `verdict`.
        """
        pairs = match_within(rows, self._decisions).rename({"record": "firm", "firm": "record"})
        told = _told(pairs, rows, rows.with_columns(enterprise_id=pl.lit(None, dtype=pl.Int32)), ledger)
        self._keep_asked(told)
        return told.select("_order", rows["_order"].gather(told["firm"]).alias("_other"), "verdict")

    def _keep_asked(self, told: pl.DataFrame) -> None:
        asked = told.filter(pl.col("verdict") == "ask")
        if asked.height:
            self._frames.append(asked)

    def table(self) -> pl.DataFrame:
        """The snapshot table `doubtful_pairs`, weightiest first."""
        if not self._frames:
            return empty(_TABLE)
        columns = [column.name for column in _TABLE if column.name != "doubt"]
        found = pl.concat([frame.select(columns) for frame in self._frames])
        order = ["weight", "score", "left", "right", "ledger", "source", "row"]
        ranked = found.sort(order, descending=[True, True, *[False] * 5])
        once = ranked.unique(["left", "right"], keep="first", maintain_order=True)
        known = pl.when(pl.col("ledger") != "enterprises").then("enterprise_id")
        return conform(
            once.with_columns(known.alias("enterprise_id")).with_row_index("doubt", offset=1), _TABLE
        )


# ---------------------------------------------------------------------------------------------- private


def _told(pairs: pl.DataFrame, records: pl.DataFrame, firms: pl.DataFrame, ledger: str) -> pl.DataFrame:
    """Pairs with the address of the record, the firm, the weight and the reasons in words."""
    return pairs.with_columns(
        records["_order"].gather(pairs["record"]),
        records["name"].gather(pairs["record"]),
        records["source"].gather(pairs["record"]),
        records["row"].gather(pairs["record"]),
        firms["enterprise_id"].gather(pairs["firm"]).cast(pl.Int32),
        firms["name"].gather(pairs["firm"]).alias("name_of_firm"),
        firms["league_members"].gather(pairs["firm"]).fill_null(0).clip(lower_bound=1).alias("weight"),
        reasons(pairs).alias("reasons"),
        pl.lit(ledger).alias("ledger"),
    )
