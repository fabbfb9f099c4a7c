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

from coverage_engine.frames.dialect import Frames, Lazy, collected, lazy_frames
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty
from coverage_engine.policy import Policy
from coverage_engine.recommend.bundles import bundle_places, bundles
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.evaluation import Evaluated, evaluated_lazily, founding_with, ordered_lazily
from coverage_engine.recommend.joint_groups import joint_groups
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.reasons import cited, shown_reasons
from coverage_engine.recommend.recommendation import PACKED, chosen_steps, finished, in_order, target_frames
from coverage_engine.recommend.tallies import Tallies, tallies
from coverage_engine.recommend.work_order import DEFAULT_RULE, with_figures

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
    inputs = RankingInputs(frames, snapshot.kinds, threshold, book, rank_by, snapshot.as_of)
    groups = joint_groups(enterprises, threshold, inputs.settings)
    evaluated = founding_with(inputs.evaluated(), nw.from_native(groups.lazy()))
    targets = collected(evaluated.frame).sort("enterprise_id")
    everybody = replace(evaluated, frame=nw.from_native(targets.lazy()))
    stretches = Stretches(everybody, tallies(everybody, frames["assessed"], rank_by), snapshot.as_of)
    parts: dict[str, list[pl.DataFrame]] = {}
    for start in range(0, max(targets.height, 1), rows):
        for name, table in stretches.tables_of(targets.slice(start, rows)).items():
            parts.setdefault(name, []).append(table)
    del targets, evaluated, everybody, stretches
    tables = {name: pl.concat(parts.pop(name)) for name in list(parts)}
    served = tables["bundle_targets"] = tables["bundle_targets"].sort("path", "counterpart", "enterprise_id")
    calls = {"bundles": bundles(served), "bundle_places": bundle_places(served, enterprises)}
    return {**tables, **calls, "joint_groups": groups}


@dataclass(frozen=True)
class RankingInputs:
    """What is asked: ledgers and assessed enterprises (`assessed`), weights, rule and day."""

    frames: Frames
    kinds: frozenset[str]
    threshold: int
    book: PathBook
    rank_by: str
    as_of: date

    @property
    def settings(self) -> Mapping[str, int]:
        """The settings of the path on which joint branches are proposed."""
        return self.book.joint_path.settings

    def evaluated(self) -> Evaluated:
        """The targets with facts, scores and ranks, not computed yet."""
        scored = evaluated_lazily(self.frames, self.kinds, self.threshold, nw.col("is_target"), self.book)
        return ordered_lazily(scored, self.rank_by)


@dataclass
class _AtHand:
    """Rows of the present stretch, which the queries of every stretch read."""

    rows: pl.DataFrame

    def frame(self) -> Lazy:
        """The rows at hand, as they are when a query is run."""
        # Only columns are chosen below this: rows are, by each query that reads them, above it.
        reading = pl.LazyFrame(schema=self.rows.schema).map_batches(
            lambda projection: self.rows.select(projection.columns),
            projection_pushdown=True,
            validate_output_schema=False,
        )
        return nw.from_native(reading)


class Stretches:
    """The queries of a stretch of evaluated targets; `counted` hangs on all of them together."""

    def __init__(self, everybody: Evaluated, counted: Tallies, as_of: date) -> None:
        self._counted = counted
        self._book = everybody.book
        self._at_hand = _AtHand(collected(everybody.frame.head(0)))
        at_hand = replace(everybody, frame=self._at_hand.frame(), happening=counted.happening)
        # Reasons are told first: their steps, then the cells of these; what is shown is taken from both.
        steps = chosen_steps(at_hand).to_native()
        self._steps, self._stepped = steps, _AtHand(pl.DataFrame(schema=steps.collect_schema()))
        self._cited = cited(self._stepped.frame(), everybody.cells).to_native()
        self._reasons = _AtHand(empty(PLAN_TABLES["reasons"]))
        shown = shown_reasons(self._reasons.frame(), self._book.shown, in_order=True)
        worded = target_frames(at_hand, as_of, nw.from_native(counted.calls.lazy()), shown)
        self._queries = {name: frame.to_native() for name, frame in worded.items()}

    def tables_of(self, targets: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The tables of these targets, in order."""
        self._at_hand.rows = targets
        self._stepped.rows = self._steps.collect().sort(in_order(PLAN_TABLES["reasons"].sorted_by))
        reasons = self._reasons.rows = conform(self._cited.collect(), PLAN_TABLES["reasons"])
        self._stepped.rows = self._stepped.rows.clear()
        # One by one: what they have in common is less than what looking for it among them costs.
        tables = {name: self._completed(name, query.collect()) for name, query in self._queries.items()}
        self._at_hand.rows, self._reasons.rows = targets.clear(), reasons.clear()
        return {"reasons": reasons, **tables}

    def _completed(self, name: str, table: pl.DataFrame) -> pl.DataFrame:
        """The table with what hangs on all targets, as it is described, in order."""
        if name == "recommendations":
            ids = self._at_hand.rows["enterprise_id"]
            here = pl.col("enterprise_id").is_between(ids.min(), ids.max())
            table = with_figures(table, self._counted.known.filter(here), self._book)
        if name == "bundle_targets":
            table = table.join(self._counted.bundles, on=["path", "counterpart"], how="semi")
        # What is not sorted by enterprise first is sorted when all of it is there.
        return finished(table, name) if name in PACKED else conform(table, PLAN_TABLES[name])
