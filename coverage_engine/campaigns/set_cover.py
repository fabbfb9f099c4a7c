"""Covering the most sets with few starts: greedy choice, and two upper bounds on the best possible.

Bounds: what greedy prefixes allow (Tang and others 2018), and the Lagrangian relaxation of "a set counts only
if one of its starts is chosen" (Fisher 1981), which proves far more on the same sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.coins import mixed
from coverage_engine.campaigns.network import Counts, Flags, Places, Reals
from coverage_engine.campaigns.reverse_sets import ReachSets

_ROUNDS = 160
_PATIENCE = 12


@dataclass(frozen=True)
class Limit:
    """起步限额: at most `number` starts, costs up to `budget`; `locked` are in, `allowed` may be chosen."""

    number: int
    budget: float
    cost: Reals
    locked: Places
    allowed: Flags


@dataclass(frozen=True)
class DistinctSets:
    """The different sets with their multiplicities, as a sparse matrix `[sets, firms]` and its transpose."""

    times: Reals
    first: Counts
    start: Places
    by_start_first: Counts
    by_start_set: Places


@dataclass(frozen=True)
class Chosen:
    """Starts in order of choice, what each adds in sets, the runner-up at each choice, and bounds."""

    starts: tuple[int, ...]
    gains: tuple[float, ...]
    runners_up: tuple[int, ...]
    covered: float
    bound: float


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


def choose(sets: DistinctSets, limit: Limit) -> Chosen:
    """Greedy by gain (by gain per cost under a budget, or the best single start), with the smaller bound."""
    greedy = _Greedy(sets, limit)
    starts = greedy.run()
    single = _best_single(greedy, limit, starts)
    if single is not None:
        greedy = _Greedy(sets, limit)
        starts = greedy.run(only=single)
    bound = min(greedy.prefix_bound, lagrangian_bound(sets, limit, greedy.cover, greedy.covered))
    return Chosen(
        tuple(starts),
        tuple(greedy.gains),
        tuple(greedy.runners_up),
        greedy.covered,
        max(bound, greedy.covered),
    )


def _best_single(greedy: _Greedy, limit: Limit, starts: list[int]) -> int | None:
    """One dear start that alone beats the greedy choice under a budget (Khuller, Moss and Naor 1999)."""
    if not np.isfinite(limit.budget) or len(limit.locked):
        return None
    affordable = limit.allowed & (limit.cost <= limit.budget)
    alone = np.where(affordable, greedy.at_first, 0.0)
    best = int(np.argmax(alone))
    return best if alone[best] > greedy.covered and starts != [best] else None


class _Greedy:
    """The running choice: marginal gains by firm, how often each set is met."""

    def __init__(self, sets: DistinctSets, limit: Limit) -> None:
        self._sets, self._limit = sets, limit
        firms = len(limit.cost)
        per_entry = np.repeat(sets.times, np.diff(sets.first))
        self._gain: Reals = np.bincount(sets.start, weights=per_entry, minlength=firms).astype(np.float64)
        self.at_first = self._gain.copy()
        self.cover = np.zeros(len(sets.times))
        self.covered = 0.0
        self.gains: list[float] = []
        self.runners_up: list[int] = []
        self.prefix_bound = float(sets.times.sum())

    def run(self, only: int | None = None) -> list[int]:
        """Locked-in starts first, then greedily within the limit."""
        limit = self._limit
        free = limit.allowed.copy()
        free[limit.locked] = False
        starts: list[int] = []
        budget, number = limit.budget, limit.number
        for start in [*limit.locked.tolist()] if only is None else [only]:
            self._take(start, starts, -1)
            budget, number = budget - limit.cost[start], number - 1
        while only is None:
            self._tighten(free)
            open_ = free & (limit.cost <= budget + 1e-9) & (self._gain > 0)
            if number < 1 or not open_.any():
                break
            value = np.where(
                open_, self._gain / limit.cost if np.isfinite(limit.budget) else self._gain, -1.0
            )
            best = int(np.argmax(value))
            value[best] = -1.0
            second = int(np.argmax(value))
            self._take(best, starts, second if value[second] > 0 else -1)
            free[best] = False
            budget, number = budget - limit.cost[best], number - 1
        return starts

    def _take(self, start: int, starts: list[int], second: int) -> None:
        sets = self._sets
        starts.append(start)
        self.runners_up.append(second)
        self.gains.append(float(self._gain[start]))
        self.covered += float(self._gain[start])
        met = sets.by_start_set[sets.by_start_first[start] : sets.by_start_first[start + 1]]
        new = met[self.cover[met] == 0]
        self.cover[met] += 1
        sizes = sets.first[new + 1] - sets.first[new]
        entry = np.repeat(sets.first[new] - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
        np.subtract.at(self._gain, sets.start[entry], np.repeat(sets.times[new], sizes))

    def _tighten(self, free: Flags) -> None:
        """No choice covers more than what is covered plus the best marginal gains within the limit."""
        best, _ = best_within(np.where(free, self._gain, 0.0), self._limit, self._limit.locked)
        self.prefix_bound = min(self.prefix_bound, self.covered + best)


def best_within(value: Reals, limit: Limit, locked: Places) -> tuple[float, Reals]:
    """The largest sum of values within the limit and the choice; a budget may take its last start in part."""
    share = np.zeros(len(value))
    share[locked] = 1.0
    free = np.where(limit.allowed & (share == 0), value, 0.0)
    number = max(limit.number - len(locked), 0)
    if not np.isfinite(limit.budget):
        if number and len(free):
            top = np.argpartition(-free, min(number, len(free)) - 1)[:number]
            share[top[free[top] > 0]] = 1.0
        return float((value * share).sum()), share
    left = max(limit.budget - float(limit.cost[locked].sum()), 0.0)
    worth = np.flatnonzero(free > 0)
    worth = worth[np.argsort(-free[worth] / limit.cost[worth], kind="stable")]
    spent = np.cumsum(limit.cost[worth])
    share[worth] = np.clip((left - spent + limit.cost[worth]) / limit.cost[worth], 0.0, 1.0)
    return float((value * share).sum()), share


def lagrangian_bound(sets: DistinctSets, limit: Limit, cover: Reals, reached: float) -> float:
    """An upper bound on the weight of sets that any choice within the limit can meet.

    L(price) = sum of (times - price) + best choice at prices summed by start, for 0 <= price <= times; every
    price is a valid bound, subgradient steps (Polyak, towards `reached`) bring it down.
    """
    from scipy.sparse import csr_array

    if not len(sets.times):
        return 0.0
    shape = (len(sets.times), len(limit.cost))
    ones = np.ones(len(sets.start))
    matrix = csr_array((ones, sets.start, sets.first), shape=shape)
    turned = csr_array((ones, sets.by_start_set, sets.by_start_first), shape=(shape[1], shape[0]))
    price = np.where(cover > 0, sets.times / np.maximum(2.0 * cover, 1.0), sets.times)
    lowest, kept, pace, stale = np.inf, price, 1.0, 0
    step = np.zeros_like(price)
    for _ in range(_ROUNDS):
        best, share = best_within(turned @ price, limit, limit.locked)
        value = float((sets.times - price).sum()) + best
        if value < lowest - 1e-4 * max(lowest - reached, 0.0) if np.isfinite(lowest) else True:
            lowest, kept, stale = value, price, 0
        else:
            lowest, stale = min(lowest, value), stale + 1
        if stale >= _PATIENCE:
            pace, stale, price, step = pace / 2, 0, kept, np.zeros_like(price)
        if lowest <= reached * (1 + 1e-6) or pace < 1e-2:
            break
        slope = matrix @ share - 1.0
        slope[(price >= sets.times) & (slope < 0)] = 0.0
        slope[(price <= 0) & (slope > 0)] = 0.0
        step = slope + 0.5 * step
        length = float((step * step).sum())
        if not length:
            break
        price = np.clip(price - pace * (value - reached) / length * step, 0.0, sets.times)
    return lowest
