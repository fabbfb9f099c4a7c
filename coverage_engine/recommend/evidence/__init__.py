"""Evidence: the named facts of `paths/facts.toml`, computed for every target over its relations."""

from coverage_engine.recommend.evidence.assembly import NAMELESS, bare_facts, fact_frame
from coverage_engine.recommend.evidence.inputs import Surroundings, surroundings

__all__ = ["NAMELESS", "Surroundings", "bare_facts", "fact_frame", "surroundings"]
