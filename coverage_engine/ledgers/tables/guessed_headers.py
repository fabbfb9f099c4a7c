"""Where the header of a list stands whose headers nobody knows: the row above the data that names columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.tables.header_rows import candidates, head_of

_VALUE = re.compile(r"[\d.,，+-]+%?|\d{4}[-/年.]\d{1,2}.*|[0-9A-Z]{15,18}")
_LEAST_FILLED = 2
_SHARE = 0.6
"""A header fills so much of the width of the table at least; titles and 填报单位 fill less."""


@dataclass(frozen=True)
class GuessedHeader:
    """猜出的表头: rows `first` to `last` (from 0), and the texts of its cells."""

    first: int
    last: int
    labels: tuple[str, ...]


def guess_header(raw: RawSheet) -> GuessedHeader | None:
    """The most likely header of a list; null where no row looks like one."""
    head = head_of(raw)
    rows = [
        GuessedHeader(each.first, each.last, tuple(label.shown for label in each.labels))
        for each in candidates(head)
    ]
    widest = max((_filled(row) for row in head), default=0)
    for each in rows:
        if each.first != each.last or _filled(each.labels) < max(_LEAST_FILLED, _SHARE * widest):
            continue
        if not _names_columns(each.labels):
            continue
        lower = next((two for two in rows if (two.first, two.last) == (each.first, each.first + 1)), None)
        below = head[each.first + 1] if each.first + 1 < len(head) else []
        # A second row of headers fills what is blank in the first, and holds no values.
        divides = any(b and not a for a, b in zip(each.labels, below, strict=False))
        return lower if lower and divides and _names_columns(below) else each
    return None


# ---------------------------------------------------------------------------------------------- private


def _filled(labels: Sequence[str]) -> int:
    return sum(bool(label) for label in labels)


def _names_columns(labels: Sequence[str]) -> bool:
    """Whether the cells of a row are names of columns: none is a value, and no two are alike."""
    words = [label.strip() for label in labels if label]
    return len(words) == len(set(words)) and not any(_VALUE.fullmatch(word) for word in words)
