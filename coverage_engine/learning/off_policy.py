"""Off-policy estimates: how a way of choosing paths would have fared on attempts that another way chose.

    IPS    mean of w·r                       w = π(tried) / μ(tried), r the result (0 or 1)
    SNIPS  Σ w·r / Σ w
    DR     mean of q(π) + w·(r − q(tried))   q the success model, q(π) its mean under π

Each comes with a normal interval of its influence values. Support is the share of attempts that the new way
would have tried too; below the policy's limit no estimate is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from coverage_engine.errors import PolicyError

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Logged:
    """Attempts as an estimate sees them; one value a row, `chances` one column a path.

    `logging` is μ of the tried path, `policy` π of every path, `chances` q of every path.
    """

    tried: Array
    result: Array
    logging: Array
    policy: Array
    chances: Array

    @property
    def weights(self) -> Array:
        """Importance weight of each attempt."""
        return np.asarray(self.policy[np.arange(len(self.tried)), self.tried] / self.logging)


@dataclass(frozen=True)
class Estimate:
    """A success rate with its interval; `influences` are each attempt's part in it, their mean is `value`."""

    value: float
    low: float
    high: float
    influences: Array


def support(logged: Logged) -> float:
    """Mean probability that the new way would have tried what was tried."""
    return float(logged.policy[np.arange(len(logged.tried)), logged.tried].mean())


def check_support(logged: Logged, least: float) -> None:
    """Raises PolicyError where the attempts say too little about the new way."""
    share = support(logged)
    if share < least:
        raise PolicyError(
            f"成果台账对新权重的支持度只有{share:.1%}，不足{least:.0%}，不能比较",
            "请先按现行建议多积累一些成果，再重新学习。",
        )


def ips(logged: Logged, level: float = 0.95) -> Estimate:
    """Inverse propensity score."""
    return mean_of(logged.weights * logged.result, level)


def snips(logged: Logged, level: float = 0.95) -> Estimate:
    """Self-normalised IPS; its interval by the linearised ratio."""
    weights = logged.weights
    value = float((weights * logged.result).sum() / weights.sum())
    return mean_of(value + weights * (logged.result - value) / weights.mean(), level)


def doubly_robust(logged: Logged, level: float = 0.95) -> Estimate:
    """The success model's answer, corrected by what the attempts showed."""
    rows = np.arange(len(logged.tried))
    expected = (logged.policy * logged.chances).sum(axis=1)
    missed = logged.result - logged.chances[rows, logged.tried]
    return mean_of(expected + logged.weights * missed, level)


def difference(new: Estimate, present: Estimate, level: float = 0.95) -> Estimate:
    """New minus present on the same attempts."""
    return mean_of(new.influences - present.influences, level)


def mean_of(influences: Array, level: float = 0.95) -> Estimate:
    """The mean of a value per attempt, with its normal interval."""
    value = float(influences.mean())
    spread = float(influences.std(ddof=1)) / np.sqrt(len(influences)) if len(influences) > 1 else np.inf
    reach = float(norm.ppf(0.5 + level / 2)) * spread
    return Estimate(value, value - reach, value + reach, influences)
