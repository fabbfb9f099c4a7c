"""Which of the feasible paths is taken: shares exp(slope × score + appeal of the path), fitted to choices.

Fitted to all attempts it is the logging policy (how organisers have chosen), fitted to the successful ones it
says by which path an organisation comes about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

Array = np.ndarray[Any, Any]
_FAR = -1e9
_STEPS = 300


@dataclass(frozen=True)
class ChoiceModel:
    """The slope on the score (log-odds) and the appeal of each path."""

    slope: float
    appeals: Array

    def shares(self, scores: Array, feasible: Array) -> Array:
        """Share of each path (columns) for each firm (rows); 0 where it is not feasible."""
        weights = np.where(feasible, self.slope * scores + self.appeals, _FAR)
        shares = np.exp(weights - logsumexp(weights, axis=1, keepdims=True))
        return np.asarray(np.where(feasible, shares, 0.0))


def choice_model(scores: Array, feasible: Array, path: Array) -> ChoiceModel:
    """The most probable model of the chosen paths (from 1); unit normal priors on slope − 1 and appeals."""
    rows, chosen = np.arange(len(path)), path - 1

    def loss(point: Array) -> tuple[float, Array]:
        """Minus log posterior at slope and appeals, and its gradient."""
        weights = np.where(feasible, point[0] * scores + point[1:], _FAR)
        whole = logsumexp(weights, axis=1)
        shares = np.exp(weights - whole[:, None])
        missed = shares.copy()
        missed[rows, chosen] -= 1.0
        away = np.concatenate([[point[0] - 1.0], point[1:]])
        slope = float((missed * np.where(feasible, scores, 0.0)).sum())
        gradient = np.concatenate([[slope], missed.sum(axis=0)]) + away
        return float((whole - weights[rows, chosen]).sum() + 0.5 * away @ away), gradient

    start = np.concatenate([[1.0], np.zeros(scores.shape[1])])
    optimum = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return ChoiceModel(float(optimum.x[0]), np.asarray(optimum.x[1:]))
