"""Policy: dated thresholds and duties, each with its clause, read from content."""

from coverage_engine.policy.definitions import Duty, Policy
from coverage_engine.policy.loading import load_policy

__all__ = ["Duty", "Policy", "load_policy"]
