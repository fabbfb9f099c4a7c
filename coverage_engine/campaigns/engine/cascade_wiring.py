"""The edges of a plain cascade as it walks them: rows of the firms that drive, and of those that do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.engine.rules import Rates
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts, Places
from coverage_engine.campaigns.network.coins import ALL_LANES, ONE, Words, fixed_point

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
