"""What commands read from a workspace in place of ledgers: its snapshot, and those of earlier dates."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine.errors import WorkspaceError

if TYPE_CHECKING:
    from coverage_engine.cli.speech import Steps
    from coverage_engine.model.findings import Findings
    from coverage_engine.model.snapshot import Snapshot


def read_workspace(
    folder: Path, ledgers: tuple[Path, ...], as_of: datetime | None, steps: Steps
) -> tuple[Snapshot, Findings]:
    """The snapshot that counts in a workspace, verified.

    Raises:
        WorkspaceError: ledgers or a date were given beside it, or nothing was imported yet.
    """
    from coverage_engine.workspace import load_current, open_workspace

    workspace_alone(folder, ledgers, as_of)
    steps("打开工作目录")
    return load_current(open_workspace(folder))


def workspace_alone(folder: Path, ledgers: tuple[Path, ...], as_of: datetime | None) -> None:
    """Sees that nothing is given that the workspace has already.

    Raises:
        WorkspaceError: ledgers or a date were given beside it.
    """
    if ledgers or as_of is not None:
        raise WorkspaceError(
            "--workspace 不能与台账文件或 --as-of 同时使用",
            f"先导入：coverage-engine import 台账 --workspace {folder} --apply，再用 --workspace。",
        )


def earlier_snapshots(folder: Path, most: int) -> list[Snapshot]:
    """Of every date before the present one the last version kept, at most the latest `most` dates.

    Raises:
        WorkspaceError: a version was changed or removed.
    """
    from coverage_engine.workspace import history, load_current, load_version, open_workspace

    workspace = open_workspace(folder)
    present = load_current(workspace)[0].as_of
    found: dict[date, Snapshot] = {}
    for version in dict.fromkeys(entry.version for entry in reversed(history(workspace)) if entry.version):
        snapshot = load_version(workspace, version)[0]
        if snapshot.as_of < present:
            found.setdefault(snapshot.as_of, snapshot)
        if len(found) > most:
            break
    return [found[day] for day in sorted(found)[-most:]]
