"""Plain independent cascade: every firm that is covered gets one try at each of its targets; nothing else.

The model in its smallest form, for judging starts and for comparison with other programs (Kempe, Kleinberg
and Tardos 2003): no months, visits, caps, windows, thresholds or lapse. One coin an edge and lane decides
whether the edge is live, so the order of tries does not matter. Firms that drive nobody are looked at once,
after all the others have settled.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from coverage_engine.campaigns.engine.cascade_wiring import CascadeWiring, LaneCounts, Rows
from coverage_engine.campaigns.engine.fast import has_compiler
from coverage_engine.campaigns.engine.tally import lanes_of
from coverage_engine.campaigns.network.campaign_graph import Counts
from coverage_engine.campaigns.network.coins import (
    ALL_LANES,
    LANES,
    Words,
    coin_keys,
    toss_each,
)

_NO_MONTH = 0

Settle = Callable[[CascadeWiring, Words], tuple[Words, Words, LaneCounts]]
"""From coin keys to the words of core and leaves, and the covered firms of each lane."""


def cascade(wiring: CascadeWiring, blocks: int, seed: int = 1, threads: int = 1) -> LaneCounts:
    """Covered firms at the end of each of `64 * blocks` futures; the same whatever the number of threads."""
    settle = _settler()

    def one(block: int) -> LaneCounts:
        return settle(wiring, coin_keys(seed, block, _NO_MONTH))[2]

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(one, range(blocks))) if threads > 1 else [one(b) for b in range(blocks)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def cascade_state(wiring: CascadeWiring, seed: int, block: int) -> Words:
    """The covered lanes of every firm in one block."""
    core, leaves, _ = _settler()(wiring, coin_keys(seed, block, _NO_MONTH))
    state = np.zeros(wiring.size, dtype=np.uint64)
    state[wiring.core], state[wiring.leaves], state[wiring.settled] = core, leaves, ALL_LANES
    return state


def numpy_settle(wiring: CascadeWiring, keys: Words) -> tuple[Words, Words, LaneCounts]:
    """One block of 64 futures in NumPy: the core in waves, then the leaves."""
    inner, outer = wiring.inner, wiring.outer
    active = wiring.begun.copy()
    fresh = active.copy()
    row = np.repeat(np.arange(len(active)), np.diff(inner.first))
    while fresh.any():
        edge = np.flatnonzero(fresh[row])
        won = _won(inner, edge, fresh[row[edge]] & ~active[inner.end[edge]], keys)
        fresh = np.zeros_like(active)
        np.bitwise_or.at(fresh, inner.end[edge], won)
        fresh &= ~active
        active |= fresh
    leaf = np.repeat(np.arange(len(wiring.leaves)), np.diff(outer.first))
    edge = np.flatnonzero(active[outer.end])
    leaves = np.zeros(len(wiring.leaves), dtype=np.uint64)
    np.bitwise_or.at(leaves, leaf[edge], _won(outer, edge, active[outer.end[edge]], keys))
    counts = np.full(LANES, len(wiring.settled), dtype=np.int64)
    for words in (active, leaves):
        counts += lanes_of(words[words != 0]).sum(axis=0, dtype=np.int64)
    return active, leaves, counts


def _won(rows: Rows, edge: Counts, wanted: Words, keys: Words) -> Words:
    return toss_each(rows.ids[edge], keys, rows.chance[edge], wanted)


def _settler() -> Settle:
    if not has_compiler():
        return numpy_settle
    from coverage_engine.campaigns.engine.compiled_cascade import compiled_settle

    return compiled_settle
