"""Signs that nobody sees (zero-width spaces, soft hyphens, marks of direction): taken out at the door.

Texts copied from web pages and chats carry them; a code or header that looks right is then not the same text.
"""

from __future__ import annotations

import polars as pl

_INVISIBLE = r"\p{Cf}"


def without_invisible(grid: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """A grid without invisible signs, and how many cells had some; the same grid where there are none."""
    changed: dict[str, pl.Series] = {}
    cells = 0
    for column in grid.iter_columns():
        # Bytes and signs are as many where all is ASCII; counting them is cheaper than a look at each.
        affected = column.str.contains(_INVISIBLE).sum() if not _ascii(column) else 0
        if affected:
            cells += int(affected)
            bare = column.str.replace_all(_INVISIBLE, "").str.strip_chars()
            changed[column.name] = bare.replace("", None)
    return grid.with_columns(**changed) if changed else grid, cells


# ---------------------------------------------------------------------------------------------- private


def _ascii(column: pl.Series) -> bool:
    return bool(column.str.len_bytes().sum() == column.str.len_chars().sum())
