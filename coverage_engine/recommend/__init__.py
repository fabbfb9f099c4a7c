"""Recommend: the eleven paths evaluated for every target, with reasons and actions.

One enterprise is explained by `explanation.explain`, imported from there so that planning does not load the
graph library.
"""

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
