"""Mapping: draws a finished plan as one offline page and on paper; computes no figures."""

from coverage_engine.mapping.page import write_map
from coverage_engine.mapping.paper_sheets import write_sheets

__all__ = ["write_map", "write_sheets"]
