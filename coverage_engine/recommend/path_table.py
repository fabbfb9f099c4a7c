"""The plan table `paths`: what drawings and papers show of the paths, so that they read no content."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.recommend.definitions import PathBook, PathLetter


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
            **_letter(path.letter),
            "shape": path.symbol.shape,
            "colour": path.symbol.colour,
        }
        for path in book.paths
    ]
    return conform(pl.DataFrame(rows, infer_schema_length=None), PLAN_TABLES["paths"])


def _letter(letter: PathLetter | None) -> dict[str, Any]:
    if letter is None:
        return {}
    return {
        "letter_joint": letter.joint,
        "letter_title": letter.title,
        "letter_basis": letter.basis,
        "letter_duties": ";".join(letter.duties),
    }
