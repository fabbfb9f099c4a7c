"""The gate (上线关口): a learned model goes live only if it beats the present weights on logged attempts.

Both are compared on the same attempts, each attempt by a model that was fitted without it; how organisers
chose is estimated from the ledger. Two intervals must lie above zero: that of the gain in success rate by the
witness (`witness`), and that of the gain in predicting results (log loss). The doubly robust estimate, which
leans on no model of success but is much wider, must not tell the opposite.
Rules win whatever the gate says: only feasible paths are ever chosen, duties are not looked at here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coverage_engine.learning.attempts import Attempts
from coverage_engine.learning.choice_model import choice_model
from coverage_engine.learning.off_policy import (
    Estimate,
    Logged,
    check_support,
    difference,
    doubly_robust,
    ips,
    mean_of,
    snips,
    support,
)
from coverage_engine.learning.witness import Witness
from coverage_engine.recommend.learning_settings import LearningSettings

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Proposed:
    """待上线权重: log-odds of every path for each attempt by the new weights, none of which saw the attempt.

    `scores` are learned without the attempt's fold, `halves` without its half, one a reading of the witness.
    """

    scores: Array
    halves: tuple[Array, ...]


@dataclass(frozen=True)
class Verdict:
    """上线结论: whether the new weights go live, and the estimates it rests on (new and present by name).

    `gain` (by the witness) and `doubly_robust` are in success rate, `foresight` tells how much lower the log
    loss of an attempt is.
    """

    goes_live: bool
    support: float
    gain: Estimate
    doubly_robust: Estimate
    foresight: Estimate
    estimates: dict[str, tuple[Estimate, Estimate]]

    @property
    def contradicted(self) -> bool:
        """Whether the doubly robust estimate says that the new choices are worse."""
        return self.doubly_robust.high < 0


def judge(
    attempts: Attempts,
    proposed: Proposed,
    present: Array,
    chances: Array,
    witness: Witness,
    settings: LearningSettings,
) -> Verdict:
    """Compares the first choice by the proposed scores with that by `present` ones (a column for each path).

    `chances` is the success model of the doubly robust estimate, fitted without the attempt itself.

    Raises:
        PolicyError: the attempts support the new choice too little.
    """
    chosen = choice_model(attempts.scores, attempts.feasible, attempts.path)
    shares = chosen.shares(attempts.scores, attempts.feasible)
    logging = np.maximum(shares[np.arange(attempts.count), attempts.path - 1], settings.least_propensity)
    logged = [
        Logged(attempts.path - 1, attempts.success, logging, _first(scores, attempts.feasible), chances)
        for scores in (proposed.scores, present)
    ]
    check_support(logged[0], settings.least_support)
    level = settings.contradiction
    estimates = {
        name: (estimator(logged[0], level), estimator(logged[1], level))
        for name, estimator in (("ips", ips), ("snips", snips), ("dr", doubly_robust))
    }
    gain = witness.gain(attempts, proposed.halves, present, settings.interval)
    logged_losses = [_losses(attempts, scores) for scores in (present, proposed.scores)]
    foresight = mean_of(logged_losses[0] - logged_losses[1], settings.foresight)
    robust = difference(*estimates["dr"], level)
    goes_live = gain.low > 0 and foresight.low > 0 and robust.high >= 0
    return Verdict(goes_live, support(logged[0]), gain, robust, foresight, estimates)


def _losses(attempts: Attempts, scores: Array) -> Array:
    """The log loss of each attempt by the scores of its path."""
    odds = scores[np.arange(attempts.count), attempts.path - 1]
    return np.asarray(np.logaddexp(0.0, odds) - attempts.success * odds)


def _first(scores: Array, feasible: Array) -> Array:
    """The policy that takes the best feasible path: 1 in its column."""
    best = np.where(feasible, scores, -np.inf).argmax(axis=1)
    return np.asarray(np.eye(scores.shape[1])[best])
