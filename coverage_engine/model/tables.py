"""Every table of a Snapshot and of a Plan, described once; reader, checks, writers and manual draw on it.

Each row that came from a ledger carries `source` (see table `sources`) and `row` (1-based Excel row), so the
cell of any fact is `<sheet>!<letter><row>` with the letter from `source_columns`.
"""

from coverage_engine.model.columns import Column, Table, conform, empty
from coverage_engine.model.plan_tables import FINDINGS_TABLE, PLAN_TABLES
from coverage_engine.model.snapshot_tables import SNAPSHOT_TABLES

__all__ = ["FINDINGS_TABLE", "PLAN_TABLES", "SNAPSHOT_TABLES", "Column", "Table", "conform", "empty"]
