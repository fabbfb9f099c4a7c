"""Calibration (校准): do chances mean what they say? By path, by city and in all; drift is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from coverage_engine.recommend.learning_settings import LearningSettings

Array = np.ndarray[Any, Any]
_BINS = 10
_LABELS = [0, 1]


@dataclass(frozen=True)
class Calibration:
    """校准: predicted and observed rates of one group of attempts, with Brier score and log loss."""

    group: str
    attempts: int
    expected: float
    observed: float
    brier: float
    log_loss: float
    calibration_error: float


def calibration(group: str, odds: Array, success: Array) -> Calibration:
    """One group; the calibration error is the mean gap over ten bins of equal count, by count."""
    chances = expit(odds)
    return Calibration(
        group,
        len(odds),
        float(chances.mean()),
        float(success.mean()),
        float(brier_score_loss(success, chances, labels=_LABELS)),
        float(log_loss(success, chances, labels=_LABELS)),
        calibration_error(chances, success),
    )


def calibration_error(chances: Array, success: Array) -> float:
    """Expected calibration error over ten bins of (nearly) equal count."""
    order = np.argsort(chances, kind="stable")
    parts = [part for part in np.array_split(order, _BINS) if len(part)]
    gaps = [len(part) * abs(chances[part].mean() - success[part].mean()) for part in parts]
    return float(sum(gaps) / len(chances))


def reliability(odds: Array, success: Array) -> list[tuple[float, float]]:
    """The reliability curve: mean chance and observed rate of ten bins of equal count."""
    observed, expected = calibration_curve(success, expit(odds), n_bins=_BINS, strategy="quantile")
    return [(float(chance), float(rate)) for chance, rate in zip(expected, observed, strict=True)]


def calibration_report(odds: Array, success: Array, path: Array, city: Array) -> list[Calibration]:
    """All attempts, then each path, then each city."""
    rows = [calibration("all", odds, success)]
    for name, groups in (("path", path), ("city", city)):
        for value in np.unique(groups):
            own = groups == value
            rows.append(calibration(f"{name}:{value}", odds[own], success[own]))
    return rows


def drifting(report: list[Calibration], settings: LearningSettings) -> list[Calibration]:
    """The groups with enough attempts whose chances are off by more than policy and chance allow."""
    drifts = []
    for each in report:
        spread = np.sqrt(max(each.expected * (1 - each.expected), 1e-9) / max(each.attempts, 1))
        gap = abs(each.expected - each.observed)
        # Three spreads: with some thirty groups, a false alarm in about one lesson of twelve.
        if each.attempts >= settings.drift_least and gap > max(settings.drift_gap, 3 * spread):
            drifts.append(each)
    return drifts
