"""Writing that survives a killed process and a power cut: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Makes a folder, with those above it, and sees it onto the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder)
    sync_folder(folder.parent)


def write_durably(file: Path, data: bytes) -> None:
    """Replaces a file by one atomic rename; readers see the old bytes or the new ones, nothing between."""
    beside = file.with_name(f"{file.name}.tmp")
    with beside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    sync_folder(file.parent)


def append_durably(file: Path, line: bytes) -> None:
    """Adds one line; a torn line that a killed process left is closed first, never removed."""
    torn = file.exists() and file.stat().st_size > 0 and _last_byte(file) != b"\n"
    with file.open("ab") as stream:
        stream.write((b"\n" if torn else b"") + line + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(file.parent)


def publish_folder(prepared: Path, folder: Path) -> None:
    """Gives a prepared folder its name by one atomic rename, after all its files are on the disk."""
    for file in sorted(prepared.rglob("*")):
        if file.is_file():
            sync_file(file)
    sync_folder(prepared)
    prepared.replace(folder)
    sync_folder(folder.parent)


def sync_file(file: Path) -> None:
    """Sees a written file onto the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Sees a folder's list of names onto the disk (not possible, and not needed, on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---------------------------------------------------------------------------------------------- private


def _last_byte(file: Path) -> bytes:
    with file.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1)
