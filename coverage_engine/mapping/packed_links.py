"""Links of enterprises as packed pairs of rows of the page."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.mapping.packing import packed_column

LINK_KINDS = ("headquarters", "branch_office", "leader", "associated")
"""What the enterprise at the other end is."""


def packed_links(links: pl.DataFrame, ids: pl.Series) -> dict[str, Any]:
    """Pairs whose enterprises both stand in the page, by row of the first; the others are only counted.

    `from` and `to` are rows of the page, `kind` a position in `LINK_KINDS`; `elsewhere_rows` and
    `elsewhere_counts` tell how many enterprises at the other end are not in the page.
    """
    rows = pl.DataFrame({"enterprise_id": ids}).with_row_index("from_row")
    others = rows.rename({"enterprise_id": "other_id", "from_row": "to_row"})
    placed_links = links.join(rows, on="enterprise_id", how="inner").join(others, on="other_id", how="left")
    kinds = {kind: position for position, kind in enumerate(LINK_KINDS)}
    drawn = (
        placed_links.drop_nulls("to_row")
        .with_columns(pl.col("kind").replace_strict(kinds, return_dtype=pl.UInt8).alias("kind_number"))
        .sort("from_row", "kind_number", "to_row")
    )
    elsewhere = (
        placed_links.filter(pl.col("to_row").is_null())
        .group_by("from_row")
        .agg(pl.col("other_id").n_unique().clip(0, 65_535).alias("others"))
        .sort("from_row")
    )
    return {
        "count": drawn.height,
        "elsewhere_count": elsewhere.height,
        "columns": {
            "from": packed_column(drawn["from_row"], "i32"),
            "to": packed_column(drawn["to_row"], "i32"),
            "kind": packed_column(drawn["kind_number"], "u8"),
        },
        "elsewhere": {
            "row": packed_column(elsewhere["from_row"], "i32"),
            "others": packed_column(elsewhere["others"], "u16"),
        },
    }
