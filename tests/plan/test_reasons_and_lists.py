"""Over a whole sample province: every reason stands on a fact, and nobody is told two things at once."""

import polars as pl

FOUNDING = "批复|备案|选举|覆盖台账|发展团员"


def test_at_most_three_short_reasons_are_shown_each_with_fact_value_and_source(province):
    plan = province.plan
    shown = plan["recommendations"].select("enterprise_id", "path", text=pl.col("reasons").str.split(";"))
    assert shown["text"].list.len().is_between(1, 3).all()
    one = shown.explode("text")
    assert one["text"].str.len_chars().is_between(2, 60).all()
    told = one.join(plan["reasons"], on=["enterprise_id", "path", "text"], how="left")
    assert told.select(pl.col("fact", "value", "ledger", "cell", "clause").null_count()).row(0) == (0,) * 5
    assert not told["text"].str.contains("null|None|待核实").any()


def test_every_step_of_every_score_names_its_cell(province):
    steps = province.plan["reasons"]
    assert steps.select(pl.col("fact", "value", "ledger", "cell", "clause").null_count()).row(0) == (0,) * 5


def test_every_target_with_a_way_has_one_first_path_and_the_steps_of_that_path_alone(province):
    plan = province.plan
    firsts = plan["recommendations"].filter(pl.col("rank") == 1)
    assert firsts["enterprise_id"].is_unique().all()
    steps = plan["actions"].select("enterprise_id", "path").unique()
    assert steps.sort("enterprise_id").equals(firsts.select("enterprise_id", "path").sort("enterprise_id"))
    first = plan["actions"].filter(pl.col("step") == 1)
    assert first["enterprise_id"].is_unique().all()
    assert first.height == firsts.height


def test_a_firm_of_a_joint_branch_is_told_to_found_in_no_other_way(province):
    plan = province.plan
    groups = plan["joint_groups"].select("enterprise_id", "group_name")
    assert groups["enterprise_id"].is_unique().all()
    steps = plan["actions"].join(groups, on="enterprise_id")
    other = steps.filter(pl.col("bundle").is_null() | (pl.col("bundle") != pl.col("group_name")))
    assert groups.height > 0
    assert not other["document"].str.contains(FOUNDING).any()


def test_every_call_of_a_county_list_is_some_targets_first_way(province):
    plan = province.plan
    places, pairs = plan["bundle_places"], plan["bundle_targets"]
    assert places["targets"].sum() == pairs.height
    assert places["first"].sum() == pairs["first"].sum() == plan["bundles"]["first"].sum()
    firsts = plan["recommendations"].filter(pl.col("rank") == 1)
    mine = pairs.filter("first").join(firsts, on=["enterprise_id", "path"], how="semi")
    assert mine.height == pairs["first"].sum()
