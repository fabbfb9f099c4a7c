"""Which of a firm's best paths comes first by the rule that the planner chose, held against plain sorting."""

import narwhals as nw
import polars as pl
import pytest

from coverage_engine.frames.dialect import collected, storing_in
from coverage_engine.frames.engines import engine
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.planning import plan
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.evaluation import evaluate
from coverage_engine.recommend.path_order import by_rule

# Smallest first; the sort is stable, so ties stay in the order of the scores.
ORDERS = {
    "fastest": lambda row: row["days"] * 10**9 // max(round(row["probability"] * 10**6), 1),
    "surest": lambda row: -row["probability_low"],
}


def planned(province, rule="benefit"):
    given = province.snapshot
    top = pl.DataFrame({"code": ["410000"], "name": ["河南省"], "level": ["province"]})
    tables = {**given.tables, "divisions": pl.concat([given["divisions"], top], how="diagonal")}
    return plan(build_snapshot(given.as_of, tables, given.kinds), rank_by=rule)


def paths_of(told):
    """The paths of each firm in the order of their ranks."""
    grouped = told["recommendations"].sort("enterprise_id", "rank").group_by("enterprise_id")
    return {key[0]: rows["path"].to_list() for key, rows in grouped}


@pytest.fixture(scope="module")
def province(make_province):
    return make_province(7, 120)


@pytest.fixture(scope="module")
def by_score(province):
    return planned(province)


@pytest.fixture(scope="module", params=sorted(ORDERS))
def ruled(request, province):
    return request.param, planned(province, request.param)


def test_a_rule_puts_the_three_best_paths_of_a_firm_in_its_own_order(by_score, ruled):
    rule, told = ruled
    rows = by_score["recommendations"].sort("enterprise_id", "rank").rows(named=True)
    expected = {}
    for row in rows:
        expected.setdefault(row["enterprise_id"], []).append(row)
    wanted = {firm: [row["path"] for row in sorted(own, key=ORDERS[rule])] for firm, own in expected.items()}
    assert paths_of(told) == wanted
    assert wanted != paths_of(by_score)


def test_the_likeliest_path_brings_most_young_people_too(province, by_score):
    assert paths_of(planned(province, "young")) == paths_of(by_score)


def test_what_is_done_first_follows_the_path_that_the_rule_puts_first(ruled):
    _, told = ruled
    first = {firm: paths[0] for firm, paths in paths_of(told).items()}
    assert dict(told["actions"].select("enterprise_id", "path").unique().rows()).items() <= first.items()
    assert set(told["actions"]["enterprise_id"]) == set(first)
    marked = told["bundle_targets"].filter("first").select("enterprise_id", "path").rows()
    assert all(first[firm] == path for firm, path in marked)


def test_scores_reasons_and_choices_are_the_same_by_any_rule(by_score, ruled):
    _, told = ruled
    for table in ("evaluations", "choices", "reasons"):
        assert told[table].equals(by_score[table]), table
    keys = ["enterprise_id", "path"]
    same = ["score", "probability", "probability_low", "reasons", "lead_unit"]
    both = [each["recommendations"].sort(keys).select(*keys, *same) for each in (told, by_score)]
    assert both[0].equals(both[1])


def test_a_flip_is_told_only_where_the_rule_and_the_score_agree(by_score, ruled):
    _, told = ruled
    first = {firm: paths[0] for firm, paths in paths_of(by_score).items()}
    rows = told["recommendations"].filter(pl.col("rank") == 1).rows(named=True)
    differing = [row for row in rows if row["path"] != first[row["enterprise_id"]]]
    assert differing
    assert all(row["flip_fact"] is None for row in differing)
    assert any(row["flip_fact"] for row in rows)


@pytest.mark.parametrize("rule", sorted(ORDERS))
def test_duckdb_puts_paths_in_the_same_order(province, rule):
    wanted = nw.col("enterprise_id") >= 0
    found = evaluate(province.snapshot, province.enterprises, 3, wanted, load_paths())
    frame = collected(found.frame)
    places = [f"{what}_{place}" for what in ("place", "place_key") for place in (1, 2, 3)]
    here = collected(by_rule(nw.from_native(frame.lazy()), found.book, rule)).select("enterprise_id", *places)
    with engine("duckdb") as chosen, storing_in(chosen.connection):
        given = nw.from_native(chosen.frames({"ranked": frame})["ranked"])
        there = chosen.fetch(by_rule(given, found.book, rule).select("enterprise_id", *places).to_native())
    assert there.sort("enterprise_id").equals(here.sort("enterprise_id"))
