"""A planner's mapping applied to one sheet: its header, constants, words and rows left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind
from coverage_engine.ledgers.list_forms import ListForm
from coverage_engine.ledgers.list_mappings import ListMapping, Mappings, all_columns
from coverage_engine.ledgers.tables.header_rows import candidates, head_of
from coverage_engine.ledgers.tables.headers import Header, Recognition, recognise
from coverage_engine.ledgers.tables.sheet_columns import PlacedColumn

OF_A_MAPPING = "（按表头对照）"
"""The header under which a constant of a mapping is shown."""


def mapped_header(raw: RawSheet, mappings: Mappings) -> tuple[Recognition, ListMapping] | None:
    """What a sheet is of which a mapping speaks, and the mapping; null where none does.

    A list that is said to be no ledger has no header. One of a known form keeps the codes of the form.
    """
    for rows in candidates(head_of(raw)) if mappings else ():
        labels = tuple(label.shown for label in rows.labels)
        mapping = mappings.of(labels, raw.sheet)
        if mapping is None:
            continue
        if mapping.kind is None:
            return Recognition(None), mapping
        form = recognise(raw).form
        if form is not None and form.kind != mapping.kind.kind:
            form = None
        header = Header(mapping.kind, rows.first, rows.last, labels, _columns(mapping, labels, form), {})
        return Recognition(header, named=mapping.kind, form=form), mapping
    return None


def _columns(mapping: ListMapping, labels: Sequence[str], form: ListForm | None) -> dict[int, LedgerColumn]:
    worded = {column.key: column for column in form.keys().values()} if form else {}
    return {index: worded.get(column.key, column) for index, column in mapping.columns(labels).items()}


def with_words(rows: pl.DataFrame, words: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """`rows` with the ledger's word wherever a column writes one that the mapping translates."""
    return rows.with_columns(
        pl.col(key).str.strip_chars().replace(dict(meanings)).alias(key)
        for key, meanings in words.items()
        if key in rows.columns
    )


def with_constants(
    rows: pl.DataFrame, placed: Sequence[PlacedColumn], kind: LedgerKind, constants: Mapping[str, str]
) -> tuple[pl.DataFrame, tuple[PlacedColumn, ...]]:
    """`rows` and columns of a sheet with those that a mapping gives all rows; a column of the sheet wins."""
    present = {place.column.key for place in placed}
    known = {column.key: column for column in all_columns(kind)}
    given = {key: text for key, text in constants.items() if key in known and key not in present}
    at = placed[0].index if placed else 0
    added = tuple(PlacedColumn(at, OF_A_MAPPING, known[key]) for key in given)
    texts = (pl.lit(text, dtype=pl.String).alias(key) for key, text in given.items())
    return rows.with_columns(texts), (*placed, *added)


def is_left_out(mapping: ListMapping | None, cells: Sequence[str]) -> pl.Expr:
    """Whether a row begins with words with which, as the mapping says, rows begin that are no data."""
    if mapping is None or not mapping.left_out:
        return pl.lit(False)
    first = pl.coalesce(pl.col(cell) for cell in cells).str.strip_chars()
    return pl.any_horizontal(first.str.starts_with(words) for words in mapping.left_out).fill_null(False)
