"""Scenarios against each other, future by future on common coins; and which assumption moves the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.engine.draws import CampaignConfig
from coverage_engine.campaigns.engine.futures import WHOLE, SimulationResult, simulate
from coverage_engine.campaigns.engine.rules import Visits
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph
from coverage_engine.campaigns.scenarios.assumptions import (
    MONTHS_AT_MOST,
    Rate,
    RelationAssumptions,
    Scenario,
)

if TYPE_CHECKING:
    import pandas as pd


def compare(one: SimulationResult, other: SimulationResult) -> pd.DataFrame:
    """`one` minus `other` at the deadline, by county; "" is the whole.

    Columns county, diff_mean, diff_q05, diff_q95, p_better, p_equal. Both must have been run with the same
    settings on graphs of the same counties: then the differences are paired and most of the chance drops out.

    Raises:
        ValueError: the settings or the counties differ.
    """
    import pandas as pd

    if one.config != other.config or one.graph.firms.places != other.graph.firms.places:
        raise ValueError("compare() needs the same settings and counties on both sides")
    rows = [_difference(WHOLE, one.totals[-1], other.totals[-1])]
    rows += [
        _difference(name, one.places[-1, at], other.places[-1, at])
        for at, name in enumerate(one.graph.firms.places)
    ]
    return pd.DataFrame(rows)


def _difference(
    name: str, one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]
) -> dict[str, str | float]:
    difference = one.astype(np.int64) - other
    low, high = np.quantile(difference, (0.05, 0.95))
    return {
        "county": name,
        "diff_mean": float(difference.mean()),
        "diff_q05": float(low),
        "diff_q95": float(high),
        "p_better": float((difference > 0).mean()),
        "p_equal": float((difference == 0).mean()),
    }


def best_shares(results: Sequence[SimulationResult]) -> list[float]:
    """Share of futures in which each scenario closes most gaps; ties are shared."""
    final = np.stack([result.closed[-1] for result in results])
    best = final == final.max(axis=0)
    return [float(share) for share in (best / best.sum(axis=0)).mean(axis=1)]


def tornado(
    graph: CampaignGraph, scenario: Scenario, visits: Visits, config: CampaignConfig | None = None
) -> pd.DataFrame:
    """How far each assumption alone moves the gaps closed, the others at their means; largest swing first.

    Rates go from their 5 % to their 95 % quantile, limits to half and double, thresholds to two drivers.
    Columns assumption, low, high, gain_low, gain_base, gain_high, swing.
    """
    import pandas as pd

    settings = CampaignConfig(1, (config or CampaignConfig()).lanes, (config or CampaignConfig()).seed)
    central = _at_means(scenario)

    def gain(changed: Scenario) -> float:
        return float(simulate(graph, changed, visits, settings).closed[-1].mean())

    base = gain(central)
    rows = []
    for name, low, high, lower, higher in _variants(scenario, central):
        ends = gain(lower), gain(higher)
        rows.append((name, low, high, ends[0], base, ends[1], max(*ends, base) - min(*ends, base)))
    columns = ["assumption", "low", "high", "gain_low", "gain_base", "gain_high", "swing"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["swing", "assumption"], ascending=[False, True], ignore_index=True)


Variant = tuple[str, float, float, Scenario, Scenario]


def _variants(scenario: Scenario, central: Scenario) -> Iterator[Variant]:
    for name, rate in scenario.rates().items():
        if rate.fixed is not None or not _matters(scenario, name):
            continue
        low, high = rate.quantile(0.05), rate.quantile(0.95)
        yield name, low, high, _with_rate(central, name, low), _with_rate(central, name, high)
    for entry in scenario.relations:
        if not entry.active:
            continue
        for field, most in (("attempts", 1_000_000), ("attention", MONTHS_AT_MOST)):
            value = getattr(entry, field)
            if value:
                low_limit, high_limit = max(1, value // 2), min(2 * value, most)
                yield (
                    f"{entry.relation}.{field}",
                    low_limit,
                    high_limit,
                    _with_relation(central, entry.relation, field, low_limit),
                    _with_relation(central, entry.relation, field, high_limit),
                )
        harder = _with_relation(central, entry.relation, "threshold", entry.threshold + 1)
        yield f"{entry.relation}.threshold", entry.threshold, entry.threshold + 1, central, harder


def _matters(scenario: Scenario, name: str) -> bool:
    relation, _, field = name.partition(".")
    if not field:
        return True
    if field == "visit":
        return relation in scenario.starts.relations
    return scenario.relation(relation).active


def _at_means(scenario: Scenario) -> Scenario:
    for name, rate in scenario.rates().items():
        scenario = _with_rate(scenario, name, rate.mean)
    return scenario


def _with_rate(scenario: Scenario, name: str, value: float) -> Scenario:
    fixed = Rate(0.0, 0.0, value)
    relation, _, field = name.partition(".")
    if not field:
        return replace(scenario, **{name: fixed})  # type: ignore[arg-type]
    return _with_relation(scenario, relation, field, fixed)


def _with_relation(scenario: Scenario, relation: str, field: str, value: Rate | int) -> Scenario:
    def changed(entry: RelationAssumptions) -> RelationAssumptions:
        return replace(entry, **{field: value}) if entry.relation == relation else entry  # type: ignore[arg-type]

    return replace(scenario, relations=tuple(changed(entry) for entry in scenario.relations))
