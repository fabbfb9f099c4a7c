"""The journal: who did what when, each line bound to the one before it by its hash.

An entry is written before CURRENT is moved to it. An entry that CURRENT never reached (the process was
killed between the two) is known by that nothing leads to it: it counts as interrupted, and nothing is mended.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from coverage_engine.durable import append_durably, write_durably
from coverage_engine.errors import WorkspaceError
from coverage_engine.workspace.folder import Workspace

_START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One line of the journal.

    `version` is the snapshot that counts after it (None: none yet), `after` the entry that counted before it,
    `undo_to` the entry whose state an undo returns to, `manifest` the hash of the version's manifest.
    """

    number: int
    command: str
    at: str
    by: str
    version: str | None
    after: int
    undo_to: int
    manifest: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    previous: str = _START
    hash: str = ""


ORIGIN = Entry(0, "init", "", "", None, 0, 0)
"""The state of a workspace before anything was imported."""


def entries(workspace: Workspace) -> list[Entry]:
    """All entries, interrupted ones among them.

    Raises:
        WorkspaceError: a line was changed or removed afterwards.
    """
    lines: list[Entry] = []
    previous = _START
    for line in _lines(workspace):
        entry = _parsed(line)
        if entry is None:
            continue
        if entry.previous != previous or entry.hash != _hash(entry):
            raise WorkspaceError(
                f"工作目录的日志第 {entry.number} 条与其校验值不符，可能被改动过",
                "请从备份恢复整个工作目录；台账原件仍在 inputs 文件夹里。",
            )
        previous = entry.hash
        lines.append(entry)
    return lines


def history(workspace: Workspace) -> list[Entry]:
    """The entries that took effect, oldest first."""
    known = entries(workspace)
    return led_to(known, _pointed_at(workspace, known).number)


def led_to(known: Sequence[Entry], number: int) -> list[Entry]:
    """The entries that led to the one of that number, oldest first.

    Raises:
        WorkspaceError: one of them is not among those known.
    """
    by_number = {entry.number: entry for entry in known}
    done: list[Entry] = []
    while number:
        if number not in by_number:
            raise WorkspaceError(f"工作目录的日志缺第 {number} 条", "请从备份恢复整个工作目录。")
        done.append(by_number[number])
        number = by_number[number].after
    return done[::-1]


def current_entry(workspace: Workspace) -> Entry:
    """The entry that counts."""
    return (history(workspace) or [ORIGIN])[-1]


def entry_of(workspace: Workspace, number: int) -> Entry:
    """An entry that took effect, by number."""
    return next((entry for entry in history(workspace) if entry.number == number), ORIGIN)


def record(
    workspace: Workspace,
    command: str,
    *,
    version: str | None,
    manifest: str | None,
    undo_to: int,
    details: Mapping[str, Any],
) -> Entry:
    """Adds an entry and makes it the one that counts."""
    known = entries(workspace)
    last = known[-1] if known else ORIGIN
    unsigned = Entry(
        number=last.number + 1,
        command=command,
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
        by=_user(),
        version=version,
        after=_pointed_at(workspace, known).number,
        undo_to=undo_to,
        manifest=manifest,
        details=details,
        previous=last.hash or _START,
    )
    entry = Entry(**{**asdict(unsigned), "hash": _hash(unsigned)})
    append_durably(workspace.journal, _text(asdict(entry)))
    point_at(workspace, entry)
    return entry


def point_at(workspace: Workspace, entry: Entry) -> None:
    """Makes an entry of the journal the one that counts."""
    write_durably(workspace.current, _text(_pointer(entry)) + b"\n")


# ---------------------------------------------------------------------------------------------- private


def _pointer(entry: Entry) -> dict[str, Any]:
    pointer = {"entry": entry.number, "version": entry.version}
    return {**pointer, "hash": entry.hash} if entry.hash else pointer


def _pointed_at(workspace: Workspace, known: Sequence[Entry]) -> Entry:
    """The entry that CURRENT names, by number, version and hash alike."""
    try:
        pointer = json.loads(workspace.current.read_bytes())
        named = next((entry for entry in (ORIGIN, *known) if _pointer(entry) == pointer), None)
    except (OSError, ValueError, RecursionError):
        named = None
    if named is None:
        raise WorkspaceError(
            f"工作目录的 CURRENT 文件缺失或被改动，不知道现在采用哪个版本：{workspace.folder}",
            f"请按日志重建：coverage-engine repair --workspace {workspace.folder}",
        )
    return named


def _lines(workspace: Workspace) -> Sequence[bytes]:
    return workspace.journal.read_bytes().split(b"\n") if workspace.journal.exists() else []


def _parsed(line: bytes) -> Entry | None:
    """The entry of a line; None for a line that a killed process left torn."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _hash(entry: Entry) -> str:
    return hashlib.sha256(_text({**asdict(entry), "hash": ""})).hexdigest()


def _text(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "未署名"
