"""Mapping: draws a finished plan as one offline page; reads plan tables and outlines, computes no figures."""

from coverage_engine.mapping.page import write_map

__all__ = ["write_map"]
