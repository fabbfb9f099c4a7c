"""Scores of all paths under any book of paths, for a frame of facts."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from coverage_engine.frames.dialect import collected
from coverage_engine.recommend.definitions import MILLION, PathBook
from coverage_engine.recommend.scoring import score

Array = np.ndarray[Any, Any]


def scores_under(book: PathBook, facts: pl.DataFrame) -> Array:
    """Log-odds of every path (column) for every row of facts."""
    frame = nw.from_native(facts.lazy())
    scores = collected(frame.select(*(score(path).alias(f"of_{path.number}") for path in book.paths)))
    return scores.to_numpy() / MILLION
