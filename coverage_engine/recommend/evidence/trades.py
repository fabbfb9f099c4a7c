"""Words of trades: which GB/T 4754 section or youth-rich sector an association speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from coverage_engine.content import read_content_toml
from coverage_engine.errors import PolicyError


@cache
def trade_words() -> Mapping[str, tuple[str, ...]]:
    """Words by section letter (A–T) or sector key (internet, courier, creative).

    Raises:
        PolicyError: an entry of `paths/trades.toml` is not a list of words.
    """
    content = read_content_toml("paths", "trades.toml")
    entries: dict[str, object] = {**content.get("sections", {}), **content.get("sectors", {})}
    words: dict[str, tuple[str, ...]] = {}
    for key, value in entries.items():
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(word, str) and word for word in value)
        ):
            raise PolicyError(f"trades.toml {key}：应为一列字词", '请改为 ["字词", …] 后重试。')
        words[key] = tuple(value)
    return words
