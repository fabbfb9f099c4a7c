"""Where every key of a TOML file stands: the line that a fault names, for a planner to go to.

Parsers of TOML tell values without lines. This index reads the text once more, after it is known to be TOML,
and only when a line is asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right

Address = tuple[str | int, ...]
"""Keys from the file's top to a value; an integer is the place in a list, from 1."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_INLINE_BLANK = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_LITERAL = re.compile(r"'([^'\n]*)'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"""(?!")"{0,2}', re.S)
_LONG_LITERAL = re.compile(r"'''.*?'''(?!')'{0,2}", re.S)
_PLAIN = re.compile(r"[^,\]}\n#]*")


class Positions:
    """The lines of the keys of one TOML text."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._lines: dict[Address, int] = {}
        self._lists: dict[Address, int] = {}
        try:
            self._read()
        except (RecursionError, LookupError):
            # What could not be followed stays without lines of its own: its table's line is named.
            return

    def line(self, address: Address) -> int:
        """The line of a value, else of the nearest table around it; the first where there is none."""
        for end in range(len(address), 0, -1):
            if address[:end] in self._lines:
                return self._lines[address[:end]]
        return 1

    # -------------------------------------------------------------------------------------- private

    def _read(self) -> None:
        table: Address = ()
        while self._skip(_BLANK) < len(self._text):
            start = self._at
            if self._text.startswith("[", start):
                many = self._text.startswith("[[", start)
                self._at += 2 if many else 1
                table = self._headed(self._key(), many)
                self._note(table, start)
                if many:
                    self._lines.setdefault(table[:-1], self._lines[table])
                self._at = self._end_of_line()
            else:
                self._pair(table)

    def _headed(self, parts: Address, many: bool) -> Address:
        """The address of a table by its heading: within lists of tables the last entry is meant."""
        address: Address = ()
        for place, part in enumerate(parts, start=1):
            address = (*address, part)
            if many and place == len(parts):
                self._lists[address] = self._lists.get(address, 0) + 1
            if address in self._lists:
                address = (*address, self._lists[address])
        return address

    def _pair(self, table: Address) -> None:
        start, parts = self._at, self._key()
        for end in range(1, len(parts) + 1):
            self._note((*table, *parts[:end]), start)
        self._at += 1  # the sign =
        self._skip(_INLINE_BLANK)
        self._value((*table, *parts))

    def _key(self) -> Address:
        """A dotted key, up to what follows it."""
        parts: list[str | int] = []
        while True:
            self._skip(_INLINE_BLANK)
            quoted = _BASIC.match(self._text, self._at) or _LITERAL.match(self._text, self._at)
            match = quoted or _BARE.match(self._text, self._at)
            if match is None:
                raise LookupError("no key here")
            parts.append(match[1] if quoted else match[0])
            self._at = match.end()
            self._skip(_INLINE_BLANK)
            if not self._text.startswith(".", self._at):
                return tuple(parts)
            self._at += 1

    def _value(self, address: Address) -> None:
        first = self._text[self._at : self._at + 1]
        if first == "[":
            self._list(address)
        elif first == "{":
            self._inline_table(address)
        else:
            self._skip(self._form_of_scalar(first))

    def _form_of_scalar(self, first: str) -> re.Pattern[str]:
        if first == '"':
            return _LONG_BASIC if self._text.startswith('"""', self._at) else _BASIC
        if first == "'":
            return _LONG_LITERAL if self._text.startswith("'''", self._at) else _LITERAL
        return _PLAIN

    def _list(self, address: Address) -> None:
        self._at += 1
        number = 0
        while self._skip(_BLANK) < len(self._text) and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            number += 1
            self._note((*address, number), self._at)
            self._value((*address, number))
        self._at += 1

    def _inline_table(self, address: Address) -> None:
        self._at += 1
        while self._skip(_BLANK) < len(self._text) and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(address)
        self._at += 1

    def _skip(self, form: re.Pattern[str]) -> int:
        """Goes behind what has a form here; the new place."""
        match = form.match(self._text, self._at)
        self._at = match.end() if match is not None else self._at + 1
        return self._at

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _note(self, address: Address, place: int) -> None:
        self._lines.setdefault(address, bisect_right(self._breaks, place - 1) + 1)
