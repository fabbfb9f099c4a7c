"""Evidence: the named facts of `paths/facts.toml`, computed for every target over its relations."""

from coverage_engine.recommend.evidence.assembly import NAMELESS, fact_frame
from coverage_engine.recommend.evidence.surroundings import Surroundings, surroundings

__all__ = ["NAMELESS", "Surroundings", "fact_frame", "surroundings"]
