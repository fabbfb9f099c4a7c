"""The row of a sheet that looks like its header, where no ledger kind knows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import fold_text, reading_words
from coverage_engine.ledgers.tables.header_rows import candidates, head_of

_LOOKED_AT = 15
_LEAST_FILLED = 2
_NEARLY_ALL = 0.6
_LONGEST = 24
_MOST_HEADER_ROWS = 4
_NUMBER = re.compile(r"^[\d.,:/%()\s-]+$|\d{5}")


@dataclass(frozen=True)
class GuessedHeader:
    """猜出的表头: its `last` row from 0, and `labels`, what stands over each column with its groups."""

    last: int
    labels: tuple[str, ...]


def guessed_header(raw: RawSheet) -> GuessedHeader | None:
    """The first row of the top that is nearly as full as any and holds nothing but short words.

    The row below it is of the header too where it only fills in what stands under a wide cell.
    """
    rows = [
        [fold_text(cell) if cell else "" for cell in row] for row in raw.grid.head(_LOOKED_AT).iter_rows()
    ]
    widest = max((_filled(row) for row in rows), default=0)
    least = max(_LEAST_FILLED, _NEARLY_ALL * widest)
    for number, row in enumerate(rows):
        if _filled(row) < least or not _worded(row):
            continue
        labels = _under(rows[number - 1], row) if number and _filled(rows[number - 1]) > 1 else row
        below = rows[number + 1] if number + 1 < len(rows) else []
        if below and _worded(below) and _filled(below) < _filled(row) and _fills_in(row, below):
            return GuessedHeader(number + 1, tuple(_under(labels, below)))
        return GuessedHeader(number, tuple(labels))
    return None


def header_as_looked_up(raw: RawSheet) -> GuessedHeader | None:
    """The guessed header with its labels as the rows of a header are joined wherever a list is looked up.

    What is asked about a list of no known kind is asked under these labels, and a mapping is found by them.
    """
    guess = guessed_header(raw)
    rows = [each for each in candidates(head_of(raw)) if guess and each.last == guess.last]
    labels = [tuple(label.shown for label in each.labels) for each in rows]
    fullest = max(labels, key=lambda each: sum(map(bool, each)), default=None)
    return GuessedHeader(guess.last, fullest) if guess and fullest else None


def header_labels(head: pl.DataFrame) -> tuple[str, ...]:
    """What stands over each column in the last rows above the data, but for long or lonely titles."""
    labels = [""] * head.width
    for cells in head.tail(_MOST_HEADER_ROWS).iter_rows():
        row = [fold_text(cell) if cell else "" for cell in cells]
        if _filled(row) >= _LEAST_FILLED and not any(len(cell) > _LONGEST for cell in row):
            labels = _under(labels, row)
    return tuple(labels)


# ---------------------------------------------------------------------------------------------- private


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell) for cell in row)


def _worded(row: Sequence[str]) -> bool:
    return all(
        not cell or (len(cell) <= _LONGEST and not _NUMBER.search(cell) and not _firm_end().search(cell))
        for cell in row
    )


def _fills_in(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row has a cell where the row above it has none."""
    return any(lower and not upper for upper, lower in zip(row, below, strict=True))


def _under(top: Sequence[str], bottom: Sequence[str]) -> list[str]:
    """Labels of two rows as one: a cell above reaches over the filled cells below it."""
    labels, above = [], ""
    for upper, lower in zip(top, bottom, strict=True):
        above = upper or (above if lower else "")
        labels.append(f"{above}{lower}" if above != lower else lower)
    return labels


@cache
def _firm_end() -> re.Pattern[str]:
    firms = "|".join(map(re.escape, reading_words()["names"]["firms"]))
    return re.compile(f".{{4,}}(?:{firms})$")
