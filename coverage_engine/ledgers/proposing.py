"""Proposing how lists are to be read: every sheet looked at, nothing decided that is not certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from coverage_engine.ledgers.kinds import ledger_kind
from coverage_engine.ledgers.reading import (
    NothingUsable,
    Request,
    answers_of,
    check,
    lay_out_all,
    open_lists,
)
from coverage_engine.ledgers.tables.proposed_lists import ProposedList, propose_lists
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

_UNKNOWN_WORDS = ("choice.unknown_word", "flag.unknown_word")


@dataclass(frozen=True)
class ProposedPair:
    """拿不准的一对: a name in a ledger that may be a firm of the 企业台账, why, and what hangs on it.

    `left` and `right` are the keys under which the answer counts.
    """

    ledger: str
    name: str
    name_of_firm: str
    reason: str
    effect: str
    left: str
    right: str


@dataclass(frozen=True)
class Proposed:
    """对照建议: the lists by form, those with most questions first, and the pairs of names in doubt."""

    lists: tuple[ProposedList, ...]
    pairs: tuple[ProposedPair, ...]

    @property
    def questions(self) -> int:
        """Kinds, columns, constants, words and pairs that are to be answered."""
        return len(self.pairs) + sum(each.questions for each in self.lists)


def propose(sources: Sequence[str | Path], progress: Callable[[str], None] | None = None) -> Proposed:
    """What is proposed for the lists in files and folders, and what is to be asked.

    Raises:
        LedgerError: nothing was handed in that can be opened.
    """
    lists = open_lists(sources, progress)
    layouts = lay_out_all(lists.lists, lists.mappings)
    if progress:
        progress("比对表头")
    pairs: tuple[ProposedPair, ...] = ()
    try:
        snapshot, findings = check(layouts, lists.troubles, Request(decisions=answers_of(lists)))
        pairs = _pairs(snapshot)
    except NothingUsable as error:
        findings = error.findings
    return Proposed(propose_lists(layouts, _unknown_words(findings, layouts)), pairs)


# ---------------------------------------------------------------------------------------------- private


def _pairs(snapshot: Snapshot) -> tuple[ProposedPair, ...]:
    columns = ("ledger", "name", "name_of_firm", "reasons", "effect", "left", "right")
    return tuple(
        ProposedPair(ledger_kind(ledger).sheet, *map(str, rest))
        for ledger, *rest in snapshot["doubtful_pairs"].select(columns).iter_rows()
    )


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
