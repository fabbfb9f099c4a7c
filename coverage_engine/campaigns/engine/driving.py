"""Steps 2 and 3 of a month in NumPy: covered drivers attempt their targets, under caps and thresholds."""

from __future__ import annotations

import numpy as np

from coverage_engine.campaigns.engine.rules import Play
from coverage_engine.campaigns.engine.wiring import Wiring
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts
from coverage_engine.campaigns.network.coins import ALL_LANES, Words, fixed_point, toss, toss_each


def drive(
    graph: CampaignGraph,
    wires: Wiring,
    play: Play,
    chance: tuple[int, Words],
    words: tuple[Words, Words, Words],
) -> None:
    """Steps 2 and 3 for one kind; adds the successes to `fresh`."""
    active, open_, fresh = words
    drive_chance, keys = chance
    wanted = active[wires.source] & open_[wires.target]
    if play.attempts[wires.kind]:
        wanted = _capped(wires, wanted, active, play.attempts[wires.kind])
    busy = np.flatnonzero(wanted)
    if not busy.size:
        return
    target, wanted = wires.target[busy], wanted[busy]
    starts = np.flatnonzero(np.concatenate([[True], target[1:] != target[:-1]]))
    if play.threshold[wires.kind] > 1:
        enough = _at_least(wanted, starts, play.threshold[wires.kind])
        ids = graph.threshold_ids(wires.kind)[target[starts]]
        fresh[target[starts]] |= toss(ids, keys, drive_chance, enough)
        return
    if wires.strength is None:
        won = toss(wires.ids[busy], keys, drive_chance, wanted)
    else:
        chances = fixed_point(wires.strength[busy] * (drive_chance / (1 << 32)))
        won = toss_each(wires.ids[busy], keys, chances, wanted)
    fresh[target[starts]] |= np.bitwise_or.reduceat(won, starts)


def _capped(wires: Wiring, wanted: Words, active: Words, cap: int) -> Words:
    """The attempts that each driver can make: the first `cap` wanted in order of priority, lane by lane.

    The count of each driver is kept in binary digits across words and stops at the cap.
    """
    chosen = wanted.copy()
    heavy = np.flatnonzero((wires.degree > cap) & (active[wires.drivers] != 0))
    digits = cap.bit_length()
    count = np.zeros((digits, len(heavy)), dtype=np.uint64)
    first, degree = wires.first[heavy], wires.degree[heavy]
    free = active[wires.drivers[heavy]]
    at = np.arange(len(heavy))
    position = 0
    while at.size:
        edge = wires.by_source[first[at] + position]
        attempt = wanted[edge] & free[at]
        chosen[edge] = attempt
        carry = attempt
        full = np.full(len(at), ALL_LANES)
        for digit in range(digits):
            count[digit, at], carry = count[digit, at] ^ carry, count[digit, at] & carry
            full &= count[digit, at] if cap >> digit & 1 else ~count[digit, at]
        free[at] &= ~full
        position += 1
        done = at[free[at] == 0]
        for driver in done[degree[done] > position]:
            rest = wires.by_source[first[driver] + position : first[driver] + degree[driver]]
            chosen[rest] = 0
        at = at[(degree[at] > position) & (free[at] != 0)]
    return chosen


def _at_least(wanted: Words, starts: Counts, threshold: int) -> Words:
    """Lanes in which at least `threshold` of a target's edges are attempted; edges stand by target."""
    sizes = np.diff(np.append(starts, len(wanted)))
    levels = np.zeros((threshold, len(starts)), dtype=np.uint64)
    at = np.arange(len(starts))
    for position in range(int(sizes.max())):
        at = at[sizes[at] > position]
        more = wanted[starts[at] + position]
        for level in range(threshold - 1, 0, -1):
            levels[level, at] |= levels[level - 1, at] & more
        levels[0, at] |= more
    lanes: Words = levels[-1]
    return lanes
