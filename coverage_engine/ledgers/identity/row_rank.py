"""The rank of rows that speak of one thing: by the rank of their source, then the fuller row.

Rows of one source that are filled alike are ranked by what they say, never by where they stand.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl


def ranked(rows: pl.DataFrame, aside: Collection[str] = ()) -> pl.DataFrame:
    """The rows, the one that decides first; columns `aside` say nothing."""
    facts = [name for name in rows.columns if name not in {"source", "row", *aside}]
    said = pl.concat_str(*(pl.col(name).cast(pl.String).fill_null("") for name in facts), separator="|")
    filled = pl.sum_horizontal(pl.col(name).is_not_null() for name in facts)
    return (
        rows.with_columns(_filled=filled, _said=said)
        .sort("source", "_filled", "_said", "row", descending=[False, True, False, False])
        .drop("_filled", "_said")
    )
