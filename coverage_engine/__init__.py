"""coverage-engine: plans the coverage of non-public enterprises by League organisations (团组织).

import coverage_engine as ce

snapshot, findings = ce.read_ledgers(["企业台账.xlsx"])
plan = ce.plan(snapshot, findings=findings, division="郑州市")
plan.recommendations                     # pandas
ce.write_plan(plan, Path("OUT"))
ce.review(snapshot, before=last_month)["bridge"]    # why a rate moved, to the unit
ce.trace(snapshot, ce.load_policy(snapshot.as_of), 0, "R13")

Every command has a function (`coverage_engine.face.COMMANDS`): `check`, `map_ledgers`, `simulate`,
`learn`, `letters`, `returns`, `fill_form`, `pdf`, and those of a workspace, from `init` and `import_ledgers`
to `forget`.
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
    from coverage_engine.explanation.trace import trace, traces
    from coverage_engine.explanation.trace_lines import trace_lines
    from coverage_engine.face.column_mappings import map_ledgers
    from coverage_engine.face.enterprises import find_enterprise
    from coverage_engine.face.explanations import explain
    from coverage_engine.face.graphs import best_starts, from_networkx, spread
    from coverage_engine.face.intake import check, demo, sample, template
    from coverage_engine.face.lessons import learn, load_weights, revert_weights
    from coverage_engine.face.papers import fill_form, letters, pdf, returns, write_returns
    from coverage_engine.face.simulations import load_scenarios, simulate, write_simulation
    from coverage_engine.face.soundness import forget, repair, verify
    from coverage_engine.face.workspaces import (
        decide,
        diff,
        doubts,
        earlier_snapshots,
        history,
        import_ledgers,
        init,
        read_version,
        read_workspace,
        restore,
        undo,
        write_comparison,
    )
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
    from coverage_engine.timeline import earlier_periods

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
    "best_starts",
    "bridge",
    "check",
    "decide",
    "demo",
    "diff",
    "doubts",
    "earlier_periods",
    "earlier_snapshots",
    "explain",
    "fill_form",
    "find_enterprise",
    "forget",
    "from_networkx",
    "history",
    "import_ledgers",
    "init",
    "learn",
    "letters",
    "load_policy",
    "load_scenarios",
    "load_weights",
    "map_ledgers",
    "pdf",
    "plan",
    "plan_frames",
    "read_ledgers",
    "read_tables",
    "read_version",
    "read_workspace",
    "repair",
    "restore",
    "returns",
    "revert_weights",
    "review",
    "sample",
    "simulate",
    "spread",
    "template",
    "trace",
    "trace_lines",
    "traces",
    "undo",
    "verify",
    "write_comparison",
    "write_plan",
    "write_returns",
    "write_review",
    "write_sample",
    "write_simulation",
]

# All that loads the table library waits until it is asked for: `--help` needs none of it.
_ON_DEMAND = {
    "Drawing": "coverage_engine.model.drawing",
    "Findings": "coverage_engine.model.findings",
    "Period": "coverage_engine.model.drawing",
    "Plan": "coverage_engine.model.plan",
    "Snapshot": "coverage_engine.model.snapshot",
    "best_starts": "coverage_engine.face.graphs",
    "bridge": "coverage_engine.coverage",
    "check": "coverage_engine.face.intake",
    "decide": "coverage_engine.face.workspaces",
    "demo": "coverage_engine.face.intake",
    "diff": "coverage_engine.face.workspaces",
    "doubts": "coverage_engine.face.workspaces",
    "earlier_periods": "coverage_engine.timeline",
    "earlier_snapshots": "coverage_engine.face.workspaces",
    "explain": "coverage_engine.face.explanations",
    "fill_form": "coverage_engine.face.papers",
    "find_enterprise": "coverage_engine.face.enterprises",
    "forget": "coverage_engine.face.soundness",
    "from_networkx": "coverage_engine.face.graphs",
    "history": "coverage_engine.face.workspaces",
    "import_ledgers": "coverage_engine.face.workspaces",
    "init": "coverage_engine.face.workspaces",
    "learn": "coverage_engine.face.lessons",
    "letters": "coverage_engine.face.papers",
    "load_policy": "coverage_engine.policy",
    "load_scenarios": "coverage_engine.face.simulations",
    "load_weights": "coverage_engine.face.lessons",
    "map_ledgers": "coverage_engine.face.column_mappings",
    "pdf": "coverage_engine.face.papers",
    "plan": "coverage_engine.planning",
    "plan_frames": "coverage_engine.planning_frames",
    "read_ledgers": "coverage_engine.ledgers",
    "read_tables": "coverage_engine.ledgers",
    "read_version": "coverage_engine.face.workspaces",
    "read_workspace": "coverage_engine.face.workspaces",
    "repair": "coverage_engine.face.soundness",
    "restore": "coverage_engine.face.workspaces",
    "returns": "coverage_engine.face.papers",
    "revert_weights": "coverage_engine.face.lessons",
    "review": "coverage_engine.reviewing",
    "sample": "coverage_engine.face.intake",
    "simulate": "coverage_engine.face.simulations",
    "spread": "coverage_engine.face.graphs",
    "template": "coverage_engine.face.intake",
    "trace": "coverage_engine.explanation.trace",
    "trace_lines": "coverage_engine.explanation.trace_lines",
    "traces": "coverage_engine.explanation.trace",
    "undo": "coverage_engine.face.workspaces",
    "verify": "coverage_engine.face.soundness",
    "write_comparison": "coverage_engine.face.workspaces",
    "write_plan": "coverage_engine.planning",
    "write_returns": "coverage_engine.face.papers",
    "write_review": "coverage_engine.reviewing",
    "write_sample": "coverage_engine.samples",
    "write_simulation": "coverage_engine.face.simulations",
}


__getattr__ = loader(__name__, _ON_DEMAND)
