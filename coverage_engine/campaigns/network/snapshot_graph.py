"""From a snapshot and its plan table `enterprises` to the network that a scenario plays on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from coverage_engine.campaigns.network.campaign_graph import (
    CampaignGraph,
    Counts,
    Edges,
    Firms,
    build_graph,
    circles,
)
from coverage_engine.campaigns.scenarios.assumptions import RELATIONS, Link, Scenario
from coverage_engine.errors import PolicyError
from coverage_engine.model.snapshot import Snapshot

UNKNOWN_COUNTY = "?"
_COVERED = ("own", "joint")
_DUTIES = ("must_establish", "should_establish")


@dataclass(frozen=True)
class CampaignNetwork:
    """带动网络及其企业: `nodes` rows stand in the order of the graph's firms (columns node, enterprise_id,
    credit_code, name, county_code, county, role …); `notes` tell what was left out or presumed.
    """

    graph: CampaignGraph
    nodes: pl.DataFrame
    notes: tuple[str, ...]

    def find(self, label: str) -> int | None:
        """The firm with a credit code or a name, or None."""
        matches = self.nodes.filter((pl.col("credit_code") == label) | (pl.col("name") == label))
        return int(matches["node"][0]) if matches.height else None


def snapshot_network(snapshot: Snapshot, enterprises: pl.DataFrame, scenario: Scenario) -> CampaignNetwork:
    """Firms, headquarters and leaders with their relations, as the scenario's assumptions see them.

    Raises:
        PolicyError: a link of the scenario names an absent firm, or closes a circle of headquarters.
    """
    nodes = _nodes(snapshot, enterprises, scenario)
    edges = _edges(snapshot, nodes)
    bare = CampaignNetwork(build_graph(_firms(nodes), edges), nodes, ())
    if scenario.links:
        edges = _with_links(bare, edges, scenario.links)
        bare = CampaignNetwork(build_graph(_firms(nodes), edges), nodes, ())
    return CampaignNetwork(bare.graph, nodes, tuple(_notes(bare, enterprises, scenario)))


def driving_kinds(graph: CampaignGraph) -> dict[str, Counts]:
    """The firms that have somebody to drive, by relation."""
    return {name: np.unique(graph.source[graph.kind == path]) for name, path in RELATIONS.items()}


def _nodes(snapshot: Snapshot, enterprises: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Every enterprise, then the headquarters and leaders that are not in the 企业台账."""
    state = pl.col("coverage_state")
    members = pl.col("league_members")
    in_scope = ~state.is_in(["out_of_scope"])
    gap_states = ["uncovered", "youth_only", *(["unknown"] if scenario.unknown_states else [])]
    joint = (members >= 1).fill_null(False) & scenario.joint_below_three
    unknown = members.is_null() & scenario.unknown_members
    own = pl.col("eligible") == "yes"
    firms = enterprises.select(
        "enterprise_id",
        "credit_code",
        "name",
        pl.col("county_code").fill_null(UNKNOWN_COUNTY),
        pl.col("county").fill_null("县区不明"),
        pl.col("city").fill_null(""),
        (state.is_in(_COVERED) | (~in_scope & pl.col("league_form").is_in(_COVERED))).alias("covered"),
        (state.is_in(gap_states) & (own | joint | unknown)).fill_null(False).alias("open"),
        own.fill_null(False).alias("own"),
        (in_scope & (state != "unknown" if not scenario.unknown_states else True)).alias("counted"),
        pl.col("young_employees").fill_null(0).cast(pl.Int64).alias("young"),
        pl.col("obligation").is_in(_DUTIES).cast(pl.Int64).alias("duty"),
    ).sort("enterprise_id")
    hubs = [
        _absent(snapshot["headquarters"], "headquarters_id", scenario.outside_headquarters),
        _absent(snapshot["leaders"], "leader_id", False),
        _offices(snapshot, scenario),
    ]
    return (
        pl.concat([firms, *hubs], how="diagonal")
        .with_columns(
            pl.col("covered", "open", "own", "counted").fill_null(False),
            pl.col("young", "duty").fill_null(0),
            pl.col("county_code").fill_null(UNKNOWN_COUNTY),
            pl.col("county").fill_null("县区不明"),
        )
        .with_row_index("node")
    )


