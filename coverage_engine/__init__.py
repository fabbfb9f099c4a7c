"""coverage-engine: plans the coverage of non-public enterprises by League organisations (团组织).

import coverage_engine as ce

snapshot, findings = ce.read_ledgers(["企业台账.xlsx"])
plan = ce.plan(snapshot, findings=findings, division="郑州市")
plan.recommendations                     # pandas
ce.write_plan(plan, Path("OUT"))
ce.review(snapshot, before=last_month)["bridge"]    # why a rate moved, to the unit
ce.trace(snapshot, ce.load_policy(snapshot.as_of), 0, "R13")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_engine.errors import (
    ArgumentError,
    CoverageEngineError,
    DivisionError,
    LedgerError,
    PolicyError,
    UnknownEnterpriseError,
)
from coverage_engine.on_demand import loader

if TYPE_CHECKING:
    from coverage_engine.coverage import bridge
    from coverage_engine.explanation.judgements import explain
    from coverage_engine.explanation.trace import trace
    from coverage_engine.ledgers import read_ledgers, read_tables
    from coverage_engine.model.drawing import Drawing, Period
    from coverage_engine.model.findings import Findings
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot
    from coverage_engine.planning import plan, write_plan
    from coverage_engine.planning_frames import plan_frames
    from coverage_engine.policy import load_policy
    from coverage_engine.reviewing import review, write_review
    from coverage_engine.samples import write_sample

__all__ = [
    "ArgumentError",
    "CoverageEngineError",
    "DivisionError",
    "Drawing",
    "Findings",
    "LedgerError",
    "Period",
    "Plan",
    "PolicyError",
    "Snapshot",
    "UnknownEnterpriseError",
    "bridge",
    "explain",
    "load_policy",
    "plan",
    "plan_frames",
    "read_ledgers",
    "read_tables",
    "review",
    "trace",
    "write_plan",
    "write_review",
    "write_sample",
]

# All that loads the table library waits until it is asked for: `--help` needs none of it.
_ON_DEMAND = {
    "Drawing": "coverage_engine.model.drawing",
    "Findings": "coverage_engine.model.findings",
    "Period": "coverage_engine.model.drawing",
    "Plan": "coverage_engine.model.plan",
    "Snapshot": "coverage_engine.model.snapshot",
    "bridge": "coverage_engine.coverage",
    "explain": "coverage_engine.explanation.judgements",
    "load_policy": "coverage_engine.policy",
    "plan": "coverage_engine.planning",
    "plan_frames": "coverage_engine.planning_frames",
    "read_ledgers": "coverage_engine.ledgers",
    "read_tables": "coverage_engine.ledgers",
    "review": "coverage_engine.reviewing",
    "trace": "coverage_engine.explanation.trace",
    "write_plan": "coverage_engine.planning",
    "write_review": "coverage_engine.reviewing",
    "write_sample": "coverage_engine.samples",
}


__getattr__ = loader(__name__, _ON_DEMAND)
