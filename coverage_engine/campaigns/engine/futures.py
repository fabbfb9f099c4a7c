"""Many futures of one scenario: parameter draws × chance, told as bands and never as a single number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.engine.draws import CampaignConfig, draw_rates
from coverage_engine.campaigns.engine.expected import expected_curve
from coverage_engine.campaigns.engine.fast import runner
from coverage_engine.campaigns.engine.months import Block, Runner
from coverage_engine.campaigns.engine.rules import Play, Rates, Visits, play_of, rates_of
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Reals
from coverage_engine.campaigns.network.coins import LANES, Words
from coverage_engine.campaigns.scenarios.assumptions import Scenario

if TYPE_CHECKING:
    import pandas as pd

WHOLE = ""
"""Name of the whole among the counties."""


@dataclass(frozen=True)
class SimulationResult:
    """模拟结果: every future of one scenario; future f belongs to parameter draw `f // config.lanes`.

    `places[month, county, future]` counts covered firms; `closed[month, future]` those that were gaps at
    month 0, `young` and `duty` their young employees and duties,
    `hours[month, future]` are visiting hours, `reached[firm]` the share of futures covered at the end.
    """

    graph: CampaignGraph
    scenario: Scenario
    visits: Visits
    config: CampaignConfig
    drawn: dict[str, Reals]
    places: npt.NDArray[np.int32]
    closed: npt.NDArray[np.int64]
    young: npt.NDArray[np.int64]
    duty: npt.NDArray[np.int64]
    hours: npt.NDArray[np.int64]
    reached: Reals

    @property
    def totals(self) -> npt.NDArray[np.int64]:
        """Covered firms of the whole, `[month, future]`."""
        summed: npt.NDArray[np.int64] = self.places.sum(axis=1, dtype=np.int64)
        return summed

    @property
    def gained(self) -> npt.NDArray[np.int64]:
        """Covered firms more than at month 0, `[month, future]`; lapse may make it negative."""
        totals = self.totals
        more: npt.NDArray[np.int64] = totals - totals[0]
        return more

    @property
    def goal_firms(self) -> int:
        """Firms that the scenario's goal asks for: its share of the gaps, rounded up."""
        return int(np.ceil(self.scenario.goal * int(self.graph.gaps.sum()) - 1e-9))

    @property
    def goal_chance(self) -> float:
        """Share of futures that reach the goal at the deadline."""
        return float((self.closed[-1] >= self.goal_firms).mean())

    def monthly(self) -> pd.DataFrame:
        """Covered firms by county and month: mean, quantiles, both deviations; county "" is the whole."""
        import pandas as pd

        rows = [self._bands(WHOLE, self.totals)]
        rows += [self._bands(name, self.places[:, at]) for at, name in enumerate(self.graph.firms.places)]
        return pd.concat(rows, ignore_index=True)

    def firms(self) -> pd.DataFrame:
        """Every counted firm with its chance of being covered at the end."""
        import pandas as pd

        shown = np.flatnonzero(self.graph.firms.counted)
        return pd.DataFrame(
            {
                "firm": shown,
                "key": [key.decode() for key in self.graph.firms.keys[shown].tolist()],
                "county": np.array(self.graph.firms.places, dtype=object)[self.graph.firms.place[shown]],
                "covered_now": self.graph.firms.covered[shown],
                "p_covered": self.reached[shown],
            }
        )

    def _bands(self, name: str, counts: npt.NDArray[np.integer]) -> pd.DataFrame:
        import pandas as pd

        low, middle, high = np.quantile(counts, (0.05, 0.5, 0.95), axis=1)
        doubt, chance = split_spread(counts, self.config.lanes)
        return pd.DataFrame(
            {
                "county": name,
                "month": np.arange(len(counts)),
                "mean": counts.mean(axis=1),
                "q05": low,
                "q50": middle,
                "q95": high,
                "sd_parameter": doubt,
                "sd_chance": chance,
            }
        )


