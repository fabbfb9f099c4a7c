"""A copy of the product in a folder of its own, in which a contributor works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("coverage_engine", "paths", "data", "maps", "reports", "tests", "pyproject.toml")
TEST_NAMES_IN_CHINESE = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true"


class ProductCopy:
    """Package, content and tests copied to a folder; commands run there read that content alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, folder / name)
        self.environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}

    def python(self, *words: object, expect: int = 0) -> str:
        """Runs Python in the copy; gives what it printed."""
        command = [sys.executable, *map(str, words)]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == expect, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout + done.stderr

    def run(self, *words: object, expect: int = 0) -> str:
        """Runs a command of the product."""
        return self.python("-m", "coverage_engine", *words, expect=expect)

    def cases(self, file: str, chosen: str) -> str:
        """Runs the chosen cases of a test file of the copy."""
        quiet = ("-q", "-p", "no:cacheprovider", "-o", TEST_NAMES_IN_CHINESE)
        return self.python("-m", "pytest", *quiet, file, "-k", chosen)

    def append(self, file: str, text: str) -> None:
        """Writes a text behind what a file of the copy says."""
        with (self.folder / file).open("a", encoding="utf-8") as content:
            content.write(text)

    @contextmanager
    def changed(self, changes: Mapping[str, Callable[[str], str]]) -> Iterator[None]:
        """Files of the copy changed, or written anew from nothing, and as before afterwards."""
        files = {self.folder / name: change for name, change in changes.items()}
        before = {file: file.read_text("utf-8") if file.exists() else None for file in files}
        for file, change in files.items():
            file.write_text(change(before[file] or ""), "utf-8")
        try:
            yield
        finally:
            for file, text in before.items():
                if text is None:
                    file.unlink()
                else:
                    file.write_text(text, "utf-8")
