"""Forgetting originals: the files handed in may hold personal data, the versions read from them hold none.

What is forgotten is told in the journal. Versions stay; a version whose originals are gone can be opened,
planned from and restored, but not read anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence

from coverage_engine.errors import WorkspaceError
from coverage_engine.workspace.folder import Workspace
from coverage_engine.workspace.input_files import InputFile
from coverage_engine.workspace.journal import Entry, current_entry, entries, record
from coverage_engine.workspace.locking import locked
from coverage_engine.workspace.stored_snapshots import version_ingredients

_COMMAND = "forget"


def forgettable(
    workspace: Workspace, names: Sequence[str] = (), *, everything: bool = False
) -> list[InputFile]:
    """The originals that `forget` would remove.

    By default those that no longer count; with `names` those of these names; with `everything` all of them.

    Raises:
        WorkspaceError: no original has one of the names.
    """
    known = entries(workspace)
    gone = forgotten(known)
    counting = {original.sha256 for original in version_ingredients(workspace).inputs}
    originals = {
        sha256: InputFile(name, sha256)
        for entry in known
        for name, sha256 in entry.details.get("inputs", {}).items()
        if sha256 not in gone
    }
    if names:
        unknown = sorted(set(names) - {original.name for original in originals.values()})
        if unknown:
            there = "、".join(sorted({each.name for each in originals.values()})) or "（无）"
            raise WorkspaceError(f"工作目录里没有名为 {'、'.join(unknown)} 的原件", f"现有：{there}。")
        return _sorted(each for each in originals.values() if each.name in set(names))
    return _sorted(each for each in originals.values() if everything or each.sha256 not in counting)


def forget(workspace: Workspace, names: Sequence[str] = (), *, everything: bool = False) -> list[InputFile]:
    """Removes those originals for good and says so in the journal; the removed ones.

    Raises:
        WorkspaceError: no original has one of the names, or another process is changing the workspace.
    """
    with locked(workspace, _COMMAND):
        removed = forgettable(workspace, names, everything=everything)
        if not removed:
            return []
        current = current_entry(workspace)
        # Told before it is done: a process killed between the two leaves files that the journal calls
        # forgotten, which the next `forget` removes, never versions whose originals vanished untold.
        record(
            workspace,
            _COMMAND,
            version=current.version,
            manifest=current.manifest,
            undo_to=current.undo_to,
            details={"forgotten": {original.sha256: original.name for original in removed}},
        )
        _sweep(workspace)
        return removed


def forgotten(known: Iterable[Entry]) -> frozenset[str]:
    """Hashes of the originals that were forgotten and not handed in again since."""
    gone: set[str] = set()
    for entry in known:
        if entry.command == _COMMAND:
            gone |= set(entry.details["forgotten"])
        elif entry.command == "import":
            gone -= set(entry.details.get("inputs", {}).values())
    return frozenset(gone)


# ---------------------------------------------------------------------------------------------- private


def _sorted(originals: Iterable[InputFile]) -> list[InputFile]:
    return sorted(originals, key=lambda each: (each.name, each.sha256))


def _sweep(workspace: Workspace) -> None:
    """Removes the files of everything forgotten."""
    for sha256 in sorted(forgotten(entries(workspace))):
        folder = workspace.inputs / sha256
        if folder.is_dir():
            shutil.rmtree(folder)
