"""What changes a workspace: import, decisions, undo, restore; each journalled, each undoable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from coverage_engine.errors import WorkspaceError
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.ledgers.reading import read_ledgers
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.workspace.comparison import Comparison, compare_snapshots
from coverage_engine.workspace.folder import Workspace
from coverage_engine.workspace.input_files import (
    InputFile,
    describe,
    handed_in,
    keep,
    sweep,
    together,
    verify_input,
)
from coverage_engine.workspace.journal import Entry, current_entry, entry_of, record
from coverage_engine.workspace.locking import locked
from coverage_engine.workspace.stored_snapshots import (
    Ingredients,
    Version,
    keep_version,
    load_current,
    verify,
    version_entry,
    version_ingredients,
)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Change:
    """A change as previewed or made: the snapshot after it, its findings, how it differs from what counted.

    `entry` is the journal entry; None for a preview, and where nothing was to be changed.
    """

    snapshot: Snapshot
    findings: Findings
    comparison: Comparison
    inputs: tuple[InputFile, ...]
    entry: Entry | None = None


@dataclass(frozen=True)
class Request:
    """What an import is asked to do: `dropped` names are taken out, `only` takes out all kept files."""

    sources: Sequence[str | Path] = ()
    as_of: date | None = None
    dropped: Sequence[str] = ()
    only: bool = False


def preview_import(workspace: Workspace, request: Request, progress: Progress = lambda step: None) -> Change:
    """What an import would add, change, contradict and drop; nothing is written.

    Raises:
        LedgerError: the ledgers cannot be used.
        WorkspaceError: a file to be dropped is not there.
    """
    ingredients = version_ingredients(workspace)
    named = handed_in(request.sources)
    inputs = together(() if request.only else ingredients.inputs, describe(named), request.dropped)
    places = [named.get(entry.name) or entry.place(workspace) for entry in inputs]
    after = replace(ingredients, inputs=tuple(inputs), as_of=request.as_of or ingredients.as_of)
    return _read(workspace, after, places, progress)


def import_ledgers(workspace: Workspace, request: Request, progress: Progress = lambda step: None) -> Change:
    """Keeps the files handed in and publishes the snapshot read from all kept files.

    Raises:
        LedgerError: the ledgers cannot be used; what counted before still counts.
        WorkspaceError: another process is changing the workspace.
    """
    with locked(workspace, "import"):
        sweep(workspace)
        ingredients = version_ingredients(workspace)
        new = keep(workspace, handed_in(request.sources))
        inputs = tuple(together(() if request.only else ingredients.inputs, new, request.dropped))
        after = replace(ingredients, inputs=inputs, as_of=request.as_of or ingredients.as_of)
        return _publish(workspace, "import", after, progress)


def decide(
    workspace: Workspace, decisions: Sequence[Decision], progress: Progress = lambda step: None
) -> Change:
    """Stores answers about doubtful pairs and publishes the snapshot that they lead to.

    Raises:
        WorkspaceError: nothing was imported yet, or another process is changing the workspace.
    """
    with locked(workspace, "decide"):
        ingredients = version_ingredients(workspace)
        if not ingredients.inputs:
            raise WorkspaceError("工作目录里还没有台账", "请先用 coverage-engine import 导入台账。")
        return _publish(
            workspace,
            "decide",
            replace(ingredients, decisions=(*ingredients.decisions, *decisions)),
            progress,
        )


def decide_doubt(
    workspace: Workspace, number: int, same: bool, progress: Progress = lambda step: None
) -> dict[str, str]:
    """Answers one pair of the queue by its number; its `name` and `name_of_firm`.

    Raises:
        WorkspaceError: no such number.
    """
    queue = load_current(workspace)[0]["doubtful_pairs"]
    doubt = queue.filter(pl.col("doubt") == number)
    if doubt.is_empty():
        raise WorkspaceError(
            f"没有序号 {number} 的待定名称（共 {queue.height} 对）",
            f"请先看 coverage-engine doubts --workspace {workspace.folder}。",
        )
    row = doubt.row(0, named=True)
    decide(workspace, [Decision(row["left"], row["right"], same)], progress)
    return {"name": row["name"], "name_of_firm": row["name_of_firm"]}


def undo(workspace: Workspace) -> Entry:
    """Goes back to what counted before the last import, decision or restore; a further undo goes further.

    Raises:
        WorkspaceError: there is nothing to undo, or the version to go back to is damaged.
    """
    with locked(workspace, "undo"):
        current = current_entry(workspace)
        if current.version is None:
            raise WorkspaceError("没有可撤销的步骤", "用 coverage-engine history 查看做过什么。")
        target = entry_of(workspace, current.undo_to)
        if target.version is not None:
            verify(workspace, target)
        return record(
            workspace,
            "undo",
            version=target.version,
            manifest=target.manifest,
            undo_to=target.undo_to,
            details={"from": current.version},
        )


def restore(workspace: Workspace, wanted: str) -> Entry:
    """Makes an earlier (or undone) version count again.

    Raises:
        WorkspaceError: no such version, or it is damaged.
    """
    with locked(workspace, "restore"):
        target = version_entry(workspace, wanted)
        verify(workspace, target)
        current = current_entry(workspace)
        return record(
            workspace,
            "restore",
            version=target.version,
            manifest=target.manifest,
            undo_to=current.number,
            details={"from": current.version},
        )


# ---------------------------------------------------------------------------------------------- private


def _read(
    workspace: Workspace, ingredients: Ingredients, places: Sequence[Path], progress: Progress
) -> Change:
    for entry, place in zip(ingredients.inputs, places, strict=True):
        if place == entry.place(workspace):
            verify_input(workspace, entry)
    if not places:
        raise WorkspaceError("没有要读的台账", "请给出台账文件或文件夹。")
    snapshot, findings = read_ledgers(
        places, as_of=ingredients.as_of, decisions=ingredients.decisions, progress=progress
    )
    before = load_current(workspace) if current_entry(workspace).version else None
    return Change(snapshot, findings, compare_snapshots(before, (snapshot, findings)), ingredients.inputs)


def _publish(workspace: Workspace, command: str, ingredients: Ingredients, progress: Progress) -> Change:
    places = [entry.place(workspace) for entry in ingredients.inputs]
    change = _read(workspace, ingredients, places, progress)
    current = current_entry(workspace)
    if current.version is not None and ingredients == version_ingredients(workspace):
        return change
    progress("写入工作目录")
    name, manifest = keep_version(workspace, Version(change.snapshot, change.findings, ingredients))
    entry = record(
        workspace,
        command,
        version=name,
        manifest=manifest,
        undo_to=current.number,
        details={
            "as_of": change.snapshot.as_of.isoformat(),
            "inputs": {each.name: each.sha256 for each in ingredients.inputs},
            "decisions": len(ingredients.decisions),
            "enterprises": change.snapshot["enterprises"].height,
        },
    )
    return replace(change, entry=entry)
