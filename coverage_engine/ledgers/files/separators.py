"""The separator of a text ledger: the one under which a known header row stands.

A note with many commas, or a remark with bars, says nothing of how a file is separated; its header does.
Where no header is known, the separator that cuts most lines into equally many cells.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from coverage_engine.ledgers.files.text_lines import cells_of
from coverage_engine.ledgers.kinds import header_spellings, ledger_kinds

SEPARATORS = (",", "\t", ";", "，", "；", "|")
_DECLARED = re.compile(r'^\ufeff?"?sep=([^"])"?$', re.IGNORECASE)
_LOOKED_AT, _LOOKED_SIGNS = 60, 100_000
_LONGEST_LINE = 20_000
_LEAST_HEADERS = 2


@dataclass(frozen=True)
class Head:
    """What the first lines tell: the separator, and of a known header line (from 0), cells and matches."""

    separator: str
    line: int | None = None
    cells: tuple[str, ...] = ()
    matched: int = 0


def head_of(text: str) -> Head:
    """Separator and header of a text."""
    lines = text[:_LOOKED_SIGNS].split("\n")[:_LOOKED_AT]
    declared = _DECLARED.match(lines[0])
    marks = (declared[1],) if declared else SEPARATORS
    heads = [_under(mark, lines) for mark in marks]
    known = [head for head in heads if head.matched >= _LEAST_HEADERS]
    if known:
        return max(known, key=lambda head: (head.matched, _evenness(lines, head.separator)))
    evenness = {mark: _evenness(lines, mark) for mark in marks}
    best = max(marks, key=lambda mark: evenness[mark])
    return Head(best if declared or evenness[best][0] else SEPARATORS[0])


def is_header(cell: str) -> bool:
    """Whether a cell is a header of some ledger."""
    return any(spelling in _headers() for spelling in header_spellings(cell))


# ---------------------------------------------------------------------------------------------- private


def _under(mark: str, lines: Sequence[str]) -> Head:
    """The best header row under a separator; of equally good ones the first, then the longest."""
    best = Head(mark)
    for line, cells in _rows(mark, lines):
        matched = _matched(cells)
        longer = matched == best.matched and line == best.line and len(cells) > len(best.cells)
        if matched > best.matched or longer:
            best = Head(mark, line, tuple(cells), matched)
    return best


def _rows(mark: str, lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line on which it begins: read line by line, and with line breaks inside quotes."""
    for number, line in enumerate(lines):
        if mark in line and len(line) <= _LONGEST_LINE:
            yield number, cells_of(line, mark)[0]
    if any('"' in line for line in lines):
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=mark)
        try:
            before = 0
            for cells in reader:
                yield before, cells
                before = reader.line_num
        except csv.Error:
            return


def _matched(cells: Sequence[str]) -> int:
    """How many different columns of one ledger kind the cells are headers of."""
    keys_by_kind: dict[str, set[str]] = {}
    for cell in cells[:512]:
        for spelling in header_spellings(cell) if cell else ():
            for kind, key in _headers().get(spelling, ()):
                keys_by_kind.setdefault(kind, set()).add(key)
    return max(map(len, keys_by_kind.values()), default=0)


@cache
def _headers() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Every spelling of a header with the kinds and columns that it stands for."""
    known: dict[str, tuple[tuple[str, str], ...]] = {}
    for kind in ledger_kinds():
        for spelling, column in kind.header_keys().items():
            known[spelling] = (*known.get(spelling, ()), (kind.kind, column.key))
    return known


def _evenness(lines: Sequence[str], mark: str) -> tuple[int, int]:
    """How many lines have the most usual number of cells, and that number; none where it is one."""
    widths = Counter(
        len(cells_of(line, mark)[0]) for line in lines if mark in line and len(line) <= _LONGEST_LINE
    )
    width, times = max(widths.items(), key=lambda entry: (entry[1], entry[0]), default=(0, 0))
    return times, width
