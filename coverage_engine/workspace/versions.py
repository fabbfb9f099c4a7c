"""A version on disk: its folder, its manifest, and whether its files are byte for byte what was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coverage_engine.errors import WorkspaceError
from coverage_engine.workspace.folder import Workspace
from coverage_engine.workspace.journal import Entry, current_entry

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20


def counting_entry(workspace: Workspace) -> Entry:
    """The entry whose version counts.

    Raises:
        WorkspaceError: nothing was imported yet.
    """
    entry = current_entry(workspace)
    if entry.version is None:
        raise WorkspaceError(
            "工作目录里还没有台账",
            f"请先导入：coverage-engine import 台账文件夹 --workspace {workspace.folder} --apply",
        )
    return entry


def version_folder(workspace: Workspace, version: str) -> Path:
    """Where a version lies."""
    return workspace.snapshots / version


def manifest_of(workspace: Workspace, entry: Entry) -> dict[str, Any]:
    """The manifest of the version that an entry made.

    Raises:
        WorkspaceError: it is missing, was changed, or was written by newer software.
    """
    file = version_folder(workspace, entry.version or "") / MANIFEST
    if not file.is_file():
        raise damaged(workspace, entry.version)
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != entry.manifest:
        raise damaged(workspace, entry.version)
    manifest: dict[str, Any] = json.loads(data)
    if manifest["format"] != FORMAT:
        raise WorkspaceError(f"版本 {entry.version} 由更新的软件写成", "请升级 coverage-engine 后再打开。")
    return manifest


def verified_files(
    workspace: Workspace, entry: Entry, tables: Iterable[str] | None = None
) -> dict[str, Path]:
    """The files of a version's tables (default: of all), each byte for byte what was published.

    Raises:
        WorkspaceError: a file is missing or was changed.
    """
    hashes = manifest_of(workspace, entry)["tables"]
    folder = version_folder(workspace, entry.version or "")
    files = {name: folder / f"{name}.parquet" for name in hashes if tables is None or name in set(tables)}
    for name, file in files.items():
        if not file.is_file() or file_hash(file) != hashes[name]["sha256"]:
            raise damaged(workspace, entry.version)
    return files


def file_hash(file: Path) -> str:
    """SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def damaged(workspace: Workspace, version: str | None) -> WorkspaceError:
    """What is told of a version that is not what was published."""
    return WorkspaceError(
        f"版本 {version} 的文件缺失或被改动，与校验值不符",
        f"请恢复另一个版本（coverage-engine history --workspace {workspace.folder} 查看），"
        "或用原台账重新导入。",
    )
