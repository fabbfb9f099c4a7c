"""Hot spots: counties that stand, with their neighbours, in a cluster of unusually high (or low) gap rates.

Getis-Ord Gi* over counties that share a border, judged against maps in which the same rates are dealt out at
random. Many counties are tested at once, so a share of false alarms is held down (false-discovery rate), and
a map without structure stays quiet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Neighbours = Mapping[str, Sequence[str]]
"""Codes of the counties that share a border with a county."""

FALSE_DISCOVERY_RATE = 0.05
_DEALS = 1_999
_SEED = 2019
_FEWEST_COUNTIES = 10
_BLOCK = 500


def neighbours_of(outlines: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Counties of a GeoJSON collection that share at least one corner of their outlines, by code."""
    at: dict[tuple[float, float], set[str]] = {}
    for feature in outlines["features"]:
        code = str(feature["properties"]["code"])
        for corner in _corners(feature["geometry"]["coordinates"]):
            at.setdefault(corner, set()).add(code)
    neighbours: dict[str, set[str]] = {str(f["properties"]["code"]): set() for f in outlines["features"]}
    for codes in at.values():
        for code in codes:
            neighbours[code] |= codes - {code}
    return {code: tuple(sorted(others)) for code, others in sorted(neighbours.items())}


def hot_spots(rates: Mapping[str, float], neighbours: Neighbours) -> dict[str, tuple[float, float, str]]:
    """Gi* as a z-score, its two-sided p and the word `hot`, `cold` or `none`, by county code.

    `rates` are shares by code; counties without a rate are left out of everything. Fewer than ten counties,
    or rates that are all the same, raise no alarm.
    """
    codes = sorted(rates)
    values = np.array([rates[code] for code in codes], dtype=np.float64)
    if len(codes) < _FEWEST_COUNTIES or np.ptp(values) == 0:
        return dict.fromkeys(codes, (0.0, 1.0, "none"))
    weights = _weights(codes, neighbours)
    scores = _scores(weights, values)
    p = _chances(weights, values)
    alarms = _alarms(p)
    words = np.where(alarms, np.where(scores > 0, "hot", "cold"), "none")
    return {
        code: (round(float(z), 4), round(float(chance), 5), str(word))
        for code, z, chance, word in zip(codes, scores, p, words, strict=True)
    }


def _weights(codes: list[str], neighbours: Neighbours) -> Floats:
    """One for each neighbour and for the county itself."""
    at = {code: i for i, code in enumerate(codes)}
    weights = np.eye(len(codes))
    for code in codes:
        for other in neighbours.get(code, ()):
            if other in at:
                weights[at[code], at[other]] = 1.0
    return weights


def _scores(weights: Floats, values: Floats) -> Floats:
    n = len(values)
    total = weights.sum(axis=1)
    spread = np.sqrt((n * (weights**2).sum(axis=1) - total**2) / (n - 1)) * values.std()
    return np.asarray((weights @ values - values.mean() * total) / spread, dtype=np.float64)


def _chances(weights: Floats, values: Floats) -> Floats:
    """Two-sided p of each county's sum among sums in maps with the same rates dealt out at random."""
    seen = weights @ values
    above, below = np.ones(len(values)), np.ones(len(values))
    deals = _deals(len(values))
    for start in range(0, _DEALS, _BLOCK):
        sums = weights @ values[deals[start : start + _BLOCK]].T
        above += (sums >= seen[:, None] - 1e-12).sum(axis=1)
        below += (sums <= seen[:, None] + 1e-12).sum(axis=1)
    return np.minimum(1.0, 2.0 * np.minimum(above, below) / (_DEALS + 1))


@cache
def _deals(counties: int) -> npt.NDArray[np.int32]:
    """The places of so many counties dealt out at random, row by row: all their maps are judged by these."""
    dice = np.random.Generator(np.random.PCG64(_SEED))
    return dice.permuted(np.tile(np.arange(counties, dtype=np.int32), (_DEALS, 1)), axis=1)


def _alarms(p: Floats) -> npt.NDArray[np.bool_]:
    """Benjamini-Hochberg: the smallest p, as many as keep the expected share of false alarms low."""
    order = np.argsort(p, kind="stable")
    limits = FALSE_DISCOVERY_RATE * np.arange(1, len(p) + 1) / len(p)
    passing = np.nonzero(p[order] <= limits)[0]
    alarms = np.zeros(len(p), dtype=np.bool_)
    if len(passing):
        alarms[order[: passing[-1] + 1]] = True
    return alarms


def _corners(coordinates: Sequence[Any]) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield (round(float(coordinates[0]), 4), round(float(coordinates[1]), 4))
        return
    for part in coordinates:
        yield from _corners(part)
