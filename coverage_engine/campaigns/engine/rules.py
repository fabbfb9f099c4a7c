"""What one run plays by: limits of each kind of relation, planned visits, and one draw of the rates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.network.campaign_graph import KINDS
from coverage_engine.campaigns.scenarios.assumptions import Scenario

Limits = tuple[int, ...]


@dataclass(frozen=True)
class Visits:
    """上门计划: one entry a planned visit; made only while its firm is not covered."""

    firm: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    month: npt.NDArray[np.int16]
    hours: npt.NDArray[np.int64]


def no_visits() -> Visits:
    """No visit at all."""
    return Visits(
        np.zeros(0, dtype=np.int32),
        np.zeros(0, dtype=np.uint8),
        np.zeros(0, dtype=np.int16),
        np.zeros(0, dtype=np.int64),
    )


def monthly_visits(firms: npt.ArrayLike, kinds: npt.ArrayLike, hours: npt.ArrayLike, months: int) -> Visits:
    """Every firm visited every month until it is covered."""
    firm, kind, cost = np.broadcast_arrays(
        np.asarray(firms, dtype=np.int32),
        np.asarray(kinds, dtype=np.uint8),
        np.asarray(hours, dtype=np.int64),
    )
    return Visits(
        firm=np.tile(firm, months),
        kind=np.tile(kind, months),
        month=np.repeat(np.arange(1, months + 1, dtype=np.int16), len(firm)),
        hours=np.tile(cost, months),
    )


@dataclass(frozen=True)
class Play:
    """Horizon, visits and limits by kind; 0 stands for no limit of `attempts` or `attention`."""

    months: int
    visits: Visits = field(default_factory=no_visits)
    attempts: Limits = (0,) * KINDS
    attention: Limits = (0,) * KINDS
    threshold: Limits = (1,) * KINDS


@dataclass(frozen=True)
class Rates:
    """One draw of the rates: chances a month by kind, of visits by kind, of founding and lapse."""

    drive: tuple[float, ...]
    visit: tuple[float, ...]
    spontaneous: float = 0.0
    lapse: float = 0.0


def rates(
    drive: dict[int, float],
    visit: dict[int, float] | None = None,
    spontaneous: float = 0.0,
    lapse: float = 0.0,
) -> Rates:
    """Rates from chances by kind; kinds not named never drive."""
    chances, visits = drive, visit or {}
    return Rates(
        tuple(chances.get(kind, 0.0) for kind in range(KINDS)),
        tuple(visits.get(kind, 0.0) for kind in range(KINDS)),
        spontaneous,
        lapse,
    )


def play_of(scenario: Scenario, visits: Visits) -> Play:
    """The limits of a scenario with its planned visits."""
    attempts, attention, threshold = [0] * KINDS, [0] * KINDS, [1] * KINDS
    for entry in scenario.relations:
        attempts[entry.path] = entry.attempts
        attention[entry.path] = entry.attention
        threshold[entry.path] = entry.threshold
    return Play(scenario.months, visits, tuple(attempts), tuple(attention), tuple(threshold))


def rates_of(scenario: Scenario, drawn: dict[str, float]) -> Rates:
    """The rates of one draw; relations that the scenario leaves alone do not drive."""
    return rates(
        {entry.path: drawn[f"{entry.relation}.drives"] for entry in scenario.relations if entry.active},
        {entry.path: drawn[f"{entry.relation}.visit"] for entry in scenario.relations},
        drawn["spontaneous"],
        drawn["lapse"],
    )
