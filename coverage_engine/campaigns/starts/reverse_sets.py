"""Reverse-reachable sets with a horizon: which starts would have reached a random gap by the deadline.

Without caps, thresholds and lapse every edge has one delay D with P(D <= d) = 1 - (1 - p)^d (never beyond the
attention window), so the starts that reach a firm in time are found by searching backwards from it (Borgs and
others 2014; Chen, Lu and Zhang 2012 for deadlines). The chance that a set of starts meets such a set, times
the weight of all gaps, is the expected weight that it covers.

A start that is visited monthly until it founds its organisation is in the set only if that founding comes in
time; each set is played with one draw of the rates, so that the expectation is over the priors as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.engine.rules import Play, Rates
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts, Flags, Places, Reals
from coverage_engine.campaigns.network.coins import Words, mixed, mixed_number, salted

_START, _ROOT = 5, 6
_BATCH = 1 << 14
_UNIT = 2.0**-53
_ABOVE = 1.0 + 1e-9


@dataclass(frozen=True)
class StartQuestion:
    """起步问题: what is to be reached, from which candidates, by when.

    `weights` of firms (gaps only count); `candidates` may start; `visit_kind[v]` is the kind whose visit
    chance founds a start at v, or -1 where a start is organised at once, at month 0.
    """

    graph: CampaignGraph
    play: Play
    rates: tuple[Rates, ...]
    weights: Reals
    candidates: Flags
    visit_kind: npt.NDArray[np.int8]


@dataclass(frozen=True)
class ReachSets:
    """反向可达集: row r holds the starts `start[first[r]:first[r + 1]]`; empty where no start can help."""

    first: Counts
    start: Places

    @property
    def size(self) -> int:
        """How many sets."""
        return len(self.first) - 1


@dataclass(frozen=True)
class SamplerTables:
    """The question as flat arrays: edges by target, and chances by draw and kind."""

    months: int
    first_in: Counts
    source: Places
    kind: npt.NDArray[np.uint8]
    strength: Reals
    ids: Words
    start_ids: Words
    drive: Reals
    visit: Reals
    window: Counts
    roots: Counts
    share: Reals
    covered: Flags
    candidates: Flags
    visit_kind: npt.NDArray[np.int8]


Sampler = Callable[[int, int, int], ReachSets]
"""Sets number `low` to `high` of one seed: `sampler(seed, low, high)`."""


def tables_of(question: StartQuestion) -> SamplerTables:
    """Everything the search needs, once."""
    graph, play = question.graph, question.play
    order = graph.by_target
    order = order[graph.firms.eligible[graph.target[order]] & graph.firms.drives[graph.source[order]]]
    target = graph.target[order]
    candidates = question.candidates & ~graph.firms.covered & graph.firms.eligible
    weight = np.where(graph.gaps & _in_reach(question, order, candidates), question.weights, 0.0)
    roots = np.flatnonzero(weight > 0)
    window = np.array([limit or play.months for limit in play.attention], dtype=np.int64)
    return SamplerTables(
        months=play.months,
        first_in=np.concatenate([[0], np.cumsum(np.bincount(target, minlength=graph.size))]).astype(np.int64),
        source=graph.source[order],
        kind=graph.kind[order],
        strength=np.zeros(0) if graph.strength is None else graph.strength[order],
        ids=graph.edge_ids[order],
        start_ids=salted(graph.firm_ids, _START),
        drive=np.array([rate.drive for rate in question.rates]),
        visit=np.array([rate.visit for rate in question.rates]),
        window=np.minimum(window, play.months),
        roots=roots,
        share=np.cumsum(weight[roots]) / max(weight.sum(), 1e-300),
        covered=graph.firms.covered,
        candidates=candidates,
        visit_kind=question.visit_kind,
    )


def _in_reach(question: StartQuestion, edges: Counts, candidates: Flags) -> Flags:
    """Firms that some candidate could reach by the deadline at all; no start can help the others."""
    graph = question.graph
    driven = np.max([rate.drive for rate in question.rates], axis=0)
    edges = edges[driven[graph.kind[edges]] > 0]
    source, target = graph.source[edges], graph.target[edges]
    reached = candidates.copy()
    for _ in range(question.play.months):
        before = int(reached.sum())
        reached[target[reached[source]]] = True
        if int(reached.sum()) == before:
            break
    return reached


def numpy_sampler(tables: SamplerTables) -> Sampler:
    """Searches many sets at once, month by month backwards."""

    def sample(seed: int, low: int, high: int) -> ReachSets:
        """Sets number `low` to `high` of one seed."""
        parts = [
            _batch(tables, seed, np.arange(at, min(at + _BATCH, high))) for at in range(low, high, _BATCH)
        ]
        return joined(parts)

    return sample


def joined(parts: list[ReachSets]) -> ReachSets:
    """Several lots of sets as one."""
    sizes = np.concatenate([np.zeros(0, dtype=np.int64), *(np.diff(part.first) for part in parts)])
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    start = np.concatenate([np.zeros(0, dtype=np.int32), *(part.start for part in parts)])
    return ReachSets(first, start.astype(np.int32))


def set_keys(seed: int, numbers: Counts) -> Words:
    """The coin key of each set."""
    return mixed(mixed(numbers.astype(np.uint64)) ^ np.uint64(mixed_number(seed, _ROOT)))


def uniform(words: Words) -> Reals:
    """Numbers from 0 to below 1."""
    return (words >> np.uint64(11)).astype(np.float64) * _UNIT


def delays(share: Reals, chance: Reals) -> Reals:
    """Months until a monthly coin of the given chance falls; infinite where it is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        months = 1.0 + np.floor(np.log1p(-share) / np.log1p(-chance))
    return np.where(chance >= 1.0, 1.0, np.where(chance <= 0.0, np.inf, months))


