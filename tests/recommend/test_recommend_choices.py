"""Paths that cannot be set aside, and what to ask first: worked by hand on single firms."""

from dataclasses import replace

import polars as pl
import pytest
from plain_firm import PLAIN_FIRM

from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.definitions import SetRule
from coverage_engine.recommend.learning_settings import load_learning

FIRM = PLAIN_FIRM | {
    "enterprise_id": 7,
    "name": "虚构七号有限公司",
    "employees": 100,
    "young_employees": 40,
    "above_scale": False,
    "party": "none",
    "union": False,
}


def chosen(assess_rows, firm, book=None, **tables):
    province = assess_rows({"enterprises": [firm], **tables})
    told = recommend(province.snapshot, province.enterprises, province.policy, book)
    return told["choices"].row(0, named=True), told


def test_a_firm_with_one_feasible_way_has_no_choice_and_nothing_to_ask(assess_rows):
    firm = {**FIRM, "party": "own"}
    choice, told = chosen(assess_rows, firm)
    best = told["recommendations"].filter(pl.col("rank") == 1)["path"].to_list()
    assert best == [1]
    assert "1" in choice["paths"].split(";")
    assert (choice["wide"], choice["ask_first"], choice["calibrated"]) == (False, None, False)


def test_no_path_whose_highest_score_stays_below_the_best_is_in_the_set(assess_rows):
    firm = {**FIRM, "party": "own", "union": True, "park_id": 0}
    choice, told = chosen(assess_rows, firm, parks=[{"park_id": 0, "name": "虚构园区"}])
    inside = {int(number) for number in choice["paths"].split(";")}
    ranked = told["recommendations"].sort("rank")
    best = ranked["probability"][0]
    for row in ranked.rows(named=True):
        assert (row["path"] in inside) == (row["probability_high"] >= best)
    assert choice["size"] == len(inside)


def test_where_many_paths_stand_open_the_fact_of_the_greatest_swing_is_asked_first(assess_rows):
    # Everybody's ties are told, but not what the headquarters has: on path 9 it decides most.
    firm = {**FIRM, "party": "joint", "union": True, "park_id": 0}
    tables = {
        "parks": [{"park_id": 0, "name": "虚构园区", "work_committee": True, "administration": True}],
        "headquarters": [{"headquarters_id": 0, "name": "虚构集团", "outside_province": False}],
        "branch_offices": [{"enterprise_id": 7, "headquarters_id": 0, "relation": "branch"}],
    }
    everything = replace(load_paths(), deviations=5_000)
    choice, _ = chosen(assess_rows, firm, everything, **tables)
    assert choice["size"] >= load_learning().wide_from
    assert choice["wide"]
    assert choice["ask_first"] == "总部团组织"


def test_a_calibrated_rule_keeps_the_paths_whose_share_reaches_its_threshold(assess_rows):
    firm = {**FIRM, "party": "own", "union": True}
    half = SetRule(1000, (0,) * 11, (500_000,) * 11, ())
    choice, told = chosen(assess_rows, firm, replace(load_paths(), sets=half))
    feasible = told["evaluations"].filter("feasible").select("path", pl.col("score") / 1e6)
    weights = {path: 2.718281828**score for path, score in feasible.iter_rows()}
    expected = [path for path, weight in weights.items() if weight >= sum(weights.values()) / 2]
    assert [int(number) for number in choice["paths"].split(";")] == expected
    assert choice["calibrated"]


@pytest.mark.parametrize("factor", [0, 2_000])
def test_a_city_where_the_rule_was_too_bold_or_too_shy_has_a_factor_of_its_own(assess_rows, factor):
    firm = {**FIRM, "party": "own", "union": True}
    rule = SetRule(1000, (0,) * 11, (500_000,) * 11, (("410100", factor),))
    choice, told = chosen(assess_rows, firm, replace(load_paths(), sets=rule))
    open_ = told["evaluations"].filter("feasible").height
    assert choice["size"] == (open_ if factor == 0 else 0)
