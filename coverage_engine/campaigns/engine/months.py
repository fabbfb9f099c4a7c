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

from coverage_engine.campaigns.engine.driving import drive
from coverage_engine.campaigns.engine.rules import Play, Rates
from coverage_engine.campaigns.engine.tally import Tally, count_changes, lanes_of
from coverage_engine.campaigns.engine.wiring import wire
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph
from coverage_engine.campaigns.network.coins import ALL_LANES, LANES, Words, coin_keys, fixed_point, toss

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
    union = words[0]
    for more in words[1:]:
        union = union | more
    return union


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


Runner = Callable[[Play, Rates, tuple[int, int]], Block]
"""Runs one block of a graph that is already wired."""
NUMPY_STEPS = Steps(drive, toss, count_changes)


def numpy_runner(graph: CampaignGraph) -> Runner:
    """The engine for one graph, in NumPy."""
    return Engine(graph, wire(graph), NUMPY_STEPS).run