def _absent(hubs: pl.DataFrame, key: str, outside_drive: bool) -> pl.DataFrame:
    """Hubs that are no enterprise of the ledger; outside the province they are organised if assumed so."""
    outside = (
        pl.col("outside_province").fill_null(False) if "outside_province" in hubs.columns else pl.lit(False)
    )
    return hubs.filter(pl.col("enterprise_id").is_null()).select(
        pl.col(key), "credit_code", "name", (outside & outside_drive).alias("covered")
    )


def _offices(snapshot: Snapshot, scenario: Scenario) -> pl.DataFrame:
    """Offices that only a list of their headquarters names: places to go to, whose state nobody knows."""
    known = scenario.unknown_states and scenario.unknown_members
    offices = snapshot["unlisted_offices"].join(
        snapshot["divisions"].select(county_code="code", county="name"), on="county_code", how="left"
    )
    return offices.select(
        pl.col("headquarters_id").alias("office_of"), "name", "county_code", "county", open=pl.lit(known)
    ).sort("office_of", "name")


def _firms(nodes: pl.DataFrame) -> Firms:
    key = pl.coalesce("credit_code", pl.concat_str("name", pl.lit("|"), "county_code"))
    texts = nodes.select(
        pl.when(key.is_first_distinct())
        .then(key)
        .otherwise(pl.concat_str(key, pl.lit("#"), key.cum_count().over(key).cast(pl.String)))
    ).to_series()
    counties = sorted(set(nodes["county_code"].to_list()))
    place = nodes["county_code"].replace_strict(counties, range(len(counties)), return_dtype=pl.Int32)
    covered = nodes["covered"].to_numpy()
    return Firms(
        keys=np.array([text.encode() for text in texts.to_list()], dtype=bytes),
        covered=covered.copy(),
        eligible=nodes["open"].to_numpy() | covered,
        drives=np.ones(nodes.height, dtype=bool),
        counted=nodes["counted"].to_numpy(),
        place=place.to_numpy(),
        places=tuple(counties),
        young=nodes["young"].to_numpy(),
        duty=nodes["duty"].to_numpy(),
    )


def _edges(snapshot: Snapshot, nodes: pl.DataFrame) -> Edges:
    columns = [
        _linked(snapshot["branch_offices"], snapshot["headquarters"], "headquarters_id", nodes).with_columns(
            pl.lit(RELATIONS["headquarters"], dtype=pl.UInt8).alias("kind")
        ),
        _linked(snapshot["associated_enterprises"], snapshot["leaders"], "leader_id", nodes).with_columns(
            pl.lit(RELATIONS["leader"], dtype=pl.UInt8).alias("kind")
        ),
    ]
    columns.append(_to_offices(snapshot["headquarters"], nodes))
    table = pl.concat(columns)
    return Edges(*(table[name].to_numpy() for name in ("source", "target", "kind")))


def _linked(links: pl.DataFrame, hubs: pl.DataFrame, key: str, nodes: pl.DataFrame) -> pl.DataFrame:
    """Edges hub → firm as node numbers; a hub in the 企业台账 is its enterprise's node."""
    known = nodes.filter(pl.col("enterprise_id").is_not_null())
    of_firm = known.select("enterprise_id", pl.col("node").cast(pl.Int32).alias("target"))
    named = hubs.select(pl.col(key), pl.col("enterprise_id").alias("hub"))
    within = of_firm.select(pl.col("enterprise_id").alias("hub"), pl.col("target").alias("inside"))
    absent = nodes.filter(pl.col(key).is_not_null()).select(
        pl.col(key), pl.col("node").cast(pl.Int32).alias("outside")
    )
    return (
        links.select("enterprise_id", key)
        .join(named, on=key)
        .join(within, on="hub", how="left")
        .join(absent, on=key, how="left")
        .join(of_firm, on="enterprise_id")
        .select(pl.coalesce("inside", "outside").alias("source"), "target")
        .drop_nulls()
        .sort("source", "target")
    )