def _batch(tables: SamplerTables, seed: int, numbers: Counts) -> ReachSets:
    keys = set_keys(seed, numbers)
    draw = numbers % len(tables.drive)
    pick = np.searchsorted(tables.share, uniform(mixed(keys)), side="right")
    size = len(tables.covered)
    waiting: list[list[npt.NDArray[np.int64]]] = [[] for _ in range(tables.months + 1)]
    waiting[-1].append(np.arange(len(numbers)) * size + tables.roots[np.minimum(pick, len(tables.roots) - 1)])
    dead = np.zeros(len(numbers), dtype=bool)
    seen = np.zeros(0, dtype=np.int64)
    pairs: list[tuple[Counts, Counts]] = []
    for month in range(tables.months, -1, -1):
        if not waiting[month]:
            continue
        here = np.setdiff1d(np.concatenate(waiting[month]), seen)
        seen = np.union1d(seen, here)
        row, firm = np.divmod(here, size)
        dead[row[tables.covered[firm]]] = True
        alive = ~dead[row]
        row, firm = row[alive], firm[alive]
        pairs.append(_starts_in_time(tables, (keys, draw), (row, firm), month))
        _look_back(tables, (keys, draw), (row, firm), (month, waiting))
    row, start = (np.concatenate(part) for part in zip(*pairs, strict=True))
    living = ~dead[row]
    row, start = row[living], start[living]
    order = np.lexsort((start, row))
    first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(numbers)))]).astype(np.int64)
    return ReachSets(first, start[order].astype(np.int32))


def _starts_in_time(
    tables: SamplerTables, coin: tuple[Words, Counts], at: tuple[Counts, Counts], month: int
) -> tuple[Counts, Counts]:
    """The candidates among the firms that, if started, are covered by `month`."""
    row, firm = at
    chosen = tables.candidates[firm]
    row, firm = row[chosen], firm[chosen]
    kind = tables.visit_kind[firm]
    chance = tables.visit[coin[1][row], np.maximum(kind, 0)]
    share = uniform(mixed(tables.start_ids[firm] ^ coin[0][row]))
    in_time = (kind < 0) | (delays(share, chance) <= month)
    return row[in_time], firm[in_time]


def _look_back(
    tables: SamplerTables,
    coin: tuple[Words, Counts],
    at: tuple[Counts, Counts],
    months: tuple[int, list[list[npt.NDArray[np.int64]]]],
) -> None:
    """Adds every driver to the month by which it must be covered to reach its target in time."""
    row, firm = at
    month, waiting = months
    low = tables.first_in[firm]
    sizes = tables.first_in[firm + 1] - low
    total = int(sizes.sum())
    if not total or not month:
        return
    edge = np.repeat(low - np.cumsum(sizes) + sizes, sizes) + np.arange(total)
    row = np.repeat(row, sizes)
    kind = tables.kind[edge]
    chance = tables.drive[coin[1][row], kind]
    if len(tables.strength):
        chance = chance * tables.strength[edge]
    share = uniform(mixed(tables.ids[edge] ^ coin[0][row]))
    longest = np.minimum(tables.window[kind], month)
    near = np.flatnonzero(share <= chance * longest * _ABOVE)  # 1 - (1 - p)^d is at most d p
    delay = delays(share[near], chance[near])
    in_time = delay <= longest[near]
    reached = near[in_time]
    left = month - delay[in_time].astype(np.int64)
    places = row[reached] * len(tables.covered) + tables.source[edge[reached]]
    for when in np.unique(left).tolist():
        waiting[when].append(places[left == when])
