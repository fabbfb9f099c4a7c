"""The files handed in, kept unaltered under the hash of their content.

A file is known by its name within what was handed in (甲区/企业台账.xlsx); one of the same name replaces it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage_engine.durable import make_folder, write_durably
from coverage_engine.errors import WorkspaceError
from coverage_engine.ledgers.files.handed_in_folders import shown_name
from coverage_engine.ledgers.files.raw_sheets import ledger_files
from coverage_engine.ledgers.personal_data import without_people
from coverage_engine.workspace.folder import Workspace
from coverage_engine.workspace.versions import file_hash


@dataclass(frozen=True)
class InputFile:
    """A file handed in: its name within what was handed in, and the hash of its content."""

    name: str
    sha256: str

    def place(self, workspace: Workspace) -> Path:
        """Where it is kept: under its own name in a folder called after its hash."""
        return workspace.inputs / self.sha256 / Path(self.name).name


def handed_in(sources: Sequence[str | Path]) -> dict[str, Path]:
    """The ledger files of files and folders by name within what was handed in.

    Raises:
        LedgerError: a source does not exist or holds no ledgers.
        WorkspaceError: two different files have the same name.
    """
    named: dict[str, Path] = {}
    for source in map(Path, sources):
        files, _ = ledger_files([source])
        for file in files:
            whole = file.relative_to(source) if source.is_dir() else Path(file.name)
            name = "/".join(without_people(shown_name(part)) for part in whole.parts)
            if named.setdefault(name, file).resolve() != file.resolve():
                raise WorkspaceError(
                    f"有两个同名文件：{name}", "请改名或放进一个文件夹的不同子文件夹后，交那个文件夹。"
                )
    return named


def describe(named: dict[str, Path]) -> list[InputFile]:
    """Name and hash of each file handed in, by name."""
    return [InputFile(name, file_hash(file)) for name, file in sorted(named.items())]


def keep(workspace: Workspace, named: dict[str, Path]) -> list[InputFile]:
    """Copies files into the workspace; one that is there already is left as it is."""
    copies: list[InputFile] = []
    for name, file in sorted(named.items()):
        data = file.read_bytes()
        entry = InputFile(name, hashlib.sha256(data).hexdigest())
        place = entry.place(workspace)
        if not (place.exists() and file_hash(place) == entry.sha256):
            make_folder(place.parent)
            write_durably(place, data)
        copies.append(entry)
    return copies


def together(
    before: Iterable[InputFile], new: Iterable[InputFile], dropped: Sequence[str]
) -> list[InputFile]:
    """The files that count after an import: new ones replace kept ones of the same name.

    Raises:
        WorkspaceError: a file to be dropped is not there.
    """
    files = {entry.name: entry for entry in before}
    for name in dropped:
        if files.pop(name, None) is None:
            known = "、".join(sorted(files)) or "（无）"
            raise WorkspaceError(f"工作目录里没有名为 {name} 的台账", f"现有：{known}。")
    files.update({entry.name: entry for entry in new})
    return [files[name] for name in sorted(files)]


def verify_input(workspace: Workspace, entry: InputFile) -> None:
    """Sees that a kept file is what was handed in.

    Raises:
        WorkspaceError: it is missing or was changed.
    """
    place = entry.place(workspace)
    if not place.is_file() or file_hash(place) != entry.sha256:
        raise WorkspaceError(
            f"工作目录里的原件缺失或被改动：{entry.name}",
            f"请重新交入这个文件：coverage-engine import {entry.name} --workspace {workspace.folder} --apply",
        )


def sweep(workspace: Workspace) -> None:
    """Removes half-written copies of a killed process."""
    for folder, _, files in os.walk(workspace.inputs):
        for name in files:
            if name.endswith(".tmp"):
                (Path(folder) / name).unlink()
