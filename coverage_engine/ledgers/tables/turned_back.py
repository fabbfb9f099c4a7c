"""Rows turned back, whole: every cell as it was handed in, but for what tells of people.

A row is only mended where all of it can be seen: its own headers, the columns that no ledger describes, the
sheet of a kind that nobody knows. Columns of people are left blank, and are named so that it can be said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from coverage_engine.ledgers.kinds import fold_header, reading_words
from coverage_engine.ledgers.personal_data import (
    hide_mentions,
    hide_names,
    hide_people_in,
    share_of_people,
)
from coverage_engine.ledgers.tables.firm_cells import share_of_firms, without_posts
from coverage_engine.ledgers.tables.guessed_header import guessed_header, header_labels
from coverage_engine.ledgers.tables.sheet_columns import column_letter
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_MOSTLY_PEOPLE = 0.5
_MOSTLY_FIRMS = 0.5


def quarantine_rows(layout: Layout, quarantined: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The snapshot tables `quarantine` and `headings` of one sheet; `quarantined` has `row` and `reason`.

    `headings` are the rows above the data, so that the header stands as it is written.
    """
    if quarantined.is_empty():
        return empty(SNAPSHOT_TABLES["quarantine"]), empty(SNAPSHOT_TABLES["headings"])
    above = layout.raw.above
    returned = layout.raw.grid[(quarantined["row"] - 1 - above).to_list()]
    heading = _heading(layout)
    treated = _without_people(layout, heading, returned)
    source = pl.lit(layout.source).alias("source")
    rows = quarantined.with_columns(source, _as_json(treated.cells))
    letters = "、".join(column_letter(index) for index in treated.withheld)
    head = heading.rows.select(without_posts(hide_names(text)) for text in heading.rows)
    headings = pl.DataFrame({"row": range(above + 1, above + 1 + head.height)}).with_columns(
        source, _as_json(head), pl.lit(letters).alias("withheld")
    )
    return conform(rows, SNAPSHOT_TABLES["quarantine"]), conform(headings, SNAPSHOT_TABLES["headings"])


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Heading:
    """The rows down to the last of the header, and what stands over each column."""

    rows: pl.DataFrame
    labels: tuple[str, ...]


@dataclass(frozen=True)
class _Treated:
    """Rows without people, and the columns (0-based) that were left blank."""

    cells: pl.DataFrame
    withheld: tuple[int, ...]


def _heading(layout: Layout) -> _Heading:
    raw = layout.raw
    if layout.kind is not None and layout.header_row is not None:
        data = [layout.rows["row"].min(), layout.shifted["row"].min()]
        first = min((row for row in data if isinstance(row, int)), default=layout.header_row + 1)
        # What stands between the header and the first row of data explains the header.
        head = raw.grid.head(max(first - 1, layout.header_row) - raw.above)
        return _Heading(head, header_labels(head))
    guessed = guessed_header(raw)
    if guessed is None:
        return _Heading(raw.grid.clear(), ("",) * raw.grid.width)
    return _Heading(raw.grid.head(guessed.last + 1), guessed.labels)


def _without_people(layout: Layout, heading: _Heading, returned: pl.DataFrame) -> _Treated:
    # Two columns of a ledger may stand in one of the sheet: an address that tells the place as well.
    placed = {place.index: place.column for place in reversed(layout.columns) if place.column.stored}
    cells, withheld = {}, []
    for index, name in enumerate(returned.columns):
        texts = returned[name]
        if index in placed:
            shown = hide_people_in(texts, placed[index])
            cells[name] = without_posts(shown) if placed[index].firm else shown
        elif share_of_firms(texts) >= _MOSTLY_FIRMS:
            cells[name] = without_posts(texts)
        elif _is_of_people(heading.labels[index], texts):
            cells[name] = pl.Series(name, [None], dtype=pl.String).new_from_index(0, len(texts))
            withheld.append(index)
        else:
            cells[name] = hide_mentions(texts)
    return _Treated(pl.DataFrame(cells), tuple(withheld))


def _is_of_people(label: str, texts: pl.Series) -> bool:
    folded = fold_header(label) if label else ""
    words = reading_words()["personal"]["words"]
    if any(word.casefold() in folded for word in words):
        return bool(texts.count())
    return share_of_people(texts) >= _MOSTLY_PEOPLE


def _as_json(cells: pl.DataFrame) -> pl.Series:
    texts = [json.dumps([cell or "" for cell in row], ensure_ascii=False) for row in cells.iter_rows()]
    return pl.Series("cells", texts, dtype=pl.String)
