"""The witness (旁证): what attempts that had no part in the new weights say about its choices.

Weighting attempts by how seldom they were made (doubly robust) needs thousands of them before an interval
lies above zero. The witness reads the same attempts by the success model: in each fold the new choices come
from the other folds, and their chances from this fold alone, by a model that starts from the weights in use.
Without evidence it finds the present choices better, so that the new ones have to be proved; its doubt is
that of the fitted shifts and of which firms were tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit
from scipy.stats import norm

from coverage_engine.learning.attempts import Attempts
from coverage_engine.learning.fitting import fit
from coverage_engine.learning.off_policy import Estimate, mean_of

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Witness:
    """旁证: the levels of each path for each attempt, the deviation of each level, the fold of each attempt.

    Levels of counties and trades are no part of it: they are many and move little.
    """

    of_path: tuple[sparse.csr_matrix, ...]
    deviations: Array
    folds: Array

    def gain(self, attempts: Attempts, new: Array, present: Array, level: float) -> Estimate:
        """How much higher the success rate of the first choice by `new` scores is than by `present` ones.

        The influences are the gains in chance of each attempt's firm.
        """
        first = [np.where(attempts.feasible, scores, -np.inf).argmax(axis=1) for scores in (new, present)]
        influences, variance = np.zeros(attempts.count), 0.0
        for fold in np.unique(self.folds):
            rows = np.flatnonzero(self.folds == fold)
            chosen = [self._choice(rows, paths, present) for paths in first]
            tried = self._choice(rows, attempts.path - 1, present)
            influences[rows], doubt = _read(tried, attempts.success[rows], chosen, self.deviations)
            variance += doubt / attempts.count**2
        drawn = mean_of(influences, level)
        # Two doubts: which firms were tried, and how well a fold knows the chances.
        reach = float(np.hypot(drawn.high - drawn.value, norm.ppf(0.5 + level / 2) * np.sqrt(variance)))
        return Estimate(drawn.value, drawn.value - reach, drawn.value + reach, influences)

    def _choice(self, rows: Array, paths: Array, present: Array) -> _Choice:
        """What one way chooses for some rows; `paths` from 0."""
        parts = [rows[paths[rows] == at] for at in range(len(self.of_path))]
        whole = sparse.vstack([levels[part] for levels, part in zip(self.of_path, parts, strict=True)])
        order = np.argsort(np.concatenate(parts), kind="stable")
        return _Choice(whole.tocsr()[order], present[rows, paths[rows]])


# --- private ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Choice:
    """Levels and present log-odds of one path for each of some attempts."""

    levels: sparse.csr_matrix
    odds: Array

    def chances(self, shifts: Array) -> Array:
        return np.asarray(expit(self.odds + self.levels @ shifts))

    def slope(self, shifts: Array) -> Array:
        """How the sum of the chances goes with the shifts."""
        chances = self.chances(shifts)
        return np.asarray(self.levels.T @ (chances * (1 - chances)))


def _read(tried: _Choice, success: Array, chosen: list[_Choice], deviations: Array) -> tuple[Array, float]:
    """The gain in chance for each attempt of a fold by its own results, and the variance of their sum."""
    shifts = fit(tried.levels, tried.odds, success, deviations)
    new, present = chosen
    slope = (new.slope(shifts) - present.slope(shifts)) * deviations
    chances = tried.chances(shifts)
    scaled = tried.levels.multiply(np.sqrt(chances * (1 - chances))[:, None]).toarray() * deviations
    known = scaled.T @ scaled + np.eye(len(slope))
    return new.chances(shifts) - present.chances(shifts), float(slope @ np.linalg.solve(known, slope))
