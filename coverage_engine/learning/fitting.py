"""Fitting: a logistic model whose starting point, and whose answer without evidence, is the expert score.

log-odds = expert score + Σ shifts of the levels that hold; every shift has a normal prior around zero, so a
level with few attempts stays near the expert's weight. How far to trust the attempts (`strength`, 0 = not at
all) is chosen by predicting left-out attempts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

Array = np.ndarray[Any, Any]
_STEPS = 500


@dataclass(frozen=True)
class Fitted:
    """Shifts of the levels (log-odds), the strength chosen, and each attempt's left-out log-odds.

    `by_fold` are the shifts learned without each fold; `losses` is the mean log loss of left-out attempts at
    each strength tried.
    """

    shifts: Array
    strength: float
    left_out: Array
    by_fold: dict[int, Array]
    losses: dict[float, float]


def fit(levels: sparse.csr_matrix, offset: Array, success: Array, deviations: Array) -> Array:
    """The most probable shifts under normal priors of the given deviations (0: a level stays)."""
    scaled = levels @ sparse.diags(deviations)

    def loss(point: Array) -> tuple[float, Array]:
        odds = offset + scaled @ point
        missed = expit(odds) - success
        likelihood = float((np.logaddexp(0.0, odds) - success * odds).sum())
        return likelihood + 0.5 * float(point @ point), scaled.T @ missed + point

    start = np.zeros(levels.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(deviations * found.x)


def fitted(
    levels: sparse.csr_matrix,
    offset: Array,
    success: Array,
    deviations: Array,
    strengths: tuple[float, ...],
    folds: Array,
) -> Fitted:
    """The shifts at the strength that predicts left-out attempts best; ties go to the weaker one."""
    by_fold = {
        strength: _by_fold(levels, offset, success, strength * deviations, folds) for strength in strengths
    }
    told = {strength: _left_out(levels, offset, found, folds) for strength, found in by_fold.items()}
    losses = {strength: log_loss(odds, success) for strength, odds in told.items()}
    chosen = min(strengths, key=lambda strength: (losses[strength], strength))
    shifts = fit(levels, offset, success, chosen * deviations) if chosen else np.zeros(levels.shape[1])
    return Fitted(shifts, chosen, told[chosen], by_fold[chosen], losses)


def log_loss(odds: Array, success: Array) -> float:
    """Mean log loss of predicted log-odds."""
    return float((np.logaddexp(0.0, odds) - success * odds).mean()) if len(odds) else 0.0


def folds_of(enterprises: Array, count: int) -> Array:
    """The fold of each attempt: those of one enterprise together, dealt by a fixed mixing of ids."""
    mixed = (enterprises.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    return np.asarray(mixed % np.uint64(count)).astype(np.int64)


# --- private ------------------------------------------------------------------------------------------------


def _by_fold(
    levels: sparse.csr_matrix, offset: Array, success: Array, deviations: Array, folds: Array
) -> dict[int, Array]:
    """The shifts learned without each fold."""
    found = {}
    for fold in np.unique(folds):
        kept = folds != fold
        learned = deviations.any()
        shifts = fit(levels[kept], offset[kept], success[kept], deviations) if learned else 0 * deviations
        found[int(fold)] = shifts
    return found


def _left_out(levels: sparse.csr_matrix, offset: Array, by_fold: dict[int, Array], folds: Array) -> Array:
    """Each attempt's log-odds by the shifts learned without its fold."""
    odds = offset.astype(np.float64).copy()
    for fold, shifts in by_fold.items():
        inside = folds == fold
        odds[inside] += levels[inside] @ shifts
    return odds
