"""Rows right below a header that explain the columns instead of filling them.

Hints (18位, 下拉选择), units (人), numbers of columns (甲 乙 1 2) and an example row: forms that were handed
on for filling in still carry them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from coverage_engine.ledgers.kinds import LedgerColumn, fold_text, reading_words

_LOOKED_AT = 5
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ORDINAL = re.compile(rf"[(（]?(?:(\d{{1,2}})|[{_STEMS}A-Z])[)）]?")
_LEAST_ORDINALS = 3
_WORDED = frozenset({"choice", "flag"})
_LISTED = re.compile(r"[^/、|]{1,8}(?:[/、|][^/、|]{1,8})+")
_NUMBER = re.compile(r"\d[\d,.]*")


def explaining_rows(
    rows: Sequence[Sequence[str | None]], columns: dict[int, LedgerColumn], key: int
) -> list[int]:
    """Which of the first rows below a header explain it (0-based); the first other row ends them.

    `columns` are the ledger's by index, `key` is the index of the one that names the row.
    """
    explaining: list[int] = []
    for number, row in enumerate(rows[:_LOOKED_AT]):
        cells = [_folded(cell) for cell in row]
        if not any(cells):
            continue
        if not (_explains(cells, columns, key) or _counts_columns(cells, key) or _is_example(cells, key)):
            break
        explaining.append(number)
    return explaining


# ---------------------------------------------------------------------------------------------- private


def _folded(cell: str | None) -> str:
    return re.sub(r"\s+", "", fold_text(cell)) if cell else ""


def _explains(cells: Sequence[str], columns: dict[int, LedgerColumn], key: int) -> bool:
    """Hints or units only; beside a hint for the name, words that say nothing else are let pass."""
    known = {index: cells[index] for index, column in columns.items() if column.stored and cells[index]}
    hints = {index for index, cell in known.items() if _is_hint(cell, columns[index])}
    if not hints or _firm_like().search(cells[key]):
        return False
    numbers = any(columns[index].type == "count" and _NUMBER.fullmatch(cell) for index, cell in known.items())
    if not cells[key]:
        return hints == known.keys()
    return not numbers and len(hints) > 1 and 2 * len(hints) >= len(known)


def _is_hint(cell: str, column: LedgerColumn) -> bool:
    if column.type in _WORDED and _LISTED.fullmatch(cell):
        return True
    bare = cell.strip("()[]【】")
    return bare in _units() or bool(_hint().fullmatch(bare))


def _counts_columns(cells: Sequence[str], key: int) -> bool:
    """1 2 3 … or 甲 乙 1 2 …, in order over all columns."""
    filled = [cell for cell in cells if cell]
    ordinals = [_ORDINAL.fullmatch(cell) for cell in filled]
    if not cells[key] or len(filled) < _LEAST_ORDINALS or not all(ordinals):
        return False
    numbers = [int(ordinal[1]) for ordinal in ordinals if ordinal and ordinal[1]]
    return bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 1


def _is_example(cells: Sequence[str], key: int) -> bool:
    words = reading_words()["rows"]["examples"]
    first = next(cell for cell in cells if cell).strip("()[]【】:")
    return first in words or re.match(rf"[(【\[]?(?:{'|'.join(words)})[)】\]:]", cells[key]) is not None


@cache
def _hint() -> re.Pattern[str]:
    return re.compile("|".join(reading_words()["rows"]["hints"]), re.IGNORECASE)


@cache
def _firm_like() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(reading_words()['rows']['firm_endings'])})$")


@cache
def _units() -> frozenset[str]:
    return frozenset({"单位", *reading_words()["numbers"]["units"]})
