"""An earlier snapshot beside the present one: which firms it told of, and what has become of them since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from coverage_engine.campaigns.engine.rules import Visits
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Counts, Flags, Places
from coverage_engine.campaigns.network.snapshot_graph import CampaignNetwork, driving_kinds, snapshot_network
from coverage_engine.campaigns.scenarios.assumptions import MONTHS_AT_MOST, RELATIONS, Scenario
from coverage_engine.errors import PolicyError
from coverage_engine.model.snapshot import Snapshot

_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Past:
    """较早时点: an earlier snapshot with its plan table `enterprises`."""

    snapshot: Snapshot
    enterprises: pl.DataFrame


@dataclass(frozen=True)
class Since:
    """两期对照: the earlier network, and for each of its firms what the present ledgers tell.

    `known` firms stand in both and count in both; `covered` have an organisation now; `months` lie between;
    `worked` had an effort of the outcomes ledger of their own since, `efforts` are those at headquarters or
    leaders, as visits.
    """

    network: CampaignNetwork
    months: int
    known: Flags
    covered: Flags
    worked: Flags
    efforts: Visits

    @property
    def graph(self) -> CampaignGraph:
        """The earlier network, counting only firms that are known in both."""
        graph = self.network.graph
        return replace(graph, firms=replace(graph.firms, counted=self.known))


def months_between(earlier: date, later: date) -> int:
    """Whole months, rounded.

    Raises:
        PolicyError: the earlier date is not at least half a month before, or more than 24 months.
    """
    months = round((later - earlier).days / _DAYS_A_MONTH)
    if not 1 <= months <= MONTHS_AT_MOST:
        raise PolicyError(
            f"较早台账的时点是 {earlier}，现在的时点是 {later}，相隔 {months} 个月",
            f"回测要求较早台账早 1 到 {MONTHS_AT_MOST} 个月；请核对两期的时点（--as-of、--earlier-as-of）。",
        )
    return months


def since(past: Past, snapshot: Snapshot, enterprises: pl.DataFrame, scenario: Scenario) -> Since:
    """The earlier firms followed to the present by credit code, else by name and county.

    Raises:
        PolicyError: the dates are too near or too far, or no firm counts in both.
    """
    months = months_between(past.snapshot.as_of, snapshot.as_of)
    before = snapshot_network(past.snapshot, past.enterprises, scenario)
    now = snapshot_network(snapshot, enterprises, scenario)
    place = _places(before.graph, now.graph)
    matched = place >= 0
    known = before.graph.firms.counted & matched & now.graph.firms.counted[place]
    if not known.any():
        raise PolicyError(
            "较早台账和现在的台账没有一家相同的在营非公企业，无法回测",
            "请核对 --earlier 给的是不是同一地区较早时点的台账。",
        )
    worked, efforts = _efforts(past, snapshot, (before, now), (place, months))
    return Since(
        network=before,
        months=months,
        known=known,
        covered=matched & now.graph.firms.covered[place],
        worked=worked,
        efforts=efforts,
    )


def _places(before: CampaignGraph, now: CampaignGraph) -> Counts:
    """Where each earlier firm stands in the present network, -1 where it does not."""
    position = {key: place for place, key in enumerate(now.firms.keys.tolist())}
    return np.array([position.get(key, -1) for key in before.firms.keys.tolist()], dtype=np.int64)


def _efforts(
    past: Past,
    snapshot: Snapshot,
    networks: tuple[CampaignNetwork, CampaignNetwork],
    followed: tuple[Counts, int],
) -> tuple[Flags, Visits]:
    """Firms worked on between the two dates, and the months in which headquarters or leaders were visited."""
    (before, now), (place, months) = networks, followed
    earlier = np.full(now.graph.size, -1, dtype=np.int32)
    earlier[place[place >= 0]] = np.flatnonzero(place >= 0)
    nodes = now.nodes.filter(pl.col("enterprise_id").is_not_null()).select("node", "enterprise_id")
    begun = pl.col("started")
    rows = (
        snapshot["outcomes"]
        .filter(begun.is_not_null() & (begun > past.snapshot.as_of) & (begun <= snapshot.as_of))
        .join(nodes, on="enterprise_id")
        .select("node", "path", *(_month(name, past, snapshot) for name in ("started", "ended")))
        .sort(pl.all())
    )
    firm = earlier[rows["node"].to_numpy()]
    worked = np.zeros(before.graph.size, dtype=bool)
    worked[firm[firm >= 0]] = True
    return worked, _as_visits(before.graph, firm, rows, months)


def _month(name: str, past: Past, snapshot: Snapshot) -> pl.Expr:
    days = (pl.col(name).fill_null(snapshot.as_of) - past.snapshot.as_of).dt.total_days()
    return (days / _DAYS_A_MONTH).ceil().cast(pl.Int64).alias(name)


def _as_visits(graph: CampaignGraph, firm: Places, rows: pl.DataFrame, months: int) -> Visits:
    """One visit in every month that an effort at a driving firm ran, once a firm and month."""
    kind = np.zeros(graph.size, dtype=np.uint8)
    for relation, drivers in reversed(driving_kinds(graph).items()):
        kind[drivers] = RELATIONS[relation]
    spans = zip(firm.tolist(), *(rows[name].to_list() for name in ("path", "started", "ended")), strict=True)
    planned = sorted(
        {
            (month, node)
            for node, path, first, last in spans
            if node >= 0 and kind[node] and path != kind[node]
            for month in range(max(first, 1), min(max(last, first), months) + 1)
        }
    )
    month, node = (
        np.array(part, dtype=np.int64) for part in (zip(*planned, strict=True) if planned else ((), ()))
    )
    return Visits(
        node.astype(np.int32), kind[node], month.astype(np.int16), np.zeros(len(node), dtype=np.int64)
    )
