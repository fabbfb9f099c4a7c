"""The neighbourhood of one enterprise laid out for drawing: the same graph gives the same picture."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from coverage_engine.explanation.explained import DrawnEdge, DrawnNode, Neighbourhood

# Places are told in thousandths of the picture: beyond them mathematical libraries may differ.
_DIGITS = 3


def laid_out(graph: nx.MultiDiGraph, covered: Mapping[int, bool | None]) -> Neighbourhood:
    """The graph of `neighbourhood` with a place for each node, the enterprise asked about first.

    `covered` tells of each enterprise whether it is covered, none if not known.
    """
    centre = graph.graph["centre"]
    plain = nx.Graph()
    plain.add_nodes_from(graph.nodes)
    plain.add_edges_from((start, end) for start, end in graph.edges())
    places = nx.kamada_kawai_layout(plain) if len(plain) > 1 else {centre: (0.0, 0.0)}
    nodes = [
        DrawnNode(
            key=node,
            kind=said["kind"],
            name=said.get("name", "—"),
            x=round((float(places[node][0]) + 1) / 2, _DIGITS),
            y=round((float(places[node][1]) + 1) / 2, _DIGITS),
            covered=covered.get(said["enterprise_id"]) if "enterprise_id" in said else None,
        )
        for node, said in sorted(graph.nodes(data=True), key=lambda each: each[0] != centre)
    ]
    edges = [DrawnEdge(start, end, relation) for start, end, relation in graph.edges(data="relation")]
    return Neighbourhood(nodes, edges)
