"""Smoothed gap rates of counties: what a county's rate most likely is when few of its firms are counted.

A county with one firm in duty has a raw rate of 0 or 100 %, which says little. The counties together tell how
rates differ (a beta distribution, fitted by maximum likelihood to all of them); each county's own count then
moves its estimate away from that as far as its number of firms allows. For drawing and ranking only: official
tables keep raw counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from coverage_engine.coverage.figures import UNASSIGNED

Floats = npt.NDArray[np.float64]

INTERVAL = 0.90
"""Share of chance that the interval of an estimate holds."""
_FEWEST_COUNTIES = 5
"""Fewer counties with known firms cannot tell how counties differ."""
_DIGITS = 6
_LOG_PRECISION = (np.log(0.5), np.log(2000.0))
# Weak knowledge of how alike counties are. Without it a map of small counts is often fitted as "all counties
# are the same", and the intervals become too narrow; with many firms it has no weight.
_USUAL_PRECISION, _DOUBT_OF_PRECISION = np.log(20.0), 1.0


@dataclass(frozen=True)
class Prior:
    """How the rates of counties differ: a beta distribution with `alpha` and `beta`."""

    alpha: float
    beta: float


def fitted_prior(gaps: Floats, firms: Floats) -> Prior | None:
    """The beta distribution that makes the counted gaps most likely; None where too few counties count."""
    from scipy import optimize, special

    counted = firms > 0
    if int(counted.sum()) < _FEWEST_COUNTIES:
        return None
    k, n = gaps[counted], firms[counted]
    middle = (k.sum() + 0.5) / (n.sum() + 1.0)

    def doubt(point: Floats) -> float:
        mean, precision = special.expit(point[0]), np.exp(point[1])
        a, b = mean * precision, (1.0 - mean) * precision
        unusual = ((point[1] - _USUAL_PRECISION) / _DOUBT_OF_PRECISION) ** 2 / 2.0
        return float(unusual - np.sum(special.betaln(k + a, n - k + b) - special.betaln(a, b)))

    minimum = optimize.minimize(
        doubt,
        np.array([special.logit(middle), np.log(10.0)]),
        method="L-BFGS-B",
        bounds=[(-7.0, 7.0), _LOG_PRECISION],
    )
    mean, precision = float(special.expit(minimum.x[0])), float(np.exp(minimum.x[1]))
    return Prior(mean * precision, (1.0 - mean) * precision)


def smoothed_gaps(counties: pl.DataFrame) -> pl.DataFrame:
    """Smoothed gap rates of the counties of one denominator (rows of the plan table `coverage`).

    Columns: division_code, division, category, known (firms surely in the denominator whose coverage is
    known), known_gap (of these neither own nor joint), gap_smoothed, gap_low, gap_high. The interval covers
    chance and missing facts: its low end supposes that every firm in doubt is covered or outside, its high
    end the opposite. Rates are shares; null where there is no firm to count or too few counties to compare.
    """
    # `scipy.stats` has the same as the quantile of a beta distribution, and takes half a second to load.
    from scipy.special import betaincinv

    rows = counties.filter(~pl.col("division").fill_null("").str.ends_with(UNASSIGNED))
    k, n = _column(rows, "uncovered_low"), _column(rows, "uncovered_low") + _column(rows, "joint_low")
    prior = fitted_prior(k, n)
    # In doubt: coverage of sure firms (c); being in the denominator of covered (d), uncovered (e) or unknown
    # firms (f), as in figures.py.
    c = _column(rows, "denominator_low") - n
    f = _column(rows, "unknown") - c
    d = _column(rows, "joint_high") - _column(rows, "joint_low") - c - f
    e = _column(rows, "denominator_high") - _column(rows, "denominator_low") - d - f
    counted = (n > 0) & (prior is not None)
    drawn = prior or Prior(1.0, 1.0)
    tail = (1.0 - INTERVAL) / 2.0
    estimates = {
        "gap_smoothed": (k + drawn.alpha) / (n + drawn.alpha + drawn.beta),
        "gap_low": betaincinv(k + drawn.alpha, n - k + c + d + f + drawn.beta, tail),
        "gap_high": betaincinv(k + c + e + f + drawn.alpha, n - k + drawn.beta, 1.0 - tail),
    }
    return rows.select(
        "division_code",
        "division",
        "category",
        pl.Series("known", n.astype(np.int64)),
        pl.Series("known_gap", k.astype(np.int64)),
        *(
            pl.Series(name, np.where(counted, np.round(values, _DIGITS), np.nan)).fill_nan(None)
            for name, values in estimates.items()
        ),
    )


def _column(rows: pl.DataFrame, name: str) -> Floats:
    return rows[name].fill_null(0).cast(pl.Float64).to_numpy()
