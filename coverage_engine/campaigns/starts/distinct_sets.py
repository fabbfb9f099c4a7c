"""Reverse-reachable sets counted once with their multiplicity; the limit within which starts are chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.network.campaign_graph import Counts, Flags, Places, Reals
from coverage_engine.campaigns.network.coins import mixed
from coverage_engine.campaigns.starts.reverse_sets import ReachSets


@dataclass(frozen=True)
class Limit:
    """起步限额: at most `number` starts, costs up to `budget`; `locked` are in, `allowed` may be chosen.

    At most `quota` starts a county where it is not 0; `county` is the county of each firm. Locked-in starts
    count towards it and stay even beyond it.
    """

    number: int
    budget: float
    cost: Reals
    locked: Places
    allowed: Flags
    quota: int = 0
    county: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    def left(self) -> Counts:
        """Starts that each county may still take beyond the locked-in ones."""
        size = int(self.county.max(initial=-1)) + 1
        return np.maximum(self.quota - np.bincount(self.county[self.locked], minlength=size), 0)


@dataclass(frozen=True)
class DistinctSets:
    """The different sets with their multiplicities, as a sparse matrix `[sets, firms]` and its transpose."""

    times: Reals
    first: Counts
    start: Places
    by_start_first: Counts
    by_start_set: Places


def distinct(sets: ReachSets, firms: int) -> DistinctSets:
    """Equal sets counted together; empty ones left out."""
    sizes = np.diff(sets.first)
    filled = np.flatnonzero(sizes)
    words = mixed(mixed(sets.start.astype(np.uint64) + np.uint64(1)))
    labels = np.add.reduceat(words, sets.first[filled]) if len(filled) else np.zeros(0, dtype=np.uint64)
    _, which, times = np.unique(labels, return_index=True, return_counts=True)
    rows = filled[which]
    lengths = sizes[rows]
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    entry = np.repeat(sets.first[rows] - first[:-1], lengths) + np.arange(int(lengths.sum()))
    start = sets.start[entry]
    order = np.argsort(start, kind="stable")
    by_start = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=firms))]).astype(np.int64)
    row_of = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    return DistinctSets(times.astype(np.float64), first, start, by_start, row_of[order])


def hits(sets: ReachSets, starts: npt.ArrayLike, firms: int) -> npt.NDArray[np.int64]:
    """For each start in order, how many sets it meets that no start before it met."""
    rank = np.full(firms, np.iinfo(np.int64).max)
    chosen = np.asarray(starts, dtype=np.int64)
    rank[chosen[::-1]] = np.arange(len(chosen))[::-1]
    filled = np.flatnonzero(np.diff(sets.first))
    if not len(filled) or not len(chosen):
        return np.zeros(len(chosen), dtype=np.int64)
    best = np.minimum.reduceat(rank[sets.start], sets.first[filled])
    return np.bincount(best[best < len(chosen)], minlength=len(chosen))
