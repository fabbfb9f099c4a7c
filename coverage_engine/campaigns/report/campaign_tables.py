"""The tables of a campaign result, in stable order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import polars as pl

from coverage_engine.campaigns.comparison import compare
from coverage_engine.campaigns.engine.futures import split_spread
from coverage_engine.campaigns.played import PlayedScenario
from coverage_engine.campaigns.report.result import ScenarioOutcome
from coverage_engine.model.tables import CAMPAIGN_TABLES, empty


def campaign_tables(
    played: Sequence[PlayedScenario], outcomes: Sequence[ScenarioOutcome]
) -> dict[str, pl.DataFrame]:
    """Everything but the tornado."""
    names = county_names(played[0])
    monthly = pl.concat([_monthly(entry, names) for entry in played])
    return {
        "scenarios": pl.DataFrame([_summary(outcome) for outcome in outcomes]),
        "monthly": monthly,
        "closed": pl.concat([_closed(entry) for entry in played]),
        "counties": monthly.filter(
            (pl.col("county_code") != "") & (pl.col("month") == pl.col("month").max())
        ),
        "differences": pl.concat([_difference(one, other, names) for one, other in combinations(played, 2)])
        if len(played) > 1
        else empty(CAMPAIGN_TABLES["differences"]),
        "starts": pl.concat([_starts(entry) for entry in played], how="vertical"),
        "reached": _reached(played),
        "assumptions": _assumptions(outcomes),
    }


def county_names(entry: PlayedScenario) -> Mapping[str, str]:
    """County code → name; "" is the whole."""
    rows = entry.network.nodes.select("county_code", "county").unique(
        "county_code", keep="first", maintain_order=True
    )
    return {**dict(rows.iter_rows()), "": "合计"}


def _summary(outcome: ScenarioOutcome) -> dict[str, object]:
    starters = outcome.starters
    return {
        "scenario": outcome.scenario.key,
        "title": outcome.scenario.title,
        "months": outcome.scenario.months,
        "gaps": outcome.gaps,
        "covered_now": outcome.covered_now,
        "gain_mean": outcome.gain_mean,
        "gain_q05": outcome.gain_low,
        "gain_q95": outcome.gain_high,
        "net_mean": outcome.net_mean,
        "net_q05": outcome.net_low,
        "net_q95": outcome.net_high,
        "sd_parameter": outcome.sd_parameter,
        "sd_chance": outcome.sd_chance,
        "young_gain_mean": outcome.young_mean,
        "duty_gain_mean": outcome.duty_mean,
        "hours_mean": outcome.hours_mean,
        "goal_firms": outcome.goal_firms,
        "goal_chance": outcome.goal_chance,
        "best_share": outcome.best_share,
        "starts": len(starters.starts) if starters else 0,
        "starts_expected": starters.expected if starters else None,
        "starts_lower": starters.lower if starters else None,
        "starts_upper": starters.upper if starters else None,
        "certificate": starters.certificate if starters else None,
    }


def _monthly(entry: PlayedScenario, names: Mapping[str, str]) -> pl.DataFrame:
    table = pl.from_pandas(entry.simulated.monthly()).rename({"county": "county_code"})
    return table.select(
        pl.lit(entry.simulated.scenario.key).alias("scenario"),
        "county_code",
        pl.col("county_code").replace_strict(names, default=None).alias("county"),
        pl.exclude("county_code"),
    )


def _closed(entry: PlayedScenario) -> pl.DataFrame:
    """Gaps of month 0 that are covered, month by month, with bands and both deviations."""
    closed, hours = entry.simulated.closed, entry.simulated.hours
    low, middle, high = np.quantile(closed, (0.05, 0.5, 0.95), axis=1)
    doubt, chance = split_spread(closed, entry.simulated.config.lanes)
    return pl.DataFrame(
        {
            "scenario": entry.simulated.scenario.key,
            "month": np.arange(len(closed)),
            "mean": closed.mean(axis=1),
            "q05": low,
            "q50": middle,
            "q95": high,
            "sd_parameter": doubt,
            "sd_chance": chance,
            "hours": hours.mean(axis=1),
            "goal_chance": (closed >= entry.simulated.goal_firms).mean(axis=1),
        }
    )


def _difference(one: PlayedScenario, other: PlayedScenario, names: Mapping[str, str]) -> pl.DataFrame:
    table = pl.from_pandas(compare(one.simulated, other.simulated)).rename({"county": "county_code"})
    return table.select(
        pl.lit(one.simulated.scenario.key).alias("scenario"),
        pl.lit(other.simulated.scenario.key).alias("against"),
        "county_code",
        pl.col("county_code").replace_strict(names, default=None).alias("county"),
        pl.exclude("county_code"),
    )


def _starts(entry: PlayedScenario) -> pl.DataFrame:
    """The starts of one scenario, with whom they drive and the next best at each choice."""
    starters, graph, nodes = entry.starters, entry.network.graph, entry.network.nodes
    starts = np.array(starters.starts if starters else (), dtype=np.int64)
    seconds = [
        nodes["name"][node] if node >= 0 else None for node in (starters.runners_up if starters else ())
    ]
    gaps_driven = np.bincount(graph.source, weights=graph.gaps[graph.target], minlength=graph.size)
    shown = nodes[starts.tolist()] if len(starts) else nodes.clear()
    return pl.DataFrame(
        {
            "scenario": pl.Series([entry.simulated.scenario.key] * len(starts), dtype=pl.String),
            "rank": pl.Series(range(1, len(starts) + 1), dtype=pl.Int64),
            "enterprise_id": shown["enterprise_id"].cast(pl.Int32),
            "credit_code": shown["credit_code"].cast(pl.String),
            "name": shown["name"].cast(pl.String),
            "city": shown["city"].cast(pl.String),
            "county": shown["county"].cast(pl.String),
            "gaps_driven": pl.Series(gaps_driven[starts], dtype=pl.Int64),
            "gain": pl.Series(starters.gains if starters else [], dtype=pl.Float64),
            "p_covered": pl.Series(entry.simulated.reached[starts], dtype=pl.Float64),
            "runner_up": pl.Series(seconds, dtype=pl.String),
            "runner_up_gain": pl.Series(starters.runner_up_gains if starters else [], dtype=pl.Float64),
        }
    )


def _reached(played: Sequence[PlayedScenario]) -> pl.DataFrame:
    """Every gap with its chance of being covered at the end, one column a scenario; likeliest first."""
    nodes = played[0].network.nodes
    chances = {
        f"p_{entry.simulated.scenario.key}": pl.Series(entry.simulated.reached, dtype=pl.Float64)
        for entry in played
    }
    gaps = np.any([entry.network.graph.gaps for entry in played], axis=0)
    return (
        nodes.select("enterprise_id", "credit_code", "name", "city", "county", "young", own_possible="own")
        .with_columns(**chances)
        .filter(pl.Series(gaps))
        .with_columns(best=pl.max_horizontal(*chances))
        .sort("best", "enterprise_id", descending=[True, False])
        .drop("best")
    )


def _assumptions(outcomes: Sequence[ScenarioOutcome]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "scenario": outcome.scenario.key,
                "key": line.key,
                "value": line.value,
                "unit": line.unit,
                "source": line.source,
                "assumed": line.assumed,
                "file": line.file,
                "line": line.line,
            }
            for outcome in outcomes
            for line in outcome.scenario.lines
        ]
    )
