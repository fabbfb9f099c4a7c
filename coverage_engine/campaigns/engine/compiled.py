"""The inner loops of a month, compiled by numba (extra `fast`); lane by lane equal to the NumPy engine.

Works by drivers with any active lane, so that a month costs what happens in it. Every constant is typed:
mixing signed and unsigned words would silently become floating point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coverage_engine.campaigns.engine.compiled_coins import (
    ALL,
    BEGUN,
    LOT,
    ZERO,
    begin,
    compiled,
    finish,
    toss_all,
)
from coverage_engine.campaigns.engine.compiled_counts import count_changes
from coverage_engine.campaigns.engine.months import Engine, Runner, Steps
from coverage_engine.campaigns.engine.rules import Play
from coverage_engine.campaigns.engine.wiring import Wiring, wire
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts, Places, Reals
from coverage_engine.campaigns.network.coins import ONE, Words

_WHOLE, _UNIT = np.int64(ONE), 1.0 / ONE


@dataclass(frozen=True)
class _Rows:
    """The edges of one kind in order of driver and priority."""

    kind: int
    drivers: Places
    first: Counts
    target: Places
    ids: Words
    strength: Reals


def compiled_runner(graph: CampaignGraph) -> Runner:
    """The engine for one graph, compiled."""
    return Engine(
        graph, tuple(_rows(entry) for entry in wire(graph)), Steps(_drive, toss_all, count_changes)
    ).run


def _rows(wires: Wiring) -> _Rows:
    order = wires.by_source
    return _Rows(
        kind=wires.kind,
        drivers=wires.drivers,
        first=np.append(wires.first, len(order)),
        target=wires.target[order],
        ids=wires.ids[order],
        strength=np.zeros(0) if wires.strength is None else wires.strength[order],
    )


def _drive(
    graph: CampaignGraph,
    rows: _Rows,
    play: Play,
    chance: tuple[int, Words],
    words: tuple[Words, Words, Words],
) -> None:
    cap, threshold = play.attempts[rows.kind], play.threshold[rows.kind]
    edges = (rows.drivers, rows.first, rows.target, rows.ids, rows.strength)
    if threshold > 1:
        _drive_jointly(edges, graph.threshold_ids(rows.kind), words, (cap, threshold, chance[0]), chance[1])
    else:
        _drive_each(edges, words, cap, chance[0], chance[1])


@compiled
def _chance_of(strength: Any, edge: Any, chance: Any) -> Any:
    if len(strength) == 0:
        return np.int64(chance)
    return np.int64(np.rint(min(max(strength[edge] * (chance * _UNIT), 0.0), 1.0) * _WHOLE))


@compiled
def _empty_lot(size: Any, edges: Any, fresh: Any, keys: Any, lot: Any) -> Any:
    """Tosses the coins that have gathered and adds the successes; the lot is empty again."""
    edge_of, ids, chance, wanted, fallen, open_ = lot
    begin(ids[:size], chance[:size], keys, BEGUN, (fallen[:size], open_[:size]))
    for at in range(size):
        won = wanted[at] & fallen[at]
        left = wanted[at] & open_[at]
        if left != ZERO:
            won |= finish(ids[at], chance[at], keys, BEGUN, left)
        if won != ZERO:
            fresh[edges[2][edge_of[at]]] |= won
    return 0


@compiled
def _new_lot() -> Any:
    return (
        np.empty(LOT, dtype=np.int64),
        np.empty(LOT, dtype=np.uint64),
        np.empty(LOT, dtype=np.int64),
        np.empty(LOT, dtype=np.uint64),
        np.empty(LOT, dtype=np.uint64),
        np.empty(LOT, dtype=np.uint64),
    )


@compiled
def _drive_each(edges: Any, words: Any, cap: Any, chance: Any, keys: Any) -> None:
    """Every covered driver attempts its targets, at most `cap` of them where there is one."""
    drivers, first, target, ids, strength = edges
    active, open_, fresh = words
    count = np.zeros(_digits(cap), dtype=np.uint64)
    lot, size = _new_lot(), 0
    for driver in range(len(drivers)):
        free = active[drivers[driver]]
        count[:] = ZERO
        for edge in range(first[driver], first[driver + 1]):
            if free == ZERO:
                break
            wanted = free & open_[target[edge]]
            if wanted != ZERO:
                lot[0][size], lot[1][size] = edge, ids[edge]
                lot[2][size], lot[3][size] = _chance_of(strength, edge, chance), wanted
                size += 1
                if size == LOT:
                    size = _empty_lot(size, edges, fresh, keys, lot)
                if cap:
                    free &= ~_limited(wanted, count, cap)
    _empty_lot(size, edges, fresh, keys, lot)


@compiled
def _limited(wanted: Any, count: Any, cap: Any) -> Any:
    """Counts one more attempt in the wanted lanes; returns the lanes that have reached the cap."""
    full = ALL
    carry = wanted
    for digit in range(len(count)):
        before = count[digit]
        count[digit] = before ^ carry
        carry = before & carry
        if (cap >> digit) & 1:
            full &= count[digit]
        else:
            full &= ~count[digit]
    return full


@compiled
def _digits(cap: Any) -> Any:
    digits = 0
    while cap >> digits:
        digits += 1
    return digits


@compiled
def _drive_jointly(edges: Any, threshold_ids: Any, words: Any, limits: Any, keys: Any) -> None:
    drivers, first, target, _ids, _strength = edges
    active, open_, fresh = words
    cap, threshold, chance = limits
    levels = np.zeros((threshold, len(open_)), dtype=np.uint64)
    count = np.zeros(_digits(cap), dtype=np.uint64)
    for driver in range(len(drivers)):
        free = active[drivers[driver]]
        count[:] = ZERO
        for edge in range(first[driver], first[driver + 1]):
            if free == ZERO:
                break
            firm = target[edge]
            wanted = free & open_[firm]
            for level in range(threshold - 1, 0, -1):
                levels[level, firm] |= levels[level - 1, firm] & wanted
            levels[0, firm] |= wanted
            if cap:
                free &= ~_limited(wanted, count, cap)
    fresh |= toss_all(threshold_ids, keys, chance, levels[threshold - 1])
