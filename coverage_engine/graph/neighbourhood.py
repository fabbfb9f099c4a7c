"""The neighbourhood of one enterprise: everything it is tied to, as a graph that people ask questions of.

Built for the one enterprise asked about, never for a whole province. Nodes are `kind:id` with attributes
`kind`, `name` and what the ledgers say of them; edges carry their relation as key. Nodes and edges are added
in a fixed order, so the same snapshot gives the same graph.

    enterprise ─ branch_office_of → headquarters ← branch_office_of ─ sibling enterprises
               ─ associated_with → leader ─ associated_with → leader's leader
               ─ in_park → park       ─ in_place → place       ─ regulated_by → department
               ─ member_of → association, society
               ─ has_union → union    ─ has_party_organisation → Party organisation
               ─ near → firms of the same building, or within `radius_metres` where coordinates are given
"""

from __future__ import annotations

import math

import networkx as nx
import polars as pl

from coverage_engine.model.snapshot import Snapshot

_CAP = 30
_METRES_PER_DEGREE = 111_195.0


def neighbourhood(
    snapshot: Snapshot, enterprise_id: int, *, radius_metres: int = 0, cap: int = _CAP
) -> nx.MultiDiGraph:
    """The typed ego network of one enterprise.

    At most `cap` siblings of a headquarters and `cap` neighbours are drawn; a node of kind `rest` counts the
    others (attribute `count`).

    Raises:
        KeyError: no such enterprise in the snapshot.
    """
    firms = snapshot["enterprises"].filter(pl.col("enterprise_id") == enterprise_id)
    if firms.is_empty():
        raise KeyError(enterprise_id)
    firm = firms.row(0, named=True)
    graph = nx.MultiDiGraph(centre=f"enterprise:{enterprise_id}")
    drawing = _Drawing(graph, snapshot, cap)
    centre = drawing.firm(firm)
    _draw_group(drawing, centre, enterprise_id)
    _draw_leaders(drawing, centre, enterprise_id)
    _draw_circles(drawing, centre, firm)
    _draw_bodies(drawing, centre, enterprise_id)
    _draw_neighbours(drawing, centre, firm, radius_metres)
    return graph


class _Drawing:
    """The graph being drawn, with the tables it is drawn from."""

    def __init__(self, graph: nx.MultiDiGraph, snapshot: Snapshot, cap: int) -> None:
        self.graph = graph
        self.snapshot = snapshot
        self.cap = cap

    def node(self, kind: str, key: object, **said: object) -> str:
        """Adds a node with what is known of it; unknown attributes are left out."""
        name = f"{kind}:{key}"
        self.graph.add_node(
            name, kind=kind, **{key: value for key, value in said.items() if value is not None}
        )
        return name

    def edge(self, start: str, end: str, relation: str, **said: object) -> None:
        """Adds an edge of one relation."""
        known = {key: value for key, value in said.items() if value is not None}
        self.graph.add_edge(start, end, key=relation, relation=relation, **known)

    def firm(self, row: dict[str, object]) -> str:
        """Adds an enterprise with its claims."""
        said = {key: row[key] for key in ("name", "league_members", "league_form", "party", "county_code")}
        return self.node("enterprise", row["enterprise_id"], enterprise_id=row["enterprise_id"], **said)

    def rows(self, table: str, column: str, value: object) -> list[dict[str, object]]:
        """The rows of a table with a value in a column, in a fixed order; none for an unknown value."""
        if value is None:
            return []
        found = self.snapshot[table].filter(pl.col(column) == value)
        return found.sort(found.columns, nulls_last=True).rows(named=True)

    def claims(self, enterprise_id: object) -> dict[str, object]:
        """What the 企业台账 says of the same firm as a headquarters or leader."""
        for row in (
            self.rows("enterprises", "enterprise_id", enterprise_id) if enterprise_id is not None else []
        ):
            return {
                key: row[key] for key in ("enterprise_id", "league_form", "party", "county_code", "park_id")
            }
        return {}

    def crowd(self, rows: pl.DataFrame, hub: str, relation: str) -> None:
        """Adds many firms around one node: `cap` of them, then one node that counts the rest."""
        for row in rows.head(self.cap).rows(named=True):
            self.edge(self.firm(row), hub, relation)
        if rows.height > self.cap:
            count = rows.height - self.cap
            self.edge(self.node("rest", hub, name=f"另有{count}家", count=count), hub, relation)


def _draw_group(drawing: _Drawing, centre: str, enterprise_id: int) -> None:
    for pair in drawing.rows("branch_offices", "enterprise_id", enterprise_id):
        for hub in drawing.rows("headquarters", "headquarters_id", pair["headquarters_id"]):
            said = {"name": hub["name"], "outside_province": hub["outside_province"]}
            node = drawing.node(
                "headquarters", hub["headquarters_id"], **said, **drawing.claims(hub["enterprise_id"])
            )
            drawing.edge(centre, node, "branch_office_of", form=pair["relation"])
            drawing.crowd(_siblings(drawing, hub["headquarters_id"], enterprise_id), node, "branch_office_of")


