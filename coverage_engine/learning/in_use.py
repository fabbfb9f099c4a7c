"""Which weights a models folder has in use, without loading what reads them."""

from __future__ import annotations

from pathlib import Path

EXPERT = "expert"


def name_in_use(folder: Path) -> str:
    """The weights in use; `expert` where nothing has gone live yet."""
    current = folder / "CURRENT"
    return current.read_text("utf-8").strip() if current.is_file() else EXPERT


def model_file(folder: Path, name: str) -> Path:
    """Where a learned model lies."""
    return folder / f"{name}.json"


def bytes_in_use(folder: Path) -> tuple[bytes, ...]:
    """What names and makes up the weights in use: other bytes, other weights."""
    name = name_in_use(folder)
    file = model_file(folder, name)
    return name.encode(), file.read_bytes() if file.is_file() else b""
