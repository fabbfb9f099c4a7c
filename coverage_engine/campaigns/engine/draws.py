"""Draws of the uncertain rates: scrambled Sobol points turned into Beta quantiles.

The points depend on the seed only, so that scenarios share them: a rate that two scenarios assume alike is
drawn alike (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coverage_engine.campaigns.network.campaign_graph import Reals
from coverage_engine.campaigns.scenarios.assumptions import Rate


@dataclass(frozen=True)
class CampaignConfig:
    """测算设置: parameter draws × lanes of chance (a multiple of 64) = futures; same seed, same result."""

    draws: int = 64
    lanes: int = 64
    seed: int = 20260601
    threads: int = 1

    def __post_init__(self) -> None:
        if self.draws < 1 or self.lanes < 64 or self.lanes % 64:
            raise ValueError("draws must be at least 1 and lanes a positive multiple of 64")

    @property
    def futures(self) -> int:
        """How many futures are played."""
        return self.draws * self.lanes


def draw_rates(rates: Mapping[str, Rate], draws: int, seed: int) -> dict[str, Reals]:
    """`draws` values of every rate, by name; fixed rates repeat."""
    from scipy.special import betaincinv
    from scipy.stats import qmc

    points = qmc.Sobol(len(rates), scramble=True, rng=np.random.default_rng(seed))
    share = points.random_base2(max(draws - 1, 1).bit_length())[:draws]
    share = np.clip(share, 1e-9, 1 - 1e-9)
    by_name: dict[str, Reals] = {}
    for column, (name, rate) in enumerate(rates.items()):
        fixed = rate.fixed
        drawn = np.full(draws, fixed) if fixed is not None else betaincinv(rate.a, rate.b, share[:, column])
        by_name[name] = np.asarray(drawn, dtype=np.float64)
    return by_name
