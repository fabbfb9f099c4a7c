"""Where to start: the headquarters and leaders whose visits reach most by the deadline, with a certificate.

OPIM-C (Tang, Tang, Xiao and Yuan 2018): choose on one pool of reverse-reachable sets, judge on another,
double both until the certificate is good enough. The certificate holds for the model without caps and
thresholds, under the assumed rates; it is a proof about the choice, never about the world. The chosen starts
are played in the full model afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from coverage_engine.campaigns.engine.fast import has_compiler
from coverage_engine.campaigns.network.campaign_graph import Places
from coverage_engine.campaigns.starts.distinct_sets import Limit, distinct, hits
from coverage_engine.campaigns.starts.reverse_sets import (
    ReachSets,
    Sampler,
    StartQuestion,
    joined,
    numpy_sampler,
    tables_of,
)
from coverage_engine.campaigns.starts.set_cover import Chosen, choose

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SearchEffort:
    """How many sets a pool at least and at most, when to stop, and how sure the bounds are (1 - `doubt`)."""

    least: int = 1 << 14
    most: int = 1 << 21
    target: float = 0.95
    doubt: float = 0.01
    seed: int = 20260601


@dataclass(frozen=True)
class StarterResult:
    """起步名单: starts in order, what each adds, and how far from the best possible they can be.

    `gains` are expected weights newly covered by each start beyond those before it, judged on fresh sets;
    `lower` and `upper` bound what the list reaches and what any list within the limit can reach;
    `runners_up[i]` is the next best at choice i (-1 if none), `runner_up_gains[i]` what it would have added.
    """

    starts: tuple[int, ...]
    gains: tuple[float, ...]
    runners_up: tuple[int, ...]
    runner_up_gains: tuple[float, ...]
    expected: float
    lower: float
    upper: float
    sets: int

    @property
    def certificate(self) -> float:
        """Proved share of the best possible."""
        return self.lower / self.upper if self.upper > 0 else 1.0

    def table(self) -> pd.DataFrame:
        """Columns rank, firm, gain, share, runner_up, runner_up_gain."""
        import pandas as pd

        total = sum(self.gains) or 1.0
        return pd.DataFrame(
            {
                "rank": range(1, len(self.starts) + 1),
                "firm": self.starts,
                "gain": self.gains,
                "share": [gain / total for gain in self.gains],
                "runner_up": self.runners_up,
                "runner_up_gain": self.runner_up_gains,
            }
        )


def choose_starters(
    question: StartQuestion, limit: Limit, effort: SearchEffort | None = None
) -> StarterResult:
    """The starts within the limit that reach most, with lower and upper bounds that hold at `1 - doubt`."""
    effort = effort or SearchEffort()
    tables = tables_of(question)
    weight = float(question.weights[tables.roots].sum())
    if not weight or not (limit.allowed.any() or len(limit.locked)):
        return StarterResult((), (), (), (), 0.0, 0.0, 0.0, 0)
    pools = _Pools(_sampler_of(question), effort.seed)
    rounds = max((effort.most // effort.least).bit_length(), 1)
    sets = effort.least
    while True:
        result = _judged(pools.at(sets), limit, weight, log(3 * rounds / effort.doubt))
        if result.certificate >= effort.target or sets >= effort.most:
            return result
        sets = min(2 * sets, effort.most)


def limit_of(question: StartQuestion, number: int | None = None, **given: object) -> Limit:
    """A limit by number; keywords `budget`, `cost` by firm, `locked`, `excluded`, `quota` a county."""
    size = question.graph.size
    allowed = question.candidates & ~question.graph.firms.covered & question.graph.firms.eligible
    allowed[np.asarray(given.get("excluded", ()), dtype=np.int64)] = False
    budget = given.get("budget")
    locked: Places = np.asarray(given.get("locked", ()), dtype=np.int32)
    return Limit(
        number=size if number is None else number,
        budget=float("inf") if budget is None else float(str(budget)),
        cost=np.asarray(given.get("cost", np.ones(size)), dtype=np.float64),
        locked=locked,
        allowed=allowed,
        quota=int(str(given.get("quota") or 0)),
        county=question.graph.firms.place,
    )


def _sampler_of(question: StartQuestion) -> Sampler:
    tables = tables_of(question)
    if not has_compiler():
        return numpy_sampler(tables)
    from coverage_engine.campaigns.starts.compiled_sets import compiled_sampler

    return compiled_sampler(tables)


class _Pools:
    """Two pools of sets that grow; what was drawn stays."""

    def __init__(self, sampler: Sampler, seed: int) -> None:
        self._sampler, self._seed = sampler, seed
        self._pools = [ReachSets(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32))] * 2

    def at(self, size: int) -> tuple[ReachSets, ReachSets]:
        """Both pools with `size` sets each."""
        for side in (0, 1):
            pool = self._pools[side]
            if pool.size < size:
                more = self._sampler(2 * self._seed + side, pool.size, size)
                self._pools[side] = joined([pool, more])
        return self._pools[0], self._pools[1]


def _judged(pools: tuple[ReachSets, ReachSets], limit: Limit, weight: float, doubt: float) -> StarterResult:
    """Chosen on the first pool, judged on the second; `doubt` is ln(3 rounds / delta)."""
    firms = len(limit.cost)
    chosen = choose(distinct(pools[0], firms), limit)
    scale = weight / pools[1].size
    gains = hits(pools[1], chosen.starts, firms)
    met = float(gains.sum())
    lower = (sqrt(met + 2 * doubt / 9) - sqrt(doubt / 2)) ** 2 - doubt / 18
    upper = (sqrt(chosen.bound + doubt / 2) + sqrt(doubt / 2)) ** 2
    return StarterResult(
        starts=chosen.starts,
        gains=tuple(float(gain) * scale for gain in gains),
        runners_up=chosen.runners_up,
        runner_up_gains=_runner_up_gains(pools[1], chosen, firms, scale),
        expected=met * scale,
        lower=max(lower, 0.0) * scale,
        upper=min(upper * scale, weight),
        sets=pools[1].size,
    )


def _runner_up_gains(sets: ReachSets, chosen: Chosen, firms: int, scale: float) -> tuple[float, ...]:
    gains = []
    for rank, second in enumerate(chosen.runners_up):
        before = [*chosen.starts[:rank], second]
        gains.append(float(hits(sets, before, firms)[-1]) * scale if second >= 0 else 0.0)
    return tuple(gains)
