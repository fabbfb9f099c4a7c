"""Kept results (留存结果): tables computed from a version, under a name made of all they depend on.

RESULTS/<name>/
  <table>.parquet   one file for each table
  words.json        what is no table
  manifest.json     the hash of each of the files

A folder is published by one rename and never changed. What is missing, cut short or otherwise not what was
published is as if it had never been kept: results can always be computed again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.durable import make_folder, publish_folder
from coverage_engine.workspace.folder import Workspace

_MANIFEST, _WORDS = "manifest.json", "words.json"
# Results of former versions, policies or weights are let go beyond so many.
_MOST = 8


@dataclass(frozen=True)
class Results:
    """Tables, scanned where they lie or at hand, and what is told beside them."""

    tables: Mapping[str, pl.LazyFrame]
    words: Mapping[str, Any]


def name_of(parts: Iterable[bytes]) -> str:
    """The name of results that depend on these parts, each in its place."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def stored_results(workspace: Workspace, name: str) -> Results | None:
    """The results of a name, byte for byte what was published; none where they are not there, or damaged."""
    folder = workspace.results / name
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        for file, hashed in manifest.items():
            if hashlib.sha256((folder / file).read_bytes()).hexdigest() != hashed:
                return None
        tables = {file.removesuffix(".parquet") for file in manifest if file.endswith(".parquet")}
        words = json.loads((folder / _WORDS).read_bytes()) if _WORDS in manifest else None
    except (OSError, ValueError, AttributeError):
        return None
    if words is None:
        return None
    return Results({table: pl.scan_parquet(folder / f"{table}.parquet") for table in sorted(tables)}, words)


def keep_results(
    workspace: Workspace, name: str, tables: Mapping[str, pl.DataFrame], words: Mapping[str, Any]
) -> None:
    """Publishes results; where nothing can be written, nothing is kept."""
    try:
        make_folder(workspace.results)
        prepared = Path(tempfile.mkdtemp(prefix=".tmp-", dir=workspace.results))
        try:
            _write(prepared, tables, words)
            shutil.rmtree(workspace.results / name, ignore_errors=True)
            publish_folder(prepared, workspace.results / name)
        finally:
            shutil.rmtree(prepared, ignore_errors=True)
        _let_go(workspace)
    except OSError:
        return


# ---------------------------------------------------------------------------------------------- private


def _write(folder: Path, tables: Mapping[str, pl.DataFrame], words: Mapping[str, Any]) -> None:
    for table, frame in tables.items():
        frame.write_parquet(folder / f"{table}.parquet", compression="zstd", statistics=True)
    (folder / _WORDS).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}
    (folder / _MANIFEST).write_text(json.dumps(hashes, indent=1), "utf-8")


def _let_go(workspace: Workspace) -> None:
    """Removes the results kept longest ago, beyond the most that are kept, and what a killed process left."""
    folders = sorted(workspace.results.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for folder in folders[_MOST:]:
        shutil.rmtree(folder, ignore_errors=True)
