"""Learning: past attempts move the expert weights, as far as they are evidence, and only through a gate.

    attempts → levels → fitting → learned model → calibration, prediction sets → gate → models folder

A learned model is a set of signed shifts of the weights in `paths/`; applied to the book of paths it gives a
book of the same form, so that reasons, intervals and flip facts go on adding up. Rules (feasibility, duties)
are not learned and not moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_engine.on_demand import loader

if TYPE_CHECKING:
    from coverage_engine.learning.learned import LearnedModel, applied
    from coverage_engine.learning.lesson import Lesson, learn

__all__ = ["LearnedModel", "Lesson", "applied", "learn"]

# Whoever only applies a model, or looks past attempts up, does not wait for the library that fits one.
_ON_DEMAND = {
    "LearnedModel": "coverage_engine.learning.learned",
    "Lesson": "coverage_engine.learning.lesson",
    "applied": "coverage_engine.learning.learned",
    "learn": "coverage_engine.learning.lesson",
}


__getattr__ = loader(__name__, _ON_DEMAND)
