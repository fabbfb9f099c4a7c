"""Which list is believed for which fact: the register for names, the statistics bureau for 规模以上 …

The ranks and their reasons stand in `data/ledgers/words/source_ranks.toml`. Of lists of one rank the stated
order of sources decides, as for a fact of which no rank speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.content import alike, read_shipped
from coverage_engine.ledgers.list_shapes import SourceRanksFile

TEMPLATE = "template"
"""The lists that have no form of their own: ledgers after the blank ones."""


@dataclass(frozen=True)
class FactRank:
    """一件事的来源次序: the `lists` that are believed for some fields, the best first, and why.

    Values of a count that differ by less than `tolerance` per cent do not contradict each other. The values
    `first` are believed before all others, whichever department's list says them; where lists of the best
    rank say both `opposed` and another value, nothing is known.
    """

    fields: tuple[str, ...]
    lists: tuple[str, ...]
    reason: str
    tolerance: int = 0
    first: tuple[str, ...] = ()
    opposed: str = ""

    def of(self, field: str, forms: Mapping[int, str]) -> pl.Expr:
        """The rank of each row about a field by its `source`; `forms` has the form of each source."""
        places = {form: place for place, form in enumerate(self.lists, start=1)}
        last = len(self.lists) + 1
        ranks = {source: places.get(form, last) for source, form in forms.items()}
        rank = pl.col("source").replace_strict(ranks, default=last, return_dtype=pl.Int32)
        if not self.first:
            return rank
        before = pl.col(field).is_in(self.first).fill_null(False) & _of_department(forms)
        return pl.when(before).then(0).otherwise(rank)

    def disputed(self, field: str, rank: str, forms: Mapping[int, str]) -> pl.Expr:
        """Whether lists of a department of the best rank contradict each other about a field of an entity."""
        known = pl.col(field).is_not_null()
        best = pl.col(rank) == pl.col(rank).filter(known).min().over("entity")
        said = known & best & _of_department(forms)
        denied = (said & (pl.col(field) == self.opposed)).any().over("entity")
        return denied & (said & (pl.col(field) != self.opposed)).any().over("entity")


@cache
def fact_ranks() -> dict[str, FactRank]:
    """The rank of each field of which one is stated."""
    parts = read_shipped(SourceRanksFile, "data", "ledgers", "words", "source_ranks.toml").rank
    ranks = [alike(FactRank, part) for part in parts]
    return {field: rank for rank in ranks for field in rank.fields}


def _of_department(forms: Mapping[int, str]) -> pl.Expr:
    return pl.col("source").is_in([source for source, form in forms.items() if form != TEMPLATE])
