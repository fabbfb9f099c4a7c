"""Workspace (工作目录): kept snapshots, every change previewed, journalled and undoable.

Its functions are loaded when they are asked for: opening a workspace needs no ledger reader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from coverage_engine.workspace.journal import Entry, history
    from coverage_engine.workspace.kept_snapshots import Kept, kept_version, load_current, load_version

__all__ = [
    "Change",
    "Comparison",
    "Entry",
    "Kept",
    "Request",
    "Workspace",
    "compare_snapshots",
    "decide",
    "decide_doubt",
    "history",
    "import_ledgers",
    "init_workspace",
    "kept_version",
    "load_current",
    "load_version",
    "open_workspace",
    "preview_import",
    "restore",
    "undo",
    "write_comparison",
]

_ON_DEMAND = {
    "Change": "changes",
    "Comparison": "comparison",
    "Entry": "journal",
    "Kept": "kept_snapshots",
    "Request": "changes",
    "Workspace": "folder",
    "compare_snapshots": "comparison",
    "decide": "changes",
    "decide_doubt": "changes",
    "history": "journal",
    "import_ledgers": "changes",
    "init_workspace": "folder",
    "kept_version": "kept_snapshots",
    "load_current": "kept_snapshots",
    "load_version": "kept_snapshots",
    "open_workspace": "folder",
    "preview_import": "changes",
    "restore": "changes",
    "undo": "changes",
    "write_comparison": "comparison_workbook",
}


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
