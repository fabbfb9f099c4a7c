"""Versions: a Snapshot with its findings as Parquet files in a folder that is never changed afterwards."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as software_version
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.durable import make_folder, publish_folder
from coverage_engine.errors import WorkspaceError
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot, build_snapshot
from coverage_engine.model.tables import FINDINGS_TABLE, conform
from coverage_engine.workspace.folder import Workspace
from coverage_engine.workspace.input_files import InputFile
from coverage_engine.workspace.journal import Entry, current_entry, history
from coverage_engine.workspace.versions import (
    FORMAT,
    MANIFEST,
    counting_entry,
    file_hash,
    manifest_of,
    verified_files,
    version_folder,
)


@dataclass(frozen=True)
class Ingredients:
    """What a version rests on: files handed in, decisions about doubtful pairs, and the as-of date given."""

    inputs: tuple[InputFile, ...] = ()
    decisions: tuple[Decision, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True)
class Version:
    """A snapshot to be kept, with what it rests on."""

    snapshot: Snapshot
    findings: Findings
    ingredients: Ingredients


def load_current(workspace: Workspace) -> tuple[Snapshot, Findings]:
    """The snapshot that counts, verified against its hashes.

    Raises:
        WorkspaceError: nothing was imported yet, or files were changed.
    """
    return _load(workspace, counting_entry(workspace))


def load_version(workspace: Workspace, wanted: str) -> tuple[Snapshot, Findings]:
    """A version by number (3 or 000003), verified against its hashes.

    Raises:
        WorkspaceError: no such version, or its files were changed.
    """
    return _load(workspace, version_entry(workspace, wanted))


def version_ingredients(workspace: Workspace) -> Ingredients:
    """What the version that counts rests on; nothing before the first import."""
    entry = current_entry(workspace)
    return ingredients_of(workspace, entry) if entry.version is not None else Ingredients()


def ingredients_of(workspace: Workspace, entry: Entry) -> Ingredients:
    """What the version of an entry rests on.

    Raises:
        WorkspaceError: its manifest is missing or was changed.
    """
    manifest = manifest_of(workspace, entry)
    given = manifest["as_of_given"]
    return Ingredients(
        inputs=tuple(InputFile(**each) for each in manifest["inputs"]),
        decisions=tuple(Decision(**each) for each in manifest["decisions"]),
        as_of=date.fromisoformat(given) if given else None,
    )


def version_entry(workspace: Workspace, wanted: str) -> Entry:
    """The entry that made a version.

    Raises:
        WorkspaceError: no such version.
    """
    made = {entry.version: entry for entry in reversed(history(workspace)) if entry.version}
    name = wanted.strip().lstrip("vV").zfill(6)
    if name not in made:
        known = "、".join(sorted(made)) or "（还没有）"
        raise WorkspaceError(f"没有版本 {wanted}", f"现有版本：{known}；用 coverage-engine history 查看。")
    return made[name]


def verify(workspace: Workspace, entry: Entry) -> None:
    """Sees that a version is byte for byte what was published.

    Raises:
        WorkspaceError: a file is missing or was changed.
    """
    verified_files(workspace, entry)


def keep_version(workspace: Workspace, version: Version) -> tuple[str, str]:
    """Writes a version and publishes its folder; its name and the hash of its manifest."""
    _sweep(workspace)
    done = [entry.version for entry in history(workspace) if entry.version]
    name = f"{max(map(int, done), default=0) + 1:06d}"
    prepared = workspace.snapshots / f".tmp-{name}"
    make_folder(prepared)
    write_tables(version, prepared)
    manifest = _text(_described(name, version, prepared))
    (prepared / MANIFEST).write_bytes(manifest)
    publish_folder(prepared, version_folder(workspace, name))
    return name, hashlib.sha256(manifest).hexdigest()


def write_tables(version: Version, folder: Path) -> None:
    """Writes the tables of a version and its findings, one file each."""
    for table, frame in {**version.snapshot.tables, "findings": version.findings.table}.items():
        frame.write_parquet(folder / f"{table}.parquet", compression="zstd", statistics=False)


# ---------------------------------------------------------------------------------------------- private


def _load(workspace: Workspace, entry: Entry) -> tuple[Snapshot, Findings]:
    manifest, files = manifest_of(workspace, entry), verified_files(workspace, entry)
    # memory_map off: the bytes just verified are read, and the folder can be removed on Windows too.
    tables = {name: pl.read_parquet(file, memory_map=False) for name, file in files.items()}
    findings = Findings(conform(tables.pop("findings"), FINDINGS_TABLE))
    day = date.fromisoformat(manifest["as_of"])
    return build_snapshot(day, tables, frozenset(manifest["kinds"])), findings


def _described(name: str, version: Version, folder: Path) -> Mapping[str, Any]:
    ingredients = version.ingredients
    return {
        "format": FORMAT,
        "version": name,
        "software": software_version("coverage-engine"),
        "as_of": version.snapshot.as_of.isoformat(),
        "as_of_given": ingredients.as_of.isoformat() if ingredients.as_of else None,
        "kinds": sorted(version.snapshot.kinds),
        "inputs": [{"name": entry.name, "sha256": entry.sha256} for entry in ingredients.inputs],
        "decisions": [decision.as_record() for decision in ingredients.decisions],
        "tables": {
            file.stem: {"sha256": file_hash(file), "bytes": file.stat().st_size}
            for file in sorted(folder.glob("*.parquet"))
        },
    }


def _sweep(workspace: Workspace) -> None:
    """Removes what a killed process left: folders in preparation, and versions that never counted."""
    counted = {entry.version for entry in history(workspace)}
    for folder in sorted(workspace.snapshots.iterdir()):
        if folder.name not in counted:
            shutil.rmtree(folder)


def _text(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def inputs_of(workspace: Workspace, entries: Sequence[InputFile]) -> list[Path]:
    """Where the kept files lie, in the order of their names."""
    return [entry.place(workspace) for entry in entries]
