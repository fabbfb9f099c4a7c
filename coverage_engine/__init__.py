"""coverage-engine: plans the coverage of non-public enterprises by League organisations (团组织).

import coverage_engine as ce

snapshot, findings = ce.read_ledgers(["企业台账.xlsx"])
plan = ce.plan(snapshot, findings=findings, division="郑州市")
plan.recommendations                     # pandas
ce.write_plan(plan, Path("OUT"))
"""

from coverage_engine.errors import CoverageEngineError, DivisionError, LedgerError, PolicyError
from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.model.findings import Findings
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.plan import plan, write_plan
from coverage_engine.recommend import explain
from coverage_engine.samples import write_sample

__all__ = [
    "CoverageEngineError",
    "DivisionError",
    "Findings",
    "LedgerError",
    "Plan",
    "PolicyError",
    "Snapshot",
    "explain",
    "plan",
    "read_ledgers",
    "read_tables",
    "write_plan",
    "write_sample",
]
