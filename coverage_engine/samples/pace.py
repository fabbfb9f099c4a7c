"""Pace of the counties: some have done more of their work than others, and neighbours are alike."""

from __future__ import annotations

import numpy as np

from coverage_engine.samples.geography import counties
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.vocabularies import rates

_KM_PER_DEGREE = 111.32


def county_pace(streams: Streams) -> Array:
    """How far each county is ahead (above 0) or behind in log-odds of an organisation, by county number.

    A part is shared with counties nearby, the rest is a county's own; weighted by their firms the mean is 0.
    """
    rng, rate, places = streams.of("county_pace"), rates(), counties()
    own, around = rng.standard_normal((2, len(places.code)))
    shared = _standard(_nearness(rate["county_pace_km"]) @ around)
    part = rate["county_pace_shared"]
    mixed = np.sqrt(part) * shared + np.sqrt(1.0 - part) * own
    return np.asarray(rate["county_pace"] * (mixed - np.average(mixed, weights=places.weight)))


def paced(chance: Array, pace: Array) -> Array:
    """Chances moved by a pace in log-odds; 0 and 1 stay as they are."""
    with np.errstate(divide="ignore"):
        odds = np.log(chance) - np.log1p(-chance) + pace
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


# ---------------------------------------------------------------------------------------------- private


def _nearness(reach_km: float) -> Array:
    """Gaussian weights between the interior points of the counties."""
    places = counties()
    x = places.longitude * np.cos(np.radians(places.latitude.mean())) * _KM_PER_DEGREE
    y = places.latitude * _KM_PER_DEGREE
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    return np.asarray(np.exp(-((apart / reach_km) ** 2) / 2.0))


def _standard(values: Array) -> Array:
    return np.asarray((values - values.mean()) / values.std())
