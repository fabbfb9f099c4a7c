"""Learning the rates: what the outcomes ledger has shown is added to the priors.

A branch office attempted on path 9 (an associated enterprise on path 10) teaches how headquarters (leaders)
drive; an effort at a headquarters or leader itself teaches how visits succeed. Each effort counts the months
that it ran; with several drivers the credit is shared by their chances (EM, after Saito and others 2008). Two
snapshots teach how often organisations are founded without a drive, and how often they lapse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from coverage_engine.campaigns.network.snapshot_graph import CampaignNetwork
from coverage_engine.campaigns.past import Since
from coverage_engine.campaigns.scenarios.assumptions import RELATIONS, AssumptionLine, Rate, Scenario
from coverage_engine.model.snapshot import Snapshot

_SUCCESS = ("own", "joint")
_DAYS_A_MONTH = 30
_ROUNDS = 50


@dataclass(frozen=True)
class Effort:
    """One effort at one firm: how many drivers, how many months it ran, whether it succeeded in the last."""

    drivers: int
    months: int
    succeeded: bool


def updated(rate: Rate, efforts: Sequence[Effort]) -> Rate:
    """The prior with the efforts added: Beta(a + successes, b + driver-months at risk without success).

    A fixed rate stays. Where several drivers were at work in the month of success, the expected number of
    them that succeeded is n p / (1 - (1 - p)^n), found together with p.
    """
    if rate.fixed is not None or not efforts:
        return rate
    drivers = np.array([effort.drivers for effort in efforts], dtype=np.float64)
    months = np.array([effort.months for effort in efforts], dtype=np.float64)
    succeeded = np.array([effort.succeeded for effort in efforts])
    exposure = float((drivers * months).sum())
    chance, successes = rate.mean, 0.0
    for _ in range(_ROUNDS):
        share = drivers * chance / (1.0 - (1.0 - chance) ** drivers)
        successes = float(share[succeeded].sum())
        chance = (rate.a + successes) / (rate.a + rate.b + exposure)
    return Rate(rate.a + successes, rate.b + exposure - successes)


def updated_between(rate: Rate, firms: int, changed: int, months: int) -> Rate:
    """The prior with firms added that are known at two dates only: `changed` of them changed in between.

    The month of change is unknown; its expectation given that it lies within the months is found with the
    rate.
    """
    if rate.fixed is not None or not firms:
        return rate
    chance, added = rate.mean, (0.0, 0.0)
    when = np.arange(1, months + 1)
    for _ in range(_ROUNDS):
        weight = (1.0 - chance) ** (when - 1)
        waited = float((when * weight).sum() / weight.sum())
        added = (float(changed), (firms - changed) * months + changed * (waited - 1.0))
        chance = (rate.a + added[0]) / (rate.a + rate.b + sum(added))
    return Rate(rate.a + added[0], rate.b + added[1])


def learnt_since(scenario: Scenario, followed: Since) -> Scenario:
    """The scenario with spontaneous founding and lapse updated from what became of the earlier firms.

    Spontaneous: gaps that nobody drives and nobody worked on. Lapse: firms that were covered.
    """
    graph = followed.graph
    driven = np.zeros(graph.size, dtype=bool)
    driven[graph.target] = True
    at_risk = {
        "spontaneous": graph.gaps & ~driven & ~followed.worked,
        "lapse": graph.firms.counted & graph.firms.covered,
    }
    happened = {"spontaneous": followed.covered, "lapse": ~followed.covered}
    for name, firms in at_risk.items():
        prior: Rate = getattr(scenario, name)
        count, changed = int(firms.sum()), int((firms & happened[name]).sum())
        rate = updated_between(prior, count, changed, followed.months)
        if rate is not prior:
            evidence = f"两期台账对照：{count} 家、{followed.months} 个月里 {changed} 家（加在先验之上）"
            scenario = _with_line(replace(scenario, **{name: rate}), f"campaign.{name}", rate, evidence)  # type: ignore[arg-type]
    return scenario


def learnt(scenario: Scenario, snapshot: Snapshot, network: CampaignNetwork) -> Scenario:
    """The scenario with its relations' rates updated from the outcomes ledger; sources say so."""
    for relation in RELATIONS:
        for field, efforts in (
            ("drives", _driven(snapshot, network, relation)),
            ("visit", _visited(snapshot, network, relation)),
        ):
            scenario = _with_learnt(scenario, relation, field, efforts)
    return scenario


def _with_learnt(scenario: Scenario, relation: str, field: str, efforts: list[Effort]) -> Scenario:
    prior: Rate = getattr(scenario.relation(relation), field)
    rate = updated(prior, efforts)
    if rate is prior:
        return scenario
    successes, months = sum(e.succeeded for e in efforts), sum(e.months for e in efforts)
    evidence = f"成效台账：{successes} 成，{months} 家月（加在先验之上）"
    relations = tuple(
        replace(entry, **{field: rate}) if entry.relation == relation else entry  # type: ignore[arg-type]
        for entry in scenario.relations
    )
    return _with_line(replace(scenario, relations=relations), f"relation.{relation}.{field}", rate, evidence)


def _with_line(scenario: Scenario, key: str, rate: Rate, evidence: str) -> Scenario:
    """The assumption's line with its new value; the prior stays stated."""

    def line(entry: AssumptionLine) -> AssumptionLine:
        if entry.key != key:
            return entry
        value = f"Beta({rate.a:.4g}, {rate.b:.4g})"
        return replace(
            entry, value=value, source=f"{evidence}；先验 {entry.value} {entry.source}", assumed=False
        )

    return replace(scenario, lines=tuple(line(entry) for entry in scenario.lines))


def _driven(snapshot: Snapshot, network: CampaignNetwork, relation: str) -> list[Effort]:
    graph, path = network.graph, RELATIONS[relation]
    chosen = (graph.kind == path) & graph.firms.drives[graph.source]
    drivers = np.bincount(graph.target[chosen], minlength=graph.size)
    rows = _finished(snapshot, network).filter(pl.col("path") == path)
    return [
        Effort(int(drivers[node]), months, succeeded)
        for node, months, succeeded in rows.select("node", "months", "succeeded").iter_rows()
        if drivers[node]
    ]


def _visited(snapshot: Snapshot, network: CampaignNetwork, relation: str) -> list[Effort]:
    graph, path = network.graph, RELATIONS[relation]
    hubs = set(np.unique(graph.source[graph.kind == path]).tolist())
    rows = _finished(snapshot, network).filter(pl.col("path") != path)
    return [
        Effort(1, months, succeeded)
        for node, months, succeeded in rows.select("node", "months", "succeeded").iter_rows()
        if node in hubs
    ]


def _finished(snapshot: Snapshot, network: CampaignNetwork) -> pl.DataFrame:
    """Efforts with their months at risk; those still running at the date count the months so far."""
    over = pl.col("ended") <= snapshot.as_of
    days = (pl.when(over).then("ended").otherwise(snapshot.as_of) - pl.col("started")).dt.total_days()
    nodes = network.nodes.filter(pl.col("enterprise_id").is_not_null()).select("node", "enterprise_id")
    return (
        snapshot["outcomes"]
        .filter(pl.col("started").is_not_null() & (pl.col("started") <= snapshot.as_of))
        .join(nodes, on="enterprise_id", maintain_order="left")
        .select(
            "node",
            "path",
            pl.max_horizontal((days + _DAYS_A_MONTH - 1) // _DAYS_A_MONTH, 1).alias("months"),
            (pl.col("result").is_in(_SUCCESS) & over.fill_null(True)).fill_null(False).alias("succeeded"),
        )
    )
