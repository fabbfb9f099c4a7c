"""Upper bounds on how many sets any starts within a limit can meet (Fisher 1981 for the relaxation)."""

from __future__ import annotations

import numpy as np

from coverage_engine.campaigns.network.campaign_graph import Places, Reals
from coverage_engine.campaigns.starts.distinct_sets import DistinctSets, Limit

_ROUNDS = 160
_PATIENCE = 12


def best_within(value: Reals, limit: Limit, locked: Places) -> tuple[float, Reals]:
    """The largest sum of values within the limit and the choice; a budget may take its last start in part."""
    share = np.zeros(len(value))
    share[locked] = 1.0
    free = np.where(limit.allowed & (share == 0), value, 0.0)
    if limit.quota:
        free = _within_quota(free, limit)
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


def _within_quota(value: Reals, limit: Limit) -> Reals:
    """Only the best of each county; with unequal costs the quota is left aside, which is a looser bound."""
    some = np.flatnonzero(value > 0)
    if np.isfinite(limit.budget) and len(some) and np.ptp(limit.cost[some]) > 0:
        return value
    some = some[np.lexsort((-value[some], limit.county[some]))]
    county = limit.county[some]
    _, first, count = np.unique(county, return_index=True, return_counts=True)
    rank = np.arange(len(some)) - np.repeat(first, count)
    best = some[rank < limit.left()[county]]
    within = np.zeros(len(value))
    within[best] = value[best]
    return within


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
    lowest, best_price, pace, stale = np.inf, price, 1.0, 0
    step = np.zeros_like(price)
    for _ in range(_ROUNDS):
        best, share = best_within(turned @ price, limit, limit.locked)
        value = float((sets.times - price).sum()) + best
        if value < lowest - 1e-4 * max(lowest - reached, 0.0) if np.isfinite(lowest) else True:
            lowest, best_price, stale = value, price, 0
        else:
            lowest, stale = min(lowest, value), stale + 1
        if stale >= _PATIENCE:
            pace, stale, price, step = pace / 2, 0, best_price, np.zeros_like(price)
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
