"""Which columns of an annex come back to which facts: `reports/returns.toml`, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coverage_engine.content import read_content_toml
from coverage_engine.errors import PolicyError


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
        PolicyError: an entry of the file lacks something.
    """
    content = read_content_toml("reports", "returns.toml")
    try:
        return {
            annex: ReturnRules(
                annex,
                entry["table"],
                entry["id"],
                tuple(tuple(key) for key in entry["keys"]),
                tuple(entry["kept"]),
                tuple(Effect(each["column"], each["field"], each.get("words")) for each in entry["effects"]),
            )
            for annex, entry in content.items()
        }
    except (KeyError, TypeError) as error:
        problem = f"reports/returns.toml 缺少或写错一项：{error}"
        raise PolicyError(problem, "请对照文件里的其他各项修改，或恢复原文件。") from error
