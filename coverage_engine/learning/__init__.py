"""Learning: past attempts move the expert weights, as far as they are evidence, and only through a gate.

    attempts → levels → fitting → learned model → calibration, prediction sets → gate → models folder

A learned model is a set of signed shifts of the weights in `paths/`; applied to the book of paths it gives a
book of the same form, so that reasons, intervals and flip facts go on adding up. Rules (feasibility, duties)
are not learned and not moved.
"""

from coverage_engine.learning.learned import LearnedModel, applied
from coverage_engine.learning.lesson import Lesson, learn

__all__ = ["LearnedModel", "Lesson", "applied", "learn"]
