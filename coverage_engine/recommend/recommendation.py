"""The room's one way through: facts of the targets, eleven scores, the best three, reasons and actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw
import polars as pl

from coverage_engine.coverage.frames import Frames, Lazy, collected, kept, lazy_frames, levelled, small
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty
from coverage_engine.policy import Policy
from coverage_engine.recommend.actions import actions_of, with_groups
from coverage_engine.recommend.bundles import bundle_places, bundle_targets, bundles, large_enough
from coverage_engine.recommend.choices import choices
from coverage_engine.recommend.definitions import PathBook, PathDefinition
from coverage_engine.recommend.evidence import Surroundings, bare_facts, fact_frame, surroundings
from coverage_engine.recommend.flips import flips
from coverage_engine.recommend.frames import attach
from coverage_engine.recommend.joint_groups import joint_groups
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.path_order import BY_SCORE, by_rule
from coverage_engine.recommend.reasons import cited, shown_reasons, steps_of
from coverage_engine.recommend.scoring import (
    SHOWN_RANKS,
    interval,
    probability,
    ranked,
    score_of,
    scored,
    why_not,
)
from coverage_engine.recommend.wording import sentence
from coverage_engine.recommend.work_order import DEFAULT_RULE, with_work_order

_THRESHOLD = "league_members_threshold"
# Longest text of a lead unit, which may name two bodies.
_LEAD_LENGTH = 60

SORTED_BY: dict[str, list[str]] = {
    "recommendations": ["enterprise_id", "rank"],
    "reasons": ["enterprise_id", "path", "step"],
    "evaluations": ["enterprise_id", "path"],
    "actions": ["enterprise_id", "path", "step"],
    "choices": ["enterprise_id"],
}


@dataclass(frozen=True)
class Evaluated:
    """Facts, scores, feasibility and ranking keys of the wanted enterprises, and what they came from.

    `places` are the paths that occur in each rank; `ruled` says that the ranks go by a rule of the planner's
    (`path_order`), else they go by score.
    """

    frame: Lazy
    around: Surroundings
    book: PathBook
    threshold: int
    places: Mapping[int, frozenset[int]]
    ruled: bool = False

    @property
    def chosen_paths(self) -> list[PathDefinition]:
        """The paths that are among anybody's best three."""
        occurring = frozenset[int]().union(*self.places.values())
        return [path for path in self.book.paths if path.number in occurring]

    @property
    def first_paths(self) -> list[PathDefinition]:
        """The paths that are anybody's best."""
        return [path for path in self.book.paths if path.number in self.places[1]]

    def place(self, rank: int) -> nw.Expr:
        """The path of a rank, 0 for none."""
        return nw.col(f"place_{rank}" if self.ruled else f"path_{rank}")

    def key(self, rank: int) -> nw.Expr:
        """The ranking key of the path of a rank; of rank 4 it is the fourth best by score."""
        return nw.col(f"place_key_{rank}" if self.ruled and rank in SHOWN_RANKS else f"key_{rank}")

    def chosen(self, path: PathDefinition) -> Lazy:
        """The rows that have the path among their best three, with its `rank`."""
        rank = nw.lit(None, dtype=nw.Int64)
        for place in reversed(SHOWN_RANKS):
            rank = nw.when(self.place(place) == path.number).then(nw.lit(place)).otherwise(rank)
        return self.frame.with_columns(rank.alias("rank")).filter(~nw.col("rank").is_null())


