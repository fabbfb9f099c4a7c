"""Whether a workspace is what was left in it, and mending what can be mended.

`verify_workspace` looks at CURRENT, the journal, every version and every original. `repair_workspace` points
CURRENT at what the journal says, and reads versions anew from their originals: a table is put back only where
it comes out byte for byte as it was published.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coverage_engine.durable import make_folder, sync_folder
from coverage_engine.errors import CoverageEngineError, WorkspaceError
from coverage_engine.ledgers.reading import read_ledgers
from coverage_engine.workspace.folder import Workspace
from coverage_engine.workspace.forgetting import forgotten
from coverage_engine.workspace.input_files import InputFile, verify_input
from coverage_engine.workspace.journal import ORIGIN, Entry, entries, history, led_to, point_at
from coverage_engine.workspace.locking import locked
from coverage_engine.workspace.stored_snapshots import Version, ingredients_of, verify, write_tables
from coverage_engine.workspace.versions import file_hash, manifest_of, version_folder

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Damage:
    """损坏: one thing that is not what was left, and what to do about it.

    `subject` is CURRENT, journal, version or original; `name` says which.
    """

    subject: str
    name: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Soundness:
    """What was looked at (`versions`, `originals`: how many), what is damaged, and what was mended."""

    versions: int
    originals: int
    damages: tuple[Damage, ...]
    mended: tuple[str, ...] = ()


def verify_workspace(workspace: Workspace, progress: Progress = lambda step: None) -> Soundness:
    """Looks at every file that the workspace rests on; nothing is changed."""
    try:
        known = entries(workspace)
    except WorkspaceError as error:
        return Soundness(0, 0, (_damage("journal", "journal.jsonl", error),))
    damages = list(_pointer_damages(workspace))
    versions = _published(known)
    originals: dict[str, InputFile] = {}
    for entry in versions:
        progress(f"核对版本 {entry.version}")
        damages += _troubles("version", str(entry.version), partial(verify, workspace, entry))
        originals |= {each.sha256: each for each in _originals(entry)}
    for sha256 in sorted(originals.keys() - forgotten(known)):
        look = partial(verify_input, workspace, originals[sha256])
        damages += _troubles("original", originals[sha256].name, look)
    return Soundness(len(versions), len(originals), tuple(damages))


def repair_workspace(workspace: Workspace, progress: Progress = lambda step: None) -> Soundness:
    """Mends what the journal and the originals allow; what is left damaged is told with what to do.

    Raises:
        WorkspaceError: the journal itself is damaged, or another process is changing the workspace.
    """
    with locked(workspace, "repair"):
        known = entries(workspace)
        mended = [
            f"版本 {entry.version}：{count} 张表按原件重建"
            for entry in _published(known)
            if (count := _reread(workspace, entry, progress))
        ]
        if _pointer_damages(workspace):
            counting = _last_whole(workspace, known)
            point_at(workspace, counting)
            mended.insert(
                0, f"CURRENT：按日志第 {counting.number} 条重建，采用版本 {counting.version or '（无）'}"
            )
        after = verify_workspace(workspace, progress)
        return Soundness(after.versions, after.originals, after.damages, tuple(mended))


# ---------------------------------------------------------------------------------------------- private


def _damage(subject: str, name: str, error: CoverageEngineError) -> Damage:
    return Damage(subject, name, error.problem, error.remedy)


def _troubles(subject: str, name: str, look: Callable[[], None]) -> Iterator[Damage]:
    try:
        look()
    except WorkspaceError as error:
        yield _damage(subject, name, error)


def _pointer_damages(workspace: Workspace) -> tuple[Damage, ...]:
    try:
        history(workspace)
    except WorkspaceError as error:
        return (_damage("CURRENT", "CURRENT", error),)
    return ()


def _published(known: Sequence[Entry]) -> list[Entry]:
    """The entry that made each version; one that an interrupted command left behind counts for nothing."""
    made: dict[str, Entry] = {}
    for entry in led_to(known, known[-1].number if known else 0):
        if entry.version is not None and entry.command in ("import", "decide"):
            made.setdefault(entry.version, entry)
    return list(made.values())


def _originals(entry: Entry) -> list[InputFile]:
    """The originals that a version rests on, from the journal: the manifest may be damaged."""
    return [InputFile(name, sha256) for name, sha256 in entry.details.get("inputs", {}).items()]


def _last_whole(workspace: Workspace, known: list[Entry]) -> Entry:
    """The last entry that leads back to the beginning and whose version is whole."""
    for entry in reversed(known):
        try:
            led_to(known, entry.number)
            if entry.version is not None:
                verify(workspace, entry)
        except WorkspaceError:
            continue
        return entry
    return ORIGIN


def _reread(workspace: Workspace, entry: Entry, progress: Progress) -> int:
    """Tables of a damaged version put back from its originals; how many."""
    if not [*_troubles("version", str(entry.version), partial(verify, workspace, entry))]:
        return 0
    try:
        tables, ingredients = manifest_of(workspace, entry)["tables"], ingredients_of(workspace, entry)
        for original in ingredients.inputs:
            verify_input(workspace, original)
        places = [original.place(workspace) for original in ingredients.inputs]
        progress(f"按原件重建版本 {entry.version}")
        snapshot, findings = read_ledgers(places, as_of=ingredients.as_of, decisions=ingredients.decisions)
    except (CoverageEngineError, json.JSONDecodeError):
        return 0
    prepared = workspace.snapshots / f".tmp-repair-{entry.version}"
    make_folder(prepared)
    write_tables(Version(snapshot, findings, ingredients), prepared)
    count = sum(
        _put_back(prepared, version_folder(workspace, str(entry.version)), name, tables) for name in tables
    )
    shutil.rmtree(prepared)
    return count


def _put_back(prepared: Path, folder: Path, table: str, tables: dict[str, dict[str, object]]) -> bool:
    """Whether a damaged table came out as it was published, and so was put back."""
    fresh, standing = prepared / f"{table}.parquet", folder / f"{table}.parquet"
    wanted = tables[table]["sha256"]
    if (
        (standing.is_file() and file_hash(standing) == wanted)
        or not fresh.is_file()
        or file_hash(fresh) != wanted
    ):
        return False
    fresh.replace(standing)
    sync_folder(folder)
    return True
