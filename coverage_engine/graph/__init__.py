"""Graph: the typed relations of a snapshot, and the neighbourhood of one enterprise."""

from coverage_engine.graph.export import node_link, write_graphml
from coverage_engine.graph.groups import group_cycles, group_tree
from coverage_engine.graph.neighbourhood import neighbourhood

__all__ = ["group_cycles", "group_tree", "neighbourhood", "node_link", "write_graphml"]
