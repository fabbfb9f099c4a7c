"""Expected coverage at once: closed form for forests, edge message passing for any graph.

Both leave caps, thresholds and lapse aside; on trees message passing is exact, elsewhere within about 0.1 %
where short circles are few (Karrer and Newman 2010; Lokhov and others 2014).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.engine.rules import Play, Rates
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts, Reals


def forest_curve(graph: CampaignGraph, play: Play, rate: Rates) -> Reals:
    """P(covered) of every firm at every month, `[months + 1, firms]`, where nothing has two drivers.

    B(t+1) = B(t) + p (A(t) - B(t)) for a firm B under a driver A; only firms without a driver are visited,
    no attention window, cap, lapse or spontaneous founding.

    Raises:
        ValueError: a firm has two drivers, or a firm with a driver is visited.
    """
    chance = edge_chances(graph, rate)
    used = np.flatnonzero(chance)
    parent = np.full(graph.size, -1, dtype=np.int64)
    parent[graph.target[used]] = graph.source[used]
    if len(np.unique(graph.target[used])) != len(used):
        raise ValueError("a firm has two drivers: use expected_curve")
    if (parent[play.visits.firm] >= 0).any():
        raise ValueError("a firm with a driver is visited: use expected_curve")
    step = np.zeros(graph.size)
    step[graph.target[used]] = chance[used]
    curve = np.zeros((play.months + 1, graph.size))
    curve[0] = graph.firms.covered
    step[graph.firms.covered] = 0.0
    for month in range(1, play.months + 1):
        before = curve[month - 1]
        reached = before + step * (before[parent] - before)
        missed = _missed_visits(graph, play, rate, month)
        curve[month] = 1.0 - (1.0 - reached) * missed
    return curve


def expected_curve(graph: CampaignGraph, play: Play, rate: Rates) -> Reals:
    """P(covered) of every firm at every month, `[months + 1, firms]`, by messages along edges.

    Visits, attention windows and spontaneous founding are in; caps, thresholds and lapse are not.
    """
    messages = _Messages(graph, play, rate)
    curve = np.empty((play.months + 1, graph.size))
    curve[0] = graph.firms.covered
    open_ = np.where(graph.firms.covered, 0.0, 1.0)
    for month in range(1, play.months + 1):
        messages.pass_on()
        open_ = open_ * np.where(
            graph.firms.eligible, _missed_visits(graph, play, rate, month) * (1.0 - rate.spontaneous), 1.0
        )
        curve[month] = 1.0 - open_ * messages.products()
        messages.update(open_)
    return curve


def edge_chances(graph: CampaignGraph, rate: Rates) -> Reals:
    """The chance a month of every edge; 0 where the driver cannot drive or the target is not eligible."""
    chance = np.asarray(rate.drive)[graph.kind]
    if graph.strength is not None:
        chance = chance * graph.strength
    useful = graph.firms.drives[graph.source] & graph.firms.eligible[graph.target]
    return np.where(useful, chance, 0.0)


def _missed_visits(graph: CampaignGraph, play: Play, rate: Rates, month: int) -> Reals:
    missed = np.ones(graph.size)
    now = play.visits.month == month
    np.multiply.at(missed, play.visits.firm[now], 1.0 - np.asarray(rate.visit)[play.visits.kind[now]])
    return missed


class _Messages:
    """Per edge u → v: chance that u has not driven v yet, in a world where v drives nobody.

    `silent` is that chance; `pressing` the chance that u is covered, within its window, and has not succeeded
    at v; `added` what came newly covered at u month by month (the window forgets it again). Edges of one
    driver with one chance and no edge back share a message, so that work goes by drivers rather than edges.
    """

    def __init__(self, graph: CampaignGraph, play: Play, rate: Rates) -> None:
        chance = edge_chances(graph, rate)
        edges = np.flatnonzero(chance > 0)
        source, target, kind = graph.source[edges], graph.target[edges], graph.kind[edges]
        back, forth = _opposite(source, target, graph.size)
        unit, lead = _units(source, kind, chance[edges], forth)
        self._size = graph.size
        self._chance = chance[edges][lead]
        self._driver = source[lead]
        window = np.asarray(play.attention)[kind[lead]]
        self._window = np.where(window == 0, play.months + 1, window)
        order = np.argsort(target, kind="stable")
        self._unit = unit[order]
        self._target = target[order]
        self._starts = np.flatnonzero(np.diff(self._target, prepend=-1))
        self._driven = self._target[self._starts]
        self._back, self._forth = unit[back], unit[forth]
        self._silent = np.ones(len(lead))
        covered = graph.firms.covered[self._driver].astype(np.float64)
        self._pressing = covered
        self._added = [covered]
        self._open = 1.0 - covered
        self._products = np.ones(graph.size)

    def pass_on(self) -> None:
        """One month of driving along every edge."""
        self._silent = self._silent - self._chance * self._pressing

    def products(self) -> Reals:
        """Per firm, the chance that no driver has succeeded."""
        self._products = self._product_of(self._silent)
        return self._products

    def update(self, open_: Reals) -> None:
        """Brings every message to the new month; `open_` is the chance of no visit and no founding."""
        now_open = open_[self._driver] * self._without_back()
        added = self._open - now_open
        self._open = now_open
        self._added.append(added)
        pressing = (1.0 - self._chance) * self._pressing + added
        age = len(self._added) - 1
        for window in np.unique(self._window[self._window <= age]).tolist():
            old = np.flatnonzero(self._window == window)
            past = self._added[age - window][old]
            pressing[old] -= (1.0 - self._chance[old]) ** window * past
        self._pressing = pressing

    def _product_of(self, factors: Reals) -> Reals:
        products = np.ones(self._size)
        if len(self._starts):
            products[self._driven] = np.multiply.reduceat(factors[self._unit], self._starts)
        return products

    def _without_back(self) -> Reals:
        """Per message of u towards v, the chance that no driver but v has succeeded at u."""
        if not len(self._forth):
            return self._products[self._driver]
        certain = self._silent <= 0.0
        product = self._product_of(np.where(certain, 1.0, self._silent))[self._driver]
        sure = certain.astype(np.float64)
        stopped = np.bincount(self._target, weights=sure[self._unit], minlength=self._size)[self._driver]
        np.divide.at(product, self._forth, np.where(certain, 1.0, self._silent)[self._back])
        np.subtract.at(stopped, self._forth, sure[self._back])
        return np.where(stopped > 0.5, 0.0, product)


def _units(
    source: npt.NDArray[np.int32], kind: npt.NDArray[np.uint8], chance: Reals, alone: Counts
) -> tuple[Counts, Counts]:
    """The shared message of every edge, and one edge of every message; edges in `alone` share with nobody."""
    if not len(source):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    own = np.zeros(len(source), dtype=bool)
    own[alone] = True
    new = np.ones(len(source), dtype=bool)
    new[1:] = (source[1:] != source[:-1]) | (kind[1:] != kind[:-1]) | (chance[1:] != chance[:-1])
    new |= own
    new[1:] |= own[:-1]
    return np.cumsum(new) - 1, np.flatnonzero(new)


def _opposite(
    source: npt.NDArray[np.int32], target: npt.NDArray[np.int32], size: int
) -> tuple[Counts, Counts]:
    """All pairs (edge v → u, edge u → v), as positions; several where kinds run parallel."""
    is_source, is_target = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    is_source[source] = True
    is_target[target] = True
    inner = np.flatnonzero(is_source[target] & is_target[source])
    there = source[inner].astype(np.int64) * size + target[inner]
    back = target[inner].astype(np.int64) * size + source[inner]
    order = np.argsort(there, kind="stable")
    ranked = there[order]
    low = np.searchsorted(ranked, back, side="left")
    sizes = np.searchsorted(ranked, back, side="right") - low
    forth = np.repeat(np.arange(len(inner)), sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return inner[order[np.repeat(low, sizes) + within]], inner[forth]
