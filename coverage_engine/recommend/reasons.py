"""Reasons: each score told as its base and signed steps, with fact, value, cell and sentence.

Step 0 is the base, told by the relation that makes the path feasible; then the contributions by weight, the
strongest support first. Base and steps sum to the score exactly. Facts that are unknown or weigh nothing are
no steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, levelled
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.recommend.citations import Cells, citation_columns, with_cells
from coverage_engine.recommend.definitions import Evidence, PathBook, PathDefinition
from coverage_engine.recommend.scoring import step_column, with_steps
from coverage_engine.recommend.wording import sentence, value_text

# Comes after every step.
_NEVER = -(2**62)


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


def with_reasons(frame: Lazy, path: PathDefinition, book: PathBook, threshold: int) -> Lazy:
    """Adds `reasons`: the strongest supports of one path, `;` between.

    Where fewer than the number to be shown speak for the path, the relation that makes it feasible is told
    first.
    """
    telling = _Telling(threshold, book.length, "zh")
    stepped = levelled(_ordered(frame, path))
    supports = levelled(
        stepped.with_columns(
            telling.base(path).alias("support_0"),
            *(_support(path, place, telling).alias(f"support_{place}") for place in range(1, book.shown + 1)),
        )
    )
    strongest = [nw.col(f"support_{place}") for place in range(1, book.shown + 1)]
    enough = nw.when(~strongest[-1].is_null()).then(nw.concat_str(strongest, separator=";"))
    shorter = nw.concat_str([nw.col("support_0"), *strongest[:-1]], separator=";", ignore_nulls=True)
    return supports.with_columns(enough.otherwise(shorter).alias("reasons"))


@dataclass(frozen=True)
class _Telling:
    """How values and sentences are told."""

    threshold: int
    length: int
    lang: str

    def base(self, path: PathDefinition) -> nw.Expr:
        """The relation that makes the path feasible, in words."""
        return sentence(path.relation_text.of(self.lang), self.length)

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
    last = len(path.evidence) - 1
    stepped = levelled(with_steps(frame, [path]))
    order = {
        _order(piece): nw.when(weight != 0).then(weight * (last + 1) + (last - at)).otherwise(nw.lit(_NEVER))
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


def _order(piece: Evidence) -> str:
    return f"order_{piece.fact.key}"


def _place(piece: Evidence) -> str:
    return f"place_{piece.fact.key}"


def _support(path: PathDefinition, place: int, telling: _Telling) -> nw.Expr:
    """The sentence of the support in this place; null where fewer facts speak for the path."""
    return nw.coalesce(
        *(
            nw.when((nw.col(step_column(path, piece)) > 0) & (nw.col(_place(piece)) == place)).then(
                telling.text(path, piece)
            )
            for piece in path.evidence
        )
    )


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
