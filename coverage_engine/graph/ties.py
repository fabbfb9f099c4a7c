"""The ties of one enterprise: everything that the ledgers tie it to, gathered for the one asked about.

Never built for a whole province. Nodes are `kind:id` with attributes `kind`, `name` and what the ledgers say
of them; edges carry their relation. Nodes and edges are added in a fixed order, so the same tables give the
same ties. `network.neighbourhood` gives them as a graph of the graph library, which is not loaded here.

    enterprise ─ branch_office_of → headquarters ← branch_office_of ─ sibling enterprises
               ─ associated_with → leader ─ associated_with → leader's leader
               ─ in_park → park       ─ in_place → place       ─ regulated_by → department
               ─ member_of → association, society
               ─ has_union → union    ─ has_party_organisation → Party organisation
               ─ near → firms of the same building, or within `radius_metres` where coordinates are given
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

Tables = Mapping[str, pl.DataFrame] | Mapping[str, pl.LazyFrame]
"""Tables of a snapshot, at hand or scanned."""

# The tables of a snapshot that ties are gathered from.
TIED = (
    "enterprises",
    "branch_offices",
    "headquarters",
    "associated_enterprises",
    "leaders",
    "parks",
    "places",
    "departments",
    "association_members",
    "associations",
    "society_members",
    "societies",
    "party_organisations",
    "trade_unions",
)
_CAP = 30
_METRES_PER_DEGREE = 111_195.0


class Ties:
    """周边关系: the nodes around one enterprise (`centre`) with what is said of them, and the ties."""

    def __init__(self, centre: str) -> None:
        self.centre = centre
        self.nodes: dict[str, dict[str, Any]] = {}
        self.edges: dict[tuple[str, str, str], dict[str, Any]] = {}

    def out_of(self, node: str) -> list[tuple[str, dict[str, Any]]]:
        """The other end and what is said of each tie that starts at a node."""
        return [(end, said) for (start, end, _), said in self.edges.items() if start == node]

    def into(self, node: str) -> list[tuple[str, dict[str, Any]]]:
        """The other end and what is said of each tie that ends at a node."""
        return [(start, said) for (start, end, _), said in self.edges.items() if end == node]

    def firms(self) -> list[int]:
        """The enterprises among the nodes, also as headquarters and leaders."""
        return sorted({said["enterprise_id"] for said in self.nodes.values() if "enterprise_id" in said})


def ties_of(tables: Tables, enterprise_id: int, *, radius_metres: int = 0, cap: int = _CAP) -> Ties:
    """What one enterprise is tied to.

    At most `cap` siblings of a headquarters and `cap` neighbours are drawn; a node of kind `rest` counts the
    others (attribute `count`).

    Raises:
        KeyError: no such enterprise in the snapshot.
    """
    drawing = _Drawing(Ties(f"enterprise:{enterprise_id}"), tables, cap)
    firms = drawing.rows("enterprises", "enterprise_id", enterprise_id)
    if not firms:
        raise KeyError(enterprise_id)
    centre = drawing.firm(firms[0])
    _draw_group(drawing, centre, enterprise_id)
    _draw_leaders(drawing, centre, enterprise_id)
    _draw_circles(drawing, centre, firms[0])
    _draw_bodies(drawing, centre, enterprise_id)
    _draw_neighbours(drawing, centre, firms[0], radius_metres)
    return drawing.ties


class _Drawing:
    """The ties being gathered, with the tables that they are gathered from."""

    def __init__(self, ties: Ties, tables: Tables, cap: int) -> None:
        self.ties = ties
        self.tables = tables
        self.cap = cap

    def node(self, kind: str, key: object, **said: object) -> str:
        """Adds a node with what is known of it; unknown attributes are left out."""
        name = f"{kind}:{key}"
        known = {key: value for key, value in said.items() if value is not None}
        self.ties.nodes.setdefault(name, {}).update(kind=kind, **known)
        return name

    def edge(self, start: str, end: str, relation: str, **said: object) -> None:
        """Adds an edge of one relation."""
        known = {key: value for key, value in said.items() if value is not None}
        self.ties.edges.setdefault((start, end, relation), {}).update(relation=relation, **known)

    def firm(self, row: dict[str, object]) -> str:
        """Adds an enterprise with its claims."""
        said = {key: row[key] for key in ("name", "league_members", "league_form", "party", "county_code")}
        return self.node("enterprise", row["enterprise_id"], enterprise_id=row["enterprise_id"], **said)

    def rows(self, table: str, column: str, value: object) -> list[dict[str, object]]:
        """The rows of a table with a value in a column, in a fixed order; none for an unknown value."""
        if value is None:
            return []
        lines = self.rows_where(table, pl.col(column).eq(value))
        return lines.sort(lines.columns, nulls_last=True).rows(named=True)

    def rows_where(self, table: str, wanted: pl.Expr) -> pl.DataFrame:
        """The wanted rows of a table."""
        return self.tables[table].lazy().filter(wanted).collect()

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
    other = pl.col("headquarters_id").eq(headquarters_id) & pl.col("enterprise_id").ne(enterprise_id)
    ids = drawing.rows_where("branch_offices", other)["enterprise_id"].unique().to_list()
    return drawing.rows_where("enterprises", pl.col("enterprise_id").is_in(ids)).sort("enterprise_id")


def _draw_leaders(drawing: _Drawing, centre: str, enterprise_id: int) -> None:
    for node, own_id in _leaders_of(drawing, centre, enterprise_id):
        if own_id is not None:
            _leaders_of(drawing, node, own_id)


def _leaders_of(drawing: _Drawing, start: str, enterprise_id: object) -> list[tuple[str, object]]:
    leaders = []
    for pair in drawing.rows("associated_enterprises", "enterprise_id", enterprise_id):
        for leader in drawing.rows("leaders", "leader_id", pair["leader_id"]):
            node = drawing.node(
                "leader", leader["leader_id"], name=leader["name"], **drawing.claims(leader["enterprise_id"])
            )
            drawing.edge(start, node, "associated_with", form=pair["relation"], dependence=pair["dependence"])
            leaders.append((node, leader["enterprise_id"]))
    return leaders


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
    other = pl.col("enterprise_id").ne(firm["enterprise_id"])
    beside = pl.DataFrame()
    if firm["place_id"] is not None:
        beside = drawing.rows_where("enterprises", other & (pl.col("place_id").eq(firm["place_id"])))
    if beside.is_empty() and radius_metres and firm["location"] == "given":
        beside = drawing.rows_where("enterprises", other & _within_walk(firm, radius_metres))
    if not beside.is_empty():
        drawing.crowd(beside.sort("enterprise_id"), centre, "near")


def _within_walk(firm: dict[str, object], radius_metres: int) -> pl.Expr:
    """Given coordinates within the radius; a plane is exact enough over a walk."""
    latitude, longitude = firm["latitude"], firm["longitude"]
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return pl.lit(False)
    north = (pl.col("latitude") - latitude) * _METRES_PER_DEGREE
    east = (pl.col("longitude") - longitude) * _METRES_PER_DEGREE * math.cos(math.radians(latitude))
    return (pl.col("location") == "given") & (north**2 + east**2 <= radius_metres**2)
