"""A neighbourhood or group for other programs: GraphML and node-link data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx


def node_link(graph: nx.Graph) -> dict[str, Any]:
    """Nodes and edges as plain lists, fit for JSON (keys `nodes` and `links`)."""
    data: dict[str, Any] = nx.node_link_data(graph, edges="links")
    return data


def write_graphml(graph: nx.Graph, file: Path) -> None:
    """Writes GraphML; the same graph gives the same bytes."""
    nx.write_graphml_xml(graph, file, encoding="utf-8", prettyprint=True)
