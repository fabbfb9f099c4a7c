"""Recommend: every path evaluated for every target, with reasons and actions.

Its functions are loaded when they are asked for: ranking alone needs neither reasons nor actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_engine.on_demand import loader

if TYPE_CHECKING:
    from coverage_engine.recommend.evaluation import evaluate_frames, ordered, ranked_frame
    from coverage_engine.recommend.loading import load_paths, read_paths
    from coverage_engine.recommend.recommendation import recommended_frames
    from coverage_engine.recommend.stretches import recommend

__all__ = [
    "evaluate_frames",
    "load_paths",
    "ordered",
    "ranked_frame",
    "read_paths",
    "recommend",
    "recommended_frames",
]

_ON_DEMAND = {
    "evaluate_frames": "coverage_engine.recommend.evaluation",
    "load_paths": "coverage_engine.recommend.loading",
    "ordered": "coverage_engine.recommend.evaluation",
    "ranked_frame": "coverage_engine.recommend.evaluation",
    "read_paths": "coverage_engine.recommend.loading",
    "recommend": "coverage_engine.recommend.stretches",
    "recommended_frames": "coverage_engine.recommend.recommendation",
}


__getattr__ = loader(__name__, _ON_DEMAND)
