"""Counts of covered firms and of closed gaps, lane by lane and month by month, from what changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.network.campaign_graph import CampaignGraph
from coverage_engine.campaigns.network.coins import ALL_LANES, LANES, Words

LaneTables = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]


def lanes_of(words: Words) -> npt.NDArray[np.uint8]:
    """One row a word, one column a lane: 1 where the lane's bit is set."""
    return np.unpackbits(words.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")


def count_changes(
    words: Words, place: npt.NDArray[np.int32], weights: npt.NDArray[np.int64], sign: int, sums: LaneTables
) -> None:
    """Adds the firms of `words`, which stand by place, to the counts by place and the weighted sums."""
    changed = np.flatnonzero(words)
    if not changed.size:
        return
    whole = words[changed] == ALL_LANES
    full, part = changed[whole], changed[~whole]
    size = len(sums[0])
    sums[0][:] += (sign * np.bincount(place[full], minlength=size))[:, None].astype(np.int32)
    sums[1][:] += sign * weights[:, full].sum(axis=1)[:, None]
    row, lane = np.divmod(np.flatnonzero(lanes_of(words[part])), LANES)
    firm = part[row]
    here = np.bincount(place[firm] * LANES + lane, minlength=size * LANES).reshape(size, LANES)
    sums[0][:] += (sign * here).astype(np.int32)
    for total, weight in zip(sums[1], weights, strict=True):
        some = np.bincount(lane, weights=weight[firm], minlength=LANES)  # whole numbers below 2^53: exact
        total += sign * some.astype(np.int64)


class Tally:
    """Running counts of covered firms, month by month, from what changes."""

    def __init__(self, graph: CampaignGraph, months: int, count: Callable[..., None]) -> None:
        firms = graph.firms
        counted = np.flatnonzero(firms.counted)
        self._counted = counted[np.argsort(firms.place[counted], kind="stable")]
        self._place = firms.place[self._counted]
        weights = np.stack([np.ones(firms.size, dtype=np.int64), firms.young, firms.duty]) * graph.gaps
        self._weights = weights[:, self._counted].astype(np.int64)
        self._count = count
        self.places = np.zeros((months + 1, len(firms.places), LANES), dtype=np.int32)
        self.gaps = np.zeros((3, months + 1, LANES), dtype=np.int64)
        self.hours = np.zeros((months + 1, LANES), dtype=np.int64)

    def carry(self, month: int) -> None:
        """Starts a month with the counts of the month before."""
        self.places[month] = self.places[month - 1]
        self.gaps[:, month] = self.gaps[:, month - 1]

    def carry_on(self, month: int) -> None:
        """The remaining months stay as this one."""
        for later in range(month + 1, len(self.places)):
            self.carry(later)

    def record(self, month: int, words: Words, sign: int) -> None:
        """Adds or takes away the firms of `words`."""
        sums = (self.places[month], self.gaps[:, month])
        self._count(words[self._counted], self._place, self._weights, sign, sums)
