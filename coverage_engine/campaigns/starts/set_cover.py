"""Covering the most sets with few starts: greedy choice, and two upper bounds on the best possible.

Bounds: what greedy prefixes allow (Tang and others 2018), and the Lagrangian relaxation of "a set counts only
if one of its starts is chosen" (Fisher 1981), which proves far more on the same sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coverage_engine.campaigns.network.campaign_graph import Flags, Reals
from coverage_engine.campaigns.starts.cover_bounds import best_within, lagrangian_bound
from coverage_engine.campaigns.starts.distinct_sets import DistinctSets, Limit


@dataclass(frozen=True)
class Chosen:
    """Starts in order of choice, what each adds in sets, the runner-up at each choice, and bounds."""

    starts: tuple[int, ...]
    gains: tuple[float, ...]
    runners_up: tuple[int, ...]
    covered: float
    bound: float


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
        budget, number, left = limit.budget, limit.number, limit.left()
        for start in [*limit.locked.tolist()] if only is None else [only]:
            self._take(start, starts, -1)
            budget, number = budget - limit.cost[start], number - 1
        while only is None:
            self._tighten(free)
            open_ = free & (limit.cost <= budget + 1e-9) & (self._gain > 0)
            if limit.quota:
                open_ &= left[limit.county] > 0
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
            if limit.quota:
                left[limit.county[best]] -= 1
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
