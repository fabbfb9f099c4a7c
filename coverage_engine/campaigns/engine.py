"""Monte Carlo by months, 64 replicates in the lanes of one word; NumPy only.

One month, all at once, on the state X at its beginning (after Granovetter 1978; Kempe, Kleinberg and Tardos
2003; Centola and Macy 2007):
  1. visits: a planned visit to an uncovered firm succeeds with its chance;
  2. driving: every covered driver within its window attempts its uncovered eligible targets of one kind in
     order of priority, at most so many a month; an attempt succeeds with the kind's chance;
  3. threshold above one: a target gets one coin of its own in months with at least so many attempts;
  4. spontaneous founding of the uncovered; 5. lapse of the covered (never in the month of founding).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.coins import (
    ALL_LANES,
    LANES,
    Words,
    coin_keys,
    fixed_point,
    toss,
    toss_each,
)
from coverage_engine.campaigns.network import CampaignGraph, Counts
from coverage_engine.campaigns.rules import Play, Rates
from coverage_engine.campaigns.tally import Tally, count_changes, lanes_of

LaneCounts = npt.NDArray[np.int32]
LaneSums = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """64 futures: final state, covered firms by month and place, gaps closed, hours.

    `places[t, c, l]` counts all counted firms that are covered; `closed[t, l]` those among them that were
    gaps at month 0, `young` and `duty` their young employees and duties; `hours[t, l]` are visiting hours.
    """

    state: Words
    places: LaneCounts
    closed: LaneSums
    young: LaneSums
    duty: LaneSums
    hours: LaneSums


@dataclass(frozen=True)
class Wiring:
    """The edges of one kind in order of target, with what the caps need."""

    kind: int
    edge: Counts
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    ids: Words
    strength: npt.NDArray[np.float64] | None
    by_source: Counts
    drivers: npt.NDArray[np.int32]
    first: Counts
    degree: Counts


def wire(graph: CampaignGraph) -> tuple[Wiring, ...]:
    """The edges that can ever succeed, split by kind; make it once for many blocks."""
    order = graph.by_target
    order = order[graph.firms.eligible[graph.target[order]] & graph.firms.drives[graph.source[order]]]
    return tuple(
        _wiring(graph, order[graph.kind[order] == kind], kind)
        for kind in np.unique(graph.kind[order]).tolist()
    )


def _wiring(graph: CampaignGraph, edge: Counts, kind: int) -> Wiring:
    source = graph.source[edge]
    by_source = np.argsort(edge)  # edges stand by source, kind and priority
    drivers, first, degree = np.unique(source[by_source], return_index=True, return_counts=True)
    return Wiring(
        kind=kind,
        edge=edge,
        source=source,
        target=graph.target[edge],
        ids=graph.edge_ids[edge],
        strength=None if graph.strength is None else graph.strength[edge],
        by_source=by_source,
        drivers=drivers,
        first=first.astype(np.int64),
        degree=degree.astype(np.int64),
    )


@dataclass(frozen=True)
class Steps:
    """The three inner loops of a month; the compiled engine brings its own, equal lane by lane."""

    drive: Callable[..., None]
    toss: Callable[[Words, Words, int, Words], Words]
    count: Callable[..., None]


@dataclass(frozen=True)
class Engine:
    """One graph, wired for many blocks."""

    graph: CampaignGraph
    wiring: tuple[Any, ...]
    steps: Steps

    def run(self, play: Play, rate: Rates, coin: tuple[int, int]) -> Block:
        """The 64 futures of one block; `coin` is (seed, block)."""
        graph, steps = self.graph, self.steps
        state: Words = np.where(graph.firms.covered, ALL_LANES, np.uint64(0))
        closed = np.where(graph.firms.eligible, np.uint64(0), ALL_LANES)
        founded = [state]
        tally = Tally(graph, play.months, steps.count)
        tally.record(0, state, 1)
        for month in range(1, play.months + 1):
            keys = coin_keys(*coin, month)
            open_: Words = ~(state | closed)
            fresh: Words = np.zeros_like(state)
            tally.hours[month] = _visit(graph, play, rate, (month, keys), (open_, fresh))
            for wires in self.wiring:
                window, chance = play.attention[wires.kind], int(fixed_point(rate.drive[wires.kind]))
                if chance:
                    active: Words = state & _any_of(founded[-window:]) if window else state
                    steps.drive(graph, wires, play, (chance, keys), (active, open_, fresh))
            fresh |= steps.toss(graph.spontaneous_ids, keys, int(fixed_point(rate.spontaneous)), open_)
            lost = steps.toss(graph.lapse_ids, keys, int(fixed_point(rate.lapse)), state)
            founded.append(fresh)
            tally.carry(month)
            tally.record(month, fresh, 1)
            tally.record(month, lost, -1)
            state = (state | fresh) & ~lost
            if not fresh.any() and self._is_over(play, rate, month, founded):
                tally.carry_on(month)
                break
        closed, young, duty = tally.gaps[0], tally.gaps[1], tally.gaps[2]
        return Block(state, tally.places, closed, young, duty, tally.hours)

    def _is_over(self, play: Play, rate: Rates, month: int, founded: list[Words]) -> bool:
        """Whether nothing can happen any more: no coin of its own, no visit left, every window shut."""
        if rate.spontaneous or rate.lapse or (play.visits.month > month).any():
            return False
        windows = [play.attention[wires.kind] for wires in self.wiring if rate.drive[wires.kind]]
        recent = founded[-max(windows, default=1) :]
        return all(windows) and len(founded) > len(recent) and not any(words.any() for words in recent)


def _any_of(words: list[Words]) -> Words:
    found = words[0]
    for more in words[1:]:
        found = found | more
    return found


def _visit(
    graph: CampaignGraph, play: Play, rate: Rates, when: tuple[int, Words], words: tuple[Words, Words]
) -> LaneSums:
    """Step 1; adds the successes to `fresh` and returns the hours spent in each lane."""
    month, keys = when
    open_, fresh = words
    visits = play.visits
    hours = np.zeros(LANES, dtype=np.int64)
    now = np.flatnonzero(visits.month == month)
    for kind in np.unique(visits.kind[now]).tolist():
        chosen = now[visits.kind[now] == kind]
        firm = visits.firm[chosen]
        won = toss(graph.visit_ids(kind)[firm], keys, int(fixed_point(rate.visit[kind])), open_[firm])
        np.bitwise_or.at(fresh, firm, won)
        hours += visits.hours[chosen] @ lanes_of(open_[firm]).astype(np.int64)
    return hours


def _drive(
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
    found: Words = levels[-1]
    return found


Runner = Callable[[Play, Rates, tuple[int, int]], Block]
"""Runs one block of a graph that is already wired."""
NUMPY_STEPS = Steps(_drive, toss, count_changes)


def numpy_runner(graph: CampaignGraph) -> Runner:
    """The engine for one graph, in NumPy."""
    return Engine(graph, wire(graph), NUMPY_STEPS).run
