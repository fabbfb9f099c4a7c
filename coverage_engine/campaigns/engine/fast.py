"""Chooses the engine: compiled where numba (extra `fast`) is installed, else NumPy; equal lane by lane."""

from __future__ import annotations

from importlib.util import find_spec

from coverage_engine.campaigns.engine.months import Runner, numpy_runner
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph


def has_compiler() -> bool:
    """Whether the extra `fast` is installed."""
    return find_spec("numba") is not None


def runner(graph: CampaignGraph) -> Runner:
    """The fastest engine at hand for one graph."""
    if not has_compiler():
        return numpy_runner(graph)
    from coverage_engine.campaigns.engine.compiled import compiled_runner

    return compiled_runner(graph)
