"""The neighbourhood of one enterprise as a graph that people and programs ask questions of."""

from __future__ import annotations

import networkx as nx

from coverage_engine.graph.ties import Ties, ties_of
from coverage_engine.model.snapshot import Snapshot


def neighbourhood(
    snapshot: Snapshot, enterprise_id: int, *, radius_metres: int = 0, cap: int | None = None
) -> nx.MultiDiGraph:
    """The typed ego network of one enterprise (see `ties`); edges carry their relation as key.

    Raises:
        KeyError: no such enterprise in the snapshot.
    """
    capped = {} if cap is None else {"cap": cap}
    return as_graph(ties_of(snapshot.tables, enterprise_id, radius_metres=radius_metres, **capped))


def as_graph(ties: Ties) -> nx.MultiDiGraph:
    """The ties as a graph with the attribute `centre`."""
    graph = nx.MultiDiGraph(centre=ties.centre)
    for node, said in ties.nodes.items():
        graph.add_node(node, **said)
    for (start, end, relation), said in ties.edges.items():
        graph.add_edge(start, end, key=relation, **said)
    return graph
