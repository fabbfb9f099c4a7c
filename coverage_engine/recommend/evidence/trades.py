"""Words of trades: which GB/T 4754 section or youth-rich sector an association speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from coverage_engine.content import read_shipped
from coverage_engine.recommend.path_shapes import TradesFile


@cache
def trade_words() -> Mapping[str, tuple[str, ...]]:
    """Words by section letter (A–T) or sector key (internet, courier, creative).

    Raises:
        ContentError: an entry of `paths/trades.toml` is not a list of words.
    """
    content = read_shipped(TradesFile, "paths", "trades.toml")
    return {**content.sections, **content.sectors}
