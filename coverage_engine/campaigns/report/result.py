"""Results of a campaign as plain frozen values: what the outputs draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from coverage_engine.campaigns.engine.draws import CampaignConfig
from coverage_engine.campaigns.scenarios.assumptions import Scenario
from coverage_engine.campaigns.starts.starters import StarterResult
from coverage_engine.model.columns import table_of

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("enterprises", "young_employees", "duty")
"""What starts are chosen to reach: newly covered enterprises, their young employees, those under a duty."""


@dataclass(frozen=True)
class ScenarioOutcome:
    """一个情景的结果摘要: numbers of enterprises unless said otherwise; bands are 5–95 %.

    `gain_*` gaps of month 0 that are covered at the deadline; `net_*` all covered enterprises against
    month 0, so that organisations which lapsed are taken off.
    """

    scenario: Scenario
    gaps: int
    covered_now: int
    goal_firms: int
    goal_chance: float
    best_share: float
    gain_mean: float
    gain_low: float
    gain_high: float
    sd_parameter: float
    sd_chance: float
    net_mean: float
    net_low: float
    net_high: float
    young_mean: float
    duty_mean: float
    hours_mean: float
    starters: StarterResult | None


@dataclass(frozen=True)
class CampaignResult:
    """专项行动测算结果: scenarios side by side and the tables behind them.

    Tables: `scenarios`, `monthly`, `counties`, `differences`, `starts`, `reached`, `tornado`, `assumptions`;
    `backtest` where an earlier snapshot was given.
    """

    as_of: date
    config: CampaignConfig
    measure: str
    version: str
    outcomes: tuple[ScenarioOutcome, ...]
    best: str
    notes: tuple[str, ...]
    tables: Mapping[str, pl.DataFrame]

    def __getitem__(self, name: str) -> pl.DataFrame:
        return table_of(self.tables, name)

    def to_pandas(self, name: str) -> pd.DataFrame:
        """One table for pandas."""
        return self.tables[name].to_pandas()

    def outcome(self, key: str) -> ScenarioOutcome:
        """The outcome of one scenario."""
        return next(outcome for outcome in self.outcomes if outcome.scenario.key == key)
