"""Tallies (总数): what hangs on all targets together, told before anything is told of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Lazy
from coverage_engine.recommend.actions import calls_of
from coverage_engine.recommend.bundles import sizes_of_calls
from coverage_engine.recommend.evaluation import Evaluated
from coverage_engine.recommend.flips import openings
from coverage_engine.recommend.scoring import interval, probability, score_of
from coverage_engine.recommend.wording import slots
from coverage_engine.recommend.work_order import DECIDING, work_order


@dataclass(frozen=True)
class Tallies:
    """总数: calls, the work order of all targets, and the changes that can happen to any of them.

    `calls` tell how many targets each call serves that have its path first (`calls_of`), `bundles` are the
    path and counterpart of those calls that serve enough targets, `known` the figures that rows of the plan
    are completed with (`DECIDING` and `work_order`), in order of ids.
    """

    calls: pl.DataFrame
    bundles: pl.DataFrame
    known: pl.DataFrame
    happening: Sequence[int]


def tallies(everybody: Evaluated, assessed: Lazy, rank_by: str) -> Tallies:
    """The tallies of the evaluated targets; `assessed` is the plan table `enterprises`."""
    book = everybody.book
    heads = _computed(everybody.frame.select(*_counted(everybody, rank_by)))
    counted = replace(everybody, frame=nw.from_native(heads.lazy()))
    first = everybody.place(1)
    firsts = _computed(counted.frame.filter(first > 0).with_columns(first.alias("path")))
    known = _computed(assessed.filter(nw.col("is_target").fill_null(False)).select(*DECIDING))
    order = work_order(firsts.select(*_RANKED), known, book, rank_by)
    sizes = nw.concat(sizes_of_calls(counted.frame, book)).filter(nw.col("rows") >= book.least_bundle)
    return Tallies(
        calls=_computed(nw.concat(calls_of(counted.frame, book, first))),
        bundles=_computed(sizes.select("path", "counterpart")),
        known=known.join(order, on="enterprise_id", how="left").sort("enterprise_id"),
        happening=[at for at in openings(book, everybody.threshold) if heads[f"open_{at}"].any()],
    )


# ---------------------------------------------------------------------------------------------- private

_RANKED = ("enterprise_id", "path", "probability", "probability_low")


def _computed(frame: Lazy) -> pl.DataFrame:
    native: pl.LazyFrame = frame.to_native()
    return native.collect(engine="streaming")


def _counted(evaluated: Evaluated, rule: str) -> list[str | nw.Expr]:
    """Of every target what is counted: its first path with the chance, the calls that it could be served by,
    and the changes that can happen to it."""
    paths = [path for path in evaluated.book.paths if path.bundle is not None]
    names = dict.fromkeys(f"name_{name}" for path in paths for name in slots(path.bundle or ""))
    chance = probability(score_of(evaluated.key(1)))
    return [
        "enterprise_id",
        evaluated.place(1),
        chance.alias("probability"),
        _worst(evaluated, rule, chance).alias("probability_low"),
        *(f"feasible_{path.number}" for path in paths),
        *names,
        *openings(evaluated.book, evaluated.threshold).values(),
    ]


def _worst(evaluated: Evaluated, rule: str, chance: nw.Expr) -> nw.Expr:
    """The worst chance of the first path, where the rule asks for it."""
    if rule != "surest":
        return chance
    lowest = nw.lit(0).cast(nw.Int64)
    for path in evaluated.book.paths:
        its = nw.when(evaluated.place(1) == path.number).then(interval(path, evaluated.book)[0])
        lowest = its.otherwise(lowest)
    return probability(lowest)
