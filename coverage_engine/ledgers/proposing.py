"""Proposing how lists are to be read: every sheet looked at, nothing decided that is not certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from coverage_engine.ledgers.reading import NothingUsable, Request, check, lay_out_all, open_lists
from coverage_engine.ledgers.tables.proposed_lists import ProposedList, propose_lists
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.model.findings import Findings

_UNKNOWN_WORDS = ("choice.unknown_word", "flag.unknown_word")


def propose(
    sources: Sequence[str | Path], progress: Callable[[str], None] | None = None
) -> tuple[ProposedList, ...]:
    """What is proposed for each form of list in files and folders, those with most questions first.

    Raises:
        LedgerError: nothing was handed in that can be opened.
    """
    lists = open_lists(sources, progress)
    layouts = lay_out_all(lists.lists, lists.mappings)
    if progress:
        progress("比对表头")
    try:
        findings = check(layouts, lists.troubles, Request())[1]
    except NothingUsable as error:
        findings = error.findings
    return propose_lists(layouts, _unknown_words(findings, layouts))


# ---------------------------------------------------------------------------------------------- private


def _unknown_words(findings: Findings, layouts: Sequence[Layout]) -> pl.DataFrame:
    """`source`, `field`, `word` and `rows` of words that a column does not know."""
    places = pl.DataFrame(
        [
            (layout.raw.file, layout.raw.sheet, place.letter, layout.source, place.column.key)
            for layout in layouts
            for place in layout.columns
        ],
        schema={
            "file": pl.String,
            "sheet": pl.String,
            "letter": pl.String,
            "source": pl.Int32,
            "field": pl.String,
        },
        orient="row",
    ).unique(["file", "sheet", "letter"], keep="first", maintain_order=True)
    return (
        findings.table.filter(pl.col("code").is_in(_UNKNOWN_WORDS))
        .with_columns(letter=pl.col("cell").str.extract(r"^([A-Z]+)"))
        .join(places, on=["file", "sheet", "letter"], how="inner", maintain_order="left")
        .group_by("source", "field", word="found", maintain_order=True)
        .agg(rows=pl.len())
    )
