"""The room's one way through: facts of the targets, scores, the best three paths, reasons, actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Lazy, collected, levelled, materialised
from coverage_engine.frames.joins import attach, attach_by
from coverage_engine.model.tables import PLAN_TABLES, conform, in_described_order
from coverage_engine.recommend.actions import actions_of, calls_of
from coverage_engine.recommend.bundles import bundle_places, bundle_targets, bundles, large_enough
from coverage_engine.recommend.choices import choices
from coverage_engine.recommend.definitions import PathBook, PathDefinition
from coverage_engine.recommend.evaluation import Evaluated, founding_with
from coverage_engine.recommend.flips import flips
from coverage_engine.recommend.reasons import cited, shown_reasons, steps_of
from coverage_engine.recommend.scoring import SHOWN_RANKS, interval, probability, score_of, why_not
from coverage_engine.recommend.wording import sentence
from coverage_engine.recommend.work_order import with_work_order

# Longest text of a lead unit, which may name two bodies.
_LEAD_LENGTH = 60

# Ranks, paths and steps are numbers below this.
_SMALL = 256
PACKED: frozenset[str] = frozenset({"recommendations", "reasons", "evaluations", "actions", "choices"})
"""Tables that are sorted by an enterprise and such small numbers alone."""


def path_tables(frame: Lazy, book: PathBook) -> Mapping[str, pl.DataFrame]:
    """Of evaluated enterprises `evaluations`, and `recommendations` with only id and best path."""
    best = nw.col("path_1").cast(nw.Int32).alias("path")
    rows = collected(nw.concat([_evaluation(frame, path) for path in book.paths]))
    first = collected(frame.filter(nw.col("path_1") > 0).select("enterprise_id", best))
    return {"evaluations": rows, "recommendations": first}


def completed(
    tables: dict[str, pl.DataFrame], enterprises: pl.DataFrame, book: PathBook, rank_by: str
) -> dict[str, pl.DataFrame]:
    """The finished tables, in order: with the work order by a rule, and the calls that serve many.

    `tables` is emptied on the way, so that no table is held twice.

    Raises:
        UnknownTableError: a table that no description names.
    """
    tables["recommendations"] = with_work_order(tables["recommendations"], enterprises, book, rank_by)
    served = tables["bundle_targets"] = large_enough(tables["bundle_targets"], book.least_bundle)
    calls = {"bundles": bundles(served), "bundle_places": bundle_places(served, enterprises)}
    return {**{name: finished(tables.pop(name), name) for name in list(tables)}, **calls}


def finished(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """A plan table in its described columns and order; `PACKED` ones by one integer, far sooner."""
    table = PLAN_TABLES[name]
    rows = conform(frame, table)
    return rows.sort(in_order(table.sorted_by)) if name in PACKED else in_described_order(rows, table)


def in_order(columns: Sequence[str]) -> pl.Expr:
    """The columns that a table is sorted by in one integer: all but the enterprise are less than 256."""
    packed = pl.lit(0, dtype=pl.Int64)
    for name in columns:
        packed = packed * _SMALL + pl.col(name)
    return packed


def recommended_frames(evaluated: Evaluated, as_of: date, groups: Lazy) -> dict[str, Lazy]:
    """The tables as frames of the caller's engine; no recommendations where no path is feasible at all.

    `groups` are the joint-branch groups (table `joint_groups`); the bundles are not yet the large ones only.
    """
    evaluated = founding_with(evaluated, groups)
    calls = materialised(nw.concat(calls_of(evaluated.frame, evaluated.book, evaluated.place(1))))
    if not evaluated.places[1]:
        return target_frames(evaluated, as_of, calls, None)
    reasons = materialised(reasons_of(evaluated))
    shown = shown_reasons(reasons, evaluated.book.shown)
    return {**target_frames(evaluated, as_of, calls, shown), "reasons": reasons}


def target_frames(evaluated: Evaluated, as_of: date, calls: Lazy, shown: Lazy | None) -> dict[str, Lazy]:
    """The same without `reasons`, for targets with their joint branches.

    `calls` are how many targets each call serves, `shown` the reasons of each recommended path
    (`shown_reasons`); none where no path is feasible at all.
    """
    tables = {
        "evaluations": nw.concat([_evaluation(evaluated.frame, path) for path in evaluated.book.paths]),
        "choices": choices(evaluated.frame, evaluated.book),
        "bundle_targets": nw.concat(bundle_targets(evaluated.frame, evaluated.book, evaluated.place(1))),
    }
    if shown is not None:
        tables["recommendations"] = _recommendations(evaluated, shown)
        actions = [levelled(_actions(evaluated, path, as_of, calls)) for path in evaluated.first_paths]
        tables["actions"] = nw.concat(actions)
    return tables


def reasons_of(evaluated: Evaluated, lang: str = "zh") -> Lazy:
    """The numbered steps of every recommended (enterprise, path) with cells."""
    return cited(chosen_steps(evaluated, lang), evaluated.cells)


def chosen_steps(evaluated: Evaluated, lang: str = "zh") -> Lazy:
    """The same without their cells (`cited` adds them)."""
    steps = [
        levelled(
            steps_of(
                levelled(evaluated.chosen(path)),
                path,
                evaluated.book,
                evaluated.threshold,
                evaluated.cells,
                lang,
            )
        )
        for path in evaluated.book.paths
    ]
    return nw.concat(steps)


def _actions(evaluated: Evaluated, path: PathDefinition, as_of: date, calls: Lazy) -> Lazy:
    first = evaluated.frame.filter(evaluated.place(1) == path.number)
    return actions_of(first, path, evaluated.book, as_of, calls, evaluated.around.kinds)


def _recommendations(evaluated: Evaluated, shown: Lazy) -> Lazy:
    rows = levelled(nw.concat([_recommended(evaluated, path) for path in evaluated.chosen_paths]))
    words = shown.rename({"enterprise_id": "told_of", "path": "told_path"})
    rows = levelled(attach_by(rows, words, {"enterprise_id": "told_of", "path": "told_path"}))
    # A flip is about the best score; it says nothing of a firm whose first path is another one by the rule.
    same = (
        evaluated.frame.filter(evaluated.place(1) == nw.col("path_1")) if evaluated.ruled else evaluated.frame
    )
    turned = flips(same, evaluated.book, evaluated.threshold, happening=evaluated.happening)
    return attach(rows, turned.rename({"enterprise_id": "flipped"}), "enterprise_id", "flipped")


def _recommended(evaluated: Evaluated, path: PathDefinition) -> Lazy:
    low, high = interval(path, evaluated.book)
    score = nw.col(f"score_{path.number}")
    gap = nw.lit(None, dtype=nw.Int64)
    for place in SHOWN_RANKS:
        following = evaluated.key(place + 1)
        has_runner_up = (nw.col("rank") == place) & (following > 0)
        gap = nw.when(has_runner_up).then(score - score_of(following)).otherwise(gap)
    rows = levelled(evaluated.chosen(path)).with_columns(low.alias("lowest"), high.alias("highest"))
    return rows.select(
        "enterprise_id",
        "rank",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(path.key).alias("path_key"),
        score.alias("score"),
        probability(score).alias("probability"),
        probability(nw.col("lowest")).alias("probability_low"),
        probability(nw.col("highest")).alias("probability_high"),
        sentence(path.lead_unit.zh, _LEAD_LENGTH).alias("lead_unit"),
        gap.alias("runner_up_gap"),
    )


def _evaluation(frame: Lazy, path: PathDefinition) -> Lazy:
    holds = nw.col(f"feasible_{path.number}")
    return frame.select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        holds.alias("feasible"),
        nw.when(holds.fill_null(True)).then(nw.col(f"score_{path.number}")).alias("score"),
        why_not(path).alias("why_not"),
    )
