"""Recommending in stretches (分段): a part of the targets at a time, so that memory stays flat.

How many targets a call serves, and which target is taken up first, hangs on all of them: that is told first.
All else is told row by row: written down once, as queries over the targets at hand, and run for one stretch
of ids after the other. The size of a stretch changes no result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw
import polars as pl

from coverage_engine.coverage.frames import Frames, Lazy, collected, lazy_frames
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.policy import Policy
from coverage_engine.recommend.actions import calls_of
from coverage_engine.recommend.bundles import bundle_places, bundle_targets, bundles
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.evaluation import Evaluated, evaluated_lazily, founding_with, ordered_lazily
from coverage_engine.recommend.flips import happening_to
from coverage_engine.recommend.joint_groups import joint_groups
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.recommendation import SORTED_BY, in_order, told_frames
from coverage_engine.recommend.scoring import interval, probability, score_of
from coverage_engine.recommend.work_order import DECIDING, DEFAULT_RULE, with_figures, work_order

THRESHOLD = "league_members_threshold"
ROWS = 64_000
"""Targets of a stretch."""


def recommend(
    snapshot: Snapshot,
    enterprises: pl.DataFrame,
    policy: Policy,
    book: PathBook | None = None,
    rank_by: str = DEFAULT_RULE,
    rows: int = ROWS,
) -> dict[str, pl.DataFrame]:
    """Tables recommendations, reasons, evaluations, actions, choices, bundles (three) and joint_groups.

    Columns: `PLAN_TABLES`. `enterprises` is the plan table of that name: its targets are evaluated, all its
    rows serve as neighbours. `rank_by` is the rule of the work order, and of the order of a firm's paths;
    `rows` are the targets of a stretch.
    """
    book, threshold = book or load_paths(), policy.number(THRESHOLD)
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(enterprises.lazy())}
    asked = Asked(frames, snapshot.kinds, threshold, book, rank_by, snapshot.as_of)
    groups = joint_groups(enterprises, threshold, asked.settings)
    found = asked.evaluated(groups)
    targets = collected(found.frame).sort("enterprise_id")
    stretches = Stretches(asked, replace(found, frame=nw.from_native(targets.lazy())))
    parts: dict[str, list[pl.DataFrame]] = {}
    for start in range(0, max(targets.height, 1), rows):
        for name, table in stretches.told(targets.slice(start, rows)).items():
            parts.setdefault(name, []).append(table)
    del targets, found, stretches
    tables = {name: pl.concat(parts.pop(name)) for name in list(parts)}
    served = tables["bundle_targets"] = tables["bundle_targets"].sort("path", "counterpart", "enterprise_id")
    calls = {"bundles": bundles(served), "bundle_places": bundle_places(served, enterprises)}
    return {**tables, **calls, "joint_groups": groups}


@dataclass(frozen=True)
class Asked:
    """What is asked: ledgers and assessed enterprises (`assessed`), weights, rule and day."""

    frames: Frames
    kinds: frozenset[str]
    threshold: int
    book: PathBook
    rank_by: str
    as_of: date

    @property
    def settings(self) -> Mapping[str, int]:
        """The settings of all paths by name."""
        return {key: value for path in self.book.paths for key, value in path.settings.items()}

    def evaluated(self, groups: pl.DataFrame) -> Evaluated:
        """The targets with all that is told of them, not computed yet."""
        found = evaluated_lazily(self.frames, self.kinds, self.threshold, nw.col("is_target"), self.book)
        return founding_with(ordered_lazily(found, self.rank_by), nw.from_native(groups.lazy()))


@dataclass
class _AtHand:
    """The targets of the present stretch, which the queries of every stretch read."""

    rows: pl.DataFrame

    def frame(self) -> Lazy:
        """The targets at hand, as they are when a query is run."""
        reading = pl.defer(lambda: self.rows, schema=self.rows.schema)
        return nw.from_native(reading)


class Stretches:
    """The queries of a stretch, and what had to be told of all targets (`everybody`) together."""

    def __init__(self, asked: Asked, everybody: Evaluated) -> None:
        book = asked.book
        calls = collected(nw.concat(calls_of(everybody.frame, book, everybody.place(1))))
        known = collected(
            asked.frames["assessed"].filter(nw.col("is_target").fill_null(False)).select(*DECIDING)
        )
        order = work_order(collected(_firsts(everybody, asked.rank_by)), known, book, asked.rank_by)
        self._known = known.join(order, on="enterprise_id", how="left").sort("enterprise_id")
        self._book = book
        self._at_hand = _AtHand(collected(everybody.frame.head(0)))
        pairs = nw.concat(bundle_targets(everybody.frame, book, everybody.place(1)))
        targets_of = pairs.group_by("path", "counterpart").agg(nw.len().alias("targets"))
        self._calls = collected(targets_of.filter(nw.col("targets") >= book.least_bundle))
        happening = happening_to(everybody.frame, book, asked.threshold)
        at_hand = replace(everybody, frame=self._at_hand.frame(), happening=happening)
        told = told_frames(at_hand, asked.as_of, nw.from_native(calls.lazy()))
        self._queries = {name: frame.to_native() for name, frame in told.items()}

    def told(self, targets: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The tables of these targets, in order."""
        self._at_hand.rows = targets
        found = dict(zip(self._queries, pl.collect_all(list(self._queries.values())), strict=True))
        first, last = targets["enterprise_id"].min(), targets["enterprise_id"].max()
        known = self._known.filter(pl.col("enterprise_id").is_between(first, last))
        found["recommendations"] = with_figures(found["recommendations"], known, self._book)
        found["bundle_targets"] = found["bundle_targets"].join(
            self._calls, on=["path", "counterpart"], how="semi"
        )
        return {name: _finished(name, found.pop(name)) for name in list(found)}


def _firsts(found: Evaluated, rule: str) -> Lazy:
    """The first path of every target with its chance, and (where the rule asks) the worst chance."""
    chance = probability(score_of(found.key(1)))
    worst = chance
    if rule == "surest":
        lowest = nw.lit(0).cast(nw.Int64)
        for path in found.book.paths:
            its = nw.when(found.place(1) == path.number).then(interval(path, found.book)[0])
            lowest = its.otherwise(lowest)
        worst = probability(lowest)
    return found.frame.filter(found.place(1) > 0).select(
        "enterprise_id",
        found.place(1).alias("path"),
        chance.alias("probability"),
        worst.alias("probability_low"),
    )


def _finished(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """The table as it is described, in order."""
    told = conform(table, PLAN_TABLES[name])
    return told.sort(in_order(SORTED_BY[name])) if name in SORTED_BY else told
