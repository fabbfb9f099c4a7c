"""The plan of an invented province, held against the truth that its ledgers were made from."""

import random
import shutil

import polars as pl
import pytest

import coverage_engine as ce

UNDECIDED_SHARE = 0.3


def told_beside_truth(plan, truth):
    return plan["enterprises"].join(truth, on="credit_code", suffix="_true", how="full", coalesce=True)


def test_state_and_duty_of_every_enterprise_are_right(province):
    whole = told_beside_truth(province.plan, province.truth)
    assert whole.height == province.truth.height
    # A body whose name is a letter off may be another firm's: it is asked about, and the state left open.
    doubted = province.plan.snapshot["enterprises"].filter(pl.col("league_body") == "other")
    open_ones = doubted.select("credit_code").join(
        whole.filter(pl.col("coverage_state") == "unknown"), on="credit_code", how="semi"
    )
    assert open_ones.height <= 0.005 * whole.height
    both = whole.join(open_ones, on="credit_code", how="anti")
    wrong_state = both.filter(pl.col("coverage_state").ne_missing(pl.col("coverage_state_true")))
    wrong_duty = both.filter(pl.col("obligation").ne_missing(pl.col("obligation_true")))
    assert wrong_state.is_empty(), wrong_state.select("name", "coverage_state", "coverage_state_true").head()
    assert wrong_duty.is_empty(), wrong_duty.select("name", "obligation", "obligation_true").head()


def test_verified_means_standing_in_the_national_system(province):
    both = told_beside_truth(province.plan, province.truth).filter(
        pl.col("coverage_state").is_in(["own", "joint"])
    )
    claimed_not_there = both.filter((pl.col("verified") == "yes") & ~pl.col("in_smart_league"))
    assert claimed_not_there.is_empty(), claimed_not_there.select("name", "verified_name").head()


def test_every_target_has_a_path_or_the_reason_why_none_is_feasible(province):
    plan = province.plan
    targets = plan["enterprises"].filter("is_target").select("enterprise_id")
    advised = plan["recommendations"].select("enterprise_id").unique()
    without = targets.join(advised, on="enterprise_id", how="anti")
    told = plan["evaluations"].join(without, on="enterprise_id", how="semi")
    assert told.group_by("enterprise_id").len()["len"].unique().to_list() in (
        [],
        [province.plan["paths"].height],
    )
    assert told.filter(pl.col("why_not").is_null() | (pl.col("why_not") == "")).is_empty()


def test_the_signed_steps_of_every_recommendation_add_up_to_its_score(province):
    plan = province.plan
    sums = plan["reasons"].group_by("enterprise_id", "path").agg(pl.col("contribution").sum())
    both = plan["recommendations"].join(sums, on=["enterprise_id", "path"], how="full", coalesce=True)
    assert both.filter(pl.col("score").ne_missing(pl.col("contribution"))).is_empty()


def test_recommendations_are_ranked_by_score_then_path(province):
    ranked = province.plan["recommendations"].sort("enterprise_id", "rank")
    order = ranked.sort("enterprise_id", pl.col("score"), "path", descending=[False, True, False])
    assert ranked.select("enterprise_id", "path").equals(order.select("enterprise_id", "path"))
    assert ranked.filter(~pl.col("probability").is_between("probability_low", "probability_high")).is_empty()


def test_reasons_shown_are_three_at_most_and_short(province):
    shown = province.plan["recommendations"]["reasons"].str.split(";")
    assert shown.list.len().max() <= 3
    assert shown.explode().str.len_chars().max() <= 60


@pytest.fixture(scope="module")
def blanked(small_province, tmp_path_factory):
    """The same province with three in ten member counts blanked."""
    folder = tmp_path_factory.mktemp("blanked") / "ledgers"
    shutil.copytree(small_province.ledgers, folder, ignore=shutil.ignore_patterns("truth"))
    ledger = small_province.enterprise_ledger()
    choose = random.Random(11)
    kept = [value if choose.random() > UNDECIDED_SHARE else "" for value in ledger["团员数"]]
    ledger.with_columns(pl.Series("团员数", kept)).write_csv(folder / "企业台账.csv", include_bom=True)
    snapshot, findings = ce.read_ledgers([folder])
    return ce.plan(snapshot, findings=findings)


def test_unknown_member_counts_never_make_a_false_must_or_none(small_province, blanked):
    both = told_beside_truth(blanked, small_province.truth)
    assert both.filter(pl.col("obligation") == "undetermined").height > 0
    stated = both.filter(pl.col("obligation").is_in(["must_establish", "none"]))
    assert stated.filter(pl.col("obligation") != pl.col("obligation_true")).is_empty()


@pytest.mark.parametrize("level", ["province", "city", "county"])
def test_printed_ranges_hold_the_truth_under_unknown_member_counts(small_province, blanked, level):
    keys = ["level", "division_code", "division", "category"]
    truth = small_province.plan["coverage"].filter(pl.col("level") == level)
    both = blanked["coverage"].join(truth, on=keys, suffix="_true", how="inner")
    assert both.height == truth.height
    assert both.filter(
        ~pl.col("denominator_low_true").is_between("denominator_low", "denominator_high")
    ).is_empty()
    for rate in ("rate", "joint_rate"):
        rated = both.filter(pl.col(f"{rate}_low").is_not_null() & pl.col(f"{rate}_low_true").is_not_null())
        assert rated.filter(~pl.col(f"{rate}_low_true").is_between(f"{rate}_low", f"{rate}_high")).is_empty()


def test_obligations_counted_as_a_range_hold_the_truth(small_province, blanked):
    figures = blanked["coverage"].filter(
        (pl.col("level") == "province") & (pl.col("category") == "operating")
    )
    true_must = small_province.truth.filter(pl.col("obligation") == "must_establish").height
    row = figures.row(0, named=True)
    assert row["must"] <= true_must <= row["must"] + row["undetermined"]