def recommend(
    snapshot: Snapshot,
    enterprises: pl.DataFrame,
    policy: Policy,
    book: PathBook | None = None,
    rank_by: str = DEFAULT_RULE,
) -> Mapping[str, pl.DataFrame]:
    """Tables recommendations, reasons, evaluations, actions, choices, bundles (three) and joint_groups.

    Columns: `PLAN_TABLES`. `enterprises` is the plan table of that name: its targets are evaluated, all its
    rows serve as neighbours. `rank_by` is the rule of the work order, and of the order of a firm's paths.
    """
    threshold, targets = policy.number(_THRESHOLD), nw.col("is_target")
    found = ordered(evaluate(snapshot, enterprises, threshold, targets, book or load_paths()), rank_by)
    groups = joint_groups(enterprises, threshold, found.around.settings)
    tables, told_by = recommended_frames(found, snapshot.as_of, nw.from_native(groups.lazy())), found.book
    # What is no longer needed is let go at once: facts and unsorted tables are as large as the tables told.
    del found
    whole = {name: collected(tables.pop(name)) for name in list(tables)}
    whole["joint_groups"] = groups
    return completed(whole, enterprises, told_by, rank_by)


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
    """
    if "recommendations" in tables:
        tables["recommendations"] = with_work_order(tables["recommendations"], enterprises, book, rank_by)
    served = large_enough(tables.pop("bundle_targets"), book.least_bundle)
    return {
        **{
            name: conform(tables.pop(name), PLAN_TABLES[name]).sort(columns)
            if name in tables
            else empty(PLAN_TABLES[name])
            for name, columns in SORTED_BY.items()
        },
        "bundle_targets": served,
        "bundles": bundles(served),
        "bundle_places": bundle_places(served, enterprises),
        "joint_groups": tables["joint_groups"],
    }


def recommended_frames(found: Evaluated, as_of: date, groups: Lazy) -> dict[str, Lazy]:
    """The tables as frames of the caller's engine; no recommendations where no path is feasible at all.

    `groups` are the joint-branch groups (table `joint_groups`); the bundles are not yet the large ones only.
    """
    found = founding_with(found, groups)
    tables = {
        "evaluations": nw.concat([_evaluation(found.frame, path) for path in found.book.paths]),
        "choices": choices(found.frame, found.book),
        "bundle_targets": nw.concat(bundle_targets(found.frame, found.book, found.place(1))),
    }
    if found.places[1]:
        reasons = reasons_of(found)
        tables |= {"reasons": reasons, "recommendations": _recommendations(found, reasons)}
        tables["actions"] = nw.concat(
            [levelled(actions_of(_first(found, path), path, found.book, as_of)) for path in found.first_paths]
        )
    return tables


def ordered(found: Evaluated, rank_by: str) -> Evaluated:
    """The same with the ranks by a rule; rules that ask for the likeliest path leave all as it is."""
    if rank_by in BY_SCORE:
        return found
    frame = kept(by_rule(found.frame, found.book, rank_by))
    return replace(found, frame=frame, places=_occurring(frame, "place"), ruled=True)


def founding_with(found: Evaluated, groups: Lazy) -> Evaluated:
    """The evaluated enterprises with the joint branch proposed for each (`groups`: table `joint_groups`)."""
    return replace(found, frame=levelled(with_groups(found.frame, groups, found.around.standing)))


def evaluate(
    snapshot: Snapshot, enterprises: pl.DataFrame, threshold: int, wanted: nw.Expr, book: PathBook
) -> Evaluated:
    """The wanted enterprises with every fact, score, feasibility and ranking key, computed once."""
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(enterprises.lazy())}
    return evaluate_frames(frames, snapshot.kinds, threshold, wanted, book)


def ranked_frame(
    frames: Frames, kinds: frozenset[str], threshold: int, wanted: nw.Expr, book: PathBook
) -> Lazy:
    """The three best paths of the wanted enterprises: `path_1…3` and `score_1…3`, 0 for none; all lazy."""
    settings = {key: value for path in book.paths for key, value in path.settings.items()}
    around = surroundings(frames, kinds, frames["assessed"], threshold, settings, wanted)
    judged = ranked(scored(bare_facts(around), book.paths), book.paths)
    scores = (
        nw.when(nw.col(f"key_{place}") > 0)
        .then(score_of(nw.col(f"key_{place}")))
        .otherwise(nw.lit(0))
        .alias(f"best_{place}")
        for place in SHOWN_RANKS
    )
    return judged.select("enterprise_id", *(f"path_{place}" for place in SHOWN_RANKS), *scores)


def evaluate_frames(
    frames: Frames, kinds: frozenset[str], threshold: int, wanted: nw.Expr, book: PathBook
) -> Evaluated:
    """As `evaluate`, on frames of any engine; `assessed` is the plan table `enterprises` among them."""
    settings = {key: value for path in book.paths for key, value in path.settings.items()}
    around = surroundings(frames, kinds, frames["assessed"], threshold, settings, wanted)
    facts = kept(fact_frame(around))
    frame = kept(ranked(scored(facts, book.paths), book.paths))
    return Evaluated(frame, around, book, threshold, _occurring(frame, "path"))


def reasons_of(found: Evaluated, lang: str = "zh") -> Lazy:
    """The numbered steps of every recommended (enterprise, path) with cells."""
    steps = [
        levelled(steps_of(levelled(found.chosen(path)), path, found.book, found.threshold, lang))
        for path in found.book.paths
    ]
    return kept(cited(nw.concat(steps), found.around.tables))


def _occurring(frame: Lazy, column: str) -> dict[int, frozenset[int]]:
    names = {place: f"{column}_{place}" for place in SHOWN_RANKS}
    return {
        place: frozenset(number for number in small(frame.select(name).unique())[name] if number)
        for place, name in names.items()
    }


def _first(found: Evaluated, path: PathDefinition) -> Lazy:
    return found.frame.filter(found.place(1) == path.number)


def _recommendations(found: Evaluated, reasons: Lazy) -> Lazy:
    rows = levelled(nw.concat([_recommended(found, path) for path in found.chosen_paths]))
    pair = nw.col("enterprise_id").cast(nw.Int64) * 16 + nw.col("path").cast(nw.Int64)
    told = attach(
        rows.with_columns(pair.alias("pair")),
        levelled(shown_reasons(reasons, found.book.shown)),
        "pair",
        "told_pair",
    )
    # A flip is about the best score; it says nothing of a firm whose first path is another one by the rule.
    same = found.frame.filter(found.place(1) == nw.col("path_1")) if found.ruled else found.frame
    turned = flips(same, found.book, found.threshold).rename({"enterprise_id": "flipped"})
    return attach(told, turned, "enterprise_id", "flipped")


def _recommended(found: Evaluated, path: PathDefinition) -> Lazy:
    low, high = interval(path, found.book)
    score = nw.col(f"score_{path.number}")
    gap = nw.lit(None, dtype=nw.Int64)
    for place in SHOWN_RANKS:
        following = found.key(place + 1)
        told = (nw.col("rank") == place) & (following > 0)
        gap = nw.when(told).then(score - score_of(following)).otherwise(gap)
    return found.chosen(path).select(
        "enterprise_id",
        "rank",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(path.key).alias("path_key"),
        score.alias("score"),
        probability(score).alias("probability"),
        probability(low).alias("probability_low"),
        probability(high).alias("probability_high"),
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
