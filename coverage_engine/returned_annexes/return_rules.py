"""Which columns of an annex come back to which facts: `reports/returns.toml`, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coverage_engine.content import alike, read_shipped
from coverage_engine.returned_annexes.return_shapes import ReturnsFile


@dataclass(frozen=True)
class Effect:
    """One column of an annex and the snapshot field it writes; `words` by cell text, None for counts."""

    column: str
    field: str
    words: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ReturnRules:
    """How one annex is read back: snapshot table and id, keys of a row, effects, columns kept."""

    annex: str
    table: str
    id: str
    keys: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]
    effects: tuple[Effect, ...]


@cache
def return_rules() -> dict[str, ReturnRules]:
    """Rules by annex.

    Raises:
        ContentError: an entry of the file lacks something or is wrong; every fault with its line.
    """
    parts = read_shipped(ReturnsFile, "reports", "returns.toml")
    return {
        annex: alike(
            ReturnRules, part, annex=annex, effects=tuple(alike(Effect, effect) for effect in part.effects)
        )
        for annex, part in parts.items()
    }
