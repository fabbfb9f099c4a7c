"""One scenario played to the end: what the tables of a campaign are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_engine.campaigns.engine.futures import SimulationResult
from coverage_engine.campaigns.engine.rules import Visits
from coverage_engine.campaigns.network.snapshot_graph import CampaignNetwork
from coverage_engine.campaigns.starts.starters import StarterResult


@dataclass(frozen=True)
class PlayedScenario:
    """One scenario played to the end: its network, starts, visits and futures."""

    network: CampaignNetwork
    starters: StarterResult | None
    visits: Visits
    simulated: SimulationResult
