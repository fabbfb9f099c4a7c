"""Off-policy estimates: by hand, and over a thousand generated logs."""

import numpy as np
import pytest

from coverage_engine.errors import PolicyError
from coverage_engine.learning.off_policy import (
    Logged,
    check_support,
    difference,
    doubly_robust,
    ips,
    snips,
    support,
)

EXACT = 1e-9
LOGS, SIZE, PATHS = 1000, 800, 4
ESTIMATORS = {"ips": ips, "snips": snips, "dr": doubly_robust}

# Four attempts on two paths, worked by hand: weights 0.8/0.5, 0.4/0.25, 0.5/0.5, 0.2/0.8.
BY_HAND = Logged(
    tried=np.array([0, 1, 0, 1]),
    result=np.array([1.0, 0.0, 1.0, 1.0]),
    logging=np.array([0.5, 0.25, 0.5, 0.8]),
    policy=np.array([[0.8, 0.2], [0.6, 0.4], [0.5, 0.5], [0.8, 0.2]]),
    chances=np.array([[0.5, 0.25], [0.4, 0.2], [0.6, 0.3], [0.5, 0.5]]),
)


def test_ips_is_the_mean_of_weighted_results():
    assert ips(BY_HAND).value == pytest.approx((1.6 + 0 + 1.0 + 0.25) / 4, abs=EXACT)


def test_snips_divides_by_the_weights():
    assert snips(BY_HAND).value == pytest.approx(2.85 / 4.45, abs=EXACT)


def test_doubly_robust_corrects_the_model_by_what_was_seen():
    models = [0.45, 0.32, 0.45, 0.5]
    corrections = [1.6 * 0.5, 1.6 * -0.2, 1.0 * 0.4, 0.25 * 0.5]
    assert doubly_robust(BY_HAND).value == pytest.approx((sum(models) + sum(corrections)) / 4, abs=EXACT)


def test_the_interval_is_normal_over_the_influence_values():
    values = [1.6, 0.0, 1.0, 0.25]
    mean = sum(values) / 4
    spread = (sum((value - mean) ** 2 for value in values) / 3) ** 0.5 / 2
    found = ips(BY_HAND, 0.95)
    assert found.low == pytest.approx(mean - 1.959963984540054 * spread, abs=EXACT)
    assert found.high == pytest.approx(mean + 1.959963984540054 * spread, abs=EXACT)


def test_attempts_chosen_by_the_policy_itself_give_the_plain_rate():
    own = np.array([0, 1, 1, 0, 1])
    logged = Logged(
        own, np.array([1.0, 0.0, 1.0, 1.0, 0.0]), np.ones(5), np.eye(2)[own], np.full((5, 2), 0.5)
    )
    for estimator in ESTIMATORS.values():
        assert estimator(logged).value == pytest.approx(0.6, abs=EXACT)


def test_a_way_of_choosing_that_was_hardly_ever_tried_is_refused():
    tried = np.zeros(100, int)
    never = np.eye(2)[np.ones(100, int)]
    never[:4] = [1.0, 0.0]
    logged = Logged(tried, np.ones(100), np.full(100, 0.9), never, np.full((100, 2), 0.5))
    assert support(logged) == pytest.approx(0.04)
    with pytest.raises(PolicyError, match="支持度"):
        check_support(logged, 0.05)
    check_support(logged, 0.04)


def _logs(seed):
    """A province of chances, a biased way of choosing, a better one, and a success model that is off."""
    rng = np.random.default_rng(seed)
    chances = rng.beta(2, 3, (SIZE, PATHS))
    appeal = np.exp(1.5 * chances + rng.normal(0, 0.5, chances.shape))
    logging = appeal / appeal.sum(axis=1, keepdims=True)
    wanted = np.exp(4 * chances)
    policy = wanted / wanted.sum(axis=1, keepdims=True)
    tried = (logging.cumsum(axis=1) > rng.random((SIZE, 1))).argmax(axis=1)
    rows = np.arange(SIZE)
    result = (rng.random(SIZE) < chances[rows, tried]).astype(float)
    model = np.clip(chances * 0.8 + 0.05, 0, 1)
    return Logged(tried, result, logging[rows, tried], policy, model), chances


def _truth(seed=-1):
    """The policy's success rate over the whole population that the logs are drawn from."""
    chances = np.random.default_rng(12345).beta(2, 3, (400_000, PATHS))
    wanted = np.exp(4 * chances)
    return float(((wanted / wanted.sum(axis=1, keepdims=True)) * chances).sum(axis=1).mean())


@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_intervals_hold_the_truth_in_93_to_97_of_a_hundred_generated_logs(name):
    truth = _truth()
    held = 0
    for seed in range(LOGS):
        found = ESTIMATORS[name](_logs(seed)[0])
        held += found.low <= truth <= found.high
    assert 0.93 <= held / LOGS <= 0.97


def test_the_difference_of_two_ways_is_told_on_the_same_attempts():
    logged, _ = _logs(1)
    same = difference(doubly_robust(logged), doubly_robust(logged))
    assert same.value == same.low == same.high == 0.0