def _to_offices(headquarters: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Edges headquarters → office that no 企业台账 has."""
    offices = nodes.filter(pl.col("office_of").is_not_null()).select(
        "office_of", pl.col("node").cast(pl.Int32).alias("target")
    )
    inside = nodes.filter(pl.col("enterprise_id").is_not_null()).select("enterprise_id", _inside="node")
    absent = nodes.filter(pl.col("headquarters_id").is_not_null()).select("headquarters_id", _outside="node")
    placed = headquarters.join(inside, on="enterprise_id", how="left").join(
        absent, on="headquarters_id", how="left"
    )
    source = placed.select(
        pl.col("headquarters_id").alias("office_of"),
        pl.coalesce("_inside", "_outside").cast(pl.Int32).alias("source"),
    )
    return (
        offices.join(source, on="office_of")
        .select("source", "target", pl.lit(RELATIONS["headquarters"], dtype=pl.UInt8).alias("kind"))
        .drop_nulls()
        .sort("source", "target")
    )


def _with_links(network: CampaignNetwork, edges: Edges, links: tuple[Link, ...]) -> Edges:
    added = []
    for link in links:
        ends = [network.find(link.driver), network.find(link.target)]
        for label, end in zip((link.driver, link.target), ends, strict=True):
            if end is None:
                raise PolicyError(
                    f"情景文件 {link.file} 第 {link.line} 行：台账里没有“{label}”",
                    "请写台账里的企业全称或统一社会信用代码。",
                )
        added.append((*ends, RELATIONS[link.relation]))
    source, target, kind = (np.array(part) for part in zip(*added, strict=True))
    joined = Edges(
        np.concatenate([edges.source, source]).astype(np.int32),
        np.concatenate([edges.target, target]).astype(np.int32),
        np.concatenate([edges.kind, kind]).astype(np.uint8),
    )
    _refuse_new_circle(network, joined, links)
    return joined


def _refuse_new_circle(network: CampaignNetwork, edges: Edges, links: tuple[Link, ...]) -> None:
    kind = RELATIONS["headquarters"]
    before = {tuple(circle) for circle in circles(network.graph, kind)}
    now = [c for c in circles(build_graph(network.graph.firms, edges), kind) if tuple(c) not in before]
    if now:
        link = next(link for link in links if network.find(link.driver) in now[0])
        raise PolicyError(
            f"情景文件 {link.file} 第 {link.line} 行：与台账合起来，总部关系成环",
            "请核对谁是总部、谁是分支机构，改正这一条关系。",
        )


def _notes(network: CampaignNetwork, enterprises: pl.DataFrame, scenario: Scenario) -> list[str]:
    graph, nodes = network.graph, network.nodes
    unknown = enterprises.filter(pl.col("coverage_state") == "unknown").height
    offices = nodes.filter(pl.col("office_of").is_not_null()).height
    absent = nodes.filter(pl.col("enterprise_id").is_null()).height - offices
    notes = []
    if unknown and not scenario.unknown_states:
        notes.append(f"{unknown} 家企业底数不清，未计入测算（既不算已覆盖，也不算空白）。")
    if absent:
        assumed = "省外总部按已建团、能推动测算" if scenario.outside_headquarters else "按推不动测算"
        notes.append(f"{absent} 家总部或龙头不在企业台账里（含省外总部），{assumed}。")
    if offices:
        notes.append(
            f"{offices} 家分支只在总部的名册里列名、不在企业台账里："
            "算作总部带得到的去处，状态不明，不计入覆盖数。"
        )
    for circle in circles(graph, RELATIONS["headquarters"]):
        names = "、".join(nodes["name"][node] for node in circle[:4])
        notes.append(f"台账里总部关系成环：{names}。测算照原样进行，请核对台账。")
    return notes
