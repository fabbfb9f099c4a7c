"""The plain cascade compiled by numba (extra `fast`); lane by lane equal to NumPy's.

All edges of the core are tossed at once, whichever lanes will ask for them: that is quicker than asking.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coverage_engine.campaigns.engine.cascade_wiring import CascadeWiring, LaneCounts
from coverage_engine.campaigns.engine.compiled_coins import BEGUN, LOT, ZERO, begin, compiled, finish
from coverage_engine.campaigns.engine.compiled_counts import add_lanes
from coverage_engine.campaigns.network.coins import LANES, Words

_CORE_DIGITS = 12


def compiled_settle(wiring: CascadeWiring, keys: Words) -> tuple[Words, Words, LaneCounts]:
    """One block of 64 futures."""
    inner, outer = wiring.inner, wiring.outer
    live = _live(inner.ids, inner.chance, keys)
    active = _spread(inner.first, inner.end, live, wiring.begun)
    leaves = _pull((outer.first, outer.end, outer.ids, outer.chance), active, keys)
    counts = np.full(LANES, len(wiring.settled), dtype=np.int64)
    add_lanes(active, counts)
    add_lanes(leaves, counts)
    return active, leaves, counts


@compiled
def _live(ids: Any, chance: Any, keys: Any) -> Any:
    """The live lanes of every edge."""
    live = np.empty(len(ids), dtype=np.uint64)
    open_ = np.empty(LOT, dtype=np.uint64)
    for low in range(0, len(ids), LOT):
        high = min(low + LOT, len(ids))
        begin(ids[low:high], chance[low:high], keys, _CORE_DIGITS, (live[low:high], open_[: high - low]))
        for edge in range(low, high):
            if open_[edge - low] != ZERO:
                live[edge] |= finish(ids[edge], chance[edge], keys, _CORE_DIGITS, open_[edge - low])
    return live


@compiled
def _spread(first: Any, target: Any, live: Any, begun: Any) -> Any:
    """The settled core: a firm waits in the queue as long as some of its lanes have not been passed on."""
    size = len(begun)
    state = np.zeros((size, 2), dtype=np.uint64)  # covered lanes, lanes not passed on yet
    queue = np.empty(size + 1, dtype=np.int32)
    head, tail = 0, 0
    for firm in range(size):
        if begun[firm] != ZERO:
            state[firm, 0] = begun[firm]
            state[firm, 1] = begun[firm]
            queue[tail] = firm
            tail += 1
    while head != tail:
        firm = queue[head]
        head = head + 1 if head < size else 0
        fresh = state[firm, 1]
        state[firm, 1] = ZERO
        for edge in range(first[firm], first[firm + 1]):
            other = target[edge]
            won = fresh & live[edge] & ~state[other, 0]
            if won != ZERO:
                state[other, 0] |= won
                if state[other, 1] == ZERO:
                    queue[tail] = other
                    tail = tail + 1 if tail < size else 0
                state[other, 1] |= won
    return state[:, 0].copy()


@compiled
def _pull(rows: Any, active: Any, keys: Any) -> Any:
    """Every leaf once: the lanes in which one of its drivers succeeds."""
    first, source, ids, chance = rows
    size = len(first) - 1
    leaves = np.zeros(size, dtype=np.uint64)
    room = LOT
    for leaf in range(size):
        room = max(room, first[leaf + 1] - first[leaf])
    fallen, open_ = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.uint64)
    leaf = 0
    while leaf < size:
        low, last = first[leaf], leaf + 1
        while last < size and first[last + 1] - low <= room:
            last += 1
        high = first[last]
        begin(ids[low:high], chance[low:high], keys, BEGUN, (fallen[: high - low], open_[: high - low]))
        for at in range(leaf, last):
            word = ZERO
            for edge in range(first[at], first[at + 1]):
                wanted = active[source[edge]] & ~word
                word |= wanted & fallen[edge - low]
                left = wanted & open_[edge - low]
                if left != ZERO:
                    word |= finish(ids[edge], chance[edge], keys, BEGUN, left)
            leaves[at] = word
        leaf = last
    return leaves
