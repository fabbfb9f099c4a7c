"""Graph: the typed relations of a snapshot, and the neighbourhood of one enterprise.

Its functions are loaded when they are asked for: the ties of one enterprise need no graph library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_engine.on_demand import loader

if TYPE_CHECKING:
    from coverage_engine.graph.export import node_link, write_graphml
    from coverage_engine.graph.groups import group_cycles, group_tree
    from coverage_engine.graph.network import neighbourhood

__all__ = ["group_cycles", "group_tree", "neighbourhood", "node_link", "write_graphml"]

_ON_DEMAND = {
    "group_cycles": "coverage_engine.graph.groups",
    "group_tree": "coverage_engine.graph.groups",
    "neighbourhood": "coverage_engine.graph.network",
    "node_link": "coverage_engine.graph.export",
    "write_graphml": "coverage_engine.graph.export",
}


__getattr__ = loader(__name__, _ON_DEMAND)
