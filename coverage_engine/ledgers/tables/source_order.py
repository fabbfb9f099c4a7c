"""The stated rank of sources: it decides whose word counts first, whatever the order of files or sheets.

Ledger kinds stand in the order of docs/ledgers.md; of one kind the later date in the names of file or sheet
comes first, undated ones after; then the names of file and sheet, the place on the sheet, and what the rows
say in any order.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from coverage_engine.ledgers.kinds import ledger_kinds
from coverage_engine.ledgers.tables.named_days import dates_in
from coverage_engine.ledgers.tables.sheets import Layout

_YEAR = re.compile(r"20\d{2}")
_Rank = tuple[int, int, str, str, int]


def in_rank(layouts: Sequence[Layout]) -> list[Layout]:
    """The layouts in their rank, numbered by it."""
    kinds = {kind.kind: place for place, kind in enumerate(ledger_kinds())}
    ranks = [_rank(layout, kinds) for layout in layouts]
    shared = Counter(ranks)
    keyed = [
        (rank, _said(layout) if shared[rank] > 1 else "", layout)
        for rank, layout in zip(ranks, layouts, strict=True)
    ]
    ordered = sorted(keyed, key=lambda entry: entry[:2])
    return [replace(layout, source=number) for number, (_, _, layout) in enumerate(ordered)]


# ---------------------------------------------------------------------------------------------- private


def _rank(layout: Layout, kinds: dict[str, int]) -> _Rank:
    kind = kinds[layout.kind.kind] if layout.kind else len(kinds)
    day = _day(layout.raw.file) or _day(layout.raw.sheet)
    return kind, -day, layout.raw.file, layout.raw.sheet, layout.raw.above


def _day(name: str) -> int:
    """The latest day in a name as a number that grows with it; of a year alone its beginning, else 0."""
    days = dates_in(name)
    if days:
        return max(days).toordinal()
    year = _YEAR.search(name)
    return date(int(year[0]), 1, 1).toordinal() if year else 0


def _said(layout: Layout) -> str:
    """A digest of the rows that no order of theirs changes."""
    grid = layout.raw.grid
    rows = grid.select(pl.concat_str(pl.all().fill_null(""), separator="\t")).to_series().sort()
    return hashlib.sha256("\n".join(rows.to_list()).encode()).hexdigest() if grid.width else ""
