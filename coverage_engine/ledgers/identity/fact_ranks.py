"""Which list is believed for which fact: the register for names, the statistics bureau for 规模以上 …

The ranks and their reasons stand in `data/ledgers/words/source_ranks.toml`. Of lists of one rank the stated
order of sources decides, as for a fact of which no rank speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.content import read_content_toml

TEMPLATE = "template"
"""The lists that have no form of their own: ledgers after the blank ones."""


@dataclass(frozen=True)
class FactRank:
    """一件事的来源次序: the `lists` that are believed for some fields, the best first, and why.

    Values of a count that differ by less than `tolerance` per cent do not contradict each other.
    """

    fields: tuple[str, ...]
    lists: tuple[str, ...]
    reason: str
    tolerance: int = 0

    def of(self, forms: Mapping[int, str]) -> pl.Expr:
        """The rank of each row by its `source`; `forms` has the form of each source."""
        places = {form: place for place, form in enumerate(self.lists)}
        ranks = {source: places.get(form, len(self.lists)) for source, form in forms.items()}
        last = pl.lit(len(self.lists), dtype=pl.Int32)
        return pl.col("source").replace_strict(ranks, default=last, return_dtype=pl.Int32) if ranks else last


@cache
def fact_ranks() -> dict[str, FactRank]:
    """The rank of each field of which one is stated."""
    entries = read_content_toml("data", "ledgers", "words", "source_ranks.toml")["rank"]
    ranks = [
        FactRank(tuple(entry["fields"]), tuple(entry["lists"]), entry["reason"], entry.get("tolerance", 0))
        for entry in entries
    ]
    return {field: rank for rank in ranks for field in rank.fields}