def _siblings(drawing: _Drawing, headquarters_id: object, enterprise_id: int) -> pl.DataFrame:
    offices = drawing.snapshot["branch_offices"].filter(
        (pl.col("headquarters_id") == headquarters_id) & (pl.col("enterprise_id") != enterprise_id)
    )
    return _firms(drawing, offices["enterprise_id"])


def _firms(drawing: _Drawing, ids: pl.Series) -> pl.DataFrame:
    return (
        drawing.snapshot["enterprises"]
        .filter(pl.col("enterprise_id").is_in(ids.unique().to_list()))
        .sort("enterprise_id")
    )


def _draw_leaders(drawing: _Drawing, centre: str, enterprise_id: int) -> None:
    for node, own_id in _leaders_of(drawing, centre, enterprise_id):
        if own_id is not None:
            _leaders_of(drawing, node, own_id)


def _leaders_of(drawing: _Drawing, start: str, enterprise_id: object) -> list[tuple[str, object]]:
    found = []
    for pair in drawing.rows("associated_enterprises", "enterprise_id", enterprise_id):
        for leader in drawing.rows("leaders", "leader_id", pair["leader_id"]):
            node = drawing.node(
                "leader", leader["leader_id"], name=leader["name"], **drawing.claims(leader["enterprise_id"])
            )
            drawing.edge(start, node, "associated_with", form=pair["relation"], dependence=pair["dependence"])
            found.append((node, leader["enterprise_id"]))
    return found


_PARK_SAYS = ("administration", "party", "work_committee", "youth_home")


def _draw_circles(drawing: _Drawing, centre: str, firm: dict[str, object]) -> None:
    for row in drawing.rows("parks", "park_id", firm["park_id"]):
        said = {key: row[key] for key in _PARK_SAYS}
        drawing.edge(centre, drawing.node("park", row["park_id"], name=row["name"], **said), "in_park")
    for row in drawing.rows("places", "place_id", firm["place_id"]):
        drawing.edge(centre, drawing.node("place", row["place_id"], name=row["name"]), "in_place")
    for row in drawing.rows("departments", "department_id", firm["department_id"]):
        said = {"name": row["name"], "work_committee": row["work_committee"]}
        drawing.edge(centre, drawing.node("department", row["department_id"], **said), "regulated_by")
    for pair in drawing.rows("association_members", "enterprise_id", firm["enterprise_id"]):
        for row in drawing.rows("associations", "association_id", pair["association_id"]):
            said = {"name": row["name"], "league_organisation": row["league_organisation"]}
            drawing.edge(centre, drawing.node("association", row["association_id"], **said), "member_of")
    for pair in drawing.rows("society_members", "enterprise_id", firm["enterprise_id"]):
        for row in drawing.rows("societies", "society_id", pair["society_id"]):
            node = drawing.node("society", row["society_id"], name=row["name"], society_kind=row["kind"])
            drawing.edge(centre, node, "member_of", appraisal=pair["appraisal"])


def _draw_bodies(drawing: _Drawing, centre: str, enterprise_id: int) -> None:
    for at, row in enumerate(drawing.rows("party_organisations", "enterprise_id", enterprise_id)):
        said = {key: row[key] for key in ("form", "superior", "party_members")}
        node = drawing.node("party_organisation", f"{enterprise_id}.{at}", name=row["name"], **said)
        drawing.edge(centre, node, "has_party_organisation")
    for at, row in enumerate(drawing.rows("trade_unions", "enterprise_id", enterprise_id)):
        said = {key: row[key] for key in ("superior", "union_members")}
        node = drawing.node("union", f"{enterprise_id}.{at}", name=row["name"], **said)
        drawing.edge(centre, node, "has_union")


def _draw_neighbours(drawing: _Drawing, centre: str, firm: dict[str, object], radius_metres: int) -> None:
    others = drawing.snapshot["enterprises"].filter(pl.col("enterprise_id") != firm["enterprise_id"])
    same_place = pl.lit(False) if firm["place_id"] is None else pl.col("place_id") == firm["place_id"]
    beside = others.filter(same_place)
    if beside.is_empty() and radius_metres and firm["location"] == "given":
        beside = _within_walk(others, firm, radius_metres)
    drawing.crowd(beside.sort("enterprise_id"), centre, "near")


def _within_walk(others: pl.DataFrame, firm: dict[str, object], radius_metres: int) -> pl.DataFrame:
    """Firms with given coordinates within the radius; a plane is exact enough over a walk."""
    latitude, longitude = firm["latitude"], firm["longitude"]
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return others.clear()
    north = (pl.col("latitude") - latitude) * _METRES_PER_DEGREE
    east = (pl.col("longitude") - longitude) * _METRES_PER_DEGREE * math.cos(math.radians(latitude))
    return others.filter((pl.col("location") == "given") & (north**2 + east**2 <= radius_metres**2))
