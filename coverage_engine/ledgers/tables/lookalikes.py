"""Columns that nobody knows and that look like one a ledger lacks, by their header and by their cells.

Nothing is taken for granted of it; a message says what it looks like, so that it can be renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

import polars as pl

from coverage_engine.divisions.resolver import resolver
from coverage_engine.divisions.table import edition_of
from coverage_engine.ledgers.credit_codes import valid_codes
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, fold_header, fold_text, reading_words
from coverage_engine.ledgers.tables.firm_cells import share_of_firms

_LEAST = 0.6
_LEAST_OF_VALUES = 0.3
_WEIGHT = 0.85
"""Header and values each take so much of what is left to doubt."""
_LOOKED_AT = 50
_CONTAINED = 0.85
_SHORTEST = 2
_LEAST_OF_HEADER = 0.5


@dataclass(frozen=True)
class Lookalike:
    """像规定的哪一列: a header at its place, the column that it looks like, how certainly (0 to 1)."""

    index: int
    header: str
    column: LedgerColumn
    certainty: float

    @property
    def words(self) -> str:
        """As it is told: 单位详细名称 像“企业名称”（0.97）."""
        return f"{self.header} 像“{self.column.header}”（{self.certainty:.2f}）"


def lookalikes(
    kind: LedgerKind, headers: Mapping[int, str], values: pl.DataFrame, taken: frozenset[str]
) -> list[Lookalike]:
    """The best header for each column of a kind that is not `taken`, the surest first, no header twice.

    `headers` are those that nobody reads, by index; `values` has the columns `c0`, `c1` … of the data.
    """
    wanted = [column for column in kind.columns if column.stored and column.key not in taken]
    scored = [
        Lookalike(index, header, column, certainty)
        for index, header in headers.items()
        for column in wanted
        if (certainty := _certainty(header, values[f"c{index}"].head(_LOOKED_AT), column)) >= _LEAST
    ]
    chosen: dict[str, Lookalike] = {}
    for each in sorted(scored, key=lambda each: (-each.certainty, each.index)):
        if each.column.key not in chosen and each.index not in {other.index for other in chosen.values()}:
            chosen[each.column.key] = each
    return list(chosen.values())


# ---------------------------------------------------------------------------------------------- private


def _certainty(header: str, values: pl.Series, column: LedgerColumn) -> float:
    alike = _header_alike(header, column)
    fitting = _fitting(values.drop_nulls(), column)
    if fitting is None:
        return _WEIGHT * alike
    if fitting < _LEAST_OF_VALUES:
        return 0.0
    # Values alone tell the form, not what is meant: two columns may name firms.
    return 1 - (1 - _WEIGHT * alike) * (1 - _WEIGHT * fitting) if alike >= _LEAST_OF_HEADER else 0.0


def _header_alike(header: str, column: LedgerColumn) -> float:
    folded = fold_header(header)
    as_in_databases = reading_words()["lookalikes"].get(column.header, ())
    if folded in {fold_header(word) for word in as_in_databases}:
        return 1.0
    spellings = [fold_header(word) for word in (column.header, *column.aliases)]
    return max(
        (_alike(folded, spelling) for spelling in spellings if len(spelling) >= _SHORTEST), default=0.0
    )


def _alike(header: str, spelling: str) -> float:
    if header == spelling:
        return 1.0
    ratio = SequenceMatcher(None, header, spelling, autojunk=False).ratio()
    signs = iter(header)
    contained = all(sign in signs for sign in spelling)
    return max(ratio, _CONTAINED + (1 - _CONTAINED) * len(spelling) / len(header)) if contained else ratio


def _fitting(values: pl.Series, column: LedgerColumn) -> float | None:
    """Which part of the cells has the form of the column; null where it has none or nothing is written."""
    if not len(values):
        return None
    if column.firm or (column.required and column.key == "name" and column.type == "text"):
        return share_of_firms(values)
    if column.type == "credit_code":
        return int(pl.Series(valid_codes(values.str.strip_chars().str.to_uppercase())).sum()) / len(values)
    if column.type == "division":
        places = resolver(edition_of(date.max))
        known = [places.resolve(text).code is not None for text in values.unique().to_list()]
        return sum(known) / len(known)
    if column.type in ("count", "real", "percent"):
        return int(values.str.contains(r"^[\s约近]*\d[\d,.]*\s*%?\D{0,3}$").sum()) / len(values)
    if column.words:
        words = {fold_text(word).upper() for word in column.words}
        return sum(fold_text(text).upper() in words for text in values.to_list()) / len(values)
    return None
