"""Coverage: states, duties, targets and figures, three-valued."""

from coverage_engine.coverage.assessment import assess

__all__ = ["assess"]
