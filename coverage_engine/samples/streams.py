"""Streams of chance: one independent generator for each topic, so that a new topic shifts no other."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Streams:
    """The generators of one seed."""

    seed: int

    def of(self, topic: str) -> np.random.Generator:
        """The generator of a topic, always at its beginning: draw one topic in one place."""
        sequence = np.random.SeedSequence([self.seed % 2**64, zlib.crc32(topic.encode())])
        return np.random.Generator(np.random.PCG64(sequence))


def pick(rng: np.random.Generator, words: Array, count: int, weights: Array | None = None) -> Array:
    """`count` words drawn with replacement, by weight where weights are given."""
    if weights is None:
        return np.asarray(words[rng.integers(0, len(words), count)])
    edges = np.cumsum(weights / weights.sum())
    return np.asarray(words[np.minimum(np.searchsorted(edges, rng.random(count)), len(words) - 1)])


def heavy_tail(rng: np.random.Generator, count: int, minimum: float, alpha: float) -> Array:
    """Whole numbers of at least one with a Pareto tail: P(size > x) = (minimum / x) ** alpha."""
    sizes = minimum * (1.0 - rng.random(count)) ** (-1.0 / alpha)
    return np.asarray(np.maximum(np.floor(np.minimum(sizes, 1e9)), 1).astype(np.int64))


def rank_in_group(groups: Array) -> Array:
    """For each row its number, from 0, among the rows of its group, in row order."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]] if len(groups) else np.zeros(0, bool)
    starts = np.maximum.accumulate(np.where(first, np.arange(len(groups)), 0))
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = np.arange(len(groups)) - starts
    return ranks
