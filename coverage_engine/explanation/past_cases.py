"""Past attempts on firms alike (相似案例): the nearest in the facts, and what came of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.explanation.explained import PastCase
from coverage_engine.explanation.explanations import Explanations, FactWords

RESULTS = {
    "own": ("建成单独团组织", "founded its own"),
    "joint": ("建成联合团组织", "founded jointly"),
    "youth": ("成立青年组织", "founded a youth body"),
    "failed": ("未建成", "did not succeed"),
}
"""How an ended attempt came out, in words."""

_ALIKE, _UNLIKE, _MOST = 4, 2, 5
_COMPARED = ("flag", "count", "share")


def past_cases(own: pl.DataFrame, known: Explanations, most: int = _MOST) -> list[PastCase] | None:
    """The ended attempts on the firms most alike, nearest first; none without a ledger of past attempts.

    `own` has the one row of table `facts`. Facts are those of the ledgers now. A firm's own past attempts are
    among them.
    """
    if "cases" not in known.tables:
        return None
    compared = [fact for fact in known.wording.facts if fact.kind in _COMPARED]
    mine = own.row(0, named=True)
    nearest = _nearest(known.tables["cases"].lazy(), own, compared).head(most).collect()
    return [_case(row, mine, compared, known.wording.lang) for row in nearest.rows(named=True)]


# ---------------------------------------------------------------------------------------------- private


def _place(fact: FactWords) -> pl.Expr:
    """A fact as a number of like size: no 0, unknown ½, yes 1; a share of one; a count by its logarithm."""
    value = pl.col(fact.key).cast(pl.Float64)
    if fact.kind == "count":
        value = (value - min(fact.low, 0) + 1).log(10)
    elif fact.kind == "share":
        value = value / 1000
    return value.fill_null(0.5).alias(fact.key)


def _nearest(cases: pl.LazyFrame, own: pl.DataFrame, compared: list[FactWords]) -> pl.LazyFrame:
    """The cases, nearest to the firm first; equally near ones in their order."""
    here = own.select(_place(fact) for fact in compared).row(0)
    apart = pl.sum_horizontal((_place(fact) - at) ** 2 for fact, at in zip(compared, here, strict=True))
    return cases.with_row_index("order").with_columns(apart.alias("apart")).sort("apart", "order")


def _case(row: dict[str, Any], mine: dict[str, Any], compared: list[FactWords], lang: str) -> PastCase:
    flags = [fact for fact in compared if fact.kind == "flag"]
    both = [fact for fact in flags if row[fact.key] is True and mine[fact.key] is True]
    apart = [fact for fact in flags if None not in (row[fact.key], mine[fact.key]) and fact not in both]
    unlike = [fact for fact in apart if row[fact.key] != mine[fact.key]]
    return PastCase(
        name=row["name"],
        place="".join(part for part in (row["city"], row["county"]) if part),
        path=row["tried_path"],
        started=row["started"],
        ended=row["ended"],
        result=RESULTS[row["result"]][lang == "en"],
        alike=[fact.label for fact in both[:_ALIKE]],
        unlike=[fact.label for fact in unlike[:_UNLIKE]],
    )
