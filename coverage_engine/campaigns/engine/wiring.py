"""The edges of a graph as the engines walk them: split by kind, in order of target and of driver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts
from coverage_engine.campaigns.network.coins import Words


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
