"""The witness (旁证): what attempts that had no part in the new weights say about its choices.

Weighting attempts by how seldom they were made (doubly robust) needs thousands of them before an interval
lies above zero. The witness reads the same attempts by the success model: in each half the new choices come
from the other half, and their chances from this half alone, by a model that starts from the weights in use.
Without evidence it finds the present choices better, so that the new ones have to be proved; its doubt is
that of the fitted shifts and of which firms were tried. One parting into halves may be an unlucky one, so
several readings are averaged; together they doubt as much as one of them does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit
from scipy.stats import norm

from coverage_engine.learning.attempts import Attempts
from coverage_engine.learning.fitting import fit
from coverage_engine.learning.off_policy import Estimate

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Witness:
    """旁证: the levels of each path for each attempt, the deviation of each level, the half of each attempt.

    `halves` holds one parting a reading. Levels of counties and trades are no part of the witness: they are
    many and move little.
    """

    of_path: tuple[sparse.csr_matrix, ...]
    deviations: Array
    halves: tuple[Array, ...]

    def gain(self, attempts: Attempts, new: Sequence[Array], present: Array, level: float) -> Estimate:
        """How much higher the success rate of the first choice by `new` scores is than by `present` ones.

        `new` holds the scores of each parting, learned without the half that an attempt belongs to. The
        influences are the gains in chance of each attempt's firm.
        """
        gains_and_variances = [
            self._reading(attempts, scores, present, half)
            for scores, half in zip(new, self.halves, strict=True)
        ]
        influences = np.mean([gains for gains, _ in gains_and_variances], axis=0)
        value = float(influences.mean())
        reach = float(
            norm.ppf(0.5 + level / 2) * np.sqrt(np.mean([variance for _, variance in gains_and_variances]))
        )
        return Estimate(value, value - reach, value + reach, influences)

    def _reading(self, attempts: Attempts, new: Array, present: Array, half: Array) -> tuple[Array, float]:
        """The gain in chance for each attempt, and the variance of their mean."""
        first = [np.where(attempts.feasible, scores, -np.inf).argmax(axis=1) for scores in (new, present)]
        gains, variance = np.zeros(attempts.count), 0.0
        for part in np.unique(half):
            rows = np.flatnonzero(half == part)
            chosen = [self._choice(rows, paths, present) for paths in first]
            tried = self._choice(rows, attempts.path - 1, present)
            gains[rows], doubt = _read(tried, attempts.success[rows], chosen, self.deviations)
            variance += doubt / attempts.count**2
        # Two doubts: which firms were tried, and how well a half knows the chances.
        return gains, variance + float(gains.var(ddof=1)) / attempts.count

    def _choice(self, rows: Array, paths: Array, present: Array) -> _Choice:
        """What one way chooses for some rows; `paths` from 0."""
        parts = [rows[paths[rows] == at] for at in range(len(self.of_path))]
        whole = sparse.vstack([levels[part] for levels, part in zip(self.of_path, parts, strict=True)])
        order = np.argsort(np.concatenate(parts), kind="stable")
        return _Choice(whole.tocsr()[order], present[rows, paths[rows]])


# ---------------------------------------------------------------------------------------------- private


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
    """The gain in chance for each attempt of a half by its own results, and the variance of their sum."""
    shifts = fit(tried.levels, tried.odds, success, deviations)
    new, present = chosen
    slope = (new.slope(shifts) - present.slope(shifts)) * deviations
    chances = tried.chances(shifts)
    scaled = tried.levels.multiply(np.sqrt(chances * (1 - chances))[:, None]).toarray() * deviations
    known = scaled.T @ scaled + np.eye(len(slope))
    return new.chances(shifts) - present.chances(shifts), float(slope @ np.linalg.solve(known, slope))
