"""Ledgers: what planners hand in, read, checked and turned into one Snapshot.

Workbooks are written by `template.write_template` and `findings_workbook.write_findings`, imported from there
so that reading does not load the workbook writer.
"""

from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, ledger_kind, ledger_kinds
from coverage_engine.ledgers.reading import NothingUsable, read_ledgers, read_tables

__all__ = [
    "LedgerColumn",
    "LedgerKind",
    "NothingUsable",
    "ledger_kind",
    "ledger_kinds",
    "read_ledgers",
    "read_tables",
]
