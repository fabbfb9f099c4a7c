"""Back-test: the model played from an earlier snapshot, held against what the present ledgers tell.

The rates are those that were known then: priors and what the outcomes ledger had taught by that date. Every
way of driving among the scenarios is tried with the visits that were really made; nobody chooses starts.
Firms that cannot be followed to the present are left out on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from coverage_engine.campaigns.engine.draws import CampaignConfig
from coverage_engine.campaigns.engine.futures import WHOLE, simulate
from coverage_engine.campaigns.engine.rules import no_visits
from coverage_engine.campaigns.learning import learnt
from coverage_engine.campaigns.past import Past, Since, since
from coverage_engine.campaigns.scenarios.assumptions import Scenario
from coverage_engine.model.snapshot import Snapshot

BAND = (0.05, 0.5, 0.95)
"""Shares of futures at the ends and in the middle of the band that a county is held against."""


def backtest(
    past: Past,
    snapshot: Snapshot,
    enterprises: pl.DataFrame,
    scenarios: Sequence[Scenario],
    config: CampaignConfig,
) -> pl.DataFrame:
    """Covered firms now, by county, beside the band foretold from `past`; county_code "" is the whole.

    Columns scenario, since, until, months, county_code, county, firms, covered_then, covered_now, mean, q05,
    q50, q95, held. Scenarios that drive the same relations are one.

    Raises:
        PolicyError: the dates are not 1 to 24 months apart.
    """
    parts = []
    for scenario in _different(scenarios):
        followed = since(past, snapshot, enterprises, scenario)
        then = learnt(scenario, past.snapshot, followed.network)
        table = county_bands(followed, then, config)
        parts.append(
            table.select(
                pl.lit(scenario.key).alias("scenario"),
                pl.lit(past.snapshot.as_of).alias("since"),
                pl.lit(snapshot.as_of).alias("until"),
                pl.lit(followed.months).alias("months"),
                pl.all(),
            )
        )
    return pl.concat(parts)


def county_bands(followed: Since, scenario: Scenario, config: CampaignConfig) -> pl.DataFrame:
    """One scenario's bands at the present date and whether the covered firms of each county lie within."""
    graph = followed.graph
    visits = followed.efforts if scenario.active_paths() else no_visits()
    futures = simulate(graph, replace(scenario, months=followed.months), visits, config).places[-1]
    counted = graph.firms.counted
    size = len(graph.firms.places)
    firms, then, now = (
        np.bincount(graph.firms.place[chosen], minlength=size)
        for chosen in (counted, counted & graph.firms.covered, counted & followed.covered)
    )
    rows = [(WHOLE, firms.sum(), then.sum(), now.sum(), futures.sum(axis=0))]
    rows += [(name, firms[at], then[at], now[at], futures[at]) for at, name in enumerate(graph.firms.places)]
    names = _county_names(followed)
    return pl.DataFrame([_row(names, *row) for row in rows if row[1]])


def _row(
    names: Mapping[str, str],
    code: str,
    firms: int,
    then: int,
    now: int,
    futures: np.ndarray[tuple[int], np.dtype[np.integer]],
) -> dict[str, object]:
    low, middle, high = np.quantile(futures, BAND)
    return {
        "county_code": code,
        "county": names.get(code, "合计"),
        "firms": int(firms),
        "covered_then": int(then),
        "covered_now": int(now),
        "mean": float(futures.mean()),
        "q05": float(low),
        "q50": float(middle),
        "q95": float(high),
        "held": bool(low <= now <= high),
    }


def _county_names(followed: Since) -> dict[str, str]:
    return dict(followed.network.nodes.select("county_code", "county").unique("county_code").iter_rows())


def _different(scenarios: Sequence[Scenario]) -> list[Scenario]:
    first: dict[frozenset[int], Scenario] = {}
    for scenario in scenarios:
        first.setdefault(frozenset(scenario.active_paths()), scenario)
    return list(first.values())
