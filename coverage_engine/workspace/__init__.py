"""Workspace (工作目录): kept snapshots, every change previewed, journalled and undoable."""

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
