"""Ledgers: what planners hand in, read, checked and turned into one Snapshot."""

from coverage_engine.ledgers.definitions import LedgerColumn, LedgerKind, ledger_kind, ledger_kinds
from coverage_engine.ledgers.findings_workbook import write_findings
from coverage_engine.ledgers.reading import read_ledgers, read_tables
from coverage_engine.ledgers.template import write_template

__all__ = [
    "LedgerColumn",
    "LedgerKind",
    "ledger_kind",
    "ledger_kinds",
    "read_ledgers",
    "read_tables",
    "write_findings",
    "write_template",
]
