"""Reasons: each score told as its base and signed steps, with fact, value, cell and sentence.

Step 0 is the base, told by the relation that makes the path feasible; then the contributions by weight, the
strongest support first. Base and steps sum to the score exactly. Facts that are unknown or weigh nothing are
no steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from coverage_engine.frames.coding import Coding, number
from coverage_engine.frames.dialect import Lazy, levelled
from coverage_engine.frames.joins import attach_by
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.recommend.citations import Cells, citation_columns, with_cells
from coverage_engine.recommend.definitions import Evidence, PathBook, PathDefinition
from coverage_engine.recommend.scoring import step_column, with_steps
from coverage_engine.recommend.wording import sentence, value_text

# Comes after every step.
_NEVER = -1


def steps_of(
    frame: Lazy, path: PathDefinition, book: PathBook, threshold: int, cells: Cells, lang: str = "zh"
) -> Lazy:
    """The steps of one path for every row of the evaluated frame, numbered from 0 within each."""
    telling = _Telling(threshold, book.length, lang)
    stepped = levelled(_ordered(frame, path))
    rows = [_base_row(frame, path, telling, cells)]
    rows += [_step_rows(stepped, path, piece, telling, cells) for piece in path.evidence]
    return nw.concat(rows)


def cited(steps: Lazy, cells: Cells) -> Lazy:
    """The columns of the table `reasons` from the steps, with their cells."""
    names = [column.name for column in PLAN_TABLES["reasons"]]
    return with_cells(levelled(steps), cells).select(*names)


def shown_reasons(steps: Lazy, most: int, *, in_order: bool = False) -> Lazy:
    """`reasons` of each enterprise and path: the strongest supports, `;` between.

    Where fewer than the `most` to be shown speak for the path, the relation that makes it feasible is told
    first. `steps` are rows of the table `reasons`; `in_order` says that they stand as that table does.
    """
    supports = [f"support_{place}" for place in range(1, most + 1)]
    supported = _side_by_side(steps, supports) if in_order else _brought_together(steps, supports)
    enough = nw.when(~nw.col(supports[-1]).is_null()).then(nw.concat_str(supports, separator=";"))
    shorter = nw.concat_str(["support_0", *supports[:-1]], separator=";", ignore_nulls=True)
    return supported.select("enterprise_id", "path", enough.otherwise(shorter).alias("reasons"))


@dataclass(frozen=True)
class _Telling:
    """How values and sentences are told."""

    threshold: int
    length: int
    lang: str

    def base(self, path: PathDefinition) -> nw.Expr:
        """The relation that makes the path feasible, in words; what is not known is never told as there."""
        text, relation = sentence(path.relation_text.of(self.lang), self.length), nw.col(path.relation.key)
        if path.relation_missing is not None:
            missing = sentence(path.relation_missing.of(self.lang), self.length)
            text = nw.when((~relation).fill_null(False)).then(missing).otherwise(text)
        if path.relation_unknown is not None:
            unknown = sentence(path.relation_unknown.of(self.lang), self.length)
            text = nw.when(relation.is_null()).then(unknown).otherwise(text)
        return text

    def value(self, piece: Evidence) -> nw.Expr:
        """The value of a fact as the planner reads it."""
        return value_text(piece.fact, self.threshold if piece.fact.plus else 0, self.lang)

    def support(self, piece: Evidence) -> nw.Expr:
        """The sentence of a fact that speaks for the path."""
        return sentence(piece.text.of(self.lang), self.length, self.value(piece))

    def against(self, piece: Evidence) -> nw.Expr:
        """The sentence of a fact that speaks against it."""
        return sentence(piece.text_against.of(self.lang), self.length, self.value(piece))

    def text(self, path: PathDefinition, piece: Evidence) -> nw.Expr:
        """The sentence of either."""
        said = _said(path, piece)
        return nw.when(said).then(self.support(piece)).otherwise(self.against(piece))


def _said(path: PathDefinition, piece: Evidence) -> nw.Expr:
    """Whether the sentence of support is the one that holds."""
    return nw.col(piece.fact.key) if piece.fact.kind == "flag" else nw.col(step_column(path, piece)) > 0


def _base_row(frame: Lazy, path: PathDefinition, telling: _Telling, cells: Cells) -> Lazy:
    return frame.select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(0).cast(nw.Int32).alias("step"),
        nw.lit(path.relation.key).alias("fact"),
        value_text(path.relation, 0, telling.lang).alias("value"),
        nw.lit(path.base).cast(nw.Int64).alias("contribution"),
        telling.base(path).alias("text"),
        nw.lit(path.clause).alias("clause"),
        *citation_columns(path.relation, cells),
    )


def _ordered(frame: Lazy, path: PathDefinition) -> Lazy:
    """Adds the steps of a path and their places: by weight, the strongest support first, equal ones in the
    path's own order; a fact that weighs nothing has no step."""
    coding = _strength(path)
    stepped = levelled(with_steps(frame, [path]))
    order = {
        _order(piece): nw.when(weight != 0)
        .then(coding.encode(weight=weight, at=at))
        .otherwise(nw.lit(_NEVER))
        for at, piece in enumerate(path.evidence)
        for weight in (nw.col(step_column(path, piece)),)
    }
    sorted_by = levelled(stepped.with_columns(*(key.alias(name) for name, key in order.items())))
    before = {
        piece: [(nw.col(other) > nw.col(_order(piece))).cast(nw.Int32) for other in order]
        for piece in path.evidence
    }
    return sorted_by.with_columns(
        (nw.sum_horizontal(*earlier) + 1).cast(nw.Int32).alias(_place(piece))
        for piece, earlier in before.items()
    )


