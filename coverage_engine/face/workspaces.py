"""Workspaces by folder: what was handed in is kept, every change is previewed, journalled and undoable.

Each function opens the workspace of a folder. What only reads the journal loads no ledger reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine import workspace as room
from coverage_engine.arguments import (
    CALLABLE,
    DAY,
    FILE,
    FLAG,
    FOLDER,
    TEXT,
    checked,
    files,
    instance_of,
    maybe,
    several,
    whole,
)
from coverage_engine.delivery import deliver_file

if TYPE_CHECKING:
    import polars as pl

    from coverage_engine.model.findings import Findings
    from coverage_engine.model.snapshot import Snapshot
    from coverage_engine.workspace.changes import Change
    from coverage_engine.workspace.comparison import Comparison
    from coverage_engine.workspace.folder import Workspace
    from coverage_engine.workspace.journal import Entry

Progress = Callable[[str], None]

_NAMES = several(str, "文件名")


@checked(folder=FOLDER)
def init(folder: str | Path) -> Workspace:
    """A workspace (工作目录) made of a new or empty folder.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: the folder holds other things, or is a workspace already.

    Example:
        >>> init("新工作目录").folder.name
        '新工作目录'
    """
    return room.init_workspace(Path(folder))


@checked(
    workspace=FOLDER,
    sources=files(),
    apply=FLAG,
    dropped=_NAMES,
    only=FLAG,
    as_of=maybe(DAY),
    progress=CALLABLE,
)
def import_ledgers(
    workspace: str | Path,
    sources: str | Path | Sequence[str | Path] = (),
    *,
    apply: bool = False,
    dropped: Sequence[str] = (),
    only: bool = False,
    as_of: date | None = None,
    progress: Progress = lambda step: None,
) -> Change:
    """Ledgers taken into a workspace: previewed, or with `apply` kept and published as a version.

    Args:
        workspace: folder of the workspace.
        sources: files and folders; one of a name that is kept already takes the place of the former.
        apply: write; without it nothing is changed.
        dropped: names of kept files to be left out.
        only: leave out all kept files that are not among `sources`.
        as_of: day of the ledgers; by default the day that they tell.
        progress: is told how far reading has come.

    Returns:
        `snapshot` and `findings` after the change, `comparison` with what counted before (`diff`), and
        `entry` of the journal: None for a preview, and where nothing was to be changed.

    Raises:
        ArgumentError: an argument of the wrong kind.
        LedgerError: the ledgers cannot be used; what counted before still counts.
        WorkspaceError: no workspace, nothing to read, a file to be dropped is not there, or another process
            is changing the workspace.

    Example:
        >>> change = import_ledgers("底数", "台账", apply=True)
        >>> change.comparison.counts["dropped"]
        0
        >>> change.entry is None                    # the same as what counts already
        True
    """
    assert not isinstance(sources, str | Path)
    request = room.Request(sources, as_of, dropped, only)
    make = room.import_ledgers if apply else room.preview_import
    return make(room.open_workspace(Path(workspace)), request, progress)


@checked(workspace=FOLDER)
def read_workspace(workspace: str | Path) -> tuple[Snapshot, Findings]:
    """Snapshot and findings of the version that counts, verified; as `read_ledgers` gave them.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, nothing was imported yet, or the version is damaged.

    Example:
        >>> snapshot, findings = read_workspace("底数")
    """
    return room.load_current(room.open_workspace(Path(workspace)))


@checked(workspace=FOLDER, version=TEXT)
def read_version(workspace: str | Path, version: str) -> tuple[Snapshot, Findings]:
    """Snapshot and findings of a version by its number (`"2"` or `"000002"`), verified.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, no such version, or it is damaged.

    Example:
        >>> snapshot, findings = read_version("底数", "1")
    """
    return room.load_version(room.open_workspace(Path(workspace)), version)


@checked(workspace=FOLDER, most=whole(0))
def earlier_snapshots(workspace: str | Path, most: int = 11) -> list[Snapshot]:
    """Of every date before the present one the last version kept, by date; at most the latest `most`.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, nothing was imported yet, or a version is damaged.

    Example:
        >>> [snapshot.as_of.isoformat() for snapshot in earlier_snapshots("底数")]
        ['2019-05-31']
    """
    if not most:
        return []
    place = room.open_workspace(Path(workspace))
    present = room.load_current(place)[0].as_of
    by_day: dict[date, Snapshot] = {}
    for version in dict.fromkeys(entry.version for entry in reversed(room.history(place)) if entry.version):
        snapshot = room.load_version(place, version)[0]
        if snapshot.as_of < present:
            by_day.setdefault(snapshot.as_of, snapshot)
        if len(by_day) > most:
            break
    return [by_day[day] for day in sorted(by_day)[-most:]]


@checked(workspace=FOLDER)
def history(workspace: str | Path) -> list[Entry]:
    """What was done in a workspace, oldest first; the last entry is the one that counts.

    Each has `number`, `at` (local time, ISO 8601), `by`, `command`, `version` (None: none yet), `details`.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, or its journal was changed.

    Example:
        >>> [entry.command for entry in history("底数")]
        ['import', 'import']
    """
    return room.history(room.open_workspace(Path(workspace)))


@checked(workspace=FOLDER)
def undo(workspace: str | Path) -> Entry:
    """The last step taken back; a further undo takes back the one before. Gives the new entry.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, nothing to undo, or the version to go back to is damaged.

    Example:
        >>> undo("底数").details["from"]
        '000002'
    """
    return room.undo(room.open_workspace(Path(workspace)))


@checked(workspace=FOLDER, version=TEXT)
def restore(workspace: str | Path, version: str) -> Entry:
    """An earlier (or undone) version made to count again. Gives the new entry.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, no such version, or it is damaged.

    Example:
        >>> restore("底数", "1").version
        '000001'
    """
    return room.restore(room.open_workspace(Path(workspace)), version)


@checked(workspace=FOLDER, before=TEXT, after=TEXT)
def diff(workspace: str | Path, before: str, after: str) -> Comparison:
    """How one version differs from another, by codes and names that outlive numbering.

    Returns:
        `enterprises`, a row for each changed field (change added | changed | dropped, name, credit_code,
        county_code, field, before, after); `tables`, a row for each table (table, before, after, added,
        dropped: rows); `contradictions`, findings in which ledgers contradict each other; `counts`.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, no such version, or one is damaged.

    Example:
        >>> diff("底数", "1", "2").counts["changed"]
        1
    """
    place = room.open_workspace(Path(workspace))
    return room.compare_snapshots(room.load_version(place, before), room.load_version(place, after))


@checked(
    comparison=instance_of("coverage_engine.workspace", "Comparison", "diff 作出的对照（Comparison）"),
    file=FILE,
)
def write_comparison(comparison: Comparison, file: str | Path) -> Path:
    """A comparison (`diff`, or that of an import) written as a workbook (.xlsx), item by item.

    Raises:
        ArgumentError: an argument of the wrong kind.
        OutputError: there is such a file, and it is not ours or was edited.

    Example:
        >>> write_comparison(diff("底数", "1", "2"), "变化.xlsx").name
        '变化.xlsx'
    """
    place = Path(file)
    with deliver_file(place) as aside:
        room.write_comparison(comparison, aside)
    return place


@checked(workspace=FOLDER)
def doubts(workspace: str | Path) -> pl.DataFrame:
    """The pairs of names of which nobody can tell whether they are one firm, the weightiest first.

    Columns: those of the snapshot table `doubtful_pairs`, among them doubt (the number to answer by), ledger,
    name, name_of_firm, effect (coverage | count | duty | link), weight (young employees), reasons.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, nothing was imported yet, or the version is damaged.

    Example:
        >>> doubts("底数").height
        1
    """
    return read_workspace(workspace)[0]["doubtful_pairs"]


@checked(workspace=FOLDER, number=whole(1), same=FLAG, progress=CALLABLE)
def decide(
    workspace: str | Path, number: int, same: bool, *, progress: Progress = lambda step: None
) -> dict[str, str]:
    """A pair of `doubts` answered by its number; later imports follow the answer, and it can be undone.

    Returns:
        `name` and `name_of_firm` of the pair.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, no such number, or another process is changing the workspace.

    Example:
        >>> decide("底数", 1, True)["name"]
        '澈岚屿食品有限公司'
    """
    return room.decide_doubt(room.open_workspace(Path(workspace)), number, same, progress)
