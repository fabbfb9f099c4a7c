"""Care of a workspace: whether it is whole, what can be mended, which originals are no longer kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine import workspace as room
from coverage_engine.arguments import CALLABLE, FLAG, FOLDER, checked, several

if TYPE_CHECKING:
    from coverage_engine.workspace.input_files import InputFile
    from coverage_engine.workspace.soundness import Soundness

Progress = Callable[[str], None]

_NAMES = several(str, "文件名")


@checked(workspace=FOLDER, progress=CALLABLE)
def verify(workspace: str | Path, *, progress: Progress = lambda step: None) -> Soundness:
    """Every version and original of a workspace compared with its hash; nothing is changed.

    Returns:
        How many `versions` and `originals` were looked at, and `damages` (subject, name, problem, remedy).

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace.

    Example:
        >>> verify("底数").damages
        ()
    """
    return room.verify_workspace(room.open_workspace(Path(workspace)), progress)


@checked(workspace=FOLDER, progress=CALLABLE)
def repair(workspace: str | Path, *, progress: Progress = lambda step: None) -> Soundness:
    """A workspace mended from its journal and originals; what cannot be mended is told.

    Returns:
        As `verify`, after mending, with what was `mended`.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, or another process is changing it.

    Example:
        >>> repair("底数").mended
        ()
    """
    return room.repair_workspace(room.open_workspace(Path(workspace)), progress)


@checked(workspace=FOLDER, names=_NAMES, everything=FLAG, apply=FLAG)
def forget(
    workspace: str | Path, names: Sequence[str] = (), *, everything: bool = False, apply: bool = False
) -> list[InputFile]:
    """The originals that would be removed, or with `apply` are removed for good; versions stay.

    Args:
        workspace: folder of the workspace.
        names: of the originals; by default all those that no longer count.
        everything: those that count as well: answers and partial imports are then no longer possible.
        apply: remove; without it they are only listed.

    Returns:
        Name and sha256 of each.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: no workspace, no original of a name, or another process is changing the workspace.

    Example:
        >>> [original.name for original in forget("底数")]
        ['企业台账.csv']
    """
    remove = room.forget if apply else room.forgettable
    return remove(room.open_workspace(Path(workspace)), names, everything=everything)
