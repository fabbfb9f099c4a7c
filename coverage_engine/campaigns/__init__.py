"""Campaigns: what headquarters-driven and leader-driven drives would achieve, how surely, where to start.

`run_campaign` plays a snapshot's scenarios side by side and `write_campaign` writes what a planner is handed;
below them `simulate`, `expected`, `compare`, `tornado` and `choose_starters` work on any `CampaignGraph`.
"""

from coverage_engine.campaigns.backtest import backtest
from coverage_engine.campaigns.campaign import CampaignOptions, run_campaign
from coverage_engine.campaigns.comparison import compare, tornado
from coverage_engine.campaigns.engine.cascade import cascade
from coverage_engine.campaigns.engine.cascade_wiring import wire_cascade
from coverage_engine.campaigns.engine.draws import CampaignConfig
from coverage_engine.campaigns.engine.futures import SimulationResult, expected, simulate
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, build_graph, from_networkx
from coverage_engine.campaigns.network.snapshot_graph import snapshot_network
from coverage_engine.campaigns.past import Past
from coverage_engine.campaigns.report.output import write_campaign
from coverage_engine.campaigns.report.result import CampaignResult, ScenarioOutcome
from coverage_engine.campaigns.scenarios.assumptions import Scenario
from coverage_engine.campaigns.scenarios.scenario_files import load_scenarios
from coverage_engine.campaigns.starts.starters import SearchEffort, StarterResult, choose_starters

__all__ = [
    "CampaignConfig",
    "CampaignGraph",
    "CampaignOptions",
    "CampaignResult",
    "Past",
    "Scenario",
    "ScenarioOutcome",
    "SearchEffort",
    "SimulationResult",
    "StarterResult",
    "backtest",
    "build_graph",
    "cascade",
    "choose_starters",
    "compare",
    "expected",
    "from_networkx",
    "load_scenarios",
    "run_campaign",
    "simulate",
    "snapshot_network",
    "tornado",
    "wire_cascade",
    "write_campaign",
]
