"""Paths that cannot be set aside, and what to ask first: worked by hand on single firms."""

from dataclasses import replace

import polars as pl
import pytest
from plain_firm import PLAIN_FIRM

from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.definitions import SetRule
from coverage_engine.recommend.learning_settings import load_learning

PATHS = len(load_paths().paths)
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


@pytest.mark.parametrize(
    ("hours", "asked"),
    [
        # The headquarters' organisation moves path 9 by 1.4, the county's cadres path 7 by 1.1.
        ({}, "总部团组织"),
        # To ask headquarters takes two hours; the county has its own roster at hand: 0.7 and 2.2 an hour.
        (load_paths().ask_hours, "每百家目标企业编外力量"),
        # However much it moves, what takes far longer to find out comes later.
        ({"headquarters_enterprise": 1000, "local_forces": 1000}, "业主籍贯地驻外团工委"),
    ],
)
def test_where_many_paths_stand_open_what_moves_them_most_for_an_hour_of_asking_comes_first(
    assess_rows, hours, asked
):
    # Everybody's ties are told, but not what the headquarters has, nor who helps in the county.
    firm = {**FIRM, "party": "joint", "union": True, "park_id": 0}
    tables = {
        "parks": [
            {
                "park_id": 0,
                "name": "虚构园区",
                "work_committee": True,
                "administration": True,
                "party": True,
                "youth_home": True,
            }
        ],
        "headquarters": [{"headquarters_id": 0, "name": "虚构集团", "outside_province": False}],
        "branch_offices": [{"enterprise_id": 7, "headquarters_id": 0}],
    }
    alike = dict.fromkeys(load_paths().ask_hours, 10)
    everything = replace(load_paths(), deviations=5_000, ask_hours={**alike, **hours})
    choice, _ = chosen(assess_rows, firm, everything, **tables)
    assert choice["size"] >= load_learning().wide_from
    assert choice["wide"]
    assert choice["ask_first"] == asked


def test_the_home_place_of_an_owner_is_not_asked_before_the_countys_own_rosters():
    hours = load_paths().ask_hours
    assert hours["home_forces"] == max(hours.values())
    assert hours["local_forces"] == hours["park"] == min(hours.values())


def test_a_calibrated_rule_keeps_the_paths_whose_share_reaches_its_threshold(assess_rows):
    firm = {**FIRM, "party": "own", "union": True}
    half = SetRule(1000, (0,) * PATHS, (500_000,) * PATHS, ())
    choice, told = chosen(assess_rows, firm, replace(load_paths(), sets=half))
    feasible = told["evaluations"].filter("feasible").select("path", pl.col("score") / 1e6)
    weights = {path: 2.718281828**score for path, score in feasible.iter_rows()}
    expected = [path for path, weight in weights.items() if weight >= sum(weights.values()) / 2]
    assert [int(number) for number in choice["paths"].split(";")] == expected
    assert choice["calibrated"]


@pytest.mark.parametrize("factor", [0, 2_000])
def test_a_city_where_the_rule_was_too_bold_or_too_shy_has_a_factor_of_its_own(assess_rows, factor):
    firm = {**FIRM, "party": "own", "union": True}
    rule = SetRule(1000, (0,) * PATHS, (500_000,) * PATHS, (("410100", factor),))
    choice, told = chosen(assess_rows, firm, replace(load_paths(), sets=rule))
    open_ = told["evaluations"].filter("feasible").height
    assert choice["size"] == (open_ if factor == 0 else 0)
