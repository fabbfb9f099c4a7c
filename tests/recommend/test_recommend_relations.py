"""Shares, joint-branch groups and chosen counterparts, held against networkx and plain loops."""

from collections import defaultdict

import narwhals as nw
import networkx as nx
import polars as pl
import pytest

from coverage_engine.frames.dialect import collected
from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.evaluation import evaluate


@pytest.fixture(scope="module")
def province(make_province):
    return make_province(5, 300)


@pytest.fixture(scope="module")
def facts(province):
    found = evaluate(province.snapshot, province.enterprises, 3, nw.col("is_target"), load_paths())
    return collected(found.frame).rows(named=True)


@pytest.fixture(scope="module")
def covered(province):
    states = {"own": True, "joint": True, "uncovered": False, "youth_only": False, "unknown": None}
    rows = province.enterprises.select("enterprise_id", "coverage_state").iter_rows()
    return {enterprise: states[state] for enterprise, state in rows}


def share_among_others(graph, covered, firm, hub):
    """Thousandths of the other members with a known state that are covered."""
    others = [covered[other] for other in graph.neighbors(hub) if other != firm]
    known = [state for state in others if state is not None]
    return sum(known) * 1000 // len(known) if known else None


def bipartite(province, table, hub):
    graph = nx.Graph()
    for firm, other in province.snapshot[table].select("enterprise_id", hub).iter_rows():
        graph.add_edge(firm, (hub, other))
    return graph


def test_the_covered_share_of_the_park_equals_networkx(province, facts, covered):
    graph = nx.Graph()
    parks = province.snapshot["enterprises"].drop_nulls("park_id").select("enterprise_id", "park_id")
    graph.add_edges_from((firm, ("park", park)) for firm, park in parks.iter_rows())
    for row in facts:
        expected = None
        if row["park_id"] is not None:
            expected = share_among_others(graph, covered, row["enterprise_id"], ("park", row["park_id"]))
        assert row["park_covered_share"] == expected


@pytest.mark.parametrize(
    ("table", "hub", "fact", "name", "hubs"),
    [
        ("branch_offices", "headquarters_id", "sibling_covered_share", "name_headquarters", "headquarters"),
        ("associated_enterprises", "leader_id", "associates_covered_share", "name_leader", "leaders"),
        (
            "association_members",
            "association_id",
            "association_covered_share",
            "name_association",
            "associations",
        ),
        ("society_members", "society_id", "society_covered_share", "name_society", "societies"),
    ],
)
def test_the_covered_share_of_siblings_equals_networkx(
    province, facts, covered, table, hub, fact, name, hubs
):
    graph = bipartite(province, table, hub)
    ids = dict(province.snapshot[hubs].select("name", hub).iter_rows())
    tied = [row for row in facts if row["enterprise_id"] in graph]
    assert len(tied) > 20
    for row in tied:
        chosen = (hub, ids[row[name]])
        assert graph.has_edge(row["enterprise_id"], chosen)
        assert row[fact] == share_among_others(graph, covered, row["enterprise_id"], chosen)


def test_of_several_associations_one_with_a_league_organisation_is_chosen(province, facts):
    league = dict(
        province.snapshot["associations"].select("association_id", "league_organisation").iter_rows()
    )
    mine = defaultdict(set)
    for firm, association in (
        province.snapshot["association_members"].select("enterprise_id", "association_id").iter_rows()
    ):
        mine[firm].add(league[association])
    for row in facts:
        if row["association_member"]:
            best = mine[row["enterprise_id"]]
            assert row["association_league"] == (True if True in best else None if None in best else False)


def test_the_joint_branch_group_is_the_fewest_neighbours_that_reach_three(province, facts):
    firms = province.enterprises.join(
        province.snapshot["enterprises"].select("enterprise_id", "place_id"), on="enterprise_id"
    )
    beside = defaultdict(list)
    open_ = firms.filter(
        pl.col("coverage_state").is_in(["uncovered", "youth_only", "unknown"])
        & (pl.col("league_members") > 0)
    )
    for firm, place, members in open_.select("enterprise_id", "place_id", "league_members").iter_rows():
        beside[place].append((-members, firm))
    seen = 0
    for row in facts:
        if row["place_id"] is None or row["below_three"] is False:
            continue
        others = [
            (-count, firm) for count, firm in sorted(beside[row["place_id"]]) if firm != row["enterprise_id"]
        ]
        total, size = row["league_members"] or 0, 0
        for members, _ in others[:3]:
            if total < 3:
                total, size = total + members, size + 1
        if others and total >= 3:
            seen += 1
            assert row["joint_group"] is True and row["group_same_place"] is True
            assert (row["group_size"], row["name_group_sum"]) == (size, str(total))
            assert row["id_neighbour"] == others[0][1]
    assert seen > 10


def test_only_firms_within_the_radius_are_near_and_the_distance_is_geodesic(assess_rows):
    from geopy.distance import geodesic

    def firm(at, longitude, members, **more):
        return {
            "enterprise_id": at,
            "name": f"示例{at}号",
            "county_code": "410105",
            "city_code": "410100",
            "control": "private",
            "operating": "operating",
            "entity_kind": "enterprise",
            "above_scale": True,
            "league_form": "none",
            "league_members": members,
            "location": "given",
            "longitude": longitude,
            "latitude": 34.8,
            **more,
        }

    province = assess_rows(
        {"enterprises": [firm(0, 113.66, 1), firm(1, 113.664, 1), firm(2, 113.6644, 1), firm(3, 113.67, 9)]}
    )
    found = evaluate(province.snapshot, province.enterprises, 3, nw.col("is_target"), load_paths())
    row = collected(found.frame).row(by_predicate=pl.col("enterprise_id") == 0, named=True)
    assert row["joint_group"] is True and row["group_same_place"] is False
    assert row["neighbour_distance"] == round(geodesic((34.8, 113.66), (34.8, 113.664)).meters)
    assert row["name_neighbours"] == "示例1号、示例2号"
    assert row["name_group_sum"] == "3"


def test_the_order_of_rows_changes_nothing(province):
    from dataclasses import replace

    shuffled = {
        name: table.sample(fraction=1.0, shuffle=True, seed=3)
        for name, table in province.snapshot.tables.items()
    }
    first = recommend(province.snapshot, province.enterprises, province.policy)
    second = recommend(
        replace(province.snapshot, tables=shuffled),
        province.enterprises.sample(fraction=1.0, shuffle=True, seed=4),
        province.policy,
    )
    for name, table in first.items():
        assert table.equals(second[name]), name


def test_every_target_has_a_path_or_is_told_why_none(province):
    tables = recommend(province.snapshot, province.enterprises, province.policy)
    targets = set(province.enterprises.filter("is_target")["enterprise_id"])
    able = set(tables["recommendations"]["enterprise_id"])
    none = tables["evaluations"].filter(pl.col("enterprise_id").is_in(targets - able))
    assert none.height == len(load_paths().paths) * len(targets - able)
    assert none["why_not"].is_not_null().all()
