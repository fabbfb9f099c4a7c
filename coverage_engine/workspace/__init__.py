"""Workspace (工作目录): kept snapshots, every change previewed, journalled and undoable.

Its functions are loaded when they are asked for: opening a workspace needs no ledger reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_engine.on_demand import loader

if TYPE_CHECKING:
    from coverage_engine.workspace.changes import (
        Change,
        Request,
        decide,
        decide_doubt,
        import_ledgers,
        preview_import,
        restore,
        undo,
    )
    from coverage_engine.workspace.comparison import Comparison, compare_snapshots
    from coverage_engine.workspace.comparison_workbook import write_comparison
    from coverage_engine.workspace.folder import Workspace, init_workspace, open_workspace
    from coverage_engine.workspace.forgetting import forget, forgettable
    from coverage_engine.workspace.journal import Entry, history
    from coverage_engine.workspace.soundness import Damage, Soundness, repair_workspace, verify_workspace
    from coverage_engine.workspace.stored_snapshots import (
        Ingredients,
        load_current,
        load_version,
        version_ingredients,
    )

__all__ = [
    "Change",
    "Comparison",
    "Damage",
    "Entry",
    "Ingredients",
    "Request",
    "Soundness",
    "Workspace",
    "compare_snapshots",
    "decide",
    "decide_doubt",
    "forget",
    "forgettable",
    "history",
    "import_ledgers",
    "init_workspace",
    "load_current",
    "load_version",
    "open_workspace",
    "preview_import",
    "repair_workspace",
    "restore",
    "undo",
    "verify_workspace",
    "version_ingredients",
    "write_comparison",
]

_ON_DEMAND = {
    "Change": "coverage_engine.workspace.changes",
    "Comparison": "coverage_engine.workspace.comparison",
    "Damage": "coverage_engine.workspace.soundness",
    "Entry": "coverage_engine.workspace.journal",
    "Ingredients": "coverage_engine.workspace.stored_snapshots",
    "Request": "coverage_engine.workspace.changes",
    "Soundness": "coverage_engine.workspace.soundness",
    "Workspace": "coverage_engine.workspace.folder",
    "compare_snapshots": "coverage_engine.workspace.comparison",
    "decide": "coverage_engine.workspace.changes",
    "decide_doubt": "coverage_engine.workspace.changes",
    "forget": "coverage_engine.workspace.forgetting",
    "forgettable": "coverage_engine.workspace.forgetting",
    "history": "coverage_engine.workspace.journal",
    "import_ledgers": "coverage_engine.workspace.changes",
    "init_workspace": "coverage_engine.workspace.folder",
    "version_ingredients": "coverage_engine.workspace.stored_snapshots",
    "load_current": "coverage_engine.workspace.stored_snapshots",
    "load_version": "coverage_engine.workspace.stored_snapshots",
    "open_workspace": "coverage_engine.workspace.folder",
    "preview_import": "coverage_engine.workspace.changes",
    "repair_workspace": "coverage_engine.workspace.soundness",
    "restore": "coverage_engine.workspace.changes",
    "undo": "coverage_engine.workspace.changes",
    "verify_workspace": "coverage_engine.workspace.soundness",
    "write_comparison": "coverage_engine.workspace.comparison_workbook",
}


__getattr__ = loader(__name__, _ON_DEMAND)