def _strength(path: PathDefinition) -> Coding:
    """The weight of a step, then the path's own order, in one number."""
    weights = [0, *(weight for piece in path.evidence for weight in piece.weights)]
    return Coding(
        "order",
        (
            number("weight", max(weights), "a weight of the path", least=min(weights)),
            number("at", max(len(path.evidence) - 1, 0), descending=True),
        ),
        compared=True,
    )


def _order(piece: Evidence) -> str:
    return f"order_{piece.fact.key}"


def _place(piece: Evidence) -> str:
    return f"place_{piece.fact.key}"


def _side_by_side(steps: Lazy, supports: Sequence[str]) -> Lazy:
    """The base of each enterprise and path (`support_0`) and its supports: the rows that follow."""
    ordered: pl.LazyFrame = steps.to_native()
    here, speaks = pl.col("step"), pl.col("contribution") > 0
    following = (
        pl.when((here.shift(-place) == place) & speaks.shift(-place))
        .then(pl.col("text").shift(-place))
        .alias(name)
        for place, name in enumerate(supports, 1)
    )
    bases = ordered.select("enterprise_id", "path", "step", pl.col("text").alias("support_0"), *following)
    return nw.from_native(bases.filter(here == 0))


def _brought_together(steps: Lazy, supports: Sequence[str]) -> Lazy:
    """The same of rows in any order."""
    bases = steps.filter(nw.col("step") == 0).select(
        "enterprise_id", "path", nw.col("text").alias("support_0")
    )
    for place, name in enumerate(supports, 1):
        speaking = steps.filter((nw.col("step") == place) & (nw.col("contribution") > 0))
        said = speaking.select(
            nw.col("enterprise_id").alias("firm"), nw.col("path").alias("way"), nw.col("text").alias(name)
        )
        bases = attach_by(bases, said, {"enterprise_id": "firm", "path": "way"})
    return bases


def _step_rows(frame: Lazy, path: PathDefinition, piece: Evidence, telling: _Telling, cells: Cells) -> Lazy:
    weight = nw.col(step_column(path, piece))
    return frame.filter(weight != 0).select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.col(_place(piece)).alias("step"),
        nw.lit(piece.fact.key).alias("fact"),
        telling.value(piece).alias("value"),
        weight.alias("contribution"),
        telling.text(path, piece).alias("text"),
        nw.lit(path.clause).alias("clause"),
        *citation_columns(piece.fact, cells),
    )
