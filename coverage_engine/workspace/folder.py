"""The workspace folder: what lies where in it.

WORKSPACE/
  CURRENT          which journal entry, and so which snapshot, counts: the only file ever replaced
  journal.jsonl    who did what when, with hashes; lines are only ever added
  inputs/          the files handed in, unaltered, each under the hash of its content
  snapshots/       one folder for each version, never changed once it is there
  results/         what was computed from versions, kept to be read again; may be removed at any time
  lock             held while one process changes something
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coverage_engine.durable import make_folder, write_durably
from coverage_engine.errors import WorkspaceError

_NOTE = """这是 coverage-engine 的工作目录，请勿手工改动其中的文件。
inputs 里是交来的台账原件（可能含个人信息），请按内部资料保管。
查看历史：coverage-engine history --workspace 本文件夹
撤销一步：coverage-engine undo --workspace 本文件夹
"""
_PRIVATE = 0o700


@dataclass(frozen=True)
class Workspace:
    """工作目录: the planner's own folder of kept ledgers and snapshots."""

    folder: Path

    @property
    def current(self) -> Path:
        """File that names the journal entry that counts."""
        return self.folder / "CURRENT"

    @property
    def journal(self) -> Path:
        """The append-only journal."""
        return self.folder / "journal.jsonl"

    @property
    def inputs(self) -> Path:
        """Folder of the files handed in."""
        return self.folder / "inputs"

    @property
    def snapshots(self) -> Path:
        """Folder of the versions."""
        return self.folder / "snapshots"

    @property
    def results(self) -> Path:
        """Folder of kept results."""
        return self.folder / "results"

    @property
    def lock(self) -> Path:
        """File that is locked while something changes."""
        return self.folder / "lock"


def init_workspace(folder: Path) -> Workspace:
    """Makes a workspace of a new or empty folder.

    Raises:
        WorkspaceError: the folder holds other things, or is a workspace already.
    """
    workspace = Workspace(folder)
    if workspace.current.exists():
        raise WorkspaceError(
            f"{folder} 已经是工作目录", f"直接使用即可：coverage-engine history --workspace {folder}"
        )
    if folder.exists() and (not folder.is_dir() or _holds_other_things(workspace)):
        raise WorkspaceError(f"{folder} 不是空文件夹", "请另选一个新的或空的文件夹。")
    make_folder(folder)
    folder.chmod(_PRIVATE)
    make_folder(workspace.inputs)
    make_folder(workspace.snapshots)
    write_durably(folder / "说明.txt", _NOTE.encode())
    write_durably(folder / ".gitignore", b"*\n")
    write_durably(workspace.current, b'{"entry": 0, "version": null}\n')
    return workspace


def open_workspace(folder: Path) -> Workspace:
    """The workspace in a folder.

    Raises:
        WorkspaceError: the folder is no workspace.
    """
    workspace = Workspace(folder)
    if not (workspace.current.is_file() or workspace.journal.is_file()):
        raise WorkspaceError(f"{folder} 不是工作目录", f"请先运行 coverage-engine init {folder}。")
    return workspace


# ---------------------------------------------------------------------------------------------- private


def _holds_other_things(workspace: Workspace) -> bool:
    """Whether anything lies there that an interrupted `init` did not leave."""
    own = {"inputs", "snapshots", "说明.txt", ".gitignore", "CURRENT.tmp", "说明.txt.tmp", ".gitignore.tmp"}
    return any(entry.name not in own for entry in workspace.folder.iterdir())
