"""Reasons: each score told as its base and signed steps, with fact, value, cell and sentence.

Step 0 is the base, told by the relation that makes the path feasible; then the contributions by weight, the
strongest support first. Base and steps sum to the score exactly. Facts that are unknown or weigh nothing are
no steps.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, levelled
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.recommend.citations import citation_columns, with_cells
from coverage_engine.recommend.definitions import Evidence, PathBook, PathDefinition
from coverage_engine.recommend.scoring import step_column
from coverage_engine.recommend.wording import sentence, value_text


def steps_of(frame: Lazy, path: PathDefinition, book: PathBook, threshold: int, lang: str = "zh") -> Lazy:
    """The steps of one path for every row of the evaluated frame, numbered from 0 within each."""
    rows = [_base_row(frame, path, book, lang)]
    rows += [
        _step_rows(frame, path, piece, book.length, _Telling(threshold, lang)) for piece in path.evidence
    ]
    return nw.concat(rows)


def cited(steps: Lazy, tables: Mapping[str, Lazy]) -> Lazy:
    """The columns of the table `reasons` from the steps, with their cells."""
    names = [column.name for column in PLAN_TABLES["reasons"]]
    return with_cells(levelled(steps), tables).select(*names)


def shown_reasons(reasons: Lazy, shown: int) -> Lazy:
    """`told_enterprise`, `told_path` and `reasons`: the strongest supports, `;` between.

    Where fewer than `shown` facts speak for the path, the relation that makes it feasible is told first.
    """
    key = nw.col("enterprise_id").cast(nw.Int64) * 16 + nw.col("path").cast(nw.Int64)
    told = reasons.filter((nw.col("step") == 0) | (nw.col("contribution") > 0)).select(
        key.alias("pair"), "step", "text"
    )
    spread = told.select(
        "pair",
        *(nw.when(nw.col("step") == at).then(nw.col("text")).alias(f"text_{at}") for at in range(shown + 1)),
    )
    wide = spread.group_by("pair").agg(*(nw.col(f"text_{at}").max() for at in range(shown + 1)))
    enough = ~nw.col(f"text_{shown}").is_null()
    supports = [nw.col(f"text_{at}") for at in range(1, shown + 1)]
    joined = nw.when(enough).then(nw.concat_str(supports, separator=";"))
    shorter = nw.concat_str([nw.col("text_0"), *supports[:-1]], separator=";", ignore_nulls=True)
    return wide.select(nw.col("pair").alias("told_pair"), joined.otherwise(shorter).alias("reasons"))


class _Telling:
    """How values and sentences are told."""

    def __init__(self, threshold: int, lang: str) -> None:
        self.threshold = threshold
        self.lang = lang


def _base_row(frame: Lazy, path: PathDefinition, book: PathBook, lang: str) -> Lazy:
    return frame.select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(0).cast(nw.Int32).alias("step"),
        nw.lit(path.relation.key).alias("fact"),
        value_text(path.relation, 0, lang).alias("value"),
        nw.lit(path.base).cast(nw.Int64).alias("contribution"),
        sentence(path.relation_text.of(lang), book.length).alias("text"),
        nw.lit(path.clause).alias("clause"),
        *citation_columns(path.relation),
    )


def _place(path: PathDefinition, piece: Evidence) -> nw.Expr:
    """The number of a step: by weight, the strongest support first, equal ones in the path's own order."""
    weight, place, before = nw.col(step_column(path, piece)), nw.lit(1).cast(nw.Int32), True
    for other in path.evidence:
        if other == piece:
            before = False
            continue
        its = nw.col(step_column(path, other))
        earlier = (its != 0) & ((its >= weight) if before else (its > weight))
        place = place + earlier.cast(nw.Int32)
    return place


def _step_rows(frame: Lazy, path: PathDefinition, piece: Evidence, length: int, telling: _Telling) -> Lazy:
    weight = nw.col(step_column(path, piece))
    plus = telling.threshold if piece.fact.plus else 0
    value = value_text(piece.fact, plus, telling.lang)
    supports = sentence(piece.text.of(telling.lang), length, value)
    against = sentence(piece.text_against.of(telling.lang), length, value)
    said = nw.col(piece.fact.key) if piece.fact.kind == "flag" else weight > 0
    return frame.filter(weight != 0).select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        _place(path, piece).alias("step"),
        nw.lit(piece.fact.key).alias("fact"),
        value.alias("value"),
        weight.alias("contribution"),
        nw.when(said).then(supports).otherwise(against).alias("text"),
        nw.lit(path.clause).alias("clause"),
        *citation_columns(piece.fact),
    )
