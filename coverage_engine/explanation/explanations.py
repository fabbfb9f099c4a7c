"""What an explanation is told from: tables of many enterprises, and words that are the same for all of them.

firms    one row for each enterprise told of: the columns of the plan table `enterprises`
states   enterprise_id, coverage_state of every enterprise, told of or not
duties   enterprise_id, duty, applies, met: duties that apply or may apply
paths    enterprise_id, path, feasible, score, chance, low, high, why_not: a row for each path and enterprise
         whose paths are judged
steps    enterprise_id, path, step, contribution, text, fact, value, ledger, cell, clause
choices  enterprise_id, first, runner_up, gap, flip, ask_first, open_paths, joint_branch
facts    enterprise_id and every fact of the registry
cases    one row for each ended attempt with the facts of its firm; no such table without their ledger
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

Tables = Mapping[str, pl.DataFrame] | Mapping[str, pl.LazyFrame]
"""Tables at hand, or scanned where they are kept."""


@dataclass(frozen=True)
class FactWords:
    """A fact of the registry as an explanation names it; `low` is the least value of a count."""

    key: str
    kind: str
    low: int
    label: str


@dataclass(frozen=True)
class PathWords:
    """A path of Annex 6 (建团路径): its title, and for each fact the most it can take away and add."""

    number: int
    title: str
    reach: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Wording:
    """What is the same for every enterprise: day, policy, titles of duties and paths, labels of facts.

    `reasons` has why enterprises are no targets, as the tables say it → in the language told in.
    """

    lang: str
    as_of: str
    policy: str
    radius_metres: int
    duties: Mapping[str, str]
    reasons: Mapping[str, str]
    paths: tuple[PathWords, ...]
    facts: tuple[FactWords, ...]

    def fact(self, key: str) -> str:
        """The label of a fact."""
        return next(fact.label for fact in self.facts if fact.key == key)

    def as_json(self) -> dict[str, Any]:
        """Plain values, to be kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Wording:
        """The wording from plain values.

        Raises:
            KeyError, TypeError, ValueError: they are not those of a wording.
        """
        paths = (
            PathWords(
                each["number"], each["title"], tuple((key, low, high) for key, low, high in each["reach"])
            )
            for each in record["paths"]
        )
        facts = tuple(FactWords(**each) for each in record["facts"])
        return cls(**{**record, "paths": tuple(paths), "facts": facts})


@dataclass(frozen=True)
class Explanations:
    """个案说明底表: the tables that enterprises are explained from, with their wording."""

    tables: Tables
    wording: Wording
