"""The backward search of `reverse_sets`, compiled by numba (extra `fast`); the same sets as NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np

from coverage_engine.campaigns.engine.compiled_coins import compiled
from coverage_engine.campaigns.network.campaign_graph import Counts
from coverage_engine.campaigns.network.coins import mixed
from coverage_engine.campaigns.starts.reverse_sets import ReachSets, Sampler, SamplerTables, set_keys, uniform

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53
_ABOVE = 1.0 + 1e-9


def compiled_sampler(tables: SamplerTables) -> Sampler:
    """Searches one set after the other."""
    size = len(tables.covered)
    edges = (tables.first_in, tables.source, tables.kind, tables.strength, tables.ids)
    chances = (tables.drive, tables.visit, tables.window)
    firms = (tables.covered, tables.candidates, tables.visit_kind, tables.start_ids)
    stamp = np.zeros(size, dtype=np.int64)

    def sample(seed: int, low: int, high: int) -> ReachSets:
        """Sets number `low` to `high` of one seed."""
        numbers: Counts = np.arange(low, high)
        keys = set_keys(seed, numbers)
        pick = np.searchsorted(tables.share, uniform(mixed(keys)), side="right")
        roots = tables.roots[np.minimum(pick, len(tables.roots) - 1)]
        stamp[:] = -1
        first, start = _search(edges, chances, firms, (keys, numbers, roots, stamp), tables.months)
        return ReachSets(first, start)

    return sample


@compiled
def _share(identity: Any, key: Any) -> Any:
    word = identity ^ key
    word = (word ^ (word >> _S30)) * _FIRST
    word = (word ^ (word >> _S27)) * _SECOND
    word ^= word >> _S31
    return np.float64(word >> _S11) * _UNIT


@compiled
def _delay(share: Any, chance: Any) -> Any:
    if chance >= 1.0:
        return 1.0
    if chance <= 0.0 or share >= 1.0:
        return np.inf
    return 1.0 + np.floor(np.log1p(-share) / np.log1p(-chance))


@compiled
def _grown(array: Any, needed: Any) -> Any:
    if needed <= len(array):
        return array
    larger = np.empty(max(2 * len(array), needed), dtype=array.dtype)
    larger[: len(array)] = array
    return larger


@compiled
def _in_time(firm: Any, month: Any, firms: Any, visit: Any, key: Any) -> Any:
    _covered, candidates, visit_kind, start_ids = firms
    if not candidates[firm]:
        return False
    if visit_kind[firm] < 0:
        return True
    return _delay(_share(start_ids[firm], key), visit[visit_kind[firm]]) <= month


@compiled
def _search(edges: Any, chances: Any, firms: Any, sets: Any, months: Any) -> Any:
    drive, visit, window = chances
    keys, numbers, roots, stamp = sets
    first = np.zeros(len(keys) + 1, dtype=np.int64)
    start = np.empty(4 * len(keys) + 16, dtype=np.int32)
    firm_of, after = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int64)
    head = np.full(months + 1, -1, dtype=np.int64)
    filled = 0
    for row in range(len(keys)):
        draw = numbers[row] % len(drive)
        begun = filled
        firm_of[0], after[0], head[months] = roots[row], -1, 0
        used = 1
        dead = False
        for month in range(months, -1, -1):
            at = head[month]
            head[month] = -1
            while at >= 0:
                firm = firm_of[at]
                at = after[at]
                if stamp[firm] == row or dead:
                    continue
                stamp[firm] = row
                if firms[0][firm]:
                    dead = True
                    continue
                if _in_time(firm, month, firms, visit[draw], keys[row]):
                    start = _grown(start, filled + 1)
                    start[filled] = firm
                    filled += 1
                low, high = edges[0][firm], edges[0][firm + 1]
                firm_of, after = _grown(firm_of, used + high - low), _grown(after, used + high - low)
                used = _push(
                    edges, (low, high), (drive[draw], window, keys[row]), month, (firm_of, after, head, used)
                )
        if dead:
            filled = begun
        else:
            start[begun:filled].sort()
        first[row + 1] = filled
    return first, start[:filled].copy()


@compiled
def _push(edges: Any, span: Any, coin: Any, month: Any, queue: Any) -> Any:
    _first_in, source, kind, strength, ids = edges
    drive, window, key = coin
    firm_of, after, head, used = queue
    for edge in range(span[0], span[1]):
        chance = drive[kind[edge]]
        if len(strength):
            chance *= strength[edge]
        share, longest = _share(ids[edge], key), min(month, window[kind[edge]])
        if share > chance * longest * _ABOVE:
            continue
        delay = _delay(share, chance)
        if delay <= longest:
            when = month - np.int64(delay)
            firm_of[used], after[used] = source[edge], head[when]
            head[when] = used
            used += 1
    return used
