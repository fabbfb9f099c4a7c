"""Where a key of a TOML file stands: the line that a fault names, for a planner to go to."""

from __future__ import annotations

import re

Address = tuple[str | int, ...]
"""Keys from the file's top to a table; an integer is the place in a list of tables, from 1."""

_HEAD = re.compile(r"^\s*(\[{1,2})\s*([\w.\-]+)\s*\]{1,2}")
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")


class ContentLines:
    """The lines of one TOML file by the tables and keys that begin there."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Address, int] = {}
        at: Address = ()
        counted: dict[str, int] = {}
        for line, written in enumerate(text.splitlines(), start=1):
            if head := _HEAD.match(written):
                name = head[2]
                counted[name] = counted.get(name, 0) + 1
                at = (*name.split("."), *((counted[name],) if head[1] == "[[" else ()))
                self._lines.setdefault(at, line)
            elif key := _KEY.match(written):
                self._lines.setdefault((*at, key[1]), line)

    def line_of(self, address: Address) -> int | None:
        """The line of the nearest of these tables and keys that is written on a line of its own."""
        for end in range(len(address), 0, -1):
            if address[:end] in self._lines:
                return self._lines[address[:end]]
        return None


NO_LINES = ContentLines("")
