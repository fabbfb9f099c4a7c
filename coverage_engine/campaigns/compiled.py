"""The inner loops of a month, compiled by numba (extra `fast`); lane by lane equal to the NumPy engine.

Works by drivers with any active lane, so that a month costs what happens in it. Every constant is typed:
mixing signed and unsigned words would silently become floating point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numba
import numpy as np

from coverage_engine.campaigns.coins import DIGITS, ONE, Words
from coverage_engine.campaigns.engine import Engine, Runner, Steps, Wiring, wire
from coverage_engine.campaigns.network import CampaignGraph, Counts, Places, Reals
from coverage_engine.campaigns.rules import Play

_ZERO, _ALL = np.uint64(0), np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE_BIT = np.uint64(1)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_WHOLE = np.int64(ONE)
_UNIT = 1.0 / ONE

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function compiled, kept between runs, free of the interpreter's lock."""
    # numba describes its own result; callers keep the plain function's signature.
    made: Any = numba.njit(cache=True, nogil=True)(function)
    return cast(Function, made)


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
    return Engine(graph, tuple(_rows(entry) for entry in wire(graph)), Steps(_drive, _toss_all, _count)).run


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
    elif cap:
        _drive_capped(edges, words, cap, chance[0], chance[1])
    else:
        _drive_freely(edges, words, chance[0], chance[1])


@compiled
def _toss(identity: Any, keys: Any, chance: Any, open_: Any) -> Any:
    if chance >= _WHOLE:
        return open_
    result = _ZERO
    if chance <= 0:
        return result
    for digit in range(DIGITS):
        word = identity ^ keys[digit]
        word = (word ^ (word >> _S30)) * _FIRST
        word = (word ^ (word >> _S27)) * _SECOND
        word ^= word >> _S31
        if (chance >> (DIGITS - 1 - digit)) & 1:
            result |= open_ & ~word
            open_ &= word
        else:
            open_ &= ~word
        if open_ == _ZERO:
            break
    return result


@compiled
def _toss_all(ids: Any, keys: Any, chance: Any, wanted: Any) -> Any:
    result = np.zeros_like(wanted)
    if chance > 0:
        for at in range(len(ids)):
            if wanted[at] != _ZERO:
                result[at] = _toss(ids[at], keys, chance, wanted[at])
    return result


@compiled
def _chance_of(strength: Any, edge: Any, chance: Any) -> Any:
    if len(strength) == 0:
        return np.int64(chance)
    return np.int64(np.rint(min(max(strength[edge] * (chance * _UNIT), 0.0), 1.0) * _WHOLE))


@compiled
def _drive_freely(edges: Any, words: Any, chance: Any, keys: Any) -> None:
    drivers, first, target, ids, strength = edges
    active, open_, fresh = words
    for driver in range(len(drivers)):
        lanes = active[drivers[driver]]
        if lanes == _ZERO:
            continue
        for edge in range(first[driver], first[driver + 1]):
            firm = target[edge]
            wanted = lanes & open_[firm] & ~fresh[firm]
            if wanted != _ZERO:
                fresh[firm] |= _toss(ids[edge], keys, _chance_of(strength, edge, chance), wanted)


@compiled
def _limited(wanted: Any, count: Any, cap: Any) -> Any:
    """Counts one more attempt in the wanted lanes; returns the lanes that have reached the cap."""
    full = _ALL
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
def _drive_capped(edges: Any, words: Any, cap: Any, chance: Any, keys: Any) -> None:
    drivers, first, target, ids, strength = edges
    active, open_, fresh = words
    count = np.zeros(_digits(cap), dtype=np.uint64)
    for driver in range(len(drivers)):
        free = active[drivers[driver]]
        count[:] = _ZERO
        for edge in range(first[driver], first[driver + 1]):
            if free == _ZERO:
                break
            firm = target[edge]
            wanted = free & open_[firm]
            if wanted != _ZERO:
                fresh[firm] |= _toss(ids[edge], keys, _chance_of(strength, edge, chance), wanted)
                free &= ~_limited(wanted, count, cap)


@compiled
def _drive_jointly(edges: Any, threshold_ids: Any, words: Any, limits: Any, keys: Any) -> None:
    drivers, first, target, _ids, _strength = edges
    active, open_, fresh = words
    cap, threshold, chance = limits
    levels = np.zeros((threshold, len(open_)), dtype=np.uint64)
    count = np.zeros(_digits(cap), dtype=np.uint64)
    for driver in range(len(drivers)):
        free = active[drivers[driver]]
        count[:] = _ZERO
        for edge in range(first[driver], first[driver + 1]):
            if free == _ZERO:
                break
            firm = target[edge]
            wanted = free & open_[firm]
            for level in range(threshold - 1, 0, -1):
                levels[level, firm] |= levels[level - 1, firm] & wanted
            levels[0, firm] |= wanted
            if cap:
                free &= ~_limited(wanted, count, cap)
    for firm in range(len(open_)):
        if levels[threshold - 1, firm] != _ZERO:
            fresh[firm] |= _toss(threshold_ids[firm], keys, chance, levels[threshold - 1, firm])


@compiled
def _count(words: Any, place: Any, weights: Any, sign: Any, sums: Any) -> None:
    places, gaps = sums
    for at in range(len(words)):
        word = words[at]
        if word == _ZERO:
            continue
        here = place[at]
        for lane in range(64):
            bit = sign * np.int64((word >> np.uint64(lane)) & _ONE_BIT)
            places[here, lane] += bit
            for row in range(len(weights)):
                gaps[row, lane] += bit * weights[row, at]


__all__ = ["compiled", "compiled_runner"]
