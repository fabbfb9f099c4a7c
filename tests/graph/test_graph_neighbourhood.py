"""The neighbourhood, group trees and cycles, as networkx graphs."""

from datetime import date

import networkx as nx
import polars as pl
import pytest

from coverage_engine.explanation.layout import laid_out
from coverage_engine.graph import group_cycles, group_tree, neighbourhood, node_link, write_graphml
from coverage_engine.model.snapshot import build_snapshot


def firm(at, **more):
    return {"enterprise_id": at, "name": f"示例{at}号", "league_members": at, "league_form": "none", **more}


@pytest.fixture
def snapshot():
    rows = {
        "enterprises": [
            firm(
                0, park_id=0, place_id=0, department_id=0, location="given", longitude=113.66, latitude=34.8
            ),
            firm(1, place_id=0),
            firm(2, party="own", league_form="own"),
            firm(3, location="given", longitude=113.663, latitude=34.8),
            firm(4, location="given", longitude=113.66, latitude=34.8),
            *(firm(at) for at in range(5, 45)),
        ],
        "parks": [{"park_id": 0, "name": "示例园区", "work_committee": True}],
        "places": [{"place_id": 0, "name": "示例大厦"}],
        "departments": [{"department_id": 0, "name": "示例局"}],
        "headquarters": [
            {"headquarters_id": 0, "name": "示例集团", "enterprise_id": 2},
            {"headquarters_id": 1, "name": "示例总集团", "enterprise_id": 3},
        ],
        "branch_offices": [
            {"enterprise_id": 0, "headquarters_id": 0, "relation": "branch"},
            *({"enterprise_id": at, "headquarters_id": 0} for at in range(5, 45)),
            {"enterprise_id": 2, "headquarters_id": 1},
        ],
        "leaders": [
            {"leader_id": 0, "name": "示例龙头", "enterprise_id": 3},
            {"leader_id": 1, "name": "示例总龙头"},
        ],
        "associated_enterprises": [
            {"enterprise_id": 0, "leader_id": 0, "dependence": 400},
            {"enterprise_id": 3, "leader_id": 1},
        ],
        "associations": [{"association_id": 0, "name": "示例协会", "league_organisation": False}],
        "association_members": [{"enterprise_id": 0, "association_id": 0}],
        "societies": [{"society_id": 0, "name": "示例青企协"}],
        "society_members": [{"enterprise_id": 0, "society_id": 0, "appraisal": True}],
        "trade_unions": [{"enterprise_id": 0, "name": "示例工会", "superior": "示例总工会"}],
        "party_organisations": [{"enterprise_id": 0, "name": "示例党支部", "form": "own"}],
    }
    tables = {name: pl.DataFrame(each, infer_schema_length=None) for name, each in rows.items()}
    return build_snapshot(date(2019, 6, 14), tables, frozenset(rows))


def test_every_kind_of_tie_stands_in_the_neighbourhood(snapshot):
    graph = neighbourhood(snapshot, 0)
    ties = {(end.split(":")[0], key) for _, end, key in graph.out_edges("enterprise:0", keys=True)}
    assert ties == {
        ("headquarters", "branch_office_of"),
        ("leader", "associated_with"),
        ("park", "in_park"),
        ("place", "in_place"),
        ("department", "regulated_by"),
        ("association", "member_of"),
        ("society", "member_of"),
        ("union", "has_union"),
        ("party_organisation", "has_party_organisation"),
    }
    assert graph.has_edge("leader:0", "leader:1", "associated_with")
    assert graph.nodes["headquarters:0"]["league_form"] == "own"
    assert graph.nodes["park:0"]["work_committee"] is True
    assert list(graph.predecessors("enterprise:0")) == ["enterprise:1"]


def test_siblings_beyond_the_cap_are_counted_not_drawn(snapshot):
    graph = neighbourhood(snapshot, 0)
    siblings = [node for node in graph.predecessors("headquarters:0") if node != "enterprise:0"]
    assert len(siblings) == 31
    assert graph.nodes["rest:headquarters:0"]["count"] == 10


def test_firms_within_walking_range_are_near_where_nobody_is_in_the_building(snapshot):
    near = list(neighbourhood(snapshot, 4, radius_metres=500).predecessors("enterprise:4"))
    assert near == ["enterprise:0", "enterprise:3"]
    assert list(neighbourhood(snapshot, 4).predecessors("enterprise:4")) == []


def test_the_same_snapshot_gives_the_same_bytes(snapshot, tmp_path):
    for name in ("first", "second"):
        write_graphml(neighbourhood(snapshot, 0), tmp_path / f"{name}.graphml")
    written = (tmp_path / "first.graphml").read_bytes()
    assert written == (tmp_path / "second.graphml").read_bytes()
    assert (
        nx.read_graphml(tmp_path / "first.graphml").number_of_nodes()
        == neighbourhood(snapshot, 0).number_of_nodes()
    )
    assert {node["kind"] for node in node_link(neighbourhood(snapshot, 0))["nodes"]} >= {"enterprise", "park"}


def test_an_unknown_enterprise_or_headquarters_is_a_key_error(snapshot):
    with pytest.raises(KeyError):
        neighbourhood(snapshot, 999)
    with pytest.raises(KeyError):
        group_tree(snapshot, 999)


def test_the_group_tree_goes_through_offices_that_are_headquarters_themselves(snapshot):
    tree = group_tree(snapshot, 1)
    assert nx.is_arborescence(tree)
    assert tree.number_of_nodes() == 1 + 1 + 41
    assert tree.nodes["enterprise:0"]["depth"] == 2
    assert group_cycles(snapshot) == []


def test_a_group_that_stands_under_itself_is_reported_once(snapshot):
    offices = snapshot["branch_offices"]
    circle = offices.head(1).with_columns(
        pl.lit(3, dtype=pl.Int32).alias("enterprise_id"), pl.lit(0, dtype=pl.Int32).alias("headquarters_id")
    )
    circled = build_snapshot(
        snapshot.as_of, {**snapshot.tables, "branch_offices": pl.concat([offices, circle])}, snapshot.kinds
    )
    assert group_cycles(circled) == [(0, 1)]
    assert group_tree(circled, 0).number_of_nodes() > 0


def test_a_neighbourhood_is_laid_out_the_same_each_time_with_its_firm_first(snapshot):
    graph = neighbourhood(snapshot, 0, radius_metres=500, cap=4)
    covered = {1: True, 5: False}
    drawn = laid_out(graph, covered)
    assert drawn == laid_out(graph, covered)
    assert drawn.nodes[0].key == "enterprise:0"
    assert {node.key for node in drawn.nodes} == set(graph.nodes)
    assert len(drawn.edges) == graph.number_of_edges()
    assert all(0 <= node.x <= 1 and 0 <= node.y <= 1 for node in drawn.nodes)
    told = {node.key: node.covered for node in drawn.nodes}
    assert (told["enterprise:1"], told["enterprise:5"], told["park:0"]) == (True, False, None)


def test_a_firm_that_nothing_is_tied_to_is_drawn_alone():
    alone = build_snapshot(date(2019, 6, 15), {"enterprises": _lonely()}, frozenset({"enterprises"}))
    drawn = laid_out(neighbourhood(alone, 0), {})
    assert (len(drawn.nodes), len(drawn.edges)) == (1, 0)


def _lonely():
    return pl.DataFrame([firm(0)])
