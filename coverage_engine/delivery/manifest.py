"""The manifest: which files of a folder are ours, by the command that wrote them, with their hashes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from coverage_engine.errors import OutputError

MANIFEST = ".coverage-engine-manifest.json"
"""Manifest of a folder of outputs: such a folder holds no ledgers."""
SAMPLE_MANIFEST = ".coverage-engine-sample.json"
"""Manifest of invented ledgers, which are there to be read."""
FILES_MANIFEST = ".coverage-engine-files.json"
"""Manifest of single files written into a folder of the planner's own."""


_FORMAT = 1
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """交付清单: by command the files that it wrote, with the SHA-256 of each."""

    deliveries: Mapping[str, Mapping[str, str]]

    def files(self, name: str) -> Mapping[str, str]:
        """What the command wrote here last."""
        return self.deliveries.get(name, {})

    def with_files(self, name: str, files: Mapping[str, str]) -> Manifest:
        """The manifest after the command wrote these files."""
        return Manifest({**self.deliveries, name: files})

    def data(self) -> bytes:
        """The same bytes for the same files."""
        record = {"format": _FORMAT, "deliveries": self.deliveries}
        return f"{json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def read_manifest(file: Path) -> Manifest:
    """The manifest in a file; an empty one where there is none.

    Raises:
        OutputError: there is such a file, but it is not as it was written.
    """
    if not file.is_symlink() and not file.exists():
        return Manifest({})
    try:
        record = json.loads(file.read_bytes())
        sound = record["format"] == _FORMAT and _is_sound(record["deliveries"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _not_as_written(file) from error
    if not sound:
        raise _not_as_written(file)
    return Manifest(record["deliveries"])


def content_hash(file: Path) -> str:
    """SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_inside(name: str) -> bool:
    """Whether a name that was read stays in its folder: one from elsewhere must not point out of it."""
    parts = PurePosixPath(name).parts
    return bool(parts) and name == "/".join(parts) and not {"..", "/"} & set(parts) and "\\" not in name


# ---------------------------------------------------------------------------------------------- private


def _not_as_written(file: Path) -> OutputError:
    return OutputError(
        f"{file} 不是完好的交付清单，分不清哪些文件是程序写的",
        "请换一个输出文件夹；或先把这个文件夹里要留的文件移走，再删去其余文件。",
    )


def _is_sound(deliveries: Any) -> bool:
    return isinstance(deliveries, dict) and all(
        isinstance(files, dict) and all(is_inside(name) and _is_hash(files[name]) for name in files)
        for files in deliveries.values()
    )


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None
