"""Which paths a set holds, city by city: shrunk towards all, raised where a city's own attempts say so."""

import numpy as np
import pytest

from coverage_engine.learning.prediction_sets import calibrated, sets
from coverage_engine.recommend.learning_settings import load_learning

SETTINGS = load_learning()


def _world(count, cities, seed, spread=0.0):
    """Scores of eleven open paths; which one succeeds goes by them, in each city with a tilt of its own."""
    rng = np.random.default_rng(seed)
    city = rng.choice(cities, count, p=np.arange(1, len(cities) + 1) / np.arange(1, len(cities) + 1).sum())
    scores = rng.normal(0, 1.5, (count, 11))
    tilts = dict(zip(cities, np.random.default_rng(3).normal(0, spread, (len(cities), 11)), strict=True))
    weights = scores + np.array([tilts[each] for each in city]) + rng.gumbel(size=scores.shape)
    return scores, np.ones(scores.shape, bool), weights.argmax(axis=1) + 1, city


def _held(rule, world):
    scores, feasible, path, city = world
    inside = sets(rule, scores, feasible, city)[np.arange(len(path)), path - 1]
    return inside.mean(), min(inside[city == each].mean() for each in np.unique(city))


def test_cities_that_are_alike_need_no_factor_of_their_own():
    cities = [f"4101{number:02}" for number in range(6)]
    rule = calibrated(*_world(6000, cities, 1), SETTINGS)
    assert len(rule.cities) <= 2
    overall, least = _held(rule, _world(60_000, cities, 2))
    assert 0.88 <= overall <= 0.92
    assert least >= SETTINGS.floor


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cities_that_differ_hold_the_floor_too(seed):
    cities = [f"4101{number:02}" for number in range(18)]
    rule = calibrated(*_world(2500, cities, seed, 0.6), SETTINGS)
    overall, least = _held(rule, _world(60_000, cities, seed + 10, 0.6))
    assert 0.88 <= overall <= 0.92
    assert least >= SETTINGS.floor


def test_a_city_of_a_handful_of_attempts_is_taken_to_be_like_the_others():
    scores, feasible, path, city = _world(4000, ["410100", "410200"], 4)
    city[:3] = "419001"
    rule = calibrated(scores, feasible, path, city, SETTINGS)
    assert dict(rule.cities).get("419001", 1000) > 300
