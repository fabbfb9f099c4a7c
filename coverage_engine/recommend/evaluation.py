"""Evaluation (评估): facts, scores, feasibility and ranks of the wanted enterprises; from it all is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Frames, Lazy, lazy_frames, levelled, materialised, small
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.recommend.actions import with_groups
from coverage_engine.recommend.citations import Cells, cells_of, with_deciding_cells
from coverage_engine.recommend.definitions import PathBook, PathDefinition
from coverage_engine.recommend.evidence import Surroundings, bare_facts, fact_frame, surroundings
from coverage_engine.recommend.path_order import BY_SCORE, by_rule
from coverage_engine.recommend.scoring import SHOWN_RANKS, ranked, score_of, scored


@dataclass(frozen=True)
class Evaluated:
    """Facts, scores, feasibility and ranking keys of the wanted enterprises, and what they came from.

    `cells` names the cells that reasons cite; `places` are the paths that occur in each rank; `ruled` says
    that the ranks go by a rule of the planner's (`path_order`), else they go by score. `happening` are the
    changes that can turn a ranking anywhere (`flips`), where that is known already.
    """

    frame: Lazy
    around: Surroundings
    book: PathBook
    threshold: int
    cells: Cells
    places: Mapping[int, frozenset[int]]
    ruled: bool = False
    happening: Sequence[int] | None = None

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


def evaluate(
    snapshot: Snapshot, enterprises: pl.DataFrame, threshold: int, wanted: nw.Expr, book: PathBook
) -> Evaluated:
    """The wanted enterprises with every fact, score, feasibility and ranking key, computed once."""
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(enterprises.lazy())}
    return evaluate_frames(frames, snapshot.kinds, threshold, wanted, book)


def evaluate_frames(
    frames: Frames, kinds: frozenset[str], threshold: int, wanted: nw.Expr, book: PathBook
) -> Evaluated:
    """As `evaluate`, on frames of any engine; `assessed` is the plan table `enterprises` among them."""
    evaluated = evaluated_lazily(frames, kinds, threshold, wanted, book)
    frame = materialised(evaluated.frame)
    return replace(evaluated, frame=frame, places=_occurring(frame, "path"))


def evaluated_lazily(
    frames: Frames, kinds: frozenset[str], threshold: int, wanted: nw.Expr, book: PathBook
) -> Evaluated:
    """The same, not computed yet: every path may be in every place."""
    around = surroundings(frames, kinds, frames["assessed"], threshold, book.joint_path.settings, wanted)
    judged = ranked(scored(levelled(fact_frame(around)), book.paths), book.paths)
    cells, anywhere = cells_of(around.tables, book), frozenset(path.number for path in book.paths)
    return Evaluated(judged, around, book, threshold, cells, dict.fromkeys(SHOWN_RANKS, anywhere))


def ordered(evaluated: Evaluated, rank_by: str) -> Evaluated:
    """The same with the ranks by a rule; rules that ask for the likeliest path leave all as it is."""
    if rank_by in BY_SCORE:
        return evaluated
    reordered = ordered_lazily(evaluated, rank_by)
    frame = materialised(reordered.frame)
    return replace(reordered, frame=frame, places=_occurring(frame, "place"))


def ordered_lazily(evaluated: Evaluated, rank_by: str) -> Evaluated:
    """The same, not computed yet."""
    if rank_by in BY_SCORE:
        return evaluated
    return replace(evaluated, frame=by_rule(evaluated.frame, evaluated.book, rank_by), ruled=True)


def founding_with(evaluated: Evaluated, groups: Lazy) -> Evaluated:
    """The evaluated enterprises with the joint branch proposed for each (`groups`: table `joint_groups`).

    With them stand the cells that decided facts of firms, for the reasons to cite.
    """
    joined = levelled(with_groups(evaluated.frame, groups, evaluated.around.standing))
    return replace(
        evaluated, frame=levelled(with_deciding_cells(joined, evaluated.around.tables, evaluated.cells))
    )


def ranked_frame(
    frames: Frames, kinds: frozenset[str], threshold: int, wanted: nw.Expr, book: PathBook
) -> Lazy:
    """The three best paths of the wanted enterprises: `path_1…3` and `score_1…3`, 0 for none; all lazy."""
    around = surroundings(frames, kinds, frames["assessed"], threshold, book.joint_path.settings, wanted)
    judged = ranked(scored(bare_facts(around), book.paths), book.paths, len(SHOWN_RANKS))
    scores = (
        nw.when(nw.col(f"key_{place}") > 0)
        .then(score_of(nw.col(f"key_{place}")))
        .otherwise(nw.lit(0))
        .alias(f"best_{place}")
        for place in SHOWN_RANKS
    )
    return judged.select("enterprise_id", *(f"path_{place}" for place in SHOWN_RANKS), *scores)


def _occurring(frame: Lazy, column: str) -> dict[int, frozenset[int]]:
    names = {place: f"{column}_{place}" for place in SHOWN_RANKS}
    return {
        place: frozenset(number for number in small(frame.select(name).unique())[name] if number)
        for place, name in names.items()
    }
