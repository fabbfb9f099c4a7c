"""Ledgers: what planners hand in, read, checked and turned into one Snapshot.

    files         every form of file becomes raw sheets
    tables        raw sheets become typed rows
    identity      which rows and names mean which firm
    assembling    what the rows of all ledgers say, put together and checked
    handing_out   blank template, workbook of findings

Workbooks are written by `template.write_template` and `findings_workbook.write_findings` of `handing_out`,
imported from there so that reading does not load the workbook writer.
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
