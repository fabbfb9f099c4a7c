"""Fitting: a logistic model whose starting point, and whose answer without evidence, is the expert score.

log-odds = expert score + Σ shifts of the levels that hold; every shift has a normal prior around zero, so a
level with few attempts stays near the expert's weight. How far the experts are off differs from one piece of
evidence to the next: the deviation of each piece is learned too, from the policy's figure on
(`piece_deviations`). How far to trust the attempts in all (`strength`, 0 = not at all) is chosen by
predicting left-out attempts.
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
_ROUNDS = 6


@dataclass(frozen=True)
class Prior:
    """The deviation of each level before any attempt, the piece it belongs to, which ones are classes.

    `anchor` is how many levels the prior deviation of a piece counts as.
    """

    deviations: Array
    pieces: Array
    classes: Array
    anchor: float


@dataclass(frozen=True)
class Fitted:
    """Shifts of the levels (log-odds), the strength chosen, and each attempt's left-out log-odds.

    `deviations` are those of the levels as the attempts have told them, `by_fold` the shifts learned without
    each fold; `losses` is the mean log loss of left-out attempts at each strength tried.
    """

    shifts: Array
    deviations: Array
    strength: float
    left_out: Array
    by_fold: dict[int, Array]
    losses: dict[float, float]


def fit(levels: sparse.csr_matrix, offset: Array, success: Array, deviations: Array) -> Array:
    """The most probable shifts under normal priors of the given deviations (0: a level stays)."""
    scaled = levels @ sparse.diags(deviations)

    def loss(point: Array) -> tuple[float, Array]:
        """Minus the logarithm of likelihood times prior, and its slope."""
        odds = offset + scaled @ point
        missed = expit(odds) - success
        likelihood = float((np.logaddexp(0.0, odds) - success * odds).sum())
        return likelihood + 0.5 * float(point @ point), scaled.T @ missed + point

    start = np.zeros(levels.shape[1])
    optimum = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(deviations * optimum.x)


def piece_deviations(
    levels: sparse.csr_matrix, offset: Array, success: Array, prior: Prior, rounds: int = _ROUNDS
) -> Array:
    """The deviation of each level after the attempts have told how far its piece of evidence is off.

    Empirical Bayes, some rounds of expectation and maximisation: a piece's variance becomes the mean of its
    squared shifts with their own doubt, in units of the prior; the prior counts as `prior.anchor` levels.
    """
    deviations = prior.deviations
    sizes = np.bincount(prior.pieces)
    for _ in range(rounds):
        shifts = fit(levels, offset, success, deviations)
        chances = expit(offset + levels @ shifts)
        doubt = _variances(levels, chances * (1 - chances), deviations, prior.classes)
        ratios = (shifts**2 + doubt) / prior.deviations**2
        scales = (prior.anchor + np.bincount(prior.pieces, ratios)) / (prior.anchor + sizes)
        deviations = prior.deviations * np.sqrt(scales)[prior.pieces]
    return deviations


def fitted(
    levels: sparse.csr_matrix,
    offset: Array,
    success: Array,
    prior: Prior,
    strengths: tuple[float, ...],
    folds: Array,
) -> Fitted:
    """The shifts at the strength that predicts left-out attempts best; ties go to the weaker one."""
    by_fold = without_each(levels, offset, success, prior, strengths, folds)
    left_out_odds = {
        strength: _left_out(levels, offset, fold_shifts, folds) for strength, fold_shifts in by_fold.items()
    }
    losses = {strength: log_loss(odds, success) for strength, odds in left_out_odds.items()}
    chosen = min(strengths, key=lambda strength: (losses[strength], strength))
    whole = piece_deviations(levels, offset, success, prior) if chosen else prior.deviations
    shifts = _fit(levels, offset, success, chosen * whole)
    return Fitted(shifts, whole, chosen, left_out_odds[chosen], by_fold[chosen], losses)


def without_each(
    levels: sparse.csr_matrix,
    offset: Array,
    success: Array,
    prior: Prior,
    strengths: tuple[float, ...],
    folds: Array,
) -> dict[float, dict[int, Array]]:
    """By strength and fold, the shifts learned from the attempts outside that fold."""
    fold_shifts: dict[float, dict[int, Array]] = {strength: {} for strength in strengths}
    for fold in np.unique(folds):
        rows = folds != fold
        training = levels[rows], offset[rows], success[rows]
        spread = piece_deviations(*training, prior)
        for strength in strengths:
            fold_shifts[strength][int(fold)] = _fit(*training, strength * spread)
    return fold_shifts


def log_loss(odds: Array, success: Array) -> float:
    """Mean log loss of predicted log-odds."""
    return float((np.logaddexp(0.0, odds) - success * odds).mean()) if len(odds) else 0.0


def folds_of(enterprises: Array, count: int, deal: int = 0) -> Array:
    """The fold of each attempt: those of one enterprise together, dealt by a fixed mixing of ids.

    Each `deal` mixes them anew.
    """
    mixed = (enterprises.astype(np.uint64) + np.uint64(deal)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.asarray((mixed >> np.uint64(40)) % np.uint64(count)).astype(np.int64)


# ---------------------------------------------------------------------------------------------- private


def _fit(levels: sparse.csr_matrix, offset: Array, success: Array, deviations: Array) -> Array:
    return fit(levels, offset, success, deviations) if deviations.any() else np.zeros(levels.shape[1])


def _variances(levels: sparse.csr_matrix, weights: Array, deviations: Array, classes: Array) -> Array:
    """The posterior variance of each shift at the mode (`weights`: variance of each attempt's result).

    Classes of one fact never hold together, so their own curvature serves; the others share one matrix.
    """
    variances = 1 / (1 / deviations**2 + levels.power(2).T @ weights)
    rest = np.flatnonzero(~classes)
    scaled = levels[:, rest].multiply(np.sqrt(weights)[:, None]).toarray() * deviations[rest]
    doubt = np.linalg.inv(scaled.T @ scaled + np.eye(len(rest)))
    variances[rest] = np.diag(doubt) * deviations[rest] ** 2
    return np.asarray(variances)


def _left_out(levels: sparse.csr_matrix, offset: Array, by_fold: dict[int, Array], folds: Array) -> Array:
    """Each attempt's log-odds by the shifts learned without its fold."""
    odds = offset.astype(np.float64).copy()
    for fold, shifts in by_fold.items():
        inside = folds == fold
        odds[inside] += levels[inside] @ shifts
    return odds
