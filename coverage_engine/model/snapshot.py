"""Snapshot: all facts of the handed-in ledgers as of one date, each with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from coverage_engine.model.columns import table_of
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty


@dataclass(frozen=True)
class Snapshot:
    """时点底数: the checked ledgers as typed tables (see `SNAPSHOT_TABLES`); never changed after reading.

    Every table of `SNAPSHOT_TABLES` is there, empty where its ledger was not handed in.
    `kinds` are the ledger kinds that were handed in with at least one row that was accepted: only of these
    does silence mean no.
    """

    as_of: date
    tables: Mapping[str, pl.DataFrame]
    kinds: frozenset[str]

    def __getitem__(self, name: str) -> pl.DataFrame:
        return table_of(self.tables, name)


def build_snapshot(as_of: date, tables: Mapping[str, pl.DataFrame], kinds: frozenset[str]) -> Snapshot:
    """A snapshot with every table present, in the described columns and types."""
    complete = {
        name: conform(tables[name], table) if name in tables else empty(table)
        for name, table in SNAPSHOT_TABLES.items()
    }
    return Snapshot(as_of, complete, kinds)
