"""Graph: the typed relations of a snapshot, and the neighbourhood of one enterprise.

Its functions are loaded when they are asked for: the ties of one enterprise need no graph library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coverage_engine.graph.export import node_link, write_graphml
    from coverage_engine.graph.groups import group_cycles, group_tree
    from coverage_engine.graph.network import neighbourhood

__all__ = ["group_cycles", "group_tree", "neighbourhood", "node_link", "write_graphml"]

_ON_DEMAND = {
    "group_cycles": "groups",
    "group_tree": "groups",
    "neighbourhood": "network",
    "node_link": "export",
    "write_graphml": "export",
}


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
