"""Prediction sets (预测集合): split-conformal thresholds, one for each path, guarded for each city.

A set holds every path whose share reaches the path's threshold. The thresholds are calibrated on successful
attempts whose scores were fitted without them: of the attempts that will found an organisation, the stated
level has its path in the set. Small paths get the rank that keeps the floor with the stated assurance, and a
city the factor that keeps it, so that none falls below it by the luck of a few attempts. As these then hold
more than the level, the large ones are asked for a little less, until the sets hold the level over all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import beta, binom

from coverage_engine.learning.choice_model import ChoiceModel, choice_model
from coverage_engine.recommend.definitions import MILLION, SetRule
from coverage_engine.recommend.learning_settings import LearningSettings

Array = np.ndarray[Any, Any]
_THOUSAND = 1000
_FINE = 0.0025
_FINE_FACTOR = 5


def calibrated(
    scores: Array, feasible: Array, path: Array, cities: Array, settings: LearningSettings
) -> SetRule:
    """The rule from successful attempts: left-out scores and feasibility of all paths, the path, the city."""
    model = _rounded(choice_model(scores, feasible, path))
    reached = model.shares(scores, feasible)[np.arange(len(path)), path - 1]
    rules = (_rule(model, reached, path, cities, settings, level) for level in _levels(settings))
    # From the highest level down: the first one that is not needed any more stops the search.
    chosen = next(rules)
    for rule in rules:
        if _share_in_set(rule, reached, path, cities) * len(path) < settings.level * (len(path) + 1):
            break
        chosen = rule
    return chosen


def _levels(settings: LearningSettings) -> Array:
    """The stated level, then lower ones down to the floor."""
    return np.arange(settings.level, settings.floor, -_FINE)


def _share_in_set(rule: SetRule, reached: Array, path: Array, cities: Array) -> float:
    """The share of the attempts whose path stands in its set."""
    return float((reached >= _limits(rule, cities)[np.arange(len(path)), path - 1]).mean())


def _limits(rule: SetRule, cities: Array) -> Array:
    """The share that each path (columns) needs in the city of each firm (rows)."""
    factors = dict(rule.cities)
    factor = np.array([factors.get(str(city), _THOUSAND) for city in cities]) / _THOUSAND
    return np.asarray(np.array(rule.thresholds) / MILLION * factor[:, None])


def _rule(
    model: ChoiceModel, reached: Array, path: Array, cities: Array, settings: LearningSettings, level: float
) -> SetRule:
    """Thresholds at one level: the share reached by each attempt's own path, guarded by the floors."""
    thresholds = [
        _threshold(reached[path == number], settings, level) for number in range(1, len(model.appeals) + 1)
    ]
    ratios = reached / np.maximum(np.array(thresholds)[path - 1], 1 / MILLION)
    factors = []
    for city in np.unique(cities):
        factor = _city_factor(ratios[cities == city], ratios, settings)
        factors += [(str(city), factor)] if factor < _THOUSAND else []
    return SetRule(
        round(model.slope * _THOUSAND),
        tuple(round(appeal * _THOUSAND) for appeal in model.appeals),
        tuple(int(np.floor(threshold * MILLION)) for threshold in thresholds),
        tuple(factors),
    )


def sets(rule: SetRule, scores: Array, feasible: Array, cities: Array) -> Array:
    """Which paths (columns) stand in the set of each firm (rows)."""
    model = ChoiceModel(rule.slope / _THOUSAND, np.array(rule.appeals) / _THOUSAND)
    return np.asarray(feasible & (model.shares(scores, feasible) >= _limits(rule, cities)))


def _rounded(model: ChoiceModel) -> ChoiceModel:
    """As the rule stores it, so that calibration and use agree."""
    return ChoiceModel(
        round(model.slope * _THOUSAND) / _THOUSAND, np.rint(model.appeals * _THOUSAND) / _THOUSAND
    )


def _threshold(reached: Array, settings: LearningSettings, level: float) -> float:
    rank = int(np.floor((len(reached) + 1) * (1 - level)))
    return _ranked(reached, min(rank, _floor_rank(len(reached), settings.floor, settings.path_assurance)))


def _city_factor(own: Array, every: Array, settings: LearningSettings) -> int:
    """The greatest factor (thousandths) at which a city's sets surely hold the floor.

    `own` and `every` are the shares of the city's attempts, and of all, in units of their thresholds. A city
    is like the others until its own attempts part it from them: all together count as `city_alike` of its.
    """
    factors = np.arange(_THOUSAND, -1, -_FINE_FACTOR)
    covered = _reaching(own, factors) + settings.city_alike * _reaching(every, factors) / len(every)
    missed = len(own) + settings.city_alike - covered
    sure = beta.sf(settings.floor, covered + 0.5, missed + 0.5) >= settings.city_assurance
    return int(factors[sure].max(initial=0))


def _reaching(ratios: Array, factors: Array) -> Array:
    """How many ratios reach each factor (thousandths)."""
    return np.asarray(len(ratios) - np.searchsorted(np.sort(ratios), factors / _THOUSAND, side="left"))


def _floor_rank(count: int, floor: float, assurance: float) -> int:
    """The greatest rank whose share of misses stays under 1 − floor with the stated assurance."""
    ranks = np.arange(1, count + 1)
    # Fewer than `rank` calibration attempts below the true floor quantile: the threshold would lie above it.
    risky = binom.cdf(ranks - 1, count, 1 - floor)
    return int((risky <= 1 - assurance).sum())


def _ranked(values: Array, rank: int) -> float:
    """The rank-th smallest value; 0 (everything stands in the set) for rank 0."""
    return float(np.sort(values)[rank - 1]) if rank else 0.0
