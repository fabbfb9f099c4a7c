"""Plain independent cascade: every firm that is covered gets one try at each of its targets; nothing else.

The model in its smallest form, for judging starts and for comparison with other programs (Kempe, Kleinberg
and Tardos 2003): no months, visits, caps, windows, thresholds or lapse. One coin an edge and lane decides
whether the edge is live, so the order of tries does not matter. Firms that drive nobody are looked at once,
after all the others have settled.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.engine.fast import has_compiler
from coverage_engine.campaigns.engine.rules import Rates
from coverage_engine.campaigns.engine.tally import lanes_of
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts, Places
from coverage_engine.campaigns.network.coins import (
    ALL_LANES,
    LANES,
    ONE,
    Words,
    coin_keys,
    fixed_point,
    toss_each,
)

_NO_MONTH = 0

Chances = npt.NDArray[np.int64]
LaneCounts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Edges in rows: row r holds `first[r]:first[r + 1]`; `end` is the other end, `chance` in 2^-32."""

    first: Counts
    end: Places
    ids: Words
    chance: Chances


@dataclass(frozen=True)
class CascadeWiring:
    """一次性扩散网络: `core` firms drive somebody, `leaves` drive nobody; covered leaves stand in `settled`.

    `inner` has a row a core firm with the core targets it drives, `outer` a row a leaf with its drivers; both
    name core firms by their position in `core`. `begun` is the state of the core at the start.
    """

    size: int
    core: Places
    leaves: Places
    settled: Places
    begun: Words
    inner: Rows
    outer: Rows


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


def wire_cascade(graph: CampaignGraph, rate: Rates) -> CascadeWiring:
    """The edges that can ever succeed, split into core and leaves; make it once for many blocks."""
    chance = fixed_point(np.asarray(rate.drive))[graph.kind]
    if graph.strength is not None:
        chance = fixed_point(graph.strength * (chance / ONE))
    firms = graph.firms
    open_ = firms.eligible & ~firms.covered
    used = np.flatnonzero((chance > 0) & firms.drives[graph.source] & open_[graph.target])
    drives = np.zeros(graph.size, dtype=bool)
    drives[graph.source[used]] = True
    reached = np.zeros(graph.size, dtype=bool)
    reached[graph.target[used]] = True
    core, leaves = np.flatnonzero(drives), np.flatnonzero(reached & ~drives)
    position = np.zeros(graph.size, dtype=np.int32)
    position[core], position[leaves] = np.arange(len(core)), np.arange(len(leaves))
    inward = drives[graph.target[used]]
    inner, outer = used[inward], used[~inward]
    outer = outer[np.argsort(graph.target[outer], kind="stable")]

    def rows(edges: Counts, row: Places, end: Places, size: int) -> Rows:
        first = np.concatenate([[0], np.cumsum(np.bincount(position[row], minlength=size))])
        return Rows(first.astype(np.int64), position[end], graph.edge_ids[edges], chance[edges])

    return CascadeWiring(
        graph.size,
        core.astype(np.int32),
        leaves.astype(np.int32),
        np.flatnonzero(firms.covered & ~drives).astype(np.int32),
        np.where(firms.covered[core], ALL_LANES, np.uint64(0)),
        rows(inner, graph.source[inner], graph.target[inner], len(core)),
        rows(outer, graph.target[outer], graph.source[outer], len(leaves)),
    )


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
