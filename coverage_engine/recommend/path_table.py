"""The plan table `paths`: what drawings and papers show of the paths, so that they read no content."""

from __future__ import annotations

import polars as pl

from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.recommend.definitions import PathBook


def path_table(book: PathBook) -> pl.DataFrame:
    """One row a path, in order of their numbers (columns: `PLAN_TABLES`)."""
    rows = [
        {
            "path": path.number,
            "path_key": path.key,
            "title": path.title.zh,
            "title_en": path.title.en,
            "short_title": path.short_title.zh,
            "short_title_en": path.short_title.en,
            "clause": path.clause,
            "shape": path.symbol.shape,
            "colour": path.symbol.colour,
        }
        for path in book.paths
    ]
    return conform(pl.DataFrame(rows), PLAN_TABLES["paths"])
