"""Recommend: the eleven paths evaluated for every target, with reasons and actions."""

from coverage_engine.recommend.explanation import explain
from coverage_engine.recommend.loading import load_paths, read_paths
from coverage_engine.recommend.recommendation import recommend

__all__ = ["explain", "load_paths", "read_paths", "recommend"]