def split_spread(counts: npt.NDArray[np.integer], lanes: int) -> tuple[Reals, Reals]:
    """Standard deviations from parameter doubt (between draws) and from chance (within draws), by row.

    The chance left in the means of draws is taken out of the spread between them.
    """
    grouped = counts.reshape(*counts.shape[:-1], -1, lanes).astype(np.float64)
    within = grouped.var(axis=-1, ddof=1).mean(axis=-1)
    means = grouped.mean(axis=-1)
    between = means.var(axis=-1, ddof=1) if means.shape[-1] > 1 else np.zeros(within.shape)
    return np.sqrt(np.maximum(between - within / lanes, 0.0)), np.sqrt(within)


def simulate(
    graph: CampaignGraph,
    scenario: Scenario,
    visits: Visits,
    config: CampaignConfig | None = None,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> SimulationResult:
    """All futures of a scenario with its planned visits; the same seed gives the same result in any order.

    `progress` hears how many blocks of 64 futures are played, of how many.
    """
    config = config or CampaignConfig()
    drawn = draw_rates(scenario.rates(), config.draws, config.seed)
    play = play_of(scenario, visits)
    jobs = [
        (rates_of(scenario, {name: float(values[draw]) for name, values in drawn.items()}), block)
        for draw in range(config.draws)
        for block in range(draw * config.lanes // LANES, (draw + 1) * config.lanes // LANES)
    ]
    gathered = _Gathered(graph, play.months, config.futures)
    for done, (block, played) in enumerate(_played(runner(graph), play, jobs, config), 1):
        gathered.take(block, played)
        progress(done, len(jobs))
    return SimulationResult(
        graph,
        scenario,
        visits,
        config,
        drawn,
        gathered.places,
        gathered.closed,
        gathered.young,
        gathered.duty,
        gathered.hours,
        gathered.reached / config.futures,
    )


def _played(
    run: Runner, play: Play, jobs: list[tuple[Rates, int]], config: CampaignConfig
) -> Iterator[tuple[int, Block]]:
    """Every block played, on as many threads as asked for; the order of results is that of the jobs."""

    def one(job: tuple[Rates, int]) -> Block:
        return run(play, job[0], (config.seed, job[1]))

    numbers = [number for _, number in jobs]
    if config.threads == 1:
        yield from zip(numbers, map(one, jobs), strict=True)
        return
    with ThreadPoolExecutor(config.threads) as pool:
        yield from zip(numbers, pool.map(one, jobs), strict=True)


class _Gathered:
    """The blocks put side by side."""

    def __init__(self, graph: CampaignGraph, months: int, futures: int) -> None:
        self.places = np.empty((months + 1, len(graph.firms.places), futures), dtype=np.int32)
        self.young = np.empty((months + 1, futures), dtype=np.int64)
        self.duty = np.empty_like(self.young)
        self.closed = np.empty_like(self.young)
        self.hours = np.empty_like(self.young)
        self.reached: Reals = np.zeros(graph.size)

    def take(self, block: int, played: Block) -> None:
        """One block into its 64 futures."""
        at = slice(block * LANES, (block + 1) * LANES)
        self.places[:, :, at] = played.places
        self.young[:, at], self.duty[:, at] = played.young, played.duty
        self.hours[:, at], self.closed[:, at] = played.hours, played.closed
        self.reached += lanes_covered(played.state)


def lanes_covered(state: Words) -> Reals:
    """In how many of the 64 lanes each firm is covered."""
    return np.bitwise_count(state).astype(np.float64)


def expected(graph: CampaignGraph, scenario: Scenario, visits: Visits) -> pd.DataFrame:
    """Expected covered firms by county and month at the mean rates, at once: columns county, month, covered.

    Caps, thresholds and lapse are left aside; use `simulate` for the full model.
    """
    import pandas as pd

    mean = {name: rate.mean for name, rate in scenario.rates().items()}
    curve = expected_curve(graph, play_of(scenario, visits), rates_of(scenario, mean))
    shown = np.flatnonzero(graph.firms.counted)
    names, place = graph.firms.places, graph.firms.place[shown]
    by_place = np.stack([np.bincount(place, weights=row, minlength=len(names)) for row in curve[:, shown]])
    months = np.arange(len(curve))
    whole = pd.DataFrame({"county": WHOLE, "month": months, "covered": by_place.sum(axis=1)})
    parts = [
        pd.DataFrame({"county": name, "month": months, "covered": by_place[:, at]})
        for at, name in enumerate(names)
    ]
    return pd.concat([whole, *parts], ignore_index=True)
